"""People: companies, users, roles and grants, and the progress of long work."""
