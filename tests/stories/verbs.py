"""What can happen in a story, and what can be looked at: one function per verb, at most 25."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from debitora.dunning.actions import (
    add_strategy,
    approve_run,
    ask_for_release,
    assign,
    follow,
    install_presets,
    propose_run,
    release_run,
    withhold,
)
from debitora.dunning.models import Decision, Notice, NoticeEvent
from debitora.dunning.queries.why import why_item
from debitora.dunning.rules.policy import ContactCap, Upcoming
from debitora.dunning.rules.presets import preset
from debitora.dunning.rules.reasons import Reason
from debitora.exchange.actions import apply_taken, confirm_list, preview_list, take_list, undo_import
from debitora.exchange.testing import a_list_file
from debitora.messaging.actions import send_due
from debitora.messaging.models import Intent
from debitora.receivables.actions import (
    allocate,
    complete_recipients,
    park_customer,
    place_hold,
    release_hold,
    save_customers,
)
from debitora.receivables.models import Hold, ItemState
from debitora.receivables.queries import aging
from debitora.receivables.rules.customers import CustomerRow
from debitora.trail.models import Record
from debitora.values.money import Money
from tests.stories.telling import Row, StoryBroken, agree, day, money, verb, written
from tests.stories.world import HOUSE, World

Table = Sequence[Row]


# ------------------------------------------------------------------------------------------------ the company


@verb("It is {when}")
def it_is(world: World, when: str) -> None:
    """Go to a day; without it a story begins on 2 November 2026."""
    world.move_to(day(when))


@verb("The shipped German strategies apply")
def shipped_strategies(world: World) -> None:
    install_presets(company=world.company, by=HOUSE, at=world.at)


@verb("Business customers are reminded so, once in {days} days at most, and {ahead} days before the due day")
def own_strategy(world: World, days: str, ahead: str, table: Table) -> None:
    """Steps of an own strategy; consumers get none."""
    known = preset("de-business")
    steps = tuple(
        replace(
            known.steps[place],
            days_after_due=int(row["days after due"]),
            min_gap_days=int(row["gap"]),
            minimum_item=(money(row["least item"]),),
            minimum_notice=(money(row["least notice"]),),
        )
        for place, row in enumerate(table)
    )
    policy = replace(
        known,
        name="Own",
        steps=steps,
        contact_cap=ContactCap(touches=1, days=int(days)),
        upcoming=Upcoming(days_before=int(ahead), text="reminder"),
    )
    version = add_strategy(company=world.company.id, policy=policy, by=HOUSE, at=world.at)
    strategy = version.strategy_id
    assign(company=world.company.id, customer_kind="business", strategy=strategy, by=HOUSE, at=world.at)


@verb("The customers are")
def the_customers(world: World, table: Table) -> None:
    rows = [
        CustomerRow(
            number=row["number"],
            name=row["name"],
            kind=row.get("kind", "business"),
            email=row["e-mail"],
            language="en",
        )
        for row in table
    ]
    save_customers(company=world.company.id, rows=rows, by=HOUSE, at=world.at)
    world.names |= {row["number"]: row["name"] for row in table}


@verb("{person} notes the address {email} for {customer}")
def address_noted(world: World, person: str, email: str, customer: str) -> None:
    """Complete a recipient; what waited for it is made and sent."""
    found = world.customer(customer)
    by = world.person(person)
    complete_recipients(company=world.company.id, emails={found.id: email}, by=by, at=world.at)
    ask_for_release(company=world.company.id, run=world.run)


# -------------------------------------------------------------------------------------------------- the lists


@verb("The list arrives")
def list_arrives(world: World, table: Table) -> None:
    """The ERP's list of today, as a German file; nothing is applied yet."""
    rows = [
        f"{row['customer']};{world.names.get(row['customer'], row['customer'])};{row['number']};"
        f"{world.on:%d.%m.%Y};{day(row['due']):%d.%m.%Y};EUR;{_german(money(row['open']))}"
        for row in table
    ]
    taken = take_list(
        company=world.company, kind="items", source="ERP", data=a_list_file(rows), name=f"{world.on}.csv",
        as_of=world.on, by=world.person("Katja"), at=world.at,
    )  # fmt: skip
    preview_list(company=world.company, list_import=taken.id, at=world.at)
    world.list_import = taken.id


