"""Trail: the append-only record of who did what. Timeline, audit and webhooks read it."""
