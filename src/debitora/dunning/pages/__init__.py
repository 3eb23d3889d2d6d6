"""Pages of dunning: runs, notices, why-cards, missing recipients, strategies."""