def _german(amount: Money) -> str:
    return str(amount.decimal).replace(".", ",")


@verb("The preview says")
def preview_says(world: World, table: Table) -> None:
    found = preview_list(company=world.company, list_import=world.list_import, at=world.at)
    speaking = ", ".join(str(raised.guard).replace("_", " ") for raised in found.guards)
    counts = {column: str(found.counts.get(column.replace(" ", "_"), 0)) for column in table[0]}
    agree(table, [counts | {"state": found.state, "guard": speaking or "-"}])


@verb("{person} applies the list")
def list_applied(world: World, person: str) -> None:
    """Give the previewed list free, guards or not, and apply it."""
    by = world.person(person)
    confirm_list(company=world.company, list_import=world.list_import, confirmed=True, by=by, at=world.at)
    apply_taken(company=world.company, list_import=world.list_import, by=by, clock=world.clock)


@verb("{person} undoes the list, because {reason}")
def list_undone(world: World, person: str, reason: str) -> None:
    undo_import(
        company=world.company,
        list_import=world.list_import,
        reason=reason,
        by=world.person(person),
        at=world.at,
    )


@verb("{person} puts {amount} of the credit {credit} against {debit}")
def credit_allocated(world: World, person: str, amount: str, credit: str, debit: str) -> None:
    allocate(
        company=world.company.id,
        credit_item=world.item(credit).id,
        debit_item=world.item(debit).id,
        amount=money(amount),
        on=world.on,
        by=world.person(person),
        at=world.at,
    )


@verb("The ledger shows")
def ledger_shows(world: World, table: Table) -> None:
    """What stands about the numbers that the table names."""
    with world.looking():
        states = ItemState.objects.select_related("item").filter(
            item__number__in=[row["number"] for row in table]
        )
        found = [
            {
                "number": state.item.number,
                "open": written(state.open_minor, state.currency),
                "level": str(state.level),
                "last reminded": _day(state.last_reminded_on),
                "list": "behind" if state.list_behind else "agrees",
            }
            for state in states
        ]
    agree(table, found)


@verb("The open sums are")
def open_sums(world: World, table: Table) -> None:
    with world.looking():
        bands = aging(on=world.on)
    found = [
        {
            "currency": currency,
            "not due": written(sums.not_due, currency),
            "1 to 30 days": written(sums.d1_30, currency),
            "31 to 60 days": written(sums.d31_60, currency),
            "total": written(sums.total, currency),
        }
        for currency, sums in bands.items()
    ]
    agree(table, found)


def _day(found: date | None) -> str:
    return f"{found:%-d %B %Y}" if found else "-"


# --------------------------------------------------------------------------------------------------- the holds


@verb("{person} holds")
def items_held(world: World, person: str, table: Table) -> None:
    """Place holds: on an item, an amount of it, or (item "all") the whole customer; from today on."""
    for row in table:
        place_hold(
            company=world.company.id,
            customer=world.customer(row["customer"]).id,
            item=None if row["item"] == "all" else world.item(row["item"]).id,
            amount=None if row["amount"] == "all" else money(row["amount"]),
            reason=row["reason"],
            from_on=world.on,
            until_on=None if row["until"] == "-" else day(row["until"]),
            by=world.person(person),
            at=world.at,
        )


@verb("{person} lifts the newest hold of {customer}")
def hold_lifted(world: World, person: str, customer: str) -> None:
    with world.looking():
        hold = Hold.objects.filter(customer__number=customer).order_by("-id")[0]
    release_hold(company=world.company.id, hold=hold.id, on=world.on, by=world.person(person), at=world.at)


@verb("{customer} is parked")
def customer_parked(world: World, customer: str) -> None:
    """What `debitora check` does with a customer about whom it found something."""
    found = world.customer(customer)
    park_customer(company=world.company.id, customer=found.id, reason="check", by=HOUSE, at=world.at)


# ------------------------------------------------------------------------------------------------ the dunning


