"""Receivables: customers, open items, entries, allocations and holds. The append-only sub-ledger."""
