"""The columns of the messages to many customers, and of those whom one of them was meant for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from functools import partial
from typing import Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.kit.cells import addresses_of, link, opener, status
from debitora.kit.columns import Column, labelled
from debitora.messaging.forms.segments import OUTCOME_SHAPES, OUTCOMES, SEGMENT_SHAPES, SEGMENT_STATES
from debitora.messaging.forms.words import STATES, said
from debitora.messaging.queries.segment_lists import ReceiverRow, SegmentRow
from debitora.values.locales import format_moment, format_number

SEGMENTS_SHOWN: Final = ("name", "state", "chosen", "made", "begun", "begun_by", "started")
RECEIVERS_SHOWN: Final = ("number", "customer", "outcome", "address", "state", "moved")
RECEIVERS_WRITTEN: Final = ("number", "customer", "outcome", "address", "language", "state", "moved")
SEGMENTS_FIRST: Final = "name"


def segment_columns(names: Mapping[str, str]) -> dict[str, Column[SegmentRow]]:
    """Every column of the messages by its name; names: of people, by login."""
    language, zone = get_language() or "en", timezone.get_current_timezone()
    there = addresses_of("messaging:segment")
    moment, day = partial(_moment, language, zone), partial(_day, zone)

    def person(login: str) -> str:
        return names.get(login, login)

    def many(count: int) -> str:
        return format_number(count, language) if count else ""

    return {
        "name": Column(
            _("Name"), lambda row: row.name, lambda row: opener(there(row.id), row.name), "clip", "name", "data-title"
        ),
        "state": Column(
            _("State"), lambda row: str(SEGMENT_STATES[row.state]),
            lambda row: status(SEGMENT_SHAPES[row.state], str(SEGMENT_STATES[row.state])), marks=labelled(),
        ),
        "chosen": Column(
            _("Customers"), lambda row: row.chosen, lambda row: many(row.chosen), "num", marks=labelled(_("Customers"))
        ),
        "made": Column(
            _("Mails"), lambda row: row.made, lambda row: many(row.made), "num", marks=labelled(_("Mails"))
        ),
        "begun": Column(
            _("Begun"), lambda row: day(row.begun_at), lambda row: moment(row.begun_at), "date", "begun",
            labelled(_("Begun")),
        ),
        "begun_by": Column(
            _("Begun by"), lambda row: person(row.begun_by), lambda row: person(row.begun_by), "clip",
            marks=labelled(_("Begun by")),
        ),
        "started": Column(
            _("Sending began"), lambda row: day(row.started_at), lambda row: moment(row.started_at),
            "date low", "started", labelled(_("Sending began")),
        ),
        "started_by": Column(
            _("Sent by"), lambda row: person(row.started_by), lambda row: person(row.started_by), "clip low"
        ),
    }  # fmt: skip


def receiver_columns() -> dict[str, Column[ReceiverRow]]:
    """Every column of the customers of a message by its name."""
    language, zone = get_language() or "en", timezone.get_current_timezone()
    customer, delivery = addresses_of("receivables:customer"), addresses_of("messaging:delivery")
    moment, day, spoken = partial(_moment, language, zone), partial(_day, zone), dict(settings.LANGUAGES)

    def state(row: ReceiverRow) -> object:
        return link(delivery(row.intent), said(STATES, row.state)) if row.intent is not None else ""

    return {
        "number": Column(
            _("Number"), lambda row: row.customer_number,
            lambda row: opener(customer(row.customer), row.customer_number), "", "number", "data-title",
        ),
        "customer": Column(
            _("Customer"), lambda row: row.customer_name, lambda row: row.customer_name, "clip", "customer", "data-wide"
        ),
        "outcome": Column(
            _("Result"), lambda row: str(OUTCOMES[row.outcome]),
            lambda row: status(OUTCOME_SHAPES[row.outcome], str(OUTCOMES[row.outcome])), marks=labelled(),
        ),
        "address": Column(_("To"), lambda row: row.address, lambda row: row.address, "clip low"),
        "language": Column(
            _("Language"), lambda row: str(spoken.get(row.language, "")), lambda row: str(spoken.get(row.language, "")), "low"
        ),
        "state": Column(_("The mail"), lambda row: said(STATES, row.state), state, "nowrap", marks=labelled(_("The mail"))),
        "moved": Column(
            _("Since"), lambda row: day(row.state_at), lambda row: moment(row.state_at), "date low", "moved"
        ),
    }  # fmt: skip


def _moment(language: str, zone: tzinfo, moment: datetime | None) -> str:
    return format_moment(moment.astimezone(zone), language) if moment else ""


def _day(zone: tzinfo, moment: datetime | None) -> date | None:
    """The day in the company's time zone."""
    return moment.astimezone(zone).date() if moment else None
