"""Nouns of disputes."""

from debitora.disputes.models.cases import Case, CaseHold, CaseItem, CaseState, CaseStep
from debitora.disputes.models.mails import CaseMail, MailPlacing
from debitora.disputes.models.routing import CaseRoute, RoutingVersion

__all__ = [
    "Case",
    "CaseHold",
    "CaseItem",
    "CaseMail",
    "CaseRoute",
    "CaseState",
    "CaseStep",
    "MailPlacing",
    "RoutingVersion",
]
