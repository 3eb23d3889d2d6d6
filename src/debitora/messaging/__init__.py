"""Messaging: what leaves the house. Texts, mails, letters, and the intents that send each of them once."""
