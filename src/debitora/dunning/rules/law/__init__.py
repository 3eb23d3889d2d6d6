"""The legal linter: what a strategy or a notice may not ask for, by named rules with their law and their certainty."""
