"""Nouns of disputes."""

from debitora.disputes.models.cases import Case, CaseHold, CaseItem, CaseState, CaseStep

__all__ = ["Case", "CaseHold", "CaseItem", "CaseState", "CaseStep"]
