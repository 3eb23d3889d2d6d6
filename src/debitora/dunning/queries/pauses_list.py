"""The list of pauses: which there are, were and will be, narrowed and sorted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final

from debitora.dunning.rules.assignment import Segment
from debitora.dunning.rules.facts import Pause
from debitora.receivables.queries import Page
from debitora.receivables.queries.items import as_pattern
from debitora.receivables.queries.paging import SortKey, page

_SQL: Final = Path(__file__).parent.parent / "sql" / "reading" / "pauses.sql"
STATES: Final = ("running", "coming", "ended", "lifted")


@dataclass(frozen=True, slots=True)
class PauseFilters:
    """What narrows the list. `state`: one of STATES; `channel`: the way that is closed, "all" for every way; `text`: in the reason."""

    state: str = ""
    channel: str = ""
    instead: str = ""
    kind: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class ListedPause:
    """A pause as its list shows it. `lifted_at` is None where it runs, or ran, to its end."""

    id: int
    kind: str
    country: str
    language: str
    salesperson: int | None
    channel: str
    instead: str
    from_on: date
    until_on: date
    reason: str
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None
    lifted_by: str

    @property
    def group(self) -> Segment:
        """The customers that it is meant for."""
        return Segment(
            id=self.id,
            strategy=0,
            kind=self.kind,
            country=self.country,
            language=self.language,
            salesperson=self.salesperson,
        )

    @property
    def span(self) -> Pause:
        """Its days, what it closes, and the way in place."""
        return Pause(self.from_on, self.until_on, self.instead, self.channel)

    def state(self, *, on: date) -> str:
        """lifted, ended, coming or running."""
        if self.lifted_at is not None:
            return "lifted"
        if self.until_on < on:
            return "ended"
        return "running" if self.from_on <= on else "coming"


PAUSE_SORTS: Final = {
    "placed": SortKey("p.placed_at", "timestamptz", "p.id"),
    "first": SortKey("p.from_on", "date", "p.id"),
    "last": SortKey("p.until_on", "date", "p.id"),
}
"""Words to sort the list by; "-" in front turns the order round."""


def pauses_page(
    *,
    filters: PauseFilters,
    on: date,
    sort: str = "-placed",
    after: str | None = None,
    size: int = 50,
) -> Page[ListedPause]:
    """A page of pauses as they stand on the day. Raises SortUnknown and CursorUnreadable."""
    params = {
        "on": on,
        "channel": "" if filters.channel == "all" else filters.channel,
        "instead": filters.instead,
        "kind": filters.kind,
        "text": f"%{as_pattern(filters.text)}%",
    }
    return page(
        _statement(),
        list(_conditions(filters)),
        params,
        ListedPause,
        keys=PAUSE_SORTS,
        sort=sort,
        after=after,
        size=size,
    )


_IN_STATE: Final = {
    "running": "l.id is null and %(on)s between p.from_on and p.until_on",
    "coming": "l.id is null and p.from_on > %(on)s",
    "ended": "l.id is null and p.until_on < %(on)s",
    "lifted": "l.id is not null",
}


def _conditions(filters: PauseFilters) -> Iterator[str]:
    yield "p.company_id = current_setting('app.company')::bigint"
    if filters.state:
        yield _IN_STATE[filters.state]
    if filters.channel:
        yield "p.channel = %(channel)s"
    if filters.instead:
        yield "p.instead = %(instead)s"
    if filters.kind:
        yield "p.kind = %(kind)s"
    if filters.text.strip():
        yield "w.text ilike %(text)s"


@cache
def _statement() -> str:
    return _SQL.read_text("utf-8").rstrip()
