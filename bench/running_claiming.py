"""As `running`, with interest, lump sum and a fee on every notice: the due day was agreed, so that default needs no reminder.

Every overdue item bears statutory interest over the rates of two half-years; what is claimed stands on its notice, committed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bench import ground
from bench.lists import DAY
from bench.planting import plant

SIZES = (10_000, 100_000, 1_000_000)
UNIT = "items"


def prepare(size: int) -> Callable[[], object]:
    """Plant the ledger and give every customer a strategy that claims; each run proposes anew."""
    ground.lay()
    from django.db import transaction
    from django.db.models import Sum

    from debitora.dunning.actions import add_strategy, assign, propose_run
    from debitora.dunning.models import Notice
    from debitora.dunning.rules.policy import Claims, Interest
    from debitora.dunning.rules.presets import preset
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.trail.rules import system
    from debitora.values.money import Money

    company, by = ground.found(), system("bench")
    plant(company, items=size)
    shipped = preset("de-business")
    fee = (Money.of("2.50", "EUR"),)
    steps = tuple(replace(one, claim_interest=True, claim_lump_sum=True, fee=fee) for one in shipped.steps)
    claims = Claims(interest=Interest.STATUTORY, lump_sum=True, due_date_agreed=True)
    with serving(company.id):
        kept = add_strategy(
            company=company.id,
            policy=replace(shipped, name="Claims", steps=steps, claims=claims),
            by=by,
            at=now(),
        )
        for kind in ("business", "consumer"):
            assign(company=company.id, customer_kind=kind, strategy=kept.strategy_id, by=by, at=now())

    def work() -> None:
        with serving(company.id):
            run = propose_run(company=company, on=DAY, by=by, at=now()).run
            with transaction.atomic():
                claimed = Notice.objects.filter(run_id=run).aggregate(
                    interest=Sum("interest_minor"), lump_sum=Sum("lump_sum_minor")
                )
            if not claimed["interest"] or not claimed["lump_sum"]:
                raise AssertionError(claimed)

    return work


also = ground.server_peak
