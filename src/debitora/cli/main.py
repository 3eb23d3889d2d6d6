"""The command line: find the function that answers, and let no fault that a user can mend end in a traceback."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from debitora.cli.answers import DONE, REFUSED, USAGE, Refused, UsageError
from debitora.cli.words import parser

__all__ = ["DONE", "REFUSED", "USAGE", "main"]

_OWNER = ("setting_up.migrate", "keeping.prune")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the installed script `debitora` exits with what this returns: 0, 1 or 2."""
    words = parser()
    try:
        args = words.parse_args(sys.argv[1:] if arguments is None else list(arguments))
    except SystemExit as end:
        return USAGE if end.code else DONE
    if not args.answer:
        words.print_help()
        return USAGE
    if args.answer in _OWNER:
        os.environ["DEBITORA_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "debitora.config.settings")
    return _answered(args)


def _answered(args: argparse.Namespace) -> int:
    """What the command's function answers. BrokenPipe: whoever read our output has had enough of it."""
    import django
    from django.db import OperationalError, ProgrammingError

    from debitora.kit.postgres import DatabaseProblem

    module, _, name = args.answer.rpartition(".")
    try:
        django.setup()
        code = int(getattr(import_module(f"debitora.cli.{module}"), name)(args))
        _seal(args)
        sys.stdout.flush()
    except UsageError as problem:
        return _complain(problem, USAGE)
    except (Refused, DatabaseProblem) as problem:
        return _complain(problem, REFUSED)
    except OperationalError as problem:
        return _complain(f"the database does not answer: {problem}", REFUSED)
    except ProgrammingError as problem:
        if "does not exist" not in str(problem):
            raise
        return _complain("the database is older than this program; run `debitora migrate`", REFUSED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return REFUSED
    return code


def _seal(args: argparse.Namespace) -> None:
    """Seal what was written by a command that asks who does it; the others write nothing, or for no company."""
    from debitora.cli.speaking import seal_written

    if "login" in args and vars(args).get("company"):
        seal_written(args)


def _complain(problem: object, code: int) -> int:
    print(f"debitora: {problem}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
