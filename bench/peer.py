"""The same dunning run in Debitora and in a peer, Tryton with its dunning module, to the same end.

`make bench-peer` (or `python -m bench.peer [--items N]`): items that are all overdue, ten a customer, in both; then each side
duns them by the doors that its pages use, until every item stands at level 1 on a notice that may go out, committed.
Nothing is rendered and nothing sent. Both use one and the same PostgreSQL server. Writes results/peer.json.

What an item's line in a letter is, Debitora writes and the peer finds when it prints; the table CHECKS says what else differs.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from time import perf_counter
from typing import TYPE_CHECKING, Final

from bench import ground
from bench.lists import DAY
from bench.measure import RESULTS, machine

if TYPE_CHECKING:
    from debitora.people.models import Company

ENVIRONMENT: Final = Path(__file__).parent.parent / ".venv" / "peer" / "bin"
MODULE: Final = "account_dunning"
PER_CUSTOMER: Final = 10
OVERDUE: Final = timedelta(days=14)
FIELDS: Final = ("customer", "number", "minor", "issued_on", "due_on")
CHECKS: Final = {
    "both": (
        "the item is a receivable, open and overdue for longer than the level's grace",
        "the customer has a procedure; the item is not on another notice already",
        "references and uniqueness in the database",
    ),
    "Debitora": (
        "holds on the item, a part of its amount or the customer; parked customers",
        "credits set off against what is due; minimum sums; items that are only mentioned beside those due",
        "days between two reminders, and how often a customer is written to at all",
        "the list shows more than the ledger, so the item is left out",
        "strategy by customer, segment or company; the bound above which a run asks a person",
        "one notice per customer and currency with a line per item; a decision with its reason for every item",
        "digest over all decisions, entry in the record for every customer, approval as a row of its own",
        "row-level security on every table read and written",
    ),
    "peer": (
        "each new dunning is validated as an object: required fields, domains, access of the user",
        "each dunning is a row that carries its state, written twice",
    ),
}
"""What the sides look at within the measured time."""


class NotTheSameEnd(RuntimeError):
    """A side left items that are not at level 1 on a notice that may go out."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side's wall-clock seconds: of every run, their median, and of the median run its steps."""

    name: str
    seconds: tuple[float, ...]
    median: float
    steps: dict[str, float]
    items_a_second: int


