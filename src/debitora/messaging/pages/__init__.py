"""Pages of messaging: deliveries, letters to print, sender and server, texts, the send lock."""
