"""What can be said to `debitora`: the words, their arguments, and which function answers each."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from debitora.formats.encodings import ENCODINGS
from debitora.people.rules import ROLES

if TYPE_CHECKING:
    Words = argparse._SubParsersAction[argparse.ArgumentParser]

LANGUAGES = ("de", "en", "fr", "nl")
_DAYS = (date(1900, 1, 1), date(2199, 12, 31))


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command; what it parsed names its function in `answer`, "" if no word was said."""
    found = argparse.ArgumentParser(prog="debitora", description="Accounts-receivable automation.")
    found.set_defaults(answer="")
    words = found.add_subparsers(metavar="WORD")
    _serving(words)
    _setting_up(words)
    _lists(words)
    _dunning(words)
    _law(words)
    _caring(words)
    return found


def a_day(text: str) -> date:
    """A day as ISO 8601 writes it, of the years 1900 to 2199."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it like 2026-11-18") from None
    if not _DAYS[0] <= day <= _DAYS[1]:
        raise argparse.ArgumentTypeError(f"{text!r} lies outside the years 1900 to 2199")
    return day


def text_of(most: int) -> Callable[[str], str]:
    """Text that is not blank and at most so many characters long."""

    def checked(text: str) -> str:
        if not text.strip():
            raise argparse.ArgumentTypeError("it is blank")
        if len(text) > most:
            raise argparse.ArgumentTypeError(f"it is longer than {most} characters")
        return text.strip()

    return checked


def a_code(text: str) -> str:
    """Capital letters of an ISO code; small ones are taken too."""
    if not re.fullmatch(r"[A-Za-z]{2,3}", text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no ISO code; write DE for a country, EUR for a currency"
        )
    return text.upper()


def _serving(words: Words) -> None:
    up = _add(
        words, "up", "serving.up", "web, worker and database; says what is missing before a first sending"
    )
    up.add_argument("--port", type=int, default=8000)
    up.add_argument("--host", default="127.0.0.1")
    demo = _add(
        words, "demo", "demonstration.demo", "a small company, today's run into a mail catcher, then serves"
    )
    demo.add_argument("--port", type=int, default=8000)
    worker = _add(words, "worker", "serving.worker", "the jobs: rendering, sending, sealing, the daily run")
    worker.add_argument("--once", action="store_true", help="do what waits, then end")


def _setting_up(words: Words) -> None:
    _add(words, "migrate", "setting_up.migrate", "bring the database to this version, as its owner")
    company = words.add_parser("company", help="companies").add_subparsers(required=True, metavar="add")
    add = _add(company, "add", "setting_up.company_add", "found a company; enough to begin")
    add.add_argument("code", type=text_of(20), help="small letters, digits and hyphens; stands in addresses")
    add.add_argument("--name", required=True, type=text_of(200))
    add.add_argument("--country", default="DE", type=a_code)
    add.add_argument("--currency", default="EUR", type=a_code)
    add.add_argument("--language", default="de", choices=LANGUAGES)
    add.add_argument("--time-zone", default="", help="like Europe/Berlin; by the country if not given")
    _actor(add)
    user = words.add_parser("user", help="people").add_subparsers(required=True, metavar="add|unlock")
    person = _add(user, "add", "setting_up.user_add", "a person, with a role in a company")
    person.add_argument("new_login", metavar="LOGIN", type=text_of(64))
    person.add_argument("--name", required=True, type=text_of(200))
    person.add_argument("--company", required=True, metavar="C", help="the company's code")
    person.add_argument("--role", required=True, choices=ROLES)
    person.add_argument("--email", default="")
    person.add_argument("--language", default="de", choices=LANGUAGES)
    _actor(person)
    locked = _add(user, "unlock", "setting_up.user_unlock", "remove a person's second factors; sign her out")
    locked.add_argument("login", metavar="LOGIN", type=text_of(64))


def _lists(words: Words) -> None:
    kinds = words.add_parser("import", help="lists and account statements").add_subparsers(
        dest="kind", required=True, metavar="items|customers|statements"
    )
    for kind, what in (("items", "an open-item list"), ("customers", "a customer list")):
        command = _add(kinds, kind, "lists.import_list", what)
        command.add_argument("file")
        _company(command, actor=True)
        command.add_argument(
            "--source",
            default="default",
            type=text_of(80),
            help="where the list comes from, by its users' name",
        )
        command.add_argument("--as-of", type=a_day, help="the day of the list; today if not given")
        command.add_argument("--encoding", choices=ENCODINGS, help="of a text; recognised if not given")
        command.add_argument(
            "--sheet", type=text_of(80), help="of a workbook; the first that has rows if not given"
        )
        command.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        command.add_argument(
            "--confirm", action="store_true", help="apply it although a guard speaks; take all company codes"
        )
    bank = _add(kinds, "statements", "banking.import_statements", "files of a bank: account statements")
    bank.add_argument("files", nargs="+", metavar="FILE")
    _company(bank, actor=True)
    bank.add_argument(
        "--new-accounts", action="store_true", help="confirm accounts that the company has not had"
    )
    matching = _add(
        words, "match", "banking.match_lines", "hold open bank lines against the ledger; book the sure"
    )
    _company(matching, actor=True)
    matching.add_argument(
        "--dry-run", action="store_true", help="say what would be booked, and write nothing"
    )
    matching.add_argument("--language", default="en", choices=LANGUAGES, help="of the explanations")
    items = _add(words, "items", "lists.items", "what is open")
    _company(items)
    aging = _add(words, "aging", "lists.aging", "open sums by how long they have been due")
    _company(aging)
    aging.add_argument("--as-of", type=a_day, help="a past day; today if not given")


def _dunning(words: Words) -> None:
    run = _add(words, "run", "dunning.run", "a dunning run")
    _company(run, actor=True)
    run.add_argument("--on", type=a_day, help="the day to decide for; today if not given")
    how = run.add_mutually_exclusive_group()
    how.add_argument("--dry-run", action="store_true", help="decide and count, write nothing")
    how.add_argument("--approve", action="store_true", help="approve it; its notices are made by the worker")
    run.add_argument("--confirm", action="store_true", help="approve it although a safety bound stopped it")
    run.add_argument(
        "--send", action="store_true", help="make and send what was approved, here and now (with --approve)"
    )
    why = _add(words, "why", "dunning.why", "why an item was reminded, or not")
    why.add_argument("item", help="an item's number, or its id")
    _company(why)
    why.add_argument("--on", type=a_day, help="the day to decide for; today if not given")


def _law(words: Words) -> None:
    bears = _add(words, "interest", "law.bears", "default interest on an amount, slice by slice")
    bears.add_argument("amount", metavar="AMOUNT", help="like 1250.00, in the currency")
    bears.add_argument("--from", dest="start", required=True, type=a_day, help="the first day that bears it")
    bears.add_argument("--to", dest="end", required=True, type=a_day, help="the first day that does not")
    bears.add_argument("--country", required=True, type=a_code, help="whose law counts")
    bears.add_argument("--debtor", required=True, choices=("business", "consumer"))
    bears.add_argument("--currency", default="EUR", type=a_code)
    bears.add_argument("--arisen", type=a_day, help="when the claim arose; the first day if not given")
    bears.add_argument("--rate", help="an agreed rate in per cent, like 9.5, instead of the law's")
    bears.add_argument(
        "--paid", action="append", default=[], metavar="D=AMOUNT", help="lowers the balance from its own day"
    )
    bears.add_argument(
        "--order",
        choices=("principal", "367"),
        default="principal",
        help="367: interest before the principal",
    )
    bears.add_argument("--costs", help="owed besides; with --order 367 settled before interest")
    bears.add_argument("--day-count", choices=("act/365", "act/act"), default="act/365")
    bears.add_argument(
        "--provisional", action="store_true", help="beyond a table's horizon carry its last rate on"
    )
    bears.add_argument("--json", action="store_true", help="answer as one JSON object")
    rates = _add(
        words, "rates", "law.rates", "the reference rates, their sources, and how far they are known"
    )
    rates.add_argument("--company", metavar="C", help="with the rates that this company added")
    rates.add_argument("--json", action="store_true", help="answer as one JSON object")
    policy = words.add_parser("policy", help="strategies as files").add_subparsers(
        required=True, metavar="lint"
    )
    lint = _add(policy, "lint", "policies.lint", "hold a strategy's file against the law")
    lint.add_argument("file", metavar="FILE", help="YAML, as the presets are written")
    lint.add_argument("--on", type=a_day, help="the day whose rates count; today if not given")
    lint.add_argument("--json", action="store_true", help="answer as one JSON object")


def _caring(words: Words) -> None:
    check = _add(words, "check", "check.check", "recompute what must be true, with code of its own")
    check.add_argument("--company", metavar="C")
    check.add_argument("--json", action="store_true", help="answer as one JSON object")
    depth = check.add_mutually_exclusive_group()
    depth.add_argument(
        "--fast",
        action="store_true",
        help="replay runs and read documents of the last day only, and leave dear questions out",
    )
    depth.add_argument("--full", action="store_true", help="replay every run there ever was")
    check.add_argument(
        "--no-park", action="store_true", help="only tell; leave the customers concerned alone"
    )
    check.add_argument(
        "--anchor", action="store_true", help="note the end of each chain outside the database"
    )
    confirm = _add(
        words,
        "confirm-installation",
        "confirming.confirm_installation",
        "let a restored or copied installation send: replays the sent journal; without --confirm it only tells",
    )
    confirm.add_argument(
        "--confirm", action="store_true", help="do it: no other installation sends from this data"
    )
    confirm.add_argument("--json", action="store_true", help="answer as one JSON object")
    _actor(confirm)
    prune = _add(words, "prune", "keeping.prune", "drop the decisions of months that are kept long enough")
    prune.add_argument("--dry-run", action="store_true", help="say what would go, drop nothing")
    prune.add_argument("--json", action="store_true", help="answer as one JSON object")
    _actor(prune)
    for name, what in (
        ("backup", "everything this installation knows, into a new folder"),
        ("restore", "what a backup knows, in place of what is here; sending stays locked"),
    ):
        command = _add(words, name, f"keeping.{name}", what)
        command.add_argument("folder")


def _add(words: Words, name: str, answer: str, what: str) -> argparse.ArgumentParser:
    command = words.add_parser(name, help=what, description=what)
    command.set_defaults(answer=answer)
    return command


def _company(command: argparse.ArgumentParser, *, actor: bool = False) -> None:
    command.add_argument("--company", required=True, metavar="C", help="the company's code")
    command.add_argument("--json", action="store_true", help="answer as one JSON object")
    if actor:
        _actor(command)


def _actor(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--as", dest="login", metavar="LOGIN", help="who does it; else the account of the system"
    )
