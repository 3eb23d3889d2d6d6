"""Commands about statutory figures: interest, rates. They read no ledger, and of a company only the rates that it added."""

from __future__ import annotations

import re
from argparse import Namespace
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction

from debitora.cli.answers import DONE, REFUSED, Refused, UsageError
from debitora.cli.speaking import company_of, complain, say
from debitora.dunning.queries.rates import rate_tables
from debitora.engine.interest import DayCount, Interest, Order, Payment, Slice, interest
from debitora.kit.pg.company import serving
from debitora.kit.runtime import today
from debitora.values.money import AmountTooLarge, Money, NotAnAmount, UnknownCurrency
from debitora.values.rates import BeforeTable, NotYetKnown, RateStep, RateTable, shipped
from debitora.values.statutes import (
    InterestLaw,
    NoStatutoryRate,
    RatePeriod,
    agreed_periods,
    interest_law,
    statutory_periods,
)

_RATE: Final = re.compile(r"([0-9]{1,2})(?:\.([0-9]{1,2}))?")
_SOON: Final = timedelta(days=60)
"""A table that ends within so many days is named beforehand."""


def bears(args: Namespace) -> int:
    """What an amount bears from one day to another, as evidence."""
    if args.end < args.start:
        raise UsageError(f"--to {args.end} lies before --from {args.start}")
    principal = _amount(args.amount, args.currency)
    payments = [_payment(text, args.currency) for text in args.paid]
    try:
        law, periods = _periods(args)
    except NotYetKnown as beyond:
        say(
            {"horizon": beyond.known_to, "table": beyond.table, "slices": [], "total": None},
            as_json=args.json,
        )
        complain(f"{beyond}; --provisional carries the last rate on")
        return REFUSED
    except (BeforeTable, NoStatutoryRate) as unknown:
        raise Refused(f"{unknown}; --rate takes an agreed one") from None
    found = interest(
        principal,
        start=args.start,
        end=args.end,
        periods=periods,
        payments=payments,
        day_count=DayCount(args.day_count),
        order=Order(args.order),
        costs_minor=_amount(args.costs, args.currency) if args.costs else 0,
    )
    say(_told(found, args, law), as_json=args.json)
    return DONE


def _periods(args: Namespace) -> tuple[InterestLaw | None, tuple[RatePeriod, ...]]:
    """The law that is applied, none where a rate was agreed; and its rates."""
    if args.rate is not None:
        return None, agreed_periods(_basis_points(args.rate), start=args.start, end=args.end, source="agreed")
    law = interest_law(args.country, args.debtor, arisen_on=args.arisen or args.start)
    periods = statutory_periods(law, shipped(), start=args.start, end=args.end, provisional=args.provisional)
    return law, periods


def _told(found: Interest, args: Namespace, law: InterestLaw | None) -> dict[str, object]:
    return {
        "currency": args.currency,
        "law": law.law if law else "agreed",
        "checked": law is None or law.sure,
        "day_count": args.day_count,
        "order": args.order,
        "slices": [_slice(one) for one in found.slices],
        "total": found.total_minor,
        "costs": found.costs_minor,
        "unpaid": found.unpaid_minor,
        "balance": found.balance_minor,
        "provisional": found.provisional,
    }


def _slice(one: Slice) -> dict[str, object]:
    return {
        "from": one.from_on,
        "to": one.to_on,
        "days": one.days,
        "balance": one.balance_minor,
        "rate": one.bp,
        "source": one.source,
        "amount": one.minor,
        "provisional": one.provisional,
    }


def _amount(text: str, currency: str) -> int:
    try:
        money = Money.of(text, currency)
    except UnknownCurrency:
        raise UsageError(f"{currency!r} is no currency; write EUR") from None
    except (NotAnAmount, AmountTooLarge):
        raise UsageError(f"{text!r} is no amount in {currency}; write it like 1250.00") from None
    if money.minor <= 0:
        raise UsageError(f"{text!r} is not above zero")
    return money.minor


def _payment(text: str, currency: str) -> Payment:
    day, _equals, amount = text.partition("=")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"--paid {text!r}: write the day first, like 2026-11-18=250.00") from None
    return Payment(on, _amount(amount, currency))


def _basis_points(text: str) -> int:
    if not _RATE.fullmatch(text):
        raise UsageError(f"--rate {text!r} is no rate in per cent; write it like 9.5")
    return int(Decimal(text) * 100)


def rates(args: Namespace) -> int:
    """The reference rates that are shipped; with --company also what it added."""
    ends, known = today("UTC") + _SOON, _known_tables(args)
    tables = {key: _table(table, ends) for key, table in known.items()}
    say({"tables": tables} if args.json else dict(_lines(known, ends)), as_json=args.json)
    return DONE


def _known_tables(args: Namespace) -> Mapping[str, RateTable]:
    if not args.company:
        return shipped()
    with serving(company_of(args).id), transaction.atomic():
        return rate_tables()


def _table(table: RateTable, ends: date) -> dict[str, object]:
    return {
        "known_to": table.known_to,
        "ends_soon": table.known_to < ends,
        "steps": [_step(one) for one in table.steps],
    }


def _step(one: RateStep) -> dict[str, object]:
    return {
        "valid_from": one.valid_from,
        "rate": one.bp,
        "known_to": one.known_to,
        "source": one.source,
        "checked_on": one.checked_on,
    }


def _lines(tables: Mapping[str, RateTable], ends: date) -> Iterator[tuple[str, str]]:
    """A table a line: its last rate, how far it is known, and whether that ends soon or has ended."""
    for key, table in tables.items():
        last = table.steps[-1]
        percent = Decimal(last.bp).scaleb(-2)
        known = f"known to {table.known_to}{_warning(table, ends)}"
        yield key, f"{percent} % since {last.valid_from}, {known}; {last.source}"


def _warning(table: RateTable, ends: date) -> str:
    """Whether it ends before the day, or has ended already."""
    if table.known_to < ends - _SOON:
        return "; has ended"
    return "; ends soon" if table.known_to < ends else ""
