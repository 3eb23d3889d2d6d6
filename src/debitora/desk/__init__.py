"""Desk: the pages that belong to no single room: today, the customer sheet, search."""
