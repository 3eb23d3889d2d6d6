"""What the business says of bank statements, without a database: which lines are new, and whether a statement fits."""
