"""Input of the pages of dunning: runs and notices, strategies."""
