"""`debitora import --encoding --sheet`: a list is read as its user says, and the choices are named where that cannot be."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter
from django.db import transaction

from debitora.cli.tests.saying import committed, counted
from debitora.exchange.models import ListImport
from debitora.exchange.testing import HEADER, a_list_file, a_row
from debitora.kit.pg.company import serving
from debitora.people.models import Company
from debitora.receivables.models import Party
from tests.terminal import Terminal

WORDS = ("--company", "acme", "--as-of", "2026-11-18")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """Two sheets with a list each: of one item, and of two."""
    target = BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for name, numbers in (("Inland", ["R-1"]), ("Ausland", ["R-2", "R-3"])):
            rows = [HEADER, *(a_row(number, "100,00") for number in numbers)]
            page = book.add_worksheet(name)
            for line, row in enumerate(rows):
                page.write_row(line, 0, row.split(";"))
    path = tmp_path / "opos.xlsx"
    path.write_bytes(target.getvalue())
    return path


@committed
def test_a_sheet_is_chosen_by_its_name(terminal: Terminal, workbook: Path) -> None:
    assert terminal.ask("import", "items", workbook, *WORDS, "--dry-run")["opened"] == 1
    assert terminal.ask("import", "items", workbook, *WORDS, "--sheet", "Ausland")["opened"] == 2


@committed
def test_a_sheet_that_is_not_there_names_those_that_are(terminal: Terminal, workbook: Path) -> None:
    terminal.say("import", "items", workbook, *WORDS, "--sheet", "Mars", code=2)
    assert "no sheet is called Mars; the workbook has: Inland, Ausland" in terminal.complaint
    assert counted(ListImport) == 0


@committed
def test_an_encoding_is_taken_at_its_word(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "opos.csv"
    file.write_bytes(
        a_list_file([a_row("R-1", "1,00").replace("Kunde 10001", "Ébénisterie")]).decode().encode("cp850")
    )
    terminal.ask("import", "items", file, *WORDS, "--encoding", "cp850")
    with serving(Company.objects.get(code="acme").id), transaction.atomic():
        assert Party.objects.get().name == "Ébénisterie"


@committed
def test_an_encoding_that_does_not_fit_names_the_others(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "opos.csv"
    file.write_bytes(a_list_file([a_row("R-1", "1,00")]).decode().encode("cp1252"))
    terminal.say("import", "items", file, *WORDS, "--encoding", "utf-8", code=2)
    assert "the file is not utf-8; choose another of: utf-8, cp1252" in terminal.complaint
    terminal.say("import", "items", file, *WORDS, "--encoding", "klingon", code=2)
    assert "cp850" in terminal.complaint
    assert counted(ListImport) == 0
