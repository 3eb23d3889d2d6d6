"""The independent checker: what must hold, asked in SQL and recomputed by code that no writer shares."""
