"""Exchange: lists come in, exports go out, partner systems are served."""
