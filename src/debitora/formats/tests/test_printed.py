"""Lists as programs print them: columns of fixed width, page titles, totals; old encodings; four languages of headings."""

from __future__ import annotations

import pytest

from debitora.formats.encodings import CHOOSABLE
from debitora.formats.faults import Advice, FaultCode
from debitora.formats.fixed import FIXED, find_borders
from debitora.formats.guess import guess_mapping
from debitora.formats.items import ItemRows, read_items
from debitora.formats.mapping import Mapping, Sign
from debitora.formats.tables import Table, read_table

PRINTED = """Muster GmbH                     Offene Posten zum 31.10.2026                 Seite 1

Kunde   Name                    Beleg       Belegdatum  Fällig am         Offen S/H
------------------------------------------------------------------------------------
10001   Müller & Söhne GmbH     R-1001      01.10.2026  31.10.2026     1.190,00 S
10002   Ärztehaus am Markt      R-1002      02.10.2026  01.11.2026        50,00 S
10003   Bäckerei Groß           R-1003      03.10.2026  02.11.2026    12.345,67 S
10003   Bäckerei Groß           G-17        05.10.2026  05.10.2026       100,00 H
Zwischensumme                                                         13.485,67
\fMuster GmbH                     Offene Posten zum 31.10.2026                 Seite 2

Kunde   Name                    Beleg       Belegdatum  Fällig am         Offen S/H
------------------------------------------------------------------------------------
10004   Weiß AG                 R-1004      04.10.2026  03.11.2026         9,99 S
Summe                                                                 13.495,66
"""
BORDERS = (0, 8, 32, 44, 56, 67, 80)


def table_of(data: bytes, **chosen: object) -> Table:
    table, faults = read_table(data, "list.txt", **chosen)
    assert not faults
    assert table is not None
    return table


def read(table: Table) -> tuple[Mapping, ItemRows]:
    proposal = guess_mapping(table, currency="EUR")
    assert not proposal.faults
    rows, faults = read_items(table, proposal.mapping)
    assert not faults, list(faults)
    return proposal.mapping, rows


