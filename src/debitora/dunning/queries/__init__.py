"""Reads of dunning: strategies, runs and decisions, notices."""
