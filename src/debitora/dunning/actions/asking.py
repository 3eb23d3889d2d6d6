"""What a run asks sales instead of sending: a question for each customer and step that waits for it, put once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

import polars as pl

from debitora.dunning.models import Run
from debitora.dunning.queries.sales import asked
from debitora.dunning.rules.policy import Policy
from debitora.dunning.rules.sales import answer_by, counts
from debitora.kit.pg.bulk import rows, stage
from debitora.people.models import Company
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


def put_questions(
    *,
    company: Company,
    run: Run,
    questions: pl.DataFrame,
    known: Mapping[int, Policy],
    by: Actor,
    at: datetime,
) -> int:
    """Ask sales what a run found waiting for it (engine QUESTIONS), each once; returns how many questions are new.

    Within the run's transaction, which holds the company: a question that still counts is not put again.
    """
    standing = [(one.customer, one.gate.level) for one in asked() if counts(one.gate, on=run.on)]
    shape = {"customer_id": pl.Int64, "level": pl.Int16}
    fresh = questions.join(
        pl.DataFrame(standing, schema=shape, orient="row"), on=list(shape), how="anti", maintain_order="left"
    )
    if fresh.is_empty():
        return 0
    stage(_with_terms(fresh, company, known, run.on), "sales_asked", joined=False)
    put = rows(_PUT, company=company.id, run=run.id, on=run.on, at=at)
    record(
        company=company.id,
        by=by,
        at=at,
        verb="sales.asked",
        subjects=[Subject("question", row["id"], row["customer_id"]) for row in put],
        facts={"count": len(put), "on": run.on.isoformat()},
    )
    return len(put)


_PUT: Final = """insert into dunning_salesquestion (company_id, customer_id, level, place, run_id, strategy_version_id, items,
        asked_on, until_on, silence, asked_at)
    select %(company)s, customer_id, level, 1 + coalesce((
            select max(q.place) from dunning_salesquestion q
            where q.company_id = %(company)s and q.customer_id = asked.customer_id and q.level = asked.level
        ), 0), %(run)s, policy_id, items, %(on)s, until_on, silence, %(at)s
    from sales_asked asked order by customer_id, level
    returning id, customer_id"""


def _with_terms(fresh: pl.DataFrame, company: Company, known: Mapping[int, Policy], on: date) -> pl.DataFrame:
    """The questions with their last day and what silence means, as the steps have them."""
    steps = {
        key: known[key[0]].step(key[1]) for key in fresh.select("policy_id", "level").unique().iter_rows()
    }
    terms = [
        (
            *key,
            answer_by(
                on=on, days=step.ask_sales_days, country=company.country, subdivision=company.subdivision
            ),
            step.sales_silence.value,
        )
        for key, step in steps.items()
    ]
    shape = {"policy_id": pl.Int64, "level": pl.Int16, "until_on": pl.Date, "silence": pl.String}
    return fresh.join(pl.DataFrame(terms, schema=shape, orient="row"), on=["policy_id", "level"])
