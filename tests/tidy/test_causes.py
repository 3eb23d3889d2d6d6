"""Every verb of the record either may make an item due within a day, or is known not to (docs/decisions/0051)."""

from __future__ import annotations

from debitora.desk.templatetags.desk import VERBS
from debitora.dunning.rules.rhythm import CAUSES

QUIET = frozenset(
    # Less is asked for afterwards, or the same.
    "payments.settled hold.placed claims.accrued claims.booked claims.unbooked claims.returned claim.waived claim.restored levels.raised customer.parked"
    " item.deferred write_off.proposed write_off.booked write_off.declined write_off.withdrawn pause.placed sales.asked sales.stopped sales.undone"
    # The hold, list or notice that goes with it says the rest.
    " case.opened case.assigned case.answered case.withdrawn case.commented case.moved mail.waits mail.placed mail.discarded mail.returned case.reopened case.reminded case.escalated import.applied import.undone import.read import.confirmed import.discarded import.resumed file.uploaded"
    # A person took it out, or it came back: not again on the same day.
    " notice.withheld notice.reinstated notice.cancelled notice.returned notices.ground_withdrawn"
    # What runs and messages do themselves.
    " run.proposed run.approved run.discarded notice.rendered notice.no_recipient notice.render_failed notice.call_due call.logged call.undone"
    # Nothing of it decides whether an item is due.
    " rate.added rate.withdrawn rhythm.chosen routing.saved consent.given consent.withdrawn optout.given optout.withdrawn agreement.entered agreement.ended agreement.resumed note.written note.withdrawn note.restored decisions.dropped"
    " document.added document.removed document.restored documents.handed_in".split()
)
GROUPS = frozenset({"customers", "items", "holds", "cases", "runs", "notices", "settings", "lists"})
"""Groups of verbs in which a cause may be; in settings only what dunning reads."""
OTHER_SETTINGS = (
    "sender.",
    "write_off_limit.",
    "mailbox.",
    "account.",
    "recipient.",
    "text.",
    "sending.",
    "installation.",
)


def test_each_verb_is_a_cause_or_quiet() -> None:
    verbs = {verb for verb, (group, _word) in VERBS.items() if group in GROUPS}
    verbs = {verb for verb in verbs if not verb.startswith(OTHER_SETTINGS)}
    assert not verbs - CAUSES.keys() - QUIET, "say in dunning.rules.rhythm whether it may make an item due"
    assert not (CAUSES.keys() | QUIET) - VERBS.keys()
    assert not CAUSES.keys() & QUIET
