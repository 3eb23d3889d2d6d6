"""What the desk does: make the digests that people chose."""

from debitora.desk.actions.digests import make_digests

__all__ = ["make_digests"]
