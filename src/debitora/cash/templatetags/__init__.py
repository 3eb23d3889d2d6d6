"""What templates of cash may say."""
