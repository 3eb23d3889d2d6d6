"""Writes of disputes: one verb, one transaction."""

from debitora.disputes.actions.closing import CaseIsNotClosed, ItemInAnotherCase, close_case, reopen_case
from debitora.disputes.actions.moving import (
    NoAnswerOfYours,
    OutcomeRefused,
    answer_case,
    assign_case,
    move_deadline,
    withdraw_answer,
)
from debitora.disputes.actions.opening import (
    AlreadyInClarification,
    NothingToClarify,
    Part,
    SeveralCurrencies,
    open_case,
)
from debitora.disputes.actions.steps import AssigneeMayNotAnswer, CaseIsClosed, CaseUnknown, DayIsPast

__all__ = [
    "AlreadyInClarification",
    "AssigneeMayNotAnswer",
    "CaseIsClosed",
    "CaseIsNotClosed",
    "CaseUnknown",
    "DayIsPast",
    "ItemInAnotherCase",
    "NoAnswerOfYours",
    "NothingToClarify",
    "OutcomeRefused",
    "Part",
    "SeveralCurrencies",
    "answer_case",
    "assign_case",
    "close_case",
    "move_deadline",
    "open_case",
    "reopen_case",
    "withdraw_answer",
]
