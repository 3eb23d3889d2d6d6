"""What templates of exchange may say."""
