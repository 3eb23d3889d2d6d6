"""Build the demo company through the same actions that a user's clicks call: nothing is written behind their backs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from debitora.cash.actions import decide_policy, match, take_file
from debitora.demo.bank.files import demo_banking, statement_files
from debitora.demo.bank.lines import Banking
from debitora.demo.catcher import MailCatcher
from debitora.demo.generator import CREDITOR
from debitora.demo.mails import customers_write
from debitora.demo.truth import Truth
from debitora.disputes.actions import Part, open_case
from debitora.dunning.actions import (
    approve_run,
    follow,
    install_presets,
    propose_run,
    release_run,
)
from debitora.exchange.actions import apply_taken, confirm_list, preview_list, take_list
from debitora.kit.pg.company import serving
from debitora.kit.runtime import clock_at, now
from debitora.messaging.actions import install_texts, mark_printed, save_sender, send_due, try_server
from debitora.messaging.queries import letters_to_print
from debitora.people.actions import add_company, add_user, grant
from debitora.people.models import Company, User
from debitora.receivables.models import ItemState
from debitora.trail.actions import seal
from debitora.trail.rules import Actor, system
from debitora.values.days import is_working_day
from debitora.values.money import Money

CODE = "demo"
EARLIER = (35, 21, 10)
"""So many days before the demo's day the earlier lists came in and were reminded of."""
BY = system("demo")
RELEASE, FOLLOW = system("dunning.release"), system("dunning.follow")
"""The jobs whose work the demo does at once."""
_DISPUTES = (
    ("price", "Der Kunde rechnet mit dem Preis aus dem Angebot vom Frühjahr. Was gilt?"),
    ("delivery", "Zwei Paletten seien nicht angekommen. Gibt es einen Lieferschein?"),
    ("missing_order", "Auf der Rechnung fehlt die Bestellnummer."),
    ("special_deal", "Der Kunde beruft sich auf 3 % Jahresbonus."),
    ("quality", "Ein Teil der Ware sei zerkratzt; Fotos liegen bei ihm."),
)
"""Why customers of the demo dispute something, and what is asked."""
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Login:
    """Who can sign in to the demo."""

    role: str
    login: str
    name: str


def demo_day(today: date) -> date:
    """The day on which the demo lives: today, or the last working day before it, since nothing is sent on a Sunday."""
    while not is_working_day(today, CREDITOR.country):
        today -= timedelta(days=1)
    return today


def found_demo(*, truth: Truth, password: str) -> Company:
    """Found the company with its people, strategies and texts."""
    with transaction.atomic():
        company = add_company(
            code=CODE, name=CREDITOR.name, country=CREDITOR.country, currency="EUR", by=BY, at=now()
        )
        with serving(company.id):
            install_presets(company=company, by=BY, at=now())
            install_texts(company=company.id, by=BY, at=now())
        for one in logins(truth):
            user = add_user(
                login=one.login, name=one.name, password=password, email=f"{one.login}@brendoquist.example",
                language="de", at=now(),
            )  # fmt: skip
            grant(company=company, user=user, role=one.role, by=BY, at=now())
    return company


def logins(truth: Truth) -> list[Login]:
    """One login per role, and one for each further salesperson whom the lists name."""
    sellers = truth.customers["salesperson"].drop_nulls().unique().sort().to_list()
    sales = [Login("sales", f"sales{number or ''}", name) for number, name in enumerate(sellers)]
    return [
        Login("clerk", "clerk", "Katja Lindwerder"),
        Login("manager", "manager", "Rolf Asmushagen"),
        *sales,
        Login("auditor", "auditor", "Mira Felskamp"),
    ]


def tell_sender(company: Company, catcher: MailCatcher) -> None:
    """Give the company its address and the catcher as its mail server, and test it."""
    changes: dict[str, object] = {
        "name": CREDITOR.name,
        "street": CREDITOR.street,
        "postcode": CREDITOR.postcode,
        "city": CREDITOR.city,
        "contact_name": "Katja Lindwerder",
        "phone": CREDITOR.phone,
        "email": CREDITOR.email,
        "iban": CREDITOR.iban,
        "imprint": f"{CREDITOR.register}\nGeschäftsführung: {CREDITOR.director}\nUSt-IdNr. {CREDITOR.vat_number}",
        "smtp_host": "127.0.0.1",
        "smtp_port": catcher.port,
        "smtp_security": "none",
    }
    with serving(company.id):
        save_sender(company=company.id, changes=changes, by=BY, at=now())
        with transaction.atomic():
            try_server(company=company.id, by=BY, at=now())


