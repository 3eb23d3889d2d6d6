"""What happens in the stories of the law, beside the verbs of all stories: one preset, one debtor, one invoice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from debitora.dunning.actions import add_strategy, approve_run, assign, follow, propose_run, release_run
from debitora.dunning.models import Notice, NoticeEvent
from debitora.dunning.queries.interest import InterestCard, interest_card, tomorrow
from debitora.dunning.rules.law.policies import findings
from debitora.dunning.rules.policy import Policy
from debitora.dunning.rules.policy_file import as_document, from_document
from debitora.dunning.rules.presets import preset, with_claims
from debitora.exchange.actions import apply_taken, confirm_list, preview_list, take_list
from debitora.exchange.testing import a_list_file
from debitora.messaging.actions import mark_printed, send_due
from debitora.messaging.models import Intent
from debitora.receivables.actions import save_customers
from debitora.receivables.models import Item
from debitora.receivables.rules.customers import CustomerRow
from debitora.values.numbers import number_key
from debitora.values.rates import shipped
from tests.stories.telling import Row, StoryBroken, Verb, agree, day, money, verb, written
from tests.stories.world import HOUSE, World

Table = Sequence[Row]
LAW: list[Verb] = []


@verb("The strategy {name} applies as it ships", among=LAW)
def strategy_ships(world: World, name: str, table: Table) -> None:
    """The preset; the table shows its steps."""
    _applies(world, preset(name), table)


@verb("The strategy {name} applies with the claims that it offers", among=LAW)
def strategy_offers(world: World, name: str, table: Table) -> None:
    """The preset with all that stands behind its `#+`."""
    _applies(world, with_claims(name), table)


def _applies(world: World, policy: Policy, table: Table) -> None:
    version = add_strategy(company=world.company.id, policy=policy, by=HOUSE, at=world.at)
    assign(
        company=world.company.id,
        customer_kind=policy.debtor,
        strategy=version.strategy_id,
        by=HOUSE,
        at=world.at,
    )
    agree(
        table,
        [
            {
                "step": str(place),
                "text": step.text,
                "days after due": str(step.days_after_due + policy.grace_days),
                "answer within": f"{step.deadline_days} days",
                "by": step.channel.value.replace("_", " "),
                "interest": "yes" if step.claim_interest else "-",
                "lump sum": "yes" if step.claim_lump_sum else "-",
            }
            for place, step in enumerate(policy.steps, start=1)
        ],
    )


@verb("{kind} {number} is {name} of {city}", among=LAW)
def debtor(world: World, kind: str, number: str, name: str, city: str) -> None:
    """The debtor, with a mail address and a postal one in the company's country."""
    row = CustomerRow(
        number=number,
        name=name,
        kind=kind.lower(),
        email=f"{name.split()[0].lower()}@debtor.example",
        language="en",
        street="Main 1",
        postcode="1010",
        city=city,
        country=world.company.country,
    )
    save_customers(company=world.company.id, rows=[row], by=HOUSE, at=world.at)
    world.names[number] = name


@verb("It is {when} and the list says", among=LAW)
def list_says(world: World, when: str, table: Table) -> None:
    """The ERP's list of that day is taken and applied; what was open before and is less now was paid."""
    world.move_to(day(when))
    rows = [
        f"{row['debtor']};{world.names[row['debtor']]};{row['number']};{day(row['issued']):%d.%m.%Y};"
        f"{day(row['due']):%d.%m.%Y};{money(row['open']).currency};"
        f"{str(money(row['open']).decimal).replace('.', ',')}"
        for row in table
    ]
    taken = take_list(
        company=world.company, kind="items", source="ERP", data=a_list_file(rows), name=f"{world.on}.csv",
        as_of=world.on, by=HOUSE, at=world.at,
    )  # fmt: skip
    preview_list(company=world.company, list_import=taken.id, at=world.at)
    confirm_list(company=world.company, list_import=taken.id, confirmed=True, by=HOUSE, at=world.at)
    apply_taken(company=world.company, list_import=taken.id, by=HOUSE, clock=world.clock)


@verb("It is {when} and the notices go out", among=LAW)
def notices_go_out(world: World, when: str, table: Table) -> None:
    """Run, approval, making, sending, printing: each notice with what it asks for and until when."""
    world.move_to(day(when))
    run = propose_run(company=world.company, on=world.on, by=world.person("Katja"), at=world.at).run or 0
    approve_run(company=world.company.id, run=run, by=world.person("Rolf"), at=world.at)
    release_run(company=world.company, run=run, by=HOUSE, clock=world.clock)
    send_due(company=world.company.id, clock=world.clock)
    with world.looking():
        letters = list(Intent.objects.filter(channel="letter").values_list("id", flat=True))
    mark_printed(company=world.company.id, intents=letters, by=world.person("Katja"), at=world.at)
    follow(company=world.company, by=HOUSE, at=world.at)
    with world.looking():
        notices = Notice.objects.select_related("customer").filter(run_id=run)
        agree(table, [_told(notice) for notice in notices])


