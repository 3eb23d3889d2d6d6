"""`debitora demo`: a small believable company, its notices in a mail catcher, and pages to look at."""

from __future__ import annotations

import os
import time
from argparse import Namespace
from datetime import date
from pathlib import Path

from django.db import transaction

from debitora.cli.main import DONE, REFUSED
from debitora.cli.serving import migrate_apart, serve
from debitora.demo.bank.files import write_statements
from debitora.demo.building import CODE, demo_day, found_demo, list_days, live_through, logins, tell_sender
from debitora.demo.catcher import MailCatcher, summary
from debitora.demo.generator import demo_company
from debitora.demo.truth import Truth, write_files
from debitora.dunning.queries.runs import newest_run
from debitora.kit.pg.company import serving
from debitora.kit.runtime import home, new_token, today
from debitora.people.models import Company
from debitora.people.queries import company_by_code, user_by_login
from debitora.receivables.queries import aging
from debitora.values.locales import format_amount, format_date
from debitora.values.money import Money


def demo(args: Namespace) -> int:
    """Build the demo company if it is not there yet, print what to look at, and serve until Ctrl-C."""
    if migrate_apart() != DONE:
        return REFUSED
    begun = time.monotonic()
    place = home() / "demo"
    place.mkdir(parents=True, exist_ok=True)
    day, password = _kept(place)
    truth = demo_company(on=day)
    with MailCatcher(place / "mails") as catcher:
        company = company_by_code(code=CODE)
        if company is None:
            company = _built(truth, password, catcher)
        else:
            tell_sender(company, catcher)
        files = write_files(truth, place / "lists")
        write_statements(truth, files["tomorrow"].parent, after=list_days(truth)[0])
        _summarise(
            company, truth, password, catcher, args.port, files["tomorrow"].parent, time.monotonic() - begun
        )
        if os.environ.get("DEBITORA_SERVE") == "0":
            return DONE
        return serve("127.0.0.1", args.port)


def _kept(place: Path) -> tuple[date, str]:
    """The demo's day and password: made at the first start, kept for all later ones."""
    note = place / "demo.txt"
    if not note.exists():
        draft = note.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(f"{demo_day(today('Europe/Berlin'))}\n{new_token()[:6]}-demo-{new_token()[:6]}\n")
        draft.rename(note)
    day, password = note.read_text().split()
    return date.fromisoformat(day), password


def _built(truth: Truth, password: str, catcher: MailCatcher) -> Company:
    print(f"Building {truth.creditor.name} ...", flush=True)
    company = found_demo(truth=truth, password=password)
    tell_sender(company, catcher)
    manager = user_by_login(login="manager")
    if manager is None:
        raise DemoIncomplete
    live_through(company, truth, manager, lambda line: print(f"  {line}", flush=True))
    return company


class DemoIncomplete(Exception):
    """The demo company lost its manager; delete the folder of DEBITORA_HOME and start again."""


def _summarise(
    company: Company,
    truth: Truth,
    password: str,
    catcher: MailCatcher,
    port: int,
    lists: Path,
    seconds: float,
) -> None:
    with serving(company.id), transaction.atomic():
        bands = aging(on=truth.on)
        run = newest_run()
    print(f"\n{company.name}, {format_date(truth.on, 'de')}")
    for currency, found in bands.items():
        overdue = Money(found.total - found.not_due, currency)
        print(
            f"  {format_amount(Money(found.total, currency), 'de'):>16} {currency} open, {format_amount(overdue, 'de')} overdue"
        )
    if run is not None:
        print(
            f"  {run.overdue_items} items overdue on {run.on}, {run.notice_count} notices in the newest run"
        )
    print(f"  {summary(catcher.messages()).count} mails caught in {catcher.folder}")
    print(f"  lists and statements to import: {lists}")
    print(f"\nhttp://127.0.0.1:{port}/   password for all: {password}")
    for role in ("clerk", "manager", "sales", "auditor"):
        one = next(login for login in logins(truth) if login.role == role)
        print(f"  {one.role:8} {one.login:8} {one.name}")
    print(f"\nReady after {seconds:.0f} s. Ctrl-C ends; the next start loses nothing.", flush=True)
