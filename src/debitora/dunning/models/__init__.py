"""The nouns of dunning, split by what they are about."""

from debitora.dunning.models.notices import Notice, NoticeEnclosure, NoticeEvent, NoticeLine
from debitora.dunning.models.pauses import Pause, PauseLift
from debitora.dunning.models.rates import Rate, RateWithdrawal
from debitora.dunning.models.rhythm import Rhythm, Watch
from debitora.dunning.models.runs import Decision, Run, RunApproval, RunDiscard, RunStep
from debitora.dunning.models.sales import CopyMail, SalesAnswer, SalesMail, SalesQuestion
from debitora.dunning.models.strategies import Assignment, OwnStrategy, Segment, Strategy, StrategyVersion

__all__ = [
    "Assignment",
    "CopyMail",
    "Decision",
    "Notice",
    "NoticeEnclosure",
    "NoticeEvent",
    "NoticeLine",
    "OwnStrategy",
    "Pause",
    "PauseLift",
    "Rate",
    "RateWithdrawal",
    "Rhythm",
    "Run",
    "RunApproval",
    "RunDiscard",
    "RunStep",
    "SalesAnswer",
    "SalesMail",
    "SalesQuestion",
    "Segment",
    "Strategy",
    "StrategyVersion",
    "Watch",
]