def _told(notice: Notice) -> Row:
    last = NoticeEvent.objects.filter(notice=notice).exclude(deadline_on=None).order_by("-id").first()
    by = Intent.objects.filter(subject_id=notice.id, kind="notice").order_by("-id").first()
    return {
        "debtor": notice.customer.number,
        "step": str(notice.level),
        "principal": written(notice.due_minor, notice.currency),
        "interest": _claimed(notice, notice.interest_minor),
        "lump sum": _claimed(notice, notice.lump_sum_minor),
        "asks for": written(notice.total_minor, notice.currency),
        "until": f"{last.deadline_on:%-d %B %Y}" if last and last.deadline_on else "-",
        "by": by.channel if by else "-",
    }


def _claimed(notice: Notice, minor: int) -> str:
    return written(minor, notice.currency) if minor else "-"


@verb("{number} is not in default", among=LAW)
def no_default(world: World, number: str) -> None:
    if (found := _card(world, number, world.on).default) is not None and found.from_on <= world.on:
        raise StoryBroken(f"in default since {found.from_on}, {found.ground.value}")


@verb("{number} is in default", among=LAW)
def in_default(world: World, number: str, table: Table) -> None:
    """Since when, on which ground, by which law."""
    found = _card(world, number, world.on).default
    if found is None:
        raise StoryBroken("no ground is known")
    agree(
        table,
        [
            {
                "since": f"{found.from_on:%-d %B %Y}",
                "ground": found.ground.value.replace("_", " "),
                "law": found.law,
            }
        ],
    )


@verb("Until {when}, {number} has borne {amount}", among=LAW)
def has_borne(world: World, when: str, number: str, amount: str, table: Table) -> None:
    """Interest slice by slice; the day is the last that counts."""
    card = _card(world, number, day(when))
    if card.borne is None:
        raise StoryBroken(f"no rate is known; the table ends on {card.horizon}")
    currency = money(amount).currency
    agree([{"total": amount}], [{"total": written(card.borne.total_minor, currency)}])
    agree(
        table,
        [
            {
                "from": f"{one.from_on:%-d %B %Y}",
                "days": str(one.days),
                "balance": written(one.balance_minor, currency),
                "rate": f"{one.bp / 100:.2f} %",
                "interest": written(one.minor, currency),
                "law": card.law,
            }
            for one in card.borne.slices
        ],
    )


@verb("Until {when}, nobody can say what {number} has borne: {because}", among=LAW)
def unknown_interest(world: World, when: str, number: str, because: str) -> None:
    """Because a table ends, or because no rate is known at all."""
    card = _card(world, number, day(when))
    known = f"the table ends on {card.horizon:%-d %B %Y}" if card.horizon else "no rate is known"
    agree([{"interest": because}], [{"interest": "it is known" if card.borne else known}])


def _card(world: World, number: str, last: Any) -> InterestCard:
    with world.looking():
        item = Item.objects.select_related("state", "customer").get(number_key=number_key(number))
        return interest_card(company=world.company, item=item, until=tomorrow(last))


@verb("On {when}, the linter finds in {name}", among=LAW)
def linter_finds(world: World, when: str, name: str, table: Table) -> None:
    """Each row changes the preset in one place; what the linter then names, and whether such a strategy is kept."""
    found = []
    for row in table:
        document = as_document(preset(name))
        for change in row["written"].split(", "):
            _put(document, *change.split(" = "))
        policy, faults = from_document(document)
        if policy is None:
            raise StoryBroken(f"{row['written']}: {faults}")
        known = findings(policy, on=day(when), tables=shipped())
        wanted = [one for one in known if one.rule.value == row["rule"]]
        found += [
            {
                "written": row["written"],
                "rule": one.rule.value,
                "law": one.rule.text.law % dict(one.values),
                "and then": "not kept" if one.unlawful else "shown",
            }
            for one in wanted[:1]
        ]
    agree(table, found)


def _put(document: dict[str, Any], place: str, value: str) -> None:
    """Write a value at `steps[2].fee` or `claims.interest` of a strategy's file."""
    node: Any = document
    *way, last = place.replace("[", ".").replace("]", "").split(".")
    for name in way:
        node = node[int(name) - 1] if isinstance(node, list) else node.setdefault(name, {})
    node[last] = {"yes": True, "no": False}.get(value, int(value) if value.isdecimal() else value)