@pytest.mark.parametrize(
    ("encoding", "recognised"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("cp1252", "cp1252"),
        ("cp850", "cp850"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
    ],
)
def test_a_printed_list_is_read_in_every_encoding(encoding: str, recognised: str) -> None:
    table = table_of(PRINTED.encode(encoding))
    assert (table.encoding, table.delimiter, table.borders) == (recognised, FIXED, BORDERS)
    mapping, rows = read(table)
    assert mapping.sign is Sign.FLAG
    assert rows.frame.select("customer_name", "number", "open_minor").rows() == [
        ("Müller & Söhne GmbH", "R-1001", 119_000),
        ("Ärztehaus am Markt", "R-1002", 5_000),
        ("Bäckerei Groß", "R-1003", 1_234_567),
        ("Bäckerei Groß", "G-17", -10_000),
        ("Weiß AG", "R-1004", 999),
    ]
    assert rows.skipped.counts == {"totals": 2, "headers": 1, "breaks": 1, "rules": 1}


def test_borders_that_a_person_set_count() -> None:
    data = b"0001R-100120261031000119000\n0002R-100220261101000005000\n"
    table = table_of(data, delimiter=FIXED, borders=(0, 4, 10, 18))
    assert table.cells.rows() == [
        (1, "0001", "R-1001", "20261031", "000119000"),
        (2, "0002", "R-1002", "20261101", "000005000"),
    ]
    assert table.borders == (0, 4, 10, 18)


def test_a_border_that_cuts_an_amount_is_a_fault_of_its_line() -> None:
    rows = "".join(
        f"{10_000 + n:<8}Kunde {n:<6}{'R-' + str(n):<9}31.10.2026  {amount:>10}\n"
        for n, amount in enumerate(["9,99", "19,99", "1.234.567,89", "5,00", "6,00"], start=1)
    )
    table = table_of(f"{'Kunde':<8}{'Name':<12}{'Beleg':<9}Faellig     {'Offen':>10}\n{rows}".encode())
    wide = table_of(rows.encode(), delimiter=FIXED, borders=(0, 8, 20, 29, 44))
    mapping = guess_mapping(table, currency="EUR").mapping
    _, faults = read_items(wide, mapping)
    found = [(each.line, each.code, each.advice) for each in faults if each.code is FaultCode.COLUMN_CUT]
    assert found == [(3, FaultCode.COLUMN_CUT, Advice.CHOOSE_BORDERS)]
    assert "1.234.567,89" in next(each.value for each in faults if each.code is FaultCode.COLUMN_CUT)


@pytest.mark.parametrize(
    "text",
    [
        "Sehr geehrte Damen und Herren,\nanbei die Liste.\nMit freundlichen Grüßen\n",
        "one  two\nthree  four\n",
        "",
        "a  b  c\n",
        "Ein Satz.  Noch einer.  Und ein dritter.\nHier steht etwas ganz anderes ohne jede Ordnung darin.\n",
    ],
)
def test_running_text_has_no_borders(text: str) -> None:
    assert find_borders(text) == ()


def test_commas_inside_amounts_are_no_separators_and_those_of_a_list_are() -> None:
    listed = "Kunde,Beleg,Fällig am,Offen\n1,R-1,31.10.2026,5\n2,R-2,31.10.2026,6\n"
    assert table_of(listed.encode()).delimiter == ","
    assert table_of(PRINTED.encode()).delimiter == FIXED
    assert table_of(listed.replace(",", "\t").encode()).delimiter == "\t"
    assert table_of(listed.replace(",", " ; ").encode()).delimiter == ";"


def test_a_name_that_fills_its_column_is_no_fault() -> None:
    rows = [("Kunde", "Name", "Beleg", "Fällig", "Offen")]
    rows += [(f"{10_000 + n}", f"Firma {n}", f"R-{n}", "31.10.2026", f"{n},00") for n in range(1, 20)]
    rows[7] = (rows[7][0], "Maschinenbaugesell", *rows[7][2:])
    text = "".join(f"{a:<7}{b:<18}{c:<8}{d:<12}{e:>9}\n" for a, b, c, d, e in rows)
    _, found = read(table_of(text.encode()))
    assert found.frame.height == 19
    assert "Maschinenbaugesell" in found.frame["customer_name"].to_list()


@pytest.mark.parametrize("encoding", ["cp850", "cp1252", "mac_roman"])
def test_each_encoding_shows_the_umlauts_as_it_reads_them(encoding: str) -> None:
    table = table_of("Kunde;Beleg;Fällig;Offen\nMüller;R-1;31.10.2026;1,00\n".encode(encoding))
    assert set(table.readings) == set(CHOOSABLE)
    assert table.readings[encoding] == "Fällig, Müller"
    assert len(set(table.readings.values())) > 2


@pytest.mark.parametrize("text", ["Kunde;Beleg\n1;2\n", "Fällig;Beleg\n1;2\n"])
def test_unicode_and_ascii_ask_nothing(text: str) -> None:
    assert not table_of(text.encode()).readings
    assert not table_of(text.encode("utf-16-le")).readings


def test_the_encoding_that_a_person_chose_counts_and_one_that_does_not_fit_is_a_fault() -> None:
    data = "Kunde;Beleg\nMüller;1\n".encode("cp850")
    assert table_of(data, encoding="cp437").cells.row(1) == (2, "Müller", "1")
    table, faults = read_table(data, encoding="utf-8")
    assert table is None
    (one,) = faults
    assert (one.code, one.advice) == (FaultCode.ENCODING_UNFIT, Advice.CHOOSE_ENCODING)


HEADINGS = [
    "Kundennummer;Kundenname;Rechnungsnummer;Rechnungsdatum;Fälligkeitsdatum;Währung;Soll;Haben",
    "Customer number;Customer name;Invoice number;Invoice date;Due date;Currency;Debit;Credit",
    "Klantnummer;Naam;Factuurnummer;Factuurdatum;Vervaldatum;Munt;Debet;Credit",
    "Debiteurnummer;Debiteurnaam;Factuurnr;Factuurdatum;Vervaldag;Valuta;Debet;Credit",
    "N° client;Nom du client;Numéro de facture;Date de facture;Date d'échéance;Devise;Débit;Crédit",
    "Code client;Raison sociale;N° facture;Date facture;Échéance;Devise;Débit;Crédit",
]


@pytest.mark.parametrize("heading", HEADINGS)
def test_two_amount_columns_under_headings_of_four_languages(heading: str) -> None:
    text = f"{heading}\n10001;A;R-1;01.10.2026;31.10.2026;EUR;100,00;\n10001;A;G-1;02.10.2026;31.10.2026;EUR;;30,00\n"
    mapping, rows = read(table_of(text.encode()))
    assert mapping.sign is Sign.COLUMNS
    assert rows.frame.select("customer_number", "number", "open_minor").rows() == [
        ("10001", "R-1", 10_000),
        ("10001", "G-1", -3_000),
    ]


@pytest.mark.parametrize(
    ("heading", "total", "page"),
    [
        ("Kunde;Name;Beleg;Fällig am;Offen", "Zwischensumme;;;;100,00", "Seite 2 von 7;;;;"),
        (
            "Klantnummer;Naam;Factuurnummer;Vervaldatum;Openstaand bedrag",
            "Subtotaal;;;;100,00",
            ";;;;Pagina 2",
        ),
        (
            "N° client;Nom;N° facture;Échéance;Restant dû",
            ";Sous-total;;;100,00",
            "Grand livre;;au 31.10.2026;;page 2/7",
        ),
        (
            "Customer no;Name;Invoice no;Due date;Open amount",
            "10001;Kunde A;Total;;100,00",
            "ACME;;Open items;;Page 2",
        ),
        ("Kunde;Name;Beleg;Fällig am;Offen", "10001;Kunde A;;;;", "Blatt: 3;;;;"),
    ],
)
def test_totals_and_page_titles_are_skipped_and_counted(heading: str, total: str, page: str) -> None:
    row = "10001;Kunde A;R-{};31.10.2026;50,00"
    lines = [heading, row.format(1), row.format(2), total, page, heading, row.format(3), row.format(4)]
    if total.endswith(";;"):
        lines.remove(total)
    _, rows = read(table_of("\n".join(lines).encode()))
    assert rows.frame["number"].to_list() == ["R-1", "R-2", "R-3", "R-4"]
    expected = {"totals": 1, "headers": 1, "breaks": 1}
    assert rows.skipped.counts == {k: n for k, n in expected.items() if k != "totals" or total in lines}


def test_an_item_of_a_customer_called_total_is_an_item() -> None:
    text = "Kunde;Name;Beleg;Fällig am;Offen\n1;Total Energies;R-1;31.10.2026;50,00\n2;Seite 7;R-2;31.10.2026;1,00\n"
    _, rows = read(table_of(text.encode()))
    assert rows.frame["number"].to_list() == ["R-1", "R-2"]
    assert rows.skipped.count == 0


def a_printed_list(amounts: list[str]) -> str:
    """A list of fixed width without headings, one row per amount, amounts at the right."""
    return "".join(
        f"{10_000 + n:<8}{f'Kunde {n}':<16}{f'R-{n}':<10}31.10.2026  {amount:>14}\n"
        for n, amount in enumerate(amounts)
    )


def test_longer_amounts_further_down_have_room() -> None:
    table = table_of(a_printed_list(["9,99"] * 2_000 + ["1.234.567,89"] * 10).encode())
    assert table.severed is not None
    assert table.severed.is_empty()
    assert table.cells.row(-1)[-1] == "1.234.567,89"


def test_amounts_that_nearly_all_outgrew_their_column_are_faults_all_the_same() -> None:
    data = a_printed_list(["1.234.567,89"] * 8 + ["9,99"] * 2).encode()
    table = table_of(data, delimiter=FIXED, borders=(0, 8, 24, 34, 50))
    assert table.severed is not None
    assert table.severed["line"].to_list() == [1, 2, 3, 4, 5, 6, 7, 8]
