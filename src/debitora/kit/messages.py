"""Compile translations: every `locale/*/LC_MESSAGES/django.po` below the package becomes a `django.mo` beside it.

Only the `.po` files are committed. They are compiled by polib, so that no GNU gettext is needed on the machine, and
before Django starts, because Django reads a catalogue once: `python -m debitora.kit.messages`.
"""

import sys
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent


class CatalogueUnreadable(Exception):
    """A .po file cannot be compiled; the message names the file and polib's reason."""


def compile_messages(package: Path = PACKAGE) -> list[Path]:
    """This will compile what is newer than its compiled twin, and return the files written.

    Raises CatalogueUnreadable: broken syntax, or a msgid that stands twice in one catalogue.
    """
    stale = [source for source in catalogues(package) if _is_stale(source)]
    for source in stale:
        _compile(source)
    return [source.with_suffix(".mo") for source in stale]


def catalogues(package: Path = PACKAGE) -> list[Path]:
    """All catalogues of the package, in the order of their paths."""
    return sorted(package.rglob("locale/*/LC_MESSAGES/django.po"))


def _is_stale(source: Path) -> bool:
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns <= source.stat().st_mtime_ns


def _compile(source: Path) -> None:
    """Written beside and renamed, so that a server reading at this moment never sees half a catalogue."""
    try:
        catalogue = polib.pofile(str(source), check_for_duplicates=True)
    except (OSError, ValueError) as error:
        raise CatalogueUnreadable(f"{source}: {error}") from error
    unfinished = source.with_suffix(".mo.new")
    catalogue.save_as_mofile(str(unfinished))
    unfinished.replace(source.with_suffix(".mo"))


def main() -> int:
    """Exit 0: all compiled; 1: a catalogue is unreadable, named on the error stream."""
    try:
        written = compile_messages()
    except CatalogueUnreadable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{len(written)} message catalogues compiled\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
