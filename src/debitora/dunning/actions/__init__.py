"""What dunning does: strategies, runs, notices, their release and their end."""

from debitora.dunning.actions.notices import (
    NoticeEnded,
    NoticeOnItsWay,
    cancel_notice,
    follow,
    reinstate,
    withdraw_grounds,
    withhold,
)
from debitora.dunning.actions.release import RunNotApproved, release_notice, release_run, waits_for_sender
from debitora.dunning.actions.runs import (
    Proposed,
    RunExists,
    RunNeedsConfirmation,
    RunNotProposed,
    approve_run,
    ask_for_release,
    discard_run,
    may_approve_itself,
    propose_run,
)
from debitora.dunning.actions.strategies import (
    StrategyChangedMeanwhile,
    StrategyNameTaken,
    add_strategy,
    assign,
    change_strategy,
    install_presets,
)

__all__ = [
    "NoticeEnded",
    "NoticeOnItsWay",
    "Proposed",
    "RunExists",
    "RunNeedsConfirmation",
    "RunNotApproved",
    "RunNotProposed",
    "StrategyChangedMeanwhile",
    "StrategyNameTaken",
    "add_strategy",
    "approve_run",
    "ask_for_release",
    "assign",
    "cancel_notice",
    "change_strategy",
    "discard_run",
    "follow",
    "install_presets",
    "may_approve_itself",
    "propose_run",
    "reinstate",
    "release_notice",
    "release_run",
    "waits_for_sender",
    "withdraw_grounds",
    "withhold",
]
