"""Pages over a million items: seconds in the server, two people asking at once, as one session each would.

`python -m bench.pages [--items N] [--times N] [NAME ...]` lays the ground, starts the web server as the product does, asks for
each page and writes results/pages.json. A page's time runs from the request to the whole body, in the server.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote

from bench import ground, million
from bench.measure import RESULTS, machine
from bench.million import Million

AT_ONCE: Final = 2
TIMES: Final = 60
PATIENCE: Final = 120.0
"""Seconds for the web server to come up, and to end."""
BOUND: Final = 100.0
"""Milliseconds within which 95 of 100 answers shall be."""
COUNTED: Final = (
    "items", "items by amount", "items by customer", "items overdue", "items of a customer", "items of a salesperson",
    "items far down", "items by number", "items by name", "items by open sum", "customers",
    "limitation radar", "limitation radar of a year", "cases", "cases of one who answers", "case", "customer with cases",
    "cases of a customer", "cases as salesperson", "items as salesperson", "customers as salesperson",
    "sales page", "notes of a customer",
)  # fmt: skip
"""The sorts, filters and searches that the bound is promised for; the other pages are told beside them."""
AS_SALES: Final = (
    "cases as salesperson",
    "items as salesperson",
    "customers as salesperson",
    "radar as salesperson",
    "sales page",
    "barometer as salesperson",
)
"""Asked for by a salesperson, who sees her own customers only; the others by the manager."""


class WrongAnswer(RuntimeError):
    """The server answered something else than a page."""


@dataclass(frozen=True, slots=True)
class Told:
    """Milliseconds in the server for one page: half of the answers, 95 of 100, the longest; and the body's KiB."""

    page: str
    promised: bool
    answers: int
    p50: float
    p95: float
    longest: float
    kib: int


def addresses(known: Million, *, deep: str) -> Mapping[str, str]:
    """Name -> address below the company. `deep` is the place where a list is continued far down."""
    return {
        "items": "items/",
        "items by amount": "items/?sort=-amount",
        "items by customer": "items/?sort=customer",
        "items overdue": "items/?state=overdue&sort=-overdue",
        "items of a customer": f"items/?customer={known.busy_customer}",
        "items of a salesperson": f"items/?salesperson={known.salesperson}",
        "items far down": f"items/?after={quote(deep)}",
        "items by number": "items/?text=R1000777",
        "items by name": "items/?text=" + quote("Müller 3f"),
        "items by open sum": "items/?text=" + quote("1.234,56"),
        "customers": "customers/?sort=name",
        "customers by overdue": "customers/",
        "customers by name": "customers/?text=" + quote("Weber 0a"),
        "items by level": "items/?sort=-level",
        "items by invoice number": "items/?sort=number",
        "items by a common name": "items/?text=" + quote("Müller"),
        "items settled": "items/?state=settled",
        "items held": "items/?held=yes",
        "items over 90 days": "items/?band=d90_plus",
        "today": "",
        "aging": "aging/",
        "customer": f"customers/{known.customer}/",
        "customer with many items": f"customers/{known.busy_customer}/",
        "runs": "runs/",
        "run": f"runs/{known.run}/",
        "run, not dunned": f"runs/{known.run}/?tab=others",
        "run approved": f"runs/{known.approved_run}/",
        "why": f"why/{known.item}/",
        "item": f"items/{known.item}/",
        "notice": f"notices/{known.notice}/",
        "limitation radar": "limitation/",
        "limitation radar of a year": f"limitation/?year={known.lapses_in}",
        "cases": "clarification/",
        "cases by amount": "clarification/?sort=-amount",
        "cases by customer": "clarification/?sort=customer",
        "cases overdue": "clarification/?overdue=yes",
        "cases of one who answers": f"clarification/?owner={known.salesperson}",
        "cases by a common name": "clarification/?text=" + quote("Müller"),
        "case": f"clarification/{known.case}/",
        "customer with cases": f"customers/{known.case_customer}/",
        "cases of a customer": f"customers/{known.case_customer}/cases/",
        "timeline of a customer": f"customers/{known.case_customer}/timeline/",
        "cases as salesperson": "clarification/",
        "items as salesperson": "items/",
        "customers as salesperson": "customers/?sort=name",
        "radar as salesperson": "limitation/",
        "sales page": "sales/",
        "sales page of everybody": "sales/",
        "notes of a customer": f"customers/{known.case_customer}/notes/newest/",
        "inbox": "clarification/inbox/",
        "barometer": "clarification/barometer/",
        "barometer of 30 days": "clarification/barometer/?days=30",
        "barometer of a year": "clarification/barometer/?days=365",
        "barometer as salesperson": "clarification/barometer/",
    }


