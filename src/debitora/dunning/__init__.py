"""Dunning: strategies, runs, decisions and notices. Who is reminded of what, today, and why."""
