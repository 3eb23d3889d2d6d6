"""Two companies, built through actions, that hold something of everything; their texts carry marks, and poison.

A mark is a word that occurs nowhere else: whoever may not see a text must never receive its mark. `shade` marks what
belongs to the customers of another salesperson. The poison is inert only as long as every page escapes it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction

from debitora.dunning.actions import (
    add_rule,
    add_strategy,
    assign,
    choose_rhythm,
    choose_strategy,
    discard_run,
    install_presets,
    lift_pause,
    place_pause,
    withhold,
)
from debitora.dunning.models import Notice, Strategy
from debitora.dunning.rules.presets import preset
from debitora.dunning.rules.rhythm import Mode, Rhythm
from debitora.dunning.testing import a_released_run, a_run
from debitora.exchange.testing import HEADER, applied, previewed, taken
from debitora.kit.pg.company import serving
from debitora.kit.smtp import Patience
from debitora.messaging.actions import (
    allow_recipient,
    install_texts,
    lock_sending,
    make_pile,
    mark_printed,
    save_sender,
    save_text,
    send_due,
    unlock_sending,
)
from debitora.messaging.actions.incoming import Brought, take_mails
from debitora.messaging.actions.sender import place_emblem
from debitora.messaging.models import Intent, Text
from debitora.messaging.testing import a_report, a_sender
from debitora.people.actions import add_company, add_user, grant
from debitora.people.models import Company, User
from debitora.receivables.actions import (
    allocate,
    keep_contact,
    name_contact,
    park_customer,
    place_hold,
    release_hold,
    save_customers,
)
from debitora.receivables.models import Customer, Item
from debitora.receivables.rules.customers import CustomerRow
from debitora.receivables.testing import an_open_item
from debitora.trail.actions import seal
from debitora.trail.rules import Actor
from debitora.values.money import Money
from tests.security.populating_bank import lines_of, statements_of
from tests.security.populating_calls import by_telephone, called
from tests.security.populating_cases import clarify, route
from tests.security.populating_claims import claim_and_waive, give_up
from tests.security.populating_documents import with_agreements, with_documents, with_notes
from tests.security.populating_mails import a_mailbox, mailed
from tests.security.populating_people import with_absences, with_views
from tests.security.populating_rates import two_rates
from tests.security.populating_sales import answer_first, ask_first
from tests.security.populating_segments import write_to_many
from tests.smtp_server import Cut, Reply, Script, SmtpServer

MOMENT = datetime.fromisoformat("2026-11-18T09:00:00+00:00")
LATER = MOMENT + timedelta(days=20)
ON, LATER_ON = date(2026, 11, 18), date(2026, 12, 8)
POISON = '"><img src=x onerror=zap()>'
LONG_POISON = f"{POISON}<script>zap()</script><svg/onload=zap()> javascript:zap() '-zap()-' {{{{7*7}}}}"
LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
PATIENCE = Patience(reply=2.0, body=2.0, dot=2.0)
ROLES = {"clerk": "clerk", "manager": "manager", "sales": "sales", "rival": "sales", "auditor": "auditor"}
"""Login -> role: `rival` is a second salesperson, with customers of her own."""


@dataclass(frozen=True)
class House:
    """A company with its people, by login without the mark; `mark` and `shade` as the module says."""

    company: Company
    people: dict[str, User]
    mark: str
    shade: str
    poison: str

    def said(self, what: str, *, shaded: bool = False) -> str:
        """A text with its mark and the poison, short enough for a field of sixty characters."""
        return f"{what} {self.shade if shaded else self.mark}{self.poison}"

    @property
    def clerk(self) -> Actor:
        """Who does most of the work."""
        return Actor(self.people["clerk"].id, "user", self.people["clerk"].login)


def founded(code: str, *, mark: str, shade: str, poison: str) -> House:
    """A company with one person per role, and nothing else."""
    by = Actor(None, "system", "tests")
    company = add_company(
        code=code, name=f"{code} {mark}{poison}", country="DE", currency="EUR", by=by, at=MOMENT
    )  # fmt: skip
    house = House(company, {}, mark, shade, poison)
    for name, role in ROLES.items():
        login = f"{name}-{shade if name == 'rival' else mark}"
        user = add_user(
            login=login,
            name=house.said(name, shaded=name == "rival"),
            password="correct horse battery",
            email=f"{login}@{code}.example",
            language="en",
            at=MOMENT,
        )
        grant(company=company, user=user, role=role, by=by, at=MOMENT)
        house.people[name] = user
    return house


def populate(house: House) -> None:
    """Give a company lists, customers, items, holds, runs, notices and deliveries in as many states as there are."""
    with serving(house.company.id), SmtpServer() as server:
        with transaction.atomic():
            _settings(house, server.port)
            _people(house)
            _customers(house)
            _rules(house)
            _lists(house)
            _ledger(house)
            _discarded(house)
            _asked(house)
        a_released_run(house.company, on=ON, at=MOMENT, by=house.clerk)
        _send(house, server)
        with transaction.atomic():
            write_to_many(company=house.company, words=house.said("Bitte"), on=ON, by=house.clerk, at=MOMENT)
            _incoming(house)
            called(
                company=house.company, by=house.clerk, at=MOMENT,
                note=lambda number: house.said("Anruf", shaded=house.shade in number),
            )  # fmt: skip
            _printed(house)
            _accounts(house)
            statements_of(house)
            lines_of(house)
            _later(house)
            seal(company=house.company.id, at=LATER)


def _people(house: House) -> None:
    """Views, mails and absences; what the rival calls hers nobody else may read."""

    def said(what: str, login: str) -> str:
        return house.said(what, shaded=login == "rival")

    with_views(house.people, company=house.company, said=said, at=MOMENT)
    mailed(
        company=house.company, people=house.people, on=ON, at=MOMENT, said=lambda login: said("mail", login)
    )
    with_absences(house.people, company=house.company, by=house.clerk, on=ON, at=MOMENT)


def _settings(house: House, port: int) -> None:
    company, by = house.company, house.clerk
    install_presets(company=company, by=by, at=MOMENT)
    install_texts(company=company.id, by=by, at=MOMENT)
    a_sender(
        company.id, port=port, name=house.said("Absender"), street=house.said("Straße"),
        city=house.said("Ort"), contact_name=house.said("Frau"), bank=house.said("Bank"),
        imprint=house.said("Impressum"), email=f"mahnung@{house.mark}.example", smtp_user="",
    )  # fmt: skip
    a_mailbox(company, said=house.said, on=ON, by=by, at=MOMENT)
    place_emblem(company=company.id, kind="logo", data=LOGO, by=by, at=MOMENT)
    first, *others = preset("de-business").steps
    steps = (replace(first, enclose_copies=True), *others)
    policy = replace(preset("de-business"), name=house.said("Verfahren"), steps=steps)
    version = add_strategy(company=company.id, policy=policy, by=by, at=MOMENT)
    assign(company=company.id, customer_kind="business", strategy=version.strategy_id, by=by, at=MOMENT)
    for text in list(Text.objects.order_by("id")[:4]):
        wording = {
            field: f"{getattr(text, field)} {house.mark}"
            for field in ("subject", "mail", "opening", "closing")
        }
        save_text(
            company=company.id, key=text.key, language=text.language, wording=wording, by=by, at=MOMENT
        )  # fmt: skip
    allow_recipient(company=company.id, pattern=f"@{house.mark}.example", by=by, at=MOMENT)
    lock_sending(company=company.id, note=house.said("Sperre"), by=by, at=MOMENT)
    unlock_sending(company=company.id, by=by, at=MOMENT)


def _customers(house: House) -> None:
    shades = {"sales": False, "rival": True}
    rows = [
        _customer(house, f"{name[0]}{place}", place, shaded=shaded, salesperson=house.people[name].id)
        for name, shaded in shades.items()
        for place in range(1, 11)
    ]
    save_customers(company=house.company.id, rows=rows, by=house.clerk, at=MOMENT)


def _customer(house: House, short: str, place: int, *, shaded: bool, salesperson: int) -> CustomerRow:
    """Customer 2 has an address and no mail, customer 3 has neither; the others have both."""
    mark = house.shade if shaded else house.mark
    return CustomerRow(
        number=f"{short}-{mark}",
        name=house.said("Kunde", shaded=shaded) + (LONG_POISON if house.poison else ""),
        contact_name=house.said("Kontakt", shaded=shaded),
        street="" if place == 3 else house.said("Weg", shaded=shaded),
        postcode="" if place == 3 else "20095",
        city="" if place == 3 else house.said("Stadt", shaded=shaded),
        country="DE",
        email="" if place in (2, 3) else f"{short}@{mark}.example",
        phone=f"040 {mark}",
        kind="consumer" if place == 2 else "business",
        language="de",
        salesperson_id=salesperson,
    )


def _rules(house: House) -> None:
    """A rule for the customers of each salesperson, and a customer of each with a strategy of her own."""
    company, by = house.company.id, house.clerk
    strategy = Strategy.objects.get(name=house.said("Verfahren")).id
    for country in ("IS", "MT"):  # where no customer is, so that nothing else of the population changes
        pause = place_pause(
            company=company,
            attributes={"kind": "", "country": country, "language": "", "salesperson_id": None},
            instead="call",
            from_on=ON,
            until_on=LATER_ON,
            reason=house.said("Pause"),
            by=by,
            at=MOMENT,
        )
    route(house.company, words=house.said("Grund"), at=MOMENT, by=by)
    choose_rhythm(company=house.company, wanted=Rhythm(Mode.CONTINUOUS), by=by, at=MOMENT)
    lift_pause(company=company, pause=pause.id, by=by, at=MOMENT)
    two_rates(company=company, said=house.said, by=by)
    for name in ("sales", "rival"):
        salesperson = house.people[name].id
        attributes = {"kind": "business", "salesperson_id": salesperson}
        add_rule(company=company, attributes=attributes, strategy=strategy, by=by, at=MOMENT)
        first = Customer.objects.filter(salesperson_id=salesperson).order_by("id")[0]
        choose_strategy(company=company, customer=first.id, strategy=strategy, by=by, at=MOMENT)
    sellers = [house.people[name] for name in ("sales", "rival")]
    by_telephone(company=company, people=sellers, name=house.said("Telefon"), by=by, at=MOMENT)
    ask_first(company=company, people=sellers, name=house.said("Rückfrage"), by=by, at=MOMENT)


def _lists(house: House) -> None:
    company, name = house.company, house.said("opos") + ".csv"
    facts: dict[str, Any] = {"source": house.said("ERP"), "name": name, "by": house.clerk}
    known = list(Customer.objects.select_related("party").order_by("id"))
    data = _list_file(house, known, "119,00")
    applied(company, data, **facts)
    taken(company, data, **facts)
    previewed(company, data, **facts)
    previewed(company, _list_file(house, known[:3], "19,00"), **facts)
    previewed(company, data.replace(b"119,00", b"31.02."), **facts)
    taken(company, f"# {house.mark}{house.poison}\n\0\n".encode(), **facts)
    customers = f"Kundennummer;Name;E-Mail\r\nN-{house.mark};Neu {house.mark};n@{house.mark}.example\r\n"
    previewed(company, customers.encode(), kind="customers", **facts)


def _list_file(house: House, customers: list[Customer], euros: str) -> bytes:
    """An open-item list with one item per customer, due since 1 November."""
    text = io.StringIO(newline="")
    text.write(f"{HEADER};Warengruppe\r\n")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for place, one in enumerate(customers, start=1):
        mark = house.shade if house.shade in one.number else house.mark
        number = f"R{place}-{mark}{house.poison}"
        group = f"Ware {mark}{house.poison}"
        writer.writerow([one.number, one.party.name, number, "01.10.2026", "01.11.2026", "EUR", euros, group])
    return text.getvalue().encode()


def _ledger(house: House) -> None:
    """A credit with a live and a released allocation, holds of all kinds, a parked customer."""
    company, by = house.company.id, house.clerk
    for shaded in (False, True):
        mark = house.shade if shaded else house.mark
        of = list(Customer.objects.filter(number__endswith=mark).order_by("id"))
        debit = Item.objects.filter(customer=of[0]).order_by("id")[0]
        credit = an_open_item(company, of[0].id, number=f"G-{mark}{house.poison}", minor=-2_000)
        for minor in (500, 300):
            allocate(
                company=company, credit_item=credit.id, debit_item=debit.id, amount=Money(minor, "EUR"),
                on=ON, by=by, at=MOMENT,
            )  # fmt: skip
        note = house.said("weil", shaded=shaded)
        _hold(house, of[3].id, note, until=LATER_ON + timedelta(days=3))
        with_documents(debit, said=partial(house.said, shaded=shaded), by=by)
        with_agreements(of[0], said=partial(house.said, shaded=shaded), by=by)
        with_notes(of[0], person=house.people["manager"], said=partial(house.said, shaded=shaded), by=by)
        clarify(house.company, of[5].id, mark=mark, words=note, on=ON, at=MOMENT, by=by)
        item = Item.objects.filter(customer=of[4]).order_by("id")[0]
        _hold(house, of[4].id, note, item=item.id, until=None)
        released = _hold(house, of[4].id, note, until=None)
        release_hold(company=company, hold=released, on=ON, by=by, at=MOMENT)
        park_customer(company=company, customer=of[6].id, reason="address", by=by, at=MOMENT)
        keep_contact(
            company=company, customer=of[1].id, role="payables", name=house.said("Kreditorin", shaded=shaded),
            email=f"ap@{mark}.example", phone="1", by=by, at=MOMENT,
        )  # fmt: skip
        name_contact(
            company=company, item=item.id, name=house.said("Bestellerin", shaded=shaded), email=f"po@{mark}.example",
            by=by, at=MOMENT,
        )  # fmt: skip


def _hold(house: House, customer: int, note: str, *, until: date | None, item: int | None = None) -> int:
    hold = place_hold(
        company=house.company.id, customer=customer, item=item, reason="complaint", from_on=ON,
        until_on=until, note=note, by=house.clerk, at=MOMENT,
    )  # fmt: skip
    return hold.id


def _discarded(house: House) -> None:
    """A run that was thrown away."""
    thrown = a_run(house.company, on=ON, at=MOMENT, by=house.clerk)
    note = house.said("verworfen")
    discard_run(company=house.company.id, run=thrown.run or 0, note=note, by=house.clerk, at=MOMENT)


def _asked(house: House) -> None:
    """What that run asked sales is answered in part; what its notices claim is waived in part."""
    rival = house.people["rival"]
    for person in (house.people["sales"], rival):
        note = house.said("weil", shaded=person == rival)
        claim_and_waive(salesperson=person.id, note=note, by=house.clerk)
        item = Item.objects.filter(customer__salesperson_id=person.id, kind="invoice").order_by("-id")[0]
        give_up(item, company=house.company, person=house.people["manager"], note=note, by=house.clerk)
    answer_first(
        company=house.company, people=(house.people["sales"], rival), on=ON, by=house.clerk, at=MOMENT,
        note=lambda person: house.said("Absprache", shaded=person == rival),
    )  # fmt: skip


def _send(house: House, server: SmtpServer) -> None:
    """One mail is refused, one uncertain, the others accepted."""
    company = house.company.id
    reply = Reply(550, house.said("User unknown").replace("\n", " "))
    server.play(Script(rcpt=(reply, None), dot=Cut(keep=True)), Script())
    for _round in range(2):
        send_due(company=company, clock=lambda: MOMENT, patience=PATIENCE)


def _incoming(house: House) -> None:
    """One mail came back, and its server says so; other mails came in that change nothing, or cannot be read."""
    sent = Intent.objects.filter(channel="mail", state="accepted").order_by("-id")[0]
    words = f"550 5.1.1 {house.said('unbekannt', shaded=house.shade in sent.recipient)}"
    person = (
        f"From: x@{house.mark}.example\nSubject: {house.said('Betreff')}\n\n{house.said('Text')}\n".encode()
    )
    mails = [a_report(f"<{sent.public_id}@x.example>", sent.recipient, words=words), person, b""]
    brought = [
        Brought(house.said("datei") + f"{place}.eml", hashlib.sha256(data).hexdigest(), len(data), data)
        for place, data in enumerate(mails)
    ]
    take_mails(company=house.company.id, brought=brought, by=house.clerk, at=MOMENT)


def _printed(house: House) -> None:
    """The letters were joined in a pile; one of them was handed out."""
    letters = list(Intent.objects.filter(channel="letter").order_by("id").values_list("id", flat=True))
    make_pile(company=house.company, chosen=letters, duplex=True, by=house.clerk, at=MOMENT)
    mark_printed(company=house.company.id, intents=letters[:1], by=house.clerk, at=MOMENT)


def _accounts(house: House) -> None:
    """Two changes of the bank account were asked for: the newer replaced the other and waits for a second person."""
    for iban in ("DE89370400440532013000", "DE91100000000123456789"):
        save_sender(company=house.company.id, changes={"iban": iban}, by=house.clerk, at=MOMENT)


def _later(house: House) -> None:
    """Twenty days later: a new run is proposed, and one of its notices held back."""
    run = a_run(house.company, on=LATER_ON, at=LATER, by=house.clerk).run or 0
    notices = list(Notice.objects.filter(run_id=run).order_by("id").values_list("id", flat=True)[:1])
    withhold(
        company=house.company.id, notices=notices, note=house.said("nicht"), by=house.clerk, at=LATER
    )  # fmt: skip
