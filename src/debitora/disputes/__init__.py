"""The room disputes: what has to be clarified between finance, sales and the customer."""
