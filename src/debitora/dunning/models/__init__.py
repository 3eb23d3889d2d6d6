"""The nouns of dunning, split by what they are about."""

from debitora.dunning.models.notices import Notice, NoticeEvent, NoticeLine
from debitora.dunning.models.runs import Decision, Run, RunApproval, RunDiscard
from debitora.dunning.models.strategies import Assignment, Strategy, StrategyVersion

__all__ = [
    "Assignment",
    "Decision",
    "Notice",
    "NoticeEvent",
    "NoticeLine",
    "Run",
    "RunApproval",
    "RunDiscard",
    "Strategy",
    "StrategyVersion",
]
