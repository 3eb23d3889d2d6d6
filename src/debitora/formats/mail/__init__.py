"""Mails that come in: delivery reports, what machines answer, and all others."""
