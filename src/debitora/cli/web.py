"""One web process: `python -m debitora.cli.web FILENO [MODULE:NAME]`, started by `debitora up` with a socket that listens."""

from __future__ import annotations

import logging
import signal
import sys
from importlib import import_module

from django.conf import settings

from debitora.kit.listening import inherited

MEGABYTE = 1_000_000


def main(number: str, application: str) -> None:
    """Serve the application on the socket until SIGTERM or Ctrl-C."""
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, _leave)
    module, name = application.split(":")
    served = getattr(import_module(module), name)
    from debitora.kit.web import Web  # after the application, which sets Django up

    logging.getLogger("waitress.queue").setLevel(
        logging.ERROR
    )  # that somebody waits for a moment is no warning
    # Up to twice the limit is read, so that a page in her language says that a list is too large.
    most = 2 * settings.MAX_UPLOAD_MB * MEGABYTE
    with inherited(int(number)) as listening:
        Web(served, listening, most_bytes=most).run()


def _leave(number: int, _frame: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
