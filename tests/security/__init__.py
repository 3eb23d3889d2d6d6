"""What must never be seen, done or believed: TRUST 2.6, walked over every address, as every role, between two companies."""