def live_through(company: Company, truth: Truth, manager: User, say: Say) -> None:
    """Bring in statements and lists of some earlier days and of the demo's own, and remind each time."""
    by = Actor(id=manager.id, kind="user", label=manager.login)
    days = list_days(truth)
    banking = demo_banking(truth, after=days[0])
    with serving(company.id):
        with _clock_of(company, days[0]):
            _import(company, "customers", truth.customers_csv(), "customers.csv", days[0], by)
            _promise_discount(company, by)
        for before, day in zip([days[0], *days], days, strict=False):
            with _clock_of(company, day):
                lines = take_statements(company, banking, after=before, until=day, by=by)
                _import(company, "items", truth.list_csv(day), f"open-items-{day}.csv", day, by)
                sent = _remind(company, day, by)
                if day == days[-1]:
                    _clarify(company, day, by)
                    customers_write(company, by=BY, at=now())
                say(f"{day}: {lines} bank lines, list imported, {sent} notices sent")
        seal(company=company.id, at=now())


def _promise_discount(company: Company, by: Actor) -> None:
    """Two percent within fourteen days; small differences are written off."""
    decide_policy(
        company=company.id, by_itself=True, care=1_000, most_minor=None, discount_bp=200, discount_days=14, grace_days=3,
        write_off_minor=500, by=by, at=now(),
    )  # fmt: skip


def _clarify(company: Company, on: date, by: Actor) -> None:
    """The newest overdue items of some customers with a salesperson are disputed, the first only in part."""
    with transaction.atomic():
        overdue = ItemState.objects.filter(
            open_minor__gt=2_000, due_on__lt=on, customer__salesperson_id__gt=0
        )
        asked: dict[int, ItemState] = {}
        for state in overdue.order_by("-due_on", "item_id"):
            asked.setdefault(state.customer_id, state)
    for place, state in zip(range(len(_DISPUTES)), asked.values(), strict=False):
        reason, question = _DISPUTES[place]
        part = None if place else Money(state.open_minor // 4, state.currency)
        open_case(
            company=company, customer=state.customer_id, parts=[Part(state.item_id, part)], reason=reason,
            question=question, on=on, by=by, at=now(),
        )  # fmt: skip


def list_days(truth: Truth) -> list[date]:
    """The days on which the company's lists came in, the demo's own last."""
    return sorted({demo_day(truth.on - timedelta(days=ago)) for ago in EARLIER} | {truth.on})


def take_statements(company: Company, banking: Banking, *, after: date, until: date, by: Actor) -> int:
    """Take what the bank handed out for the days after `after` up to `until`; returns how many lines. The accounts are confirmed.

    What the lines settle is matched before the list of the day comes in.
    """
    taken = [
        take_file(company=company.id, data=data, name=name, by=by, at=now(), new_accounts=True)
        for name, data in statement_files(banking, since=after + timedelta(days=1), until=until)
    ]
    match(company=company.id, by=system("matching"), at=now())
    return sum(one.file.line_count for one in taken)


def _clock_of(company: Company, day: date) -> AbstractContextManager[None]:
    moment = datetime.combine(day, time(9, 30), ZoneInfo(company.time_zone))
    return nullcontext() if day == company.day_at(now()) else clock_at(moment)


def _import(company: Company, kind: str, data: bytes, name: str, day: date, by: Actor) -> None:
    taken = take_list(
        company=company, kind=kind, source="ERP", data=data, name=name, as_of=day, by=by, at=now()
    )
    preview_list(company=company, list_import=taken.id, at=now())
    confirm_list(company=company, list_import=taken.id, confirmed=True, by=by, at=now())
    apply_taken(company=company, list_import=taken.id, by=by, clock=now)


def _remind(company: Company, day: date, by: Actor) -> int:
    proposed = propose_run(company=company, on=day, by=by, at=now())
    if proposed.run is None or not proposed.notices:
        return 0
    approve_run(company=company.id, run=proposed.run, by=by, at=now(), confirmed=True, despite=True)
    release_run(company=company, run=proposed.run, by=RELEASE, clock=now)
    sent = send_due(company=company.id, clock=now).get("accepted", 0)
    with transaction.atomic():
        letters = [letter.id for letter in letters_to_print()]
    printed = mark_printed(company=company.id, intents=letters, by=by, at=now())
    follow(company=company, by=FOLLOW, at=now())
    return sent + len(printed.printed)
