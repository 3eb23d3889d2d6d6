"""The inbox: mails that people wrote and that nobody has placed, one of them with what it says, and where it belongs."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.disputes import gates
from debitora.disputes.actions.placing import MailIsSettled, MailWaits, discard_mail, place_mail, return_mail
from debitora.disputes.forms.inbox import DiscardForm, PlaceForm
from debitora.disputes.forms.words import PLACED, PLACED_MARKS, WHYS
from debitora.disputes.pages.layers import doing, done, layered, refused, scope_of
from debitora.disputes.queries.belonging import suggestions
from debitora.disputes.queries.inbox import INBOX_SORTS, InboxFilters, InboxRow, inbox_page
from debitora.formats.mail.attached import Letter
from debitora.kit import exports
from debitora.kit.cells import addresses_of, link, opener, status
from debitora.kit.columns import Column, for_file, labelled, table
from debitora.kit.narrowing import carried, chip, choices, one_of, paging, text_of
from debitora.kit.ways import handed_out
from debitora.messaging.queries.incoming import letter_of
from debitora.people.gates import CompanyRequest, fetched, page
from debitora.receivables.queries import CursorUnreadable, Page
from debitora.values.locales import format_moment

SIZE = 50
FIRST: Final = "sender"
SHOWN: Final = ("sender", "subject", "words", "about", "place", "taken")
WRITTEN: Final = ("taken", "sender", "subject", "words", "case", "about", "place", "why")


@page("cases.clarify")
def inbox(request: CompanyRequest) -> HttpResponse:
    """Mails as the address narrows and sorts them, the newest in front."""
    query, filters = request.GET, _filters(request.GET)
    shown = _shown(query, filters)
    chips = [chip(query, "why", _("Why"), WHYS[filters.why])] if filters.why else []
    tabs = {"": _("Waits"), "placed": _("Put away"), "discarded": _("Belongs nowhere"), "all": _("All")}
    context = {
        "rows": shown.rows,
        **table(query, _columns(), SHOWN, shown.rows, key=lambda row: row.id, first=FIRST),
        **paging(query, shown.next),
        "sort": _sort(query),
        "tabs": choices(query, "state", tabs, now="" if filters.state == "waiting" else filters.state),
        "chips": chips,
        "menus": [] if filters.why else [(_("Why"), choices(query, "why", WHYS))],
        "text": filters.text,
        "carried": carried(query, but=["text"]),
        "narrowed": bool(chips or filters.text or filters.state != "waiting"),
    }
    return render(request, "disputes/inbox.html", context)


@page("cases.clarify")
@fetched
def inbox_export(request: CompanyRequest, kind: str) -> HttpResponseBase:
    """All mails of the view as CSV or XLSX."""
    if kind not in exports.KINDS:
        raise Http404
    filters, sort = _filters(request.GET), _sort(request.GET)

    def ask(after: str | None, size: int) -> Page[InboxRow]:
        return inbox_page(filters=filters, sort=sort, after=after, size=size)

    columns = for_file(request.GET, _columns(), WRITTEN, first=FIRST)
    lines = exports.pages_of(
        ask, lambda row: [column.value(row) for column in columns], company=request.company.id
    )
    return exports.as_file(kind, "inbox", [column.label for column in columns], lines)


@page("cases.clarify")
def inbox_mail(request: CompanyRequest, incoming_mail: int) -> HttpResponse:
    """One mail with what it says and what is attached, and where it belongs."""
    return _told(request, incoming_mail)


@page("cases.clarify", methods=("POST",))
def placing(request: CompanyRequest, incoming_mail: int) -> HttpResponse:
    """Put the mail beside a case or a customer."""
    row = gates.inbox_mail(mail=incoming_mail)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _told(request, incoming_mail, placing=form)
    known = form.cleaned_data
    try:
        place_mail(
            **_who(request),
            mail=row.id,
            case=known["case"],
            customer=None if known["case"] else known["customer"],
        )
    except MailIsSettled:
        return _settled_before(request, row)
    return done(request, _("The mail is placed."), then=_all(), undo=_back(row))


@page("cases.clarify", methods=("POST",))
def discarding(request: CompanyRequest, incoming_mail: int) -> HttpResponse:
    """Take the mail out of the inbox."""
    row = gates.inbox_mail(mail=incoming_mail)
    form = DiscardForm(request.POST)
    if not form.is_valid():
        return _told(request, incoming_mail, discarding=form)
    try:
        discard_mail(**_who(request), mail=row.id, note=form.cleaned_data["note"])
    except MailIsSettled:
        return _settled_before(request, row)
    return done(request, _("The mail is discarded."), then=_all(), undo=_back(row))


@page("cases.clarify", methods=("POST",))
def returning(request: CompanyRequest, incoming_mail: int) -> HttpResponse:
    """Put the mail back into the inbox."""
    row = gates.inbox_mail(mail=incoming_mail)
    try:
        return_mail(**_who(request), mail=row.id)
    except MailWaits:
        return refused(request, _("The mail waits in the inbox already."), then=_there(row))
    return done(request, _("The mail waits in the inbox again."), then=_there(row))


@page("cases.clarify")
def inbox_file(request: CompanyRequest, incoming_mail: int, attachment: int) -> HttpResponse:
    """A file attached to a mail of the inbox."""
    gates.inbox_mail(mail=incoming_mail)
    return _file(gates.letter(mail=incoming_mail), attachment)


@page("cases.view")
def case_file(request: CompanyRequest, case: int, incoming_mail: int, attachment: int) -> HttpResponse:
    """A file attached to a mail beside a case, for whoever sees the case."""
    found = gates.case(case=case, scope=scope_of(request))
    return _file(gates.letter_with(case=found.row.id, mail=incoming_mail), attachment)


def _file(letter: Letter, attachment: int) -> HttpResponse:
    """The bytes as a file to be kept, harmless to the browser, whatever the mail says that they are."""
    if not 0 < attachment <= len(letter.files):
        raise Http404
    found = letter.files[attachment - 1]
    name = "".join(
        sign if sign.isascii() and (sign.isalnum() or sign in ".-_ ") else "_" for sign in found.name
    )
    return handed_out(found.data, "application/octet-stream", name, shown=False)


def _told(request: CompanyRequest, mail: int, **bound: PlaceForm | DiscardForm) -> HttpResponse:
    row = gates.inbox_mail(mail=mail)
    seems = {"case": row.case, "customer": row.customer_number if row.case is None else ""}
    letter = letter_of(mail=gates.incoming_mail(mail=mail))
    context = {
        "title": row.subject or _("Mail without a subject"),
        "address": _there(row),
        "row": row,
        "letter": letter,
        "suggestions": []
        if row.settled
        else suggestions(text=f"{row.subject} {letter.text or row.words}", sender=row.customer),
        "place": (PLACED_MARKS[row.kind], PLACED[row.kind]),
        "why": WHYS.get(row.why, ""),
        "placing": PlaceForm(initial=seems),
        "discarding": DiscardForm(),
        **bound,
    }
    return layered(request, "disputes/inbox_mail.html", context, status=422 if bound else 200)


def _shown(query: QueryDict, filters: InboxFilters) -> Page[InboxRow]:
    try:
        return inbox_page(filters=filters, sort=_sort(query), after=query.get("after"), size=SIZE)
    except CursorUnreadable:
        return inbox_page(filters=filters, sort=_sort(query), size=SIZE)


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "-taken")
    return sort if sort.removeprefix("-") in INBOX_SORTS else "-taken"


def _filters(query: QueryDict) -> InboxFilters:
    return InboxFilters(
        state=one_of(query, "state", ("placed", "discarded", "all")) or "waiting",
        why=one_of(query, "why", WHYS),
        text=text_of(query, "text"),
    )


def _columns() -> dict[str, Column[InboxRow]]:
    language, zone = get_language() or "en", timezone.get_current_timezone()
    mail, case = addresses_of("disputes:inbox_mail"), addresses_of("disputes:case")
    customer = addresses_of("receivables:customer")

    def about(row: InboxRow) -> object:
        if row.customer is not None:
            return link(customer(row.customer), row.customer_name)
        return ""

    return {
        "sender": Column(
            _("Sender"), lambda row: row.sender, lambda row: opener(mail(row.id), row.sender or _("unknown"), beside=True), "clip", "sender",
            "data-title",
        ),
        "taken": Column(
            _("Taken"), lambda row: row.taken_at.astimezone(zone).date(), lambda row: format_moment(row.taken_at.astimezone(zone), language),
            "date", "taken", "data-value",
        ),
        "subject": Column(_("Subject"), lambda row: row.subject, lambda row: row.subject, "clip", marks="data-wide"),
        "words": Column(_("What it says"), lambda row: row.words, lambda row: row.words, "clip low"),
        "case": Column(
            _("Case"), lambda row: row.case or "", lambda row: link(case(row.case), str(row.case)) if row.case else "", "",
            marks=labelled(_("Case")),
        ),
        "about": Column(_("Customer"), lambda row: row.customer_name, about, "clip", marks=labelled(_("Customer"))),
        "place": Column(_("State"), lambda row: str(PLACED[row.kind]), _state, marks=labelled()),
        "why": Column(_("Why"), lambda row: str(WHYS.get(row.why, "")), lambda row: str(WHYS.get(row.why, "")), "low"),
    }  # fmt: skip


def _state(row: InboxRow) -> object:
    if row.kind == "waits" or not row.settled:
        return status(PLACED_MARKS["waits"], str(WHYS.get(row.why, PLACED["waits"])))
    return status(PLACED_MARKS[row.kind], str(PLACED[row.kind]))


def _who(request: CompanyRequest) -> dict[str, Any]:
    known = doing(request)
    return {name: known[name] for name in ("company", "by", "at")}


def _settled_before(request: CompanyRequest, row: InboxRow) -> HttpResponse:
    text = _("Somebody has placed or discarded that mail meanwhile. Nothing was changed.")
    return refused(request, text, then=_there(row))


def _all() -> str:
    return reverse("disputes:inbox")


def _there(row: InboxRow) -> str:
    return reverse("disputes:inbox_mail", args=[row.id])


def _back(row: InboxRow) -> str:
    return reverse("disputes:returning", args=[row.id])
