"""Reads of disputes: the board, a case with all of its steps, and what of cases other pages show."""
