"""Pages of the ledger: items, holds, allocations, customers, aging."""
