"""Debitora: accounts-receivable automation from the open item to the booked money."""
