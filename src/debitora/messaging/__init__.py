"""Messaging: texts, mail and letters, and the state machine that sends each of them at most once."""