def rows(items: int) -> Iterator[tuple[str, str, int, date, date]]:
    """The items: customer's number, number, amount in minor units, issued, due. No amount is small enough to be left out."""
    issued = DAY - OVERDUE - timedelta(days=30)
    for place in range(items):
        minor = 5_000 + place * 7919 % 900_000
        yield str(10_000 + place // PER_CUSTOMER), f"R{place:07}", minor, issued, DAY - OVERDUE


def ours(items: int) -> dict[str, float]:
    """A new company with the items; seconds to propose and to approve a run over them. Raises NotTheSameEnd."""
    from debitora.dunning.actions import approve_run, propose_run
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.trail.rules import system

    company, by = _filled(items), system("bench")
    ground.tidy()
    with serving(company.id):
        begun = perf_counter()
        proposed = propose_run(company=company, on=DAY, by=by, at=now())
        decided = perf_counter()
        if proposed.run is None:
            raise NotTheSameEnd("no run")
        approve_run(company=company.id, run=proposed.run, by=by, at=now(), confirmed=True)
        ended = perf_counter()
        ground.tidy()
        _same_end("Debitora", _reached(proposed.run), items)
    return {"propose": decided - begun, "approve": ended - decided, "total": ended - begun}


def _filled(items: int) -> Company:
    import polars as pl
    from django.db import transaction

    from debitora.documents.actions import source
    from debitora.engine.lists import LISTED, diff
    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import now
    from debitora.receivables.actions import apply_list, save_customers
    from debitora.receivables.queries import known_items
    from debitora.receivables.rules.customers import CustomerRow
    from debitora.trail.rules import system

    company, by = ground.found(), system("bench")
    listed = [
        {"customer_number": customer, "customer_name": f"Kunde {customer}", "number": number, "position": "",
         "currency": "EUR", "open_minor": minor, "due_on": due_on, "issued_on": issued_on, "order_reference": "",
         "product_group": ""}
        for customer, number, minor, issued_on, due_on in rows(items)
    ]  # fmt: skip
    known = [
        CustomerRow(number=number, name=f"Kunde {number}", kind="business", email=f"k{number}@kunde.example")
        for number in dict.fromkeys(str(row["customer_number"]) for row in listed)
    ]
    with serving(company.id), transaction.atomic():
        save_customers(company=company.id, rows=known, by=by, at=now())
        erp = source(company=company.id, kind="items", name="ERP", at=now()).id
        changes = diff(pl.DataFrame(listed, schema=dict(LISTED)), known_items(source=erp))
        apply_list(company=company.id, source=erp, list_import=1, changes=changes, on=DAY, by=by, at=now())
    return company


def _reached(run: int) -> tuple[int, int]:
    """Items at level 1 on a due line of an approved run's notices, and their customers."""
    from django.db import transaction

    from debitora.kit.pg.bulk import rows as found

    with transaction.atomic():
        (counted,) = found(
            """with due as materialized (
                   select n.customer_id, l.item_id
                   from dunning_notice n
                   join dunning_noticeline l on l.company_id = n.company_id and l.notice_id = n.id
                   where n.run_id = %(run)s and n.level = 1 and l.kind = 'due' and l.level_to = 1
               ), decided as materialized (
                   select customer_id, item_id from dunning_decided where run_id = %(run)s and level_to = 1
               ), both_of_them as (select * from due intersect select * from decided)
               select count(*) as items, count(distinct customer_id) as customers from both_of_them
               where exists (select from dunning_run where id = %(run)s and state = 'approved')""",
            run=run,
        )
    return counted["items"], counted["customers"]


def theirs(items: int) -> dict[str, float]:
    """A new database of the peer's with the items; seconds of its two wizards. Raises NotTheSameEnd."""
    with _peer_database() as environment:
        _told(environment, "trytond-admin", "-d", environment["PEER_DATABASE"], "-u", MODULE, "--activate-dependencies",
              "--email", "admin@bench.example")  # fmt: skip
        script = str(Path(__file__).parent / "peer_tryton.py")
        _told(environment, "python", "-O", script, "prepare", str(_file(items)))
        told = json.loads(_told(environment, "python", "-O", script, "run", DAY.isoformat()).splitlines()[-1])
    _same_end("the peer", (told["items"], told["customers"]), items)
    return {step: told[step] for step in ("create", "process", "total")}


def _same_end(side: str, reached: tuple[int, int], items: int) -> None:
    wanted = (items, items // PER_CUSTOMER)
    if reached != wanted:
        raise NotTheSameEnd(f"{side}: {reached} items and customers instead of {wanted}")


@contextmanager
def _peer_database() -> Iterator[dict[str, str]]:
    """An empty database on the same server, and the environment that leads the peer to it."""
    import psycopg

    from debitora.kit.postgres import serve

    administrator = serve(Path(os.environ["DEBITORA_HOME"])).credentials("superuser", "postgres")
    secret = Path(mkdtemp(prefix="debitora-bench-")) / "password"
    secret.write_text("bench-0815-bench", "utf-8")
    name = "peer"
    with psycopg.connect(**administrator.kwargs(), autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield {
            **os.environ,
            "TRYTOND_DATABASE_URI": administrator.url().rpartition("/")[0] + "/",
            "TRYTONPASSFILE": str(secret),
            "PEER_DATABASE": name,
        }
        connection.execute(f"drop database {name} with (force)")


def _file(items: int) -> Path:
    path = Path(mkdtemp(prefix="debitora-bench-")) / "items.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(FIELDS)
        writer.writerows(rows(items))
    return path


def _told(environment: dict[str, str], program: str, *arguments: str) -> str:
    command = [str(ENVIRONMENT / program), *arguments]
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def _side(name: str, runs: Sequence[dict[str, float]], items: int) -> Side:
    totals = [run["total"] for run in runs]
    typical = median(totals)
    nearest = min(runs, key=lambda run: abs(run["total"] - typical))
    return Side(
        name=name,
        seconds=tuple(round(total, 3) for total in totals),
        median=round(typical, 3),
        steps={step: round(took, 3) for step, took in nearest.items() if step != "total"},
        items_a_second=round(items / typical),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Run both sides, print both times, their ratio and who checks what, write peer.json."""
    parser = argparse.ArgumentParser(prog="python -m bench.peer", description=main.__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=3, help="runs of Debitora (default %(default)s)")
    parser.add_argument("--peer-times", type=int, default=1, help="runs of the peer (default %(default)s)")
    asked = parser.parse_args(arguments)
    ground.lay()
    sides = (
        _side("Debitora", [ours(asked.items) for _ in range(asked.times)], asked.items),
        _side("Tryton", [theirs(asked.items) for _ in range(asked.peer_times)], asked.items),
    )
    ratio = sides[1].median / sides[0].median
    for side in sides:
        print(f"{side.name:10} {side.median:9.3f} s  {side.items_a_second:>8,} items a second  {side.steps}")
    print(f"ratio {ratio:.1f}")
    for who, checks in CHECKS.items():
        print(f"checked by {who}:", *checks, sep="\n  - ")
    write(asked.items, sides, ratio)


def write(items: int, sides: Sequence[Side], ratio: float, *, folder: Path = RESULTS) -> Path:
    """Write peer.json: the machine, the peer's version, both sides, the ratio and who checks what. Returns the file."""
    result = {
        "name": "peer",
        "machine": machine(),
        "peer": f"Tryton {_told({**os.environ}, 'trytond-admin', '--version').split()[-1]}",
        "asked": {"items": items, "customers": items // PER_CUSTOMER},
        "sides": [asdict(side) for side in sides],
        "ratio": round(ratio, 1),
        "checks": CHECKS,
    }
    path = folder / "peer.json"
    path.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return path


if __name__ == "__main__":
    main()
