"""What happens in the story of claims, beside the verbs of the stories of the law."""

from __future__ import annotations

from collections.abc import Sequence

from debitora.receivables.actions import restore_claim, waive_claim
from debitora.receivables.actions.claims import open_of
from debitora.receivables.models import Claim, ClaimEntry
from tests.stories.telling import Row, Verb, agree, money, verb, written
from tests.stories.world import World

Table = Sequence[Row]
CLAIMS: list[Verb] = []


@verb("The claims are", among=CLAIMS)
def claims_are(world: World, table: Table) -> None:
    """Every claim of the company, whatever became of its item."""
    with world.looking():
        found = [
            {
                "claim": claim.kind.replace("_", " "),
                "of": claim.item.number if claim.item else "notice",
                "claimed": written(claim.accrued_minor, claim.currency),
                "waived": written(claim.waived_minor, claim.currency),
                "open": written(open_of(claim), claim.currency),
            }
            for claim in Claim.objects.select_related("item")
        ]
    agree(table, found)


@verb("{person} waives {amount} of the {kind} of {number}, because {reason}", among=CLAIMS)
def claim_waived(world: World, person: str, amount: str, kind: str, number: str, reason: str) -> None:
    with world.looking():
        claim = Claim.objects.get(kind=kind.replace(" ", "_"), item__number=number)
    waive_claim(
        company=world.company.id,
        claim=claim.id,
        amount=money(amount),
        reason=reason,
        on=world.on,
        by=world.person(person),
        at=world.at,
    )


@verb("{person} takes the last waiver back", among=CLAIMS)
def waiver_taken_back(world: World, person: str) -> None:
    with world.looking():
        entry = ClaimEntry.objects.filter(kind="waived").latest("id")
    restore_claim(company=world.company.id, entry=entry.id, on=world.on, by=world.person(person), at=world.at)
