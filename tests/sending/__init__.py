"""Sending against a real server that misbehaves, with workers that are killed, frozen and cut off."""
