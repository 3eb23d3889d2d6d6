"""Stories: Markdown that a credit controller can read, and that runs."""
