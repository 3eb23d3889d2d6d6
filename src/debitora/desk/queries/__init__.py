"""Reads of the desk: what the first page shows, and what a digest tells."""
