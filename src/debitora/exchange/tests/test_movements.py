"""Files that tell what happened: DATEV batches, French ledgers and histories open and settle on the days they name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from debitora.exchange.actions import undo_import
from debitora.exchange.queries import faults_in
from debitora.exchange.testing import MOMENT, ON, TESTS, a_list_file, a_row, applied, previewed
from debitora.people.models import Company
from debitora.receivables.models import Customer, Entry, Item, ItemState
from debitora.receivables.queries import balance_as_of, known_from

HEAD = '"EXTF";700;21;"Buchungsstapel";13;20260215120000000;;"RE";"";"";1001;456;20260101;4;{};{};"Batch";"";1;0;0;"EUR"\r\n'
COLUMNS = (
    "Umsatz (ohne Soll/Haben-Kz);Soll/Haben-Kennzeichen;WKZ Umsatz;Konto;Gegenkonto (ohne BU-Schlüssel);"
    "Belegdatum;Belegfeld 1;Belegfeld 2;Buchungstext\r\n"
)


def a_batch(*rows: str, head: str = HEAD) -> bytes:
    """A booking batch of the financial year 2026."""
    return (head.format("20260101", "20260131") + COLUMNS + "".join(f"{row}\r\n" for row in rows)).encode(
        "cp1252"
    )


JANUARY_ROWS = (
    '1190,00;"S";"EUR";10001;8400;1501;"R-1";"140226";"Müller"',
    '100,00;"S";"EUR";10002;8400;1601;"R-2";"";"two accounts"',
    '19,00;"S";"EUR";10002;8300;1601;"R-2";"";"two accounts"',
    '500,00;"S";"EUR";1200;10001;2001;"R-1";"";"payment"',
    '24,95;"S";"EUR";4940;1200;2101;"77";"";"no debtor"',
)
JANUARY = a_batch(*JANUARY_ROWS)
FEBRUARY = a_batch(
    '500,00;"S";"EUR";1200;10001;2002;"R-1";"";"payment again"',
    '500,00;"H";"EUR";1200;10001;2102;"R-1";"";"returned"',
    '30,00;"H";"EUR";10002;8400;2202;"G-1";"";"credit note"',
)


def opened() -> list[tuple[str, str, str, str, int]]:
    """(customer, number, position, day, open cents) of every item, credits negative."""
    rows = ItemState.objects.order_by(
        "item__customer__number", "item__number", "-open_minor", "item__position"
    )
    wanted = ("item__customer__number", "item__number", "item__position", "item__effective_on", "open_minor")
    return [(c, n, p, day.isoformat(), minor) for c, n, p, day, minor in rows.values_list(*wanted)]


def balance(month: int, day: int, year: int = 2026) -> int:
    """What was open in all on a day, in cents."""
    return balance_as_of(on=date(year, month, day)).get("EUR", 0)


def test_a_batch_opens_items_and_credits_on_their_own_days(company: Company) -> None:
    found = applied(company, JANUARY, name="EXTF.csv")
    assert found.result["shape"] == "movements"
    assert found.result["counts"] == {"opened": 3, "settled": 0, "unchanged": 0}
    assert opened() == [
        ("10001", "R-1", "", "2026-01-15", 119_000),
        ("10001", "R-1", "", "2026-01-20", -50_000),
        ("10002", "R-2", "", "2026-01-16", 11_900),
    ]
    due = dict(ItemState.objects.filter(open_minor__gt=0).values_list("item__number", "due_on"))
    assert due == {"R-1": date(2026, 2, 14), "R-2": date(2026, 2, 15)}
    assert [balance(1, day) for day in (14, 15, 16, 19, 20, 31)] == [
        0,
        119_000,
        130_900,
        130_900,
        80_900,
        80_900,
    ]
    assert sum(ItemState.objects.values_list("open_minor", flat=True)) == balance(12, 31)
    assert known_from() == date(2026, 1, 15)
    assert balance_as_of(on=date(2026, 1, 31), known_at=MOMENT - timedelta(days=1)) == {}


def test_what_a_later_batch_does_not_name_stays_open(company: Company) -> None:
    applied(company, JANUARY)
    found = applied(company, FEBRUARY)
    assert found.result["counts"]["opened"] == 3
    assert found.guards == []
    assert opened() == [
        ("10001", "R-1", "", "2026-01-15", 119_000),
        ("10001", "R-1", "2026-02-21", "2026-02-21", 50_000),
        ("10001", "R-1", "", "2026-01-20", -50_000),
        ("10001", "R-1", "2026-02-20", "2026-02-20", -50_000),
        ("10002", "G-1", "", "2026-02-22", -3_000),
        ("10002", "R-2", "", "2026-01-16", 11_900),
    ]


def test_the_same_batch_twice_and_one_that_overlaps_are_harmless(company: Company) -> None:
    applied(company, JANUARY)
    again = previewed(company, JANUARY, as_of=ON - timedelta(days=3))
    assert (again.state, again.result["same_as"] is not None) == ("nothing", True)
    wider = applied(company, a_batch(*JANUARY_ROWS, '10,00;"S";"EUR";10003;8400;2501;"R-3";"";"new"'))
    assert wider.result["counts"] == {"opened": 1, "settled": 0, "unchanged": 3}
    assert Item.objects.count() == 4


def test_a_document_with_another_amount_is_told_and_not_touched(company: Company) -> None:
    applied(company, JANUARY)
    found = previewed(company, a_batch('1191,00;"S";"EUR";10001;8400;1501;"R-1";"";""'))
    assert (found.state, found.result["differing"]) == ("nothing", 1)
    assert opened()[0][4] == 119_000


def test_a_batch_is_undone_and_comes_again(company: Company) -> None:
    found = applied(company, JANUARY)
    undo_import(company=company, list_import=found.id, reason="wrong company", by=TESTS, at=MOMENT)
    assert balance(1, 31) == 0
    again = applied(company, JANUARY)
    assert again.result["counts"]["opened"] == 3
    assert balance(1, 31) == 80_900
    assert Item.objects.count() == 3


def test_a_list_in_the_source_of_movements_is_held(company: Company) -> None:
    applied(company, JANUARY)
    found = previewed(company, a_list_file([a_row("R-9", "1,00")]))
    assert found.state == "held"
    assert "other_shape" in [raised["guard"] for raised in found.guards]


PARTNERS = (
    '"EXTF";700;16;"Debitoren/Kreditoren";5;20260215120000000;;"RE";"";"";1001;456;20260101;4;;;"";"";;;;""\r\n'
    "Konto;Name (Adressattyp Unternehmen);Name (Adressattyp natürl. Person);Vorname (Adressattyp natürl. Person);"
    "Adressattyp;Straße;Postleitzahl;Ort;Land;E-Mail;Sprache\r\n"
    '10001;"Müller & Söhne GmbH";"";"";"2";"Hauptstr. 1";"50667";"Köln";"DE";"info@mueller.example";1\r\n'
    '10002;"";"Groß";"Änne";"1";"Am Markt 2";"8010";"Graz";"AT";"";5\r\n'
    '70001;"Lieferant AG";"";"";"2";"Weg 3";"10115";"Berlin";"DE";"";1\r\n'
).encode("cp1252")


def test_master_data_fill_the_customers_of_a_batch(company: Company) -> None:
    applied(company, JANUARY)
    found = applied(company, PARTNERS, kind="customers")
    assert found.result["counts"] | {"changed": 2} == found.result["counts"]
    rows = Customer.objects.order_by("number").values_list("number", "party__name", "language")
    assert list(rows) == [("10001", "Müller & Söhne GmbH", "de"), ("10002", "Änne Groß", "en")]


BAD = {
    "category": (
        HEAD.replace("21;", "46;").replace("Buchungsstapel", "Zahlungsbedingungen"),
        "datev_category",
        1,
    ),
    "version": (HEAD.replace("700", "abc"), "datev_rule", 1),
    "financial year": (HEAD.replace("20260101;4", "2026;4"), "datev_rule", 1),
    "account length": (HEAD.replace(";4;", ";40;"), "datev_rule", 1),
}
GOOD_ROW = '10,00;"S";"EUR";10001;8400;1501;"R-1";"";""'
BAD_ROWS = {
    "amount": (GOOD_ROW.replace("10,00", "ten"), "amount_unreadable"),
    "three decimals": (GOOD_ROW.replace("10,00", "10,001"), "amount_unreadable"),
    "side": (GOOD_ROW.replace('"S"', '"X"'), "side_unreadable"),
    "day": (GOOD_ROW.replace("1501", "3102"), "date_unreadable"),
    "currency": (GOOD_ROW.replace('"EUR"', '"XXQ"'), "currency_unknown"),
    "number": (GOOD_ROW.replace('"R-1"', '""'), "number_missing"),
    "account": (GOOD_ROW.replace("10001", "1000X"), "account_unreadable"),
    "cells": (GOOD_ROW + ";;;", "datev_rule"),
    "quote": (GOOD_ROW.replace('"R-1";""', '"R-1;"'), "datev_rule"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_head_that_breaks_a_rule_is_refused(company: Company, case: str) -> None:
    head, code, line = BAD[case]
    found = previewed(company, a_batch(GOOD_ROW, head=head))
    assert found.state == "refused"
    assert [(fault.code, fault.line) for fault in faults_in(found)] == [(code, line)]
    assert not Entry.objects.exists()


@pytest.mark.parametrize("case", BAD_ROWS)
def test_a_row_that_breaks_a_rule_refuses_the_batch_with_its_line(company: Company, case: str) -> None:
    row, code = BAD_ROWS[case]
    found = previewed(company, a_batch(GOOD_ROW.replace("R-1", "R-0"), row))
    assert found.state == "refused"
    assert [(fault.code, fault.line) for fault in faults_in(found)] == [(code, 4)]
    assert not Entry.objects.exists()


def test_a_batch_among_customers_is_refused_by_what_it_is(company: Company) -> None:
    found = previewed(company, JANUARY, kind="customers")
    assert [fault.code for fault in faults_in(found)] == ["wrong_subject"]


FEC = """JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\tPieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise
VE\tVentes\t1\t20260105\t41100000\tCLIENTS\tC1\tBoulangerie Été\tF-1\t20260105\tFacture\t120,00\t0,00\tAA\t20260210\t\t\t
VE\tVentes\t1\t20260105\t70600000\tVENTES\t\t\tF-1\t20260105\tFacture\t0,00\t120,00\t\t\t\t\t
VE\tVentes\t2\t20260115\t41100000\tCLIENTS\tC1\tBoulangerie Été\tF-2\t20260115\tFacture\t80,00\t0,00\t\t\t\t\t
BQ\tBanque\t3\t20260210\t41100000\tCLIENTS\tC1\tBoulangerie Été\tVIR 7\t20260210\tVirement\t0,00\t120,00\tAA\t20260210\t\t\t
AC\tAchats\t4\t20260110\t40100000\tFOURNISSEURS\tF9\tX\tA-1\t20260110\tAchat\t0,00\t50,00\t\t\t\t\t
"""


def test_a_french_ledger_says_what_was_open_on_any_day(company: Company) -> None:
    found = applied(company, FEC.encode("iso8859-15"), name="FEC.txt")
    assert found.result["counts"] == {"opened": 3, "settled": 2, "unchanged": 0}
    days = [(1, 4), (1, 5), (1, 15), (2, 9), (2, 10), (3, 1)]
    assert [balance(*day) for day in days] == [0, 12_000, 20_000, 20_000, 8_000, 8_000]
    assert Customer.objects.get(number="C1").party.name == "Boulangerie Été"
    lettered = FEC.replace("80,00\t0,00\t\t\t", "80,00\t0,00\tAB\t20260301\t")
    later = applied(company, lettered.encode("iso8859-15"), name="FEC.txt")
    assert later.result["counts"] == {"opened": 0, "settled": 1, "unchanged": 2}
    assert [balance(2, 28), balance(3, 1)] == [8_000, 0]


@pytest.mark.parametrize(
    ("broken", "code", "line"),
    [
        (FEC.replace("PieceDate", "Date"), "fec_rule", 1),
        (FEC.replace("41100000", "51100000"), "fec_rule", 1),
        (FEC.replace("80,00", "8O,00"), "amount_unreadable", 4),
        (
            FEC.replace(
                "AA\t20260210\t\t\t\nVE\tVentes\t1\t20260105\t7",
                "AA\t20261310\t\t\t\nVE\tVentes\t1\t20260105\t7",
            ),
            "date_unreadable",
            2,
        ),
    ],
)
def test_a_broken_french_ledger_is_refused_with_its_line(
    company: Company, broken: str, code: str, line: int
) -> None:
    found = previewed(company, broken.encode(), name="FEC.txt")
    assert found.state == "refused"
    assert [(fault.code, fault.line) for fault in faults_in(found)] == [(code, line)]
    assert not Entry.objects.exists()


HISTORY = (
    "Kunde;Rechnung;Rechnungsdatum;Fällig am;Betrag;Bezahlt am\n"
    "1;R-1;05.01.2026;04.02.2026;100,00;10.02.2026\n"
    "1;R-2;06.01.2026;05.02.2026;50,00;20.01.2026\n"
    "2;G-3;07.01.2026;07.01.2026;-20,00;10.02.2026\n"
)


def test_a_history_of_settled_invoices_opens_and_settles_them_on_their_days(company: Company) -> None:
    found = applied(company, HISTORY.encode(), name="history.csv")
    assert found.result["counts"] == {"opened": 3, "settled": 3, "unchanged": 0}
    days = [(1, 4), (1, 5), (1, 6), (1, 7), (1, 20), (2, 9), (2, 10)]
    assert [balance(*day) for day in days] == [0, 10_000, 15_000, 13_000, 8_000, 8_000, 0]
    again = previewed(company, HISTORY.replace("\n1;R-2", "\n\n1;R-2").encode(), name="history.csv")
    assert again.state == "nothing"
