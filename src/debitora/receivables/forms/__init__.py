"""What people type here, cleaned into values, and the words that codes have in front of people."""
