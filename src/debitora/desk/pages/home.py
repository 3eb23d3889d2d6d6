"""Pages of the desk: today, and the way into all settings."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from debitora.desk.queries import first_page as queries
from debitora.kit.runtime import now
from debitora.kit.runtime import today as day_now
from debitora.kit.ways import elsewhere
from debitora.people.gates import CompanyRequest, page
from debitora.people.queries import members
from debitora.people.rules import may, sees_only_own_customers
from debitora.receivables.gates import scope_of
from debitora.values.money import Money

_BANDS = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus")


@page("home.view")
def today(request: CompanyRequest) -> HttpResponse:
    """What is open, what waits for somebody, and what comes next."""
    company, role = request.company, request.role
    on = day_now(company.time_zone)
    scope = scope_of(person=request.person, role=role, on=on)
    found = queries.today(
        company=company,
        person=request.person.id,
        on=on,
        at=now(),
        scope=scope,
        office=may(role, "runs.view"),
        approves=may(role, "write_offs.approve"),
        clarifies=may(role, "cases.clarify"),
    )
    context = {
        "on": on,
        "found": found,
        "standings": [_shown(standing) for standing in found.standings],
        "chart": _chart(found.standings),
        "missing": [_MISSING[str(what)] for what in found.missing],
        "first_steps": _first_steps(request, found),
        "person_id": request.person.id,
        "stood_for": _names(request, found.stood_for),
        "own": sees_only_own_customers(role),
        "may_start": may(role, "runs.start"),
        "may_import": may(role, "imports.run"),
        "may_settings": may(role, "settings.view"),
        "may_rates": may(role, "settings.edit"),
    }
    return render(request, "desk/today.html", context)


def _names(request: CompanyRequest, users: tuple[int, ...]) -> list[str]:
    if not users:
        return []
    return [one.name for one in members(company=request.company) if one.user_id in users]


def _shown(standing: queries.Standing) -> dict[str, Any]:
    share = round(100 * standing.overdue_minor / standing.open_minor) if standing.open_minor > 0 else 0
    return {
        "currency": standing.currency,
        "open": Money(standing.open_minor, standing.currency),
        "overdue": Money(standing.overdue_minor, standing.currency),
        "share": max(0, min(share, 100)),
        "items": standing.overdue_items,
        "bands": standing.bands,
    }


def _chart(standings: tuple[queries.Standing, ...]) -> dict[str, Any] | None:
    """Aging of the main currency: one bar per band, each in its band's hue."""
    if not standings:
        return None
    main = standings[0]
    names = [_("not due"), _("1–30 days"), _("31–60 days"), _("61–90 days"), _("over 90 days")]
    return {
        "currency": main.currency,
        "unit": "money",
        "x": names,
        "series": [
            {
                "name": name,
                "band": band,
                "values": [getattr(main.bands, band) if one == band else 0 for one in _BANDS],
            }
            for name, band in zip(names, _BANDS, strict=True)
        ],
    }


def _first_steps(request: CompanyRequest, found: queries.Today) -> list[dict[str, Any]]:
    """The four steps of a new company, until its first run exists; empty afterwards and for roles that only look."""
    if found.has_run or not may(request.role, "imports.run"):
        return []
    steps: list[dict[str, Any]] = [
        {"label": _("Found the company"), "done": True, "url": ""},
        {
            "label": _("Import the open-item list"),
            "done": found.has_list,
            "url": elsewhere("exchange:upload"),
        },
        {
            "label": _("Look at what is overdue"),
            "done": False,
            "url": elsewhere("receivables:items") + "?state=overdue",
        },
        {"label": _("Start the first dunning run"), "done": False, "url": elsewhere("dunning:start")},
    ]
    following = next(step for step in steps if not step["done"])
    return [{**step, "is_next": step is following} for step in steps]


_MISSING = {
    "sender_name": gettext_lazy("the sender's name"),
    "sender_address": gettext_lazy("the sender's address"),
    "sender_email": gettext_lazy("the sender's e-mail address"),
    "sender_iban": gettext_lazy("the IBAN to pay to"),
    "imprint": gettext_lazy("the imprint"),
    "mail_server": gettext_lazy("the mail server"),
    "mail_server_password": gettext_lazy("the password of the mail server, once more"),
    "mail_server_test": gettext_lazy("a successful test of the mail server"),
    "send_lock": gettext_lazy("the send lock has to be lifted"),
    "installation": gettext_lazy("an operator has to confirm that this is no copy of another installation"),
}


@page("settings.view")
def settings(request: CompanyRequest) -> HttpResponse:
    """The way into everything that can be set."""
    entries = [
        {"title": title, "text": text, "icon": icon, "url": url}
        for title, text, icon, name in _settings()
        if (url := elsewhere(name))
    ]
    return render(request, "desk/settings.html", {"entries": entries})


def _settings() -> tuple[tuple[str, str, str, str], ...]:
    """What can be set: title, what it is, icon, and the name of its address."""
    return (
        (
            _("Sender and mail server"),
            _("Who the notices come from, and through which server."),
            "mail",
            "messaging:sender",
        ),
        (
            _("Mailbox"),
            _("From where answers and reports of mails that did not arrive are read."),
            "inbox",
            "messaging:mailbox",
        ),
        (_("Texts"), _("What each step says, in each language."), "file-text", "messaging:texts"),
        (
            _("Strategies"),
            _("When to remind, of how much, how, and who says yes."),
            "send",
            "dunning:strategies",
        ),
        (
            _("How runs come"),
            _("By hand, once a day, or as soon as something changes."),
            "clock",
            "dunning:rhythm",
        ),
        (
            _("Who answers what"),
            _("Whom a case is put to, by reason, amount and customer, and who is asked next."),
            "message-question",
            "disputes:routing",
        ),
        (
            _("Reference rates"),
            _("What interest is reckoned with, where it was read, and how far it is known."),
            "percentage",
            "dunning:rates",
        ),
        (
            _("Watched folders"),
            _("Where programs put their lists, and what became of them."),
            "folder",
            "exchange:folders",
        ),
        (
            _("Write-offs"),
            _("Up to which sum one person writes off alone."),
            "receipt",
            "receivables:write_off_limit",
        ),
        (_("People"), _("Who may do what in this company."), "users", "people:members"),
        (_("Absences"), _("Who is away, and who answers meanwhile."), "calendar-off", "people:absences"),
        (_("Record"), _("Who did what, and when."), "history", "desk:records"),
    )
