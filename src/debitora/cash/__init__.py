"""Money in: bank statements, their lines, and what they settle."""
