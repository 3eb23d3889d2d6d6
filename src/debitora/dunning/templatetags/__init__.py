"""What templates of dunning may say."""