def measure(known: Million, names: Sequence[str], *, times: int) -> list[Told]:
    """Ask for every page so many times, two at once."""
    with _served() as port:
        manager, sales = _client(port, known.manager), _client(port, known.salesperson)
        wanted = addresses(known, deep=_deep(known))
        chosen = {name: address for name, address in wanted.items() if not names or name in names}
        told = []
        for name, address in chosen.items():
            path, client = f"/c/{known.code}/{address}", sales if name in AS_SALES else manager
            with ThreadPoolExecutor(AT_ONCE) as both:
                list(both.map(client, [path] * 6))  # what each process learns once
                answers = list(both.map(client, [path] * times))
            told.append(_told(name, answers))
            print(f"{name:30} p50 {told[-1].p50:8.1f}  p95 {told[-1].p95:8.1f} ms", flush=True)
    return told


def _told(name: str, answers: Sequence[tuple[float, int]]) -> Told:
    taken = sorted(took for took, _size in answers)
    return Told(
        page=name,
        promised=name in COUNTED,
        answers=len(taken),
        p50=round(taken[len(taken) // 2], 1),
        p95=round(taken[max(0, -(-len(taken) * 95 // 100) - 1)], 1),
        longest=round(taken[-1], 1),
        kib=round(max(size for _took, size in answers) / 1024),
    )


@contextmanager
def _served() -> Iterator[int]:
    """The web server as the product starts it, on a port of its own."""
    from debitora.cli.serving import web_commands
    from debitora.kit.listening import listening

    with listening("127.0.0.1", 0) as shared:
        port = int(shared.getsockname()[1])
        environment = {
            **os.environ,
            "DEBITORA_BASE_URL": f"http://127.0.0.1:{port}",
            "PYTHONPATH": os.pathsep.join(
                [str(Path(__file__).parent.parent), os.environ.get("PYTHONPATH", "")]
            ),
        }
        processes = [
            subprocess.Popen(command, env=environment, pass_fds=(shared.fileno(),))
            for command in web_commands(shared, "bench.timed:application")
        ]
        try:
            yield port
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()


def _client(port: int, user: int) -> Callable[[str], tuple[float, int]]:
    """Ask for a path as that signed-in user; gives the milliseconds in the server and the size of the body."""
    cookie = _session(user)

    def ask(path: str) -> tuple[float, int]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Language": "de"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status != 200:
            raise WrongAnswer(f"{answer.status} {path}")
        if (told := re.search(r"dur=([\d.]+)", answer.headers["Server-Timing"])) is None:
            raise WrongAnswer(f"no time told {path}")
        return float(told[1]), len(body)

    return ask


def _session(user: int) -> str:
    from django.conf import settings
    from django.test import Client

    from debitora.people.models import User

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(pk=user))
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def _deep(known: Million) -> str:
    """A place far down in the items by due day: behind all that are overdue for longer than a month."""
    from django.db import transaction

    from debitora.kit.pg.company import serving
    from debitora.kit.runtime import today
    from debitora.people.models import Company
    from debitora.receivables.queries import items_page
    from debitora.receivables.rules.items import ItemFilters, State

    company = Company.objects.get(code=known.code)
    with serving(company.id), transaction.atomic():
        filters = ItemFilters(state=State.OPEN, band="d1_30")
        return str(items_page(filters=filters, on=today(company.time_zone), sort="due").next)


def write(items: int, told: Sequence[Told], *, folder: Path = RESULTS) -> Path:
    """Write pages.json: the machine, how it was asked, and what was told of each page. Returns the file."""
    asked = {
        "items": items,
        "customers": items // million.PER_CUSTOMER,
        "at_once": AT_ONCE,
        "bound_ms": BOUND,
    }
    result = {"name": "pages", "machine": machine(), "asked": asked, "pages": [asdict(each) for each in told]}
    path = folder / "pages.json"
    path.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return path


def main(arguments: Sequence[str] | None = None) -> None:
    """Lay the ground, measure, write pages.json (only when every page was asked for)."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=main.__doc__)
    parser.add_argument("names", nargs="*", metavar="PAGE")
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=TIMES)
    asked = parser.parse_args(arguments)
    ground.lay()
    told = measure(million.lay(asked.items), asked.names, times=asked.times)
    if not asked.names:
        write(asked.items, told)
    late = [one.page for one in told if one.promised and one.p95 > BOUND]
    print(f"beyond {BOUND:.0f} ms: {', '.join(late) or 'none'}")


if __name__ == "__main__":
    main()
