"""Pages of bank statements: all of them, taking files, one statement and what is decided about it, an account."""