@verb("The run decides")
def run_decides(world: World, table: Table) -> None:
    """Propose a run of today; the table names every overdue item, and what is reminded beforehand."""
    world.run = (
        propose_run(company=world.company, on=world.on, by=world.person("Katja"), at=world.at).run or 0
    )
    with world.looking():
        decisions = Decision.objects.filter(run_id=world.run)
        numbers = dict(ItemState.objects.values_list("item_id", "item__number"))
        found = [
            {
                "number": numbers[one.item_id],
                "days": str(one.days_overdue),
                "decision": Reason(one.reason).code.replace("_", " "),
                "because": Reason(one.reason).meaning.rstrip("."),
            }
            for one in decisions
        ]
    agree(table, found)


@verb("The notices ask")
def notices_ask(world: World, table: Table) -> None:
    """The notices of the newest run: what is due, what is open beside, what credits take off, what is asked for."""
    with world.looking():
        found = [
            {
                "customer": notice.customer.number,
                "level": str(notice.level),
                "due": written(notice.due_minor, notice.currency),
                "also open": written(notice.also_open_minor, notice.currency),
                "credits": written(notice.credit_minor, notice.currency),
                "asks for": written(notice.total_minor, notice.currency),
            }
            for notice in Notice.objects.select_related("customer").filter(run_id=world.run)
        ]
    agree(table, found)


@verb("{person} approves the run")
def run_approved(world: World, person: str) -> None:
    approve_run(company=world.company.id, run=world.run, by=world.person(person), at=world.at)


@verb("{person} keeps back the notice to {customer}")
def notice_withheld(world: World, person: str, customer: str) -> None:
    with world.looking():
        notice = Notice.objects.get(run_id=world.run, customer__number=customer)
    withhold(company=world.company.id, notices=[notice.id], note="", by=world.person(person), at=world.at)


@verb("The notices are made")
def notices_made(world: World) -> None:
    """Render the notices of the newest run and queue them."""
    release_run(company=world.company, run=world.run, by=HOUSE, clock=world.clock)


@verb("The queue is sent")
def queue_sent(world: World) -> None:
    """Send what is due, and note how the notices ended."""
    send_due(company=world.company.id, clock=world.clock)
    follow(company=world.company, by=HOUSE, at=world.at)


@verb("The notices ended")
def notices_ended(world: World, table: Table) -> None:
    """The last thing that happened to each notice of the newest run."""
    with world.looking():
        events = NoticeEvent.objects.filter(notice__run_id=world.run).select_related("notice__customer")
        last = {event.notice_id: event for event in events.order_by("id")}
        found = [
            {
                "customer": event.notice.customer.number,
                "end": event.kind.replace("_", " "),
                "reason": event.reason.replace("_", " ") or "-",
            }
            for event in last.values()
        ]
    agree(table, found)


@verb("The mail server has received in all")
def mails_received(world: World, table: Table) -> None:
    """What truly arrived, by the sink's own word, beside what Debitora believes to have sent."""
    with world.looking():
        accepted = (
            Intent.objects.filter(state="accepted").order_by("id").values_list("recipient", "mail_subject")
        )
        found = [{"to": recipient, "subject": subject} for recipient, subject in accepted]
    agree(table, found)
    arrived = sorted(recipient for mail in world.mail.mails for recipient in mail.recipients)
    if arrived != sorted(row["to"] for row in table):
        raise StoryBroken(f"arrived: {arrived}")


@verb("Why {number}? {code} is the answer, and {remedy} would change it")
def why_so(world: World, number: str, code: str, remedy: str) -> None:
    """The why-card of an item, with the codes of all changes that would turn its answer."""
    with world.looking():
        card = why_item(company=world.company, item=number, on=world.on)
    alone = " or ".join(str(change.code) for change in card.why.changes)
    together = " and then ".join(str(change.code) for change in card.why.together)
    reason = card.why.reason.code.replace("_", " ") if card.why.reason else "nothing"
    told = (alone or together or "nothing").replace("_", " ")
    agree([{"answer": code, "change": remedy}], [{"answer": reason, "change": told}])


@verb("The trail tells")
def trail_tells(world: World, table: Table) -> None:
    """Who did it, for the verbs that the table names, each time that it was done."""
    with world.looking():
        rows = Record.objects.filter(verb__in=[row["what"] for row in table]).order_by("id")
        names = {actor.label: name for name, actor in world.people.items()}
        found = [{"what": row.verb, "who": names.get(row.actor_label, row.actor_label)} for row in rows]
    agree(table, found)
