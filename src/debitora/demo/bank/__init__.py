"""What banks tell of the demo company's payments: payers as they write, lines with known truth, statements as files."""
