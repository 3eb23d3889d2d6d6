"""Writes of disputes: one verb, one transaction."""

from debitora.disputes.actions.closing import CaseIsNotClosed, ItemInAnotherCase, close_case, reopen_case
from debitora.disputes.actions.handing_on import HandedOn, hand_on
from debitora.disputes.actions.moving import (
    NoAnswerOfYours,
    OutcomeRefused,
    answer_case,
    assign_case,
    comment_case,
    move_deadline,
    withdraw_answer,
)
from debitora.disputes.actions.opening import (
    AlreadyInClarification,
    NothingToClarify,
    Part,
    ReasonNotOffered,
    SeveralCurrencies,
    open_case,
)
from debitora.disputes.actions.reminding import remind_or_escalate
from debitora.disputes.actions.routing import (
    RoutingChangedMeanwhile,
    RoutingRefused,
    restore_routing,
    save_routing,
)
from debitora.disputes.actions.steps import AssigneeMayNotAnswer, CaseIsClosed, CaseUnknown, DayIsPast

__all__ = [
    "AlreadyInClarification",
    "AssigneeMayNotAnswer",
    "CaseIsClosed",
    "CaseIsNotClosed",
    "CaseUnknown",
    "DayIsPast",
    "HandedOn",
    "ItemInAnotherCase",
    "NoAnswerOfYours",
    "NothingToClarify",
    "OutcomeRefused",
    "Part",
    "ReasonNotOffered",
    "RoutingChangedMeanwhile",
    "RoutingRefused",
    "SeveralCurrencies",
    "answer_case",
    "assign_case",
    "close_case",
    "comment_case",
    "hand_on",
    "move_deadline",
    "open_case",
    "remind_or_escalate",
    "reopen_case",
    "restore_routing",
    "save_routing",
    "withdraw_answer",
]
