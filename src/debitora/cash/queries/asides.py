"""Whose lines were set aside for a reason: what matching reads of it, and what the page of what was learned shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import Sum

from debitora.cash.models import Aside, BankAccount, Payer
from debitora.cash.rules.ignoring import Asides


def known_asides() -> Asides:
    """All that was learned of lines that are none of a customer's."""
    times: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for counterpart, way, reason, count in Aside.objects.filter(times__gt=0).values_list(
        "counterpart", "way", "ignored_for", "times"
    ):
        times[counterpart, way][reason] = count
    own = frozenset(BankAccount.objects.exclude(confirmed_at=None).values_list("account", flat=True))
    return Asides(times=times, own_accounts=own, paid=_paid([key for key, _way in times]))


def _paid(counterparts: list[str]) -> Mapping[str, int]:
    found = Payer.objects.filter(account__in=counterparts, times__gt=0).values_list("account")
    return dict(found.annotate(all=Sum("times")))


def asides_shown(*, text: str = "", most: int) -> list[Aside]:
    """What was set aside, the latest first, so much at most; `text` finds counterparts."""
    found = Aside.objects.filter(times__gt=0).order_by("-last_on", "-id")
    wanted = text.replace(" ", "")
    return list(
        (found.filter(counterpart__icontains=text) | found.filter(counterpart__icontains=wanted))[:most]
    )


def aside_by_id(*, aside: int) -> Aside | None:
    """What was learned of a counterpart; None if it is not there, or was forgotten."""
    return Aside.objects.filter(id=aside).first()
