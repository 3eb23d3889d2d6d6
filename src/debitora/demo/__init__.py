"""A small believable company with known truth, and the catcher for the mail it sends."""
