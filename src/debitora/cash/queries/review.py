"""The list of bank lines to explain: narrowed, sorted, paged by keyset, and how many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import Exists, OuterRef

from debitora.cash.models import BankAccount, EntryState, Proposal
from debitora.cash.queries.fitting import statement_sql
from debitora.cash.rules.ignoring import IGNORED
from debitora.cash.rules.outgoing import ALONE_FOR, NO_PAYMENT, OFTEN_IGNORED, RETURN
from debitora.kit.pg.bulk import number
from debitora.receivables.queries import Page
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page
from debitora.values.money import MAX_MINOR, Money, exponent
from debitora.values.typed import typed_amount

MOST_COUNTED: Final = 10_000
"""Of more lines a page says that there are more."""


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A bank line of which something is open. confidence: of its best proposal, in basis points; None without one."""

    entry: int
    day: date
    name: str
    words: str
    reference: str
    payer: str
    account: int
    account_number: str
    account_name: str
    currency: str
    minor: int
    open_minor: int
    confidence: int | None

    @property
    def text(self) -> str:
        """What was written, or the reference where nothing was."""
        return self.words or self.reference

    @property
    def amount(self) -> Money:
        """What moved, signed as the account's holder sees it."""
        return Money(self.minor, self.currency)

    @property
    def open(self) -> Money:
        """What of it is open, signed alike."""
        return Money(self.open_minor, self.currency)


@dataclass(frozen=True, slots=True)
class ReviewFilters:
    """What the list is narrowed to; what is None or empty narrows nothing.

    way: `in` or `out`. sureness: `sure` (from the confidence `enough` on, basis points), `unsure`, `none` (no proposal).
    least and most: of what is open, in units of the account's currency, whatever its sign.
    """

    account: int | None = None
    way: str = ""
    sureness: str = ""
    enough: int = 10_000
    least: Decimal | None = None
    most: Decimal | None = None
    text: str = ""


REVIEW_SORTS: Final = {
    "day": SortKey("st.booked_on", "date", "st.entry_id"),
    "name": SortKey("coalesce(w.name, '')", "text", "st.entry_id"),
    "amount": SortKey("abs(st.open_minor)", "bigint", "st.entry_id"),
    "sureness": SortKey("coalesce(st.confidence, -1)", "smallint", "st.entry_id"),
}
"""Words to sort lines by; "-" in front turns the order round."""


def review_page(
    *, filters: ReviewFilters, sort: str = "day", after: str | None = None, size: int
) -> Page[ReviewRow]:
    """A page of the lines to explain. Raises SortUnknown and CursorUnreadable."""
    where, params = _narrowed(filters)
    select = statement_sql("review").partition("\n")[2].rstrip()
    return page(select, where, params, ReviewRow, keys=REVIEW_SORTS, sort=sort, after=after, size=size)


def review_count(*, filters: ReviewFilters) -> int:
    """How many lines the filters find; MOST_COUNTED + 1 stands for more than that."""
    where, params = _narrowed(filters)
    _head, _from, tail = statement_sql("review").partition("\nfrom ")
    found = f"select from {tail} where {' and '.join(where)} limit {MOST_COUNTED + 1}"
    return number(f"select count(*) from ({found}) as found", **params)  # noqa: S608 - words of this file


def lines_waiting() -> int:
    """How many lines are to be explained, for what stands on other pages; MOST_COUNTED + 1 stands for more."""
    return review_count(filters=ReviewFilters())


def would_be_booked(*, enough: int, most: int | None) -> int:
    """How many lines of today have a proposal of that confidence (basis points) and are not larger than `most`.

    As matching has it: one that settles items and grants no discount after its term, that is the very return of a payment, or that
    sets aside what often was.
    """
    best = Proposal.objects.filter(entry=OuterRef("entry"), rank=1)
    settles = (
        best.exclude(kind__in=NO_PAYMENT).exclude(parts=[]).exclude(evidence__contains=["late_discount"])
    )
    returns = best.filter(kind=RETURN, evidence__contains=ALONE_FOR).exclude(evidence__contains=["rivals"])
    asides = best.filter(kind=IGNORED, evidence__contains=[OFTEN_IGNORED])
    found = EntryState.objects.filter(
        Exists(settles) | Exists(returns) | Exists(asides), confidence__gte=enough
    )
    return (
        found.count() if most is None else found.filter(open_minor__gte=-most, open_minor__lte=most).count()
    )


def _narrowed(filters: ReviewFilters) -> tuple[list[str], dict[str, Any]]:
    where = [
        "st.company_id = current_setting('app.company')::bigint",
        "st.open_minor <> 0",
        _BOOKED,
        *_conditions(filters),
    ]
    params = {
        "account": filters.account,
        "enough": filters.enough,
        "pattern": f"%{as_pattern(filters.text)}%",
        **_bounds(filters),
    }
    return where, params


def _conditions(filters: ReviewFilters) -> Iterator[str]:
    if filters.account is not None:
        yield "st.account_id = %(account)s"
    if filters.way:
        yield {"in": "st.minor > 0", "out": "st.minor < 0"}[filters.way]
    if filters.sureness:
        yield _SURENESS[filters.sureness]
    if filters.least is not None:
        yield _OPEN_BY_CURRENCY.format(compared=">=", bounds="least")
    if filters.most is not None:
        yield _OPEN_BY_CURRENCY.format(compared="<=", bounds="most")
    if filters.text:
        yield _SAID


_BOOKED: Final = """exists (
    select from cash_telling t
    where t.company_id = st.company_id and t.entry_id = st.entry_id and t.weight in ('final', 'proven')
)"""
"""What is only announced may still change; nothing is decided about it yet."""
_SURENESS: Final = {
    "sure": "st.confidence >= %(enough)s",
    "unsure": "st.confidence < %(enough)s",
    "none": "st.confidence is null",
}
_OPEN_BY_CURRENCY: Final = (
    "abs(st.open_minor) {compared} (select b.minor from unnest(%(currencies)s::text[], %({bounds})s::bigint[])"
    " b (currency, minor) where b.currency = a.currency)"
)
_SAID: Final = (
    "(w.name ilike %(pattern)s or w.text ilike %(pattern)s or w.account ilike %(pattern)s"
    " or w.reference ilike %(pattern)s or w.end_to_end ilike %(pattern)s"
    " or (a.currency, abs(st.minor)) in (select * from unnest(%(currencies)s::text[], %(typed)s::bigint[])))"
)


def _bounds(filters: ReviewFilters) -> dict[str, list[Any]]:
    """The typed amounts in minor units of each currency that an account has."""
    if filters.least is None and filters.most is None and not filters.text:
        return {}
    found = list(BankAccount.objects.order_by("currency").values_list("currency", flat=True).distinct())
    return {
        "currencies": found,
        "least": [_minor(filters.least, currency) for currency in found],
        "most": [_minor(filters.most, currency) for currency in found],
        "typed": [_minor(typed_amount(filters.text), currency) for currency in found],
    }


def _minor(amount: Decimal | None, currency: str) -> int | None:
    return None if amount is None else min(int(amount.scaleb(exponent(currency))), MAX_MINOR)
