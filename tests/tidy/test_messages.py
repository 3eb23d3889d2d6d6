"""The catalogues are compiled without gettext: only what changed, all of it, or a fault that names the file."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from debitora.kit.messages import CatalogueUnreadable, compile_messages

ENTRY = 'msgid "{}"\nmsgstr "{}"\n\n'
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


def _catalogue(package: Path, *pairs: tuple[str, str]) -> Path:
    path = package / "desk" / "locale" / "de" / "LC_MESSAGES" / "django.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(ENTRY.format(*pair) for pair in pairs), "utf-8")
    return path


def test_a_compiled_catalogue_translates(tmp_path: Path) -> None:
    path = _catalogue(tmp_path, ("Open items", "Offene Posten"))
    assert compile_messages(tmp_path) == [path.with_suffix(".mo")]
    with path.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Open items") == "Offene Posten"
    assert [each.name for each in sorted(path.parent.iterdir())] == ["django.mo", "django.po"]


def test_only_what_changed_is_compiled(tmp_path: Path) -> None:
    path = _catalogue(tmp_path, ("Hold", "Mahnsperre"))
    compile_messages(tmp_path)
    assert compile_messages(tmp_path) == []
    later = path.with_suffix(".mo").stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))
    assert compile_messages(tmp_path)


def test_a_text_that_stands_twice_is_refused_by_name(tmp_path: Path) -> None:
    path = _catalogue(tmp_path, ("Run", "Lauf"), ("Run", "Mahnlauf"))
    with pytest.raises(CatalogueUnreadable, match=str(path)):
        compile_messages(tmp_path)
