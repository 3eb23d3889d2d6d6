"""Files of the world <-> plain values: tables and lists here; pure, without Django, database or clock."""
