"""Nouns of disputes."""

from debitora.disputes.models.cases import Case, CaseHold, CaseItem, CaseState, CaseStep
from debitora.disputes.models.mails import CaseMail

__all__ = ["Case", "CaseHold", "CaseItem", "CaseMail", "CaseState", "CaseStep"]
