"""Config: settings, addresses and wiring only. It may import everything; nothing imports it."""
