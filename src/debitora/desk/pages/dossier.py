"""The dossier of a customer: what both departments know of her, as a PDF for a meeting."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.desk.queries.dossier import MOST, MOST_ITEMS, Known, known_of_customer
from debitora.desk.templatetags.fact_words import CODES
from debitora.kit.agingbar import NAMES
from debitora.kit.runtime import now, today
from debitora.kit.ways import elsewhere, handed_out, see
from debitora.messaging.rules.dossier import Dossier, Section, dossier_sheet
from debitora.messaging.rules.pdf import LetterNotPrintable, render_dossier
from debitora.people.gates import CompanyRequest, page
from debitora.people.queries import names_by_login, salespeople
from debitora.people.rules import may, named_in
from debitora.receivables import gates as ledger_gates
from debitora.values.locales import country_name, format_date, format_moment, format_money, format_number
from debitora.values.money import Money

_CUT: Final = 400
"""A note is told up to so many characters; the sheet has all of it."""


@page("customers.view")
def dossier(request: CompanyRequest, customer: int) -> HttpResponse:
    """Who she is, what she owes, paid, was reminded of, what is clarified, on hold and noted: to be read, printed or shared."""
    on = today(request.company.time_zone)
    scope = ledger_gates.scope_of(person=request.person, role=request.role, on=on)
    ledger_gates.customer(scope=scope, customer=customer)
    known = known_of_customer(customer=customer, on=on, scope=scope)
    if known is None:
        raise Http404
    try:
        pdf = render_dossier(dossier_sheet(_dossier(request, known, on)), created_at=now())
    except LetterNotPrintable:
        messages.warning(
            request, _("This cannot be printed: a name holds a character that our font does not have.")
        )
        return see(elsewhere("receivables:customer", customer))
    name = "".join(one if one.isascii() and one.isalnum() else "-" for one in known.sheet.number)[:40]
    return handed_out(pdf, "application/pdf", f"{name}-{on:%Y%m%d}.pdf")


def _dossier(request: CompanyRequest, known: Known, on: date) -> Dossier:
    language = get_language() or "en"
    names = names_by_login(company=request.company)
    parts = [_aging(known, language), _items(known, language), _paid(known, language)]
    if may(request.role, "notices.view"):
        parts.append(_notices(known, language))
    parts += [
        _cases(known, language),
        _holds(known, language, names),
        _agreements(known, language, names),
        _notes(request, known, names),
    ]
    return Dossier(
        title=known.sheet.party.name or known.sheet.number,
        under=_("Customer %(number)s · as of %(day)s")
        % {"number": known.sheet.number, "day": format_date(on, language)},
        sender=request.company.name,
        language=language,
        foot=_("%(company)s · for internal use") % {"company": request.company.name},
        page=_("Page {page} of {pages}"),
        facts=list(_facts(request, known, language)),
        sections=parts,
    )


def _facts(request: CompanyRequest, known: Known, language: str) -> Iterator[tuple[str, str]]:
    sheet, party = known.sheet, known.sheet.party
    place = " ".join(part for part in (party.postcode, party.city) if part)
    land = country_name(party.country, language) if party.country else ""
    yield _("Address"), ", ".join(part for part in (party.street, place, land) if part) or "–"
    yield _("E-mail"), party.email or "–"
    yield _("Phone"), party.phone or "–"
    yield _("Salesperson"), salespeople(company=request.company).get(sheet.salesperson or 0, "–")
    yield _("Kind"), capfirst(_code(sheet.kind))
    yield _("Parent"), sheet.parent_name or "–"
    for role, name, email in known.contacts:
        yield capfirst(_code(role)), f"{name} {email}".strip()
    if sheet.parked_at:
        yield _("Parked"), _code(sheet.parked_reason)


def _aging(known: Known, language: str) -> Section:
    bands = [str(word) for word in NAMES.values()]
    return Section(
        title=_("Balance"),
        head=[_("Currency"), *bands, _("Sum")],
        widths=[18, *[0] * (len(bands) + 1)],
        right=tuple(range(1, len(bands) + 2)),
        rows=[
            [
                currency,
                *(_sum(getattr(one, name), currency, language) for name in NAMES),
                _sum(one.total, currency, language),
            ]
            for currency, one in known.sheet.aging.items()
        ],
        empty=_("Nothing is open."),
    )


def _items(known: Known, language: str) -> Section:
    return Section(
        title=_("Open items"),
        head=[_("Number"), _("Due"), _("Days late"), _("Level"), _("Amount"), _("Open")],
        widths=[0, 24, 14, 14, 32, 32],
        right=(2, 3, 4, 5),
        rows=[
            [
                one.number,
                format_date(one.due_on, language),
                format_number(one.days_overdue, language) if one.overdue else "",
                str(one.level) if one.level else "",
                format_money(one.raised, language),
                format_money(one.open, language),
            ]
            for one in known.items[:MOST_ITEMS]
        ],
        empty=_("Nothing is open."),
        more=_more(known.items, MOST_ITEMS),
    )


def _paid(known: Known, language: str) -> Section:
    return Section(
        title=_("Payments and credits"),
        head=[_("Number"), _("Kind"), _("On"), _("Sum"), _("Left")],
        widths=[0, 40, 24, 32, 32],
        right=(3, 4),
        rows=[
            [
                one.number,
                capfirst(_code(one.kind)),
                format_date(one.effective_on, language),
                format_money(one.sum, language),
                format_money(one.left, language) if one.left_minor else "",
            ]
            for one in known.paid[:MOST]
        ],
        empty=_("Nothing came in yet."),
        more=_more(known.paid, MOST),
    )


def _notices(known: Known, language: str) -> Section:
    return Section(
        title=_("Notices"),
        head=[_("Number"), _("Run"), _("Level"), _("Items"), _("Sum asked for")],
        widths=[0, 24, 14, 14, 36],
        right=(2, 3, 4),
        rows=[
            [
                one.number,
                format_date(one.on, language),
                str(one.level),
                format_number(one.items, language),
                _sum(one.total_minor, one.currency, language),
            ]
            for one in known.notices[:MOST]
        ],
        empty=_("No notice was made yet."),
        more=_more(known.notices, MOST),
    )


def _cases(known: Known, language: str) -> Section:
    return Section(
        title=_("Clarification"),
        head=[_("Reason"), _("Items"), _("Asked"), _("Answer until"), _("Outcome"), _("Sum")],
        widths=[30, 0, 32, 24, 32, 28],
        right=(5,),
        rows=[
            [
                capfirst(_code(one.reason)),
                one.numbers,
                one.assignee or "–",
                format_date(one.due_on, language),
                capfirst(_code(one.outcome)) if one.outcome else "–",
                format_money(one.amount, language),
            ]
            for one in known.cases[:MOST]
        ],
        empty=_("Nothing had to be clarified."),
        more=_more(known.cases, MOST),
    )


def _holds(known: Known, language: str, names: Mapping[str, str]) -> Section:
    return Section(
        title=_("Holds in force"),
        head=[_("About"), _("Reason"), _("Until"), _("By"), _("Note")],
        widths=[28, 30, 24, 32, 0],
        right=(),
        rows=[
            [
                one.number or _("all items"),
                capfirst(_code(one.reason)),
                format_date(one.until_on, language) if one.until_on else _("no end"),
                names.get(one.placed_by, one.placed_by),
                _shortened(one.note),
            ]
            for one in known.holds[: MOST * 3]
        ],
        empty=_("Nothing is on hold."),
        more=_more(known.holds, MOST * 3),
    )


def _agreements(known: Known, language: str, names: Mapping[str, str]) -> Section:
    return Section(
        title=_("Agreements"),
        head=[_("About"), _("From"), _("Until"), _("By"), _("What was agreed")],
        widths=[28, 24, 24, 32, 0],
        right=(),
        rows=[
            [
                capfirst(_code(one.kind)),
                format_date(one.from_on, language),
                format_date(one.until_on, language) if one.until_on else _("no end"),
                names.get(one.entered_by_label, one.entered_by_label),
                _shortened(one.text),
            ]
            for one in known.agreements[:MOST]
        ],
        empty=_("Nothing special is agreed."),
        more=_more(known.agreements, MOST),
    )


def _notes(request: CompanyRequest, known: Known, names: Mapping[str, str]) -> Section:
    zone, language = ZoneInfo(request.company.time_zone), get_language() or "en"
    return Section(
        title=_("Notes"),
        head=[_("When"), _("By"), _("Note")],
        widths=[32, 32, 0],
        right=(),
        rows=[
            [
                format_moment(one.written_at.astimezone(zone), language),
                names.get(one.written_by_label, one.written_by_label),
                _shortened(named_in(one.text, names)),
            ]
            for one in known.notes[:MOST]
        ],
        empty=_("Nothing was noted."),
        more=_more(known.notes, MOST),
    )


def _code(code: str) -> str:
    return str(CODES.get(code, code))


def _sum(minor: int, currency: str, language: str) -> str:
    return format_money(Money(minor, currency), language)


def _shortened(text: str) -> str:
    return text if len(text) <= _CUT else f"{text[:_CUT].rstrip()} …"


def _more(shown: Sequence[object], most: int) -> str:
    return _("These are not all; the sheet has the others.") if len(shown) > most else ""
