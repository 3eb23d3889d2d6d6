"""The `debitora` command: parse, call one action or query, print."""
