"""Money in, shown to be safe: killed and cut off in the middle, raced, on both roads, under random and hostile use."""
