"""The command line: what can be said, and which function answers. Each answers with an exit code:
0 done or nothing to do, 1 held, refused or findings, 2 wrong usage."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

DONE, REFUSED, USAGE = 0, 1, 2
_OWNER_COMMANDS = ("migrate",)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the installed script `debitora` exits with what this returns."""
    parser = _parser()
    args = parser.parse_args(sys.argv[1:] if arguments is None else list(arguments))
    if args.answer is None:
        parser.print_help()
        return USAGE
    if args.command in _OWNER_COMMANDS:
        os.environ["DEBITORA_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "debitora.config.settings")
    module, _, name = args.answer.rpartition(".")
    return _answered(module, name, args)


def _answered(module: str, name: str, args: argparse.Namespace) -> int:
    import django
    from django.db import ProgrammingError

    from debitora.kit.postgres import DatabaseProblem

    try:
        django.setup()
        return int(getattr(import_module(f"debitora.cli.{module}"), name)(args))
    except DatabaseProblem as problem:
        print(f"debitora: {problem}", file=sys.stderr)
        return REFUSED
    except ProgrammingError as problem:
        if "does not exist" not in str(problem):
            raise
        print("debitora: the database is older than this program; run `debitora migrate`", file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        return REFUSED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="debitora", description="Accounts-receivable automation.")
    parser.set_defaults(answer=None, command="")
    words = parser.add_subparsers(dest="command", metavar="WORD")
    _serving(words)
    _setting_up(words)
    _lists(words)
    _dunning(words)
    _caring(words)
    return parser


def _add(
    words: argparse._SubParsersAction[argparse.ArgumentParser], name: str, answer: str, what: str
) -> argparse.ArgumentParser:
    command = words.add_parser(name, help=what, description=what)
    command.set_defaults(answer=answer)
    return command


def _company(command: argparse.ArgumentParser, *, actor: bool = False) -> None:
    command.add_argument("--company", required=True, metavar="C", help="the company's code")
    command.add_argument("--json", action="store_true", help="answer as one JSON object")
    if actor:
        command.add_argument(
            "--as", dest="login", metavar="LOGIN", help="who does it; else the account of the system"
        )


def _serving(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
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


def _setting_up(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    _add(words, "migrate", "setting_up.migrate", "bring the database to this version, as its owner")
    company = words.add_parser("company", help="companies").add_subparsers(dest="verb", required=True)
    add = _add(company, "add", "setting_up.company_add", "found a company; enough to begin")
    add.add_argument("code")
    add.add_argument("--name", required=True)
    add.add_argument("--country", default="DE")
    add.add_argument("--currency", default="EUR")
    add.add_argument("--language", default="de")
    add.add_argument("--time-zone", default="")
    add.add_argument("--as", dest="login", metavar="LOGIN")
    user = words.add_parser("user", help="people").add_subparsers(dest="verb", required=True)
    person = _add(user, "add", "setting_up.user_add", "a person, with a role in a company")
    person.add_argument("name_of_login", metavar="LOGIN")
    person.add_argument("--name", required=True)
    person.add_argument("--company", required=True)
    person.add_argument("--role", required=True)
    person.add_argument("--email", default="")
    person.add_argument("--language", default="de")
    person.add_argument("--as", dest="login", metavar="LOGIN")


def _lists(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    kinds = words.add_parser("import", help="lists").add_subparsers(dest="kind", required=True)
    for kind, what in (("items", "an open-item list"), ("customers", "a customer list")):
        command = _add(kinds, kind, "lists.import_list", what)
        command.add_argument("file")
        _company(command, actor=True)
        command.add_argument(
            "--source", default="default", help="where the list comes from, by its users' name"
        )
        command.add_argument("--as-of", help="the day of the list; today if not given")
        command.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        command.add_argument(
            "--confirm", action="store_true", help="apply it although a guard speaks; take all company codes"
        )
    items = _add(words, "items", "lists.items", "what is open")
    _company(items)
    aging = _add(words, "aging", "lists.aging", "open sums by how long they have been due")
    _company(aging)
    aging.add_argument("--as-of", help="a past day; today if not given")


def _dunning(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = _add(words, "run", "dunning.run", "a dunning run")
    _company(run, actor=True)
    run.add_argument("--on", help="the day to decide for; today if not given")
    run.add_argument("--dry-run", action="store_true")
    run.add_argument(
        "--approve", action="store_true", help="approve it; --confirm too if a safety bound stopped it"
    )
    run.add_argument("--confirm", action="store_true")
    run.add_argument("--send", action="store_true", help="render and send what was approved, here and now")
    why = _add(words, "why", "dunning.why", "why an item was reminded, or not")
    why.add_argument("item", help="an item's number, or its id")
    _company(why)
    why.add_argument("--on", help="the day to decide for; today if not given")


def _caring(words: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = _add(words, "check", "check.check", "recompute what must be true, with code of its own")
    check.add_argument("--company", metavar="C")
    check.add_argument("--json", action="store_true")
    for name, what in (
        ("backup", "everything this installation knows, into a folder"),
        ("restore", "and back"),
    ):
        command = _add(words, name, f"keeping.{name}", what)
        command.add_argument("folder")


if __name__ == "__main__":
    sys.exit(main())
