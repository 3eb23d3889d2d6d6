"""A letter adds up, becomes a PDF that tells whose it is, and reads as it should."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import pikepdf
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.messaging.rules.letter import LetterDoesNotAddUp, LineKind, Sender
from debitora.messaging.rules.mail_words import mail_text, mail_words
from debitora.messaging.rules.pdf import LetterNotPrintable, NoIdentity, read_identity, render_letter
from debitora.messaging.rules.sheet import grouped_iban, sheet_of
from debitora.messaging.rules.words import salutation, words, written_languages
from debitora.messaging.tests.letters import AT, SENDER, a_credit, a_letter, a_line
from debitora.values.locales import LANGUAGES
from debitora.values.money import Money

BLANKS = re.compile(r"\{\w+\}")

POINTS_PER_MM = 72 / 25.4


def read(pdf: bytes) -> str:
    """All text of the PDF, without invisible breaks and with plain blanks."""
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return text.replace("\u200b", "").replace("\u00a0", " ")


# --- it adds up ---------------------------------------------------------------------------------------------------


def test_the_demanded_sum_is_what_the_letter_lists() -> None:
    letter = a_letter(a_line(minor=1000, paid=400), a_credit(-100), fee=Money(50, "EUR"))
    assert (letter.owed, letter.credit, letter.sets_off_credit) == (
        Money(650, "EUR"),
        Money(-100, "EUR"),
        False,
    )
    assert replace(letter, demanded=Money(550, "EUR")).sets_off_credit
    with pytest.raises(LetterDoesNotAddUp, match="demanded"):
        replace(letter, demanded=Money(600, "EUR"))


def test_currencies_are_never_mixed() -> None:
    with pytest.raises(LetterDoesNotAddUp, match="more than one currency"):
        replace(a_letter(), lines=(a_line(), a_line(currency="USD")))
    with pytest.raises(LetterDoesNotAddUp, match="more than one currency"):
        replace(a_letter(), fee=Money(1, "JPY"))


# --- the PDF ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ['"))) #panic("out', "\\u{41} \\n C:\\temp\\", "#sys.version $x$ [*b*] // rest"]
)
def test_a_name_is_only_ever_text(name: str) -> None:
    letter = replace(a_letter(), subject="Subject", customer_number=name)
    assert name in read(render_letter(letter, created_at=AT))


def test_the_same_letter_gives_the_same_bytes() -> None:
    letter = a_letter(a_line(), a_credit())
    assert render_letter(letter, created_at=AT) == render_letter(letter, created_at=AT)


def test_the_pdf_is_archivable_accessible_and_names_its_notice() -> None:
    letter = a_letter()
    pdf = render_letter(letter, created_at=AT)
    assert read_identity(pdf) == letter.identity
    with pikepdf.open(io.BytesIO(pdf)) as document:
        metadata = document.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == (
            "3",
            "A",
            "1",
        )
        assert document.Root.Lang == "de"
        assert document.docinfo["/Title"] == "Zahlungserinnerung · M-2026-0815"
        assert "debitora-notice=01929f3c" in str(document.docinfo["/Keywords"])
        assert document.docinfo["/Author"] == SENDER.name


def test_only_our_own_font_is_used() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_letter(a_letter(), created_at=AT)))
    fonts = {str(font.get_object()["/BaseFont"]) for font in reader.pages[0]["/Resources"]["/Font"].values()}
    assert fonts
    assert all(re.fullmatch(r"/[A-Z]{6}\+Inter-(Regular|SemiBold)", font) for font in fonts)


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7", b"<pdf:Keywords>debitora-notice=1</pdf:Keywords>"])
def test_other_files_have_no_identity(pdf: bytes) -> None:
    with pytest.raises(NoIdentity):
        read_identity(pdf)


def test_what_a_debtor_reads() -> None:
    letter = a_letter(a_line(paid=19_000), a_credit(), set_off=True, fee=Money(500, "EUR"))
    text = read(render_letter(letter, created_at=AT))
    for words_in_it in (
        "Königsträßchen 12 a",
        "Nordlicht Werkzeuge GmbH · Speicherstraße 14 · 20457 Hamburg",
        "Hamburg, 21. November 2026",
        "Zahlungen bis zum 20.11.2026 sind berücksichtigt.",
        "Beträge in EUR",
        "1.190,00",
        "190,00",
        "Gutschrift GS-77",
        "−50,00",
        "Mahngebühr",
        "955,00 EUR",
        "Bitte überweisen Sie 955,00 EUR bis zum 5. Dezember 2026.",
        "DE02 1203 0000 0000 2020 51",
        "10023 M-2026-0815",
        "GiroCode",
        "Lena Petersen · Nordlicht Werkzeuge GmbH",
        "HRB 123456",
    ):
        assert words_in_it in text
    assert "Seite" not in text, "one page needs no number"


def test_the_address_stands_in_the_window() -> None:
    """DIN 5008 form B: 20 to 105 mm from the left, 45 to 90 mm from the top."""
    places: list[tuple[str, float, float]] = []
    page = pypdf.PdfReader(io.BytesIO(render_letter(a_letter(), created_at=AT))).pages[0]

    def note(text: str, page: list[float], matrix: list[float], *_font: object) -> None:
        x = matrix[4] * page[0] + matrix[5] * page[2] + page[4]
        y = matrix[4] * page[1] + matrix[5] * page[3] + page[5]
        places.append((text, x / POINTS_PER_MM, 297 - y / POINTS_PER_MM))

    page.extract_text(visitor_text=note)
    lines = [
        (x, y) for text, x, y in places if text.strip() in (*a_letter().recipient, "Müller & Söhne GmbH")
    ]
    assert len(lines) == 4
    assert all(24.9 <= x <= 26 and 62.7 <= y <= 90 for x, y in lines)
    subject = next(y for text, _, y in places if text.strip() == "Zahlungserinnerung")
    assert 98 <= subject <= 103


def test_a_long_table_breaks_over_pages_with_its_head_and_page_numbers() -> None:
    pdf = render_letter(a_letter(*(a_line(f"RE-{n:05}") for n in range(130))), created_at=AT)
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) == 4
    assert all("Fällig am" in page for page in pages)
    assert [re.findall(r"Seite \d von \d", page) for page in pages] == [
        [f"Seite {n} von 4"] for n in range(1, 5)
    ]
    assert all("Zahlungserinnerung · Kundennummer 10023" in page for page in pages[1:])
    assert [f"RE-{n:05}" for n in range(130)] == re.findall(r"RE-\d{5}", "".join(pages))
    assert "Bitte überweisen" in pages[-1].replace("\u00a0", " ")


def test_information_stands_apart_from_the_demand() -> None:
    also_open = replace(a_line("RE-9"), kind=LineKind.ALSO_OPEN, days_overdue=0)
    names = {
        "also_open": a_letter(a_line(), also_open),
        "unused_credit": a_letter(a_line(), a_credit()),
        "also_open_and_credit": a_letter(a_line(), also_open, a_credit()),
    }
    for name, letter in names.items():
        sheet = sheet_of(letter)
        assert sheet["aside"]["title"] == words("de")["table"][name]
        assert len(sheet["table"]["rows"]) == 1
    assert sheet_of(a_letter())["aside"] is None


@pytest.mark.parametrize(
    ("letter", "has_sentence", "has_code"),
    [
        (a_letter(), True, True),
        (a_letter(a_line(currency="CHF")), True, False),
        (a_letter(sender=replace(SENDER, account=None)), True, False),
        (a_letter(a_line(minor=1000), a_credit(-1000), set_off=True), False, False),
    ],
)
def test_the_code_stands_only_for_euro_with_an_account(letter, has_sentence: bool, has_code: bool) -> None:
    payment = sheet_of(letter)["payment"]
    assert (payment is not None) == has_sentence
    assert bool(payment and payment["code"]) == has_code
    assert render_letter(letter, created_at=AT)


def test_without_a_deadline_no_day_is_named() -> None:
    text = read(render_letter(a_letter(deadline_on=None), created_at=AT))
    assert "Bitte überweisen Sie 1.190,00 EUR." in text


def test_paid_is_a_column_only_where_something_was_paid() -> None:
    assert sheet_of(a_letter())["table"]["columns"] == [
        "number",
        "issued_on",
        "due_on",
        "days_overdue",
        "open",
    ]
    assert "paid" in sheet_of(a_letter(a_line(paid=1)))["table"]["columns"]


def test_what_is_set_aside_is_a_column_of_its_own_and_not_paid() -> None:
    disputed = replace(a_line(paid=19_000), open=Money(60_000, "EUR"), held=Money(40_000, "EUR"))
    letter = a_letter(disputed, a_line("RE-2"))
    table = sheet_of(letter)["table"]
    assert table["columns"][-4:] == ["amount", "paid", "held", "open"]
    assert [row[-4:] for row in table["rows"]] == [
        ["1.190,00", "190,00", "400,00", "600,00"],
        ["1.190,00", "", "", "1.190,00"],
    ]
    assert "Zurückgestellt" in read(render_letter(letter, created_at=AT))
    assert "paid" not in sheet_of(a_letter(replace(disputed, paid=Money(0, "EUR"))))["table"]["columns"]
    assert "(Zurückgestellt: 400,00" in mail_text(mail_words(letter, body=())).replace("\u00a0", " ")


def test_english_and_other_languages() -> None:
    text = read(render_letter(a_letter(language="en-GB"), created_at=AT))
    assert "Please transfer EUR 1,190.00 by 5 December 2026." in text
    assert sheet_of(a_letter(language="it"))["language"] == "en"
    assert written_languages() == set(LANGUAGES)
    assert salutation("de") == "Sehr geehrte Damen und Herren,"
    assert salutation("de", person="Anna Berger") == "Guten Tag Anna Berger,"


@pytest.mark.parametrize(
    ("language", "sentence", "deadline"),
    [
        ("de", "Bitte überweisen Sie 1.190,00 EUR bis zum", "5. Dezember 2026"),
        ("nl", "Wilt u EUR 1.190,00 uiterlijk op", "5 december 2026"),
    ],
)
def test_a_letter_speaks_one_language_throughout(language: str, sentence: str, deadline: str) -> None:
    text = read(render_letter(a_letter(language=language), created_at=AT))
    assert sentence in text
    assert deadline in text
    for word in ("customer_number", "notice_number"):
        assert words(language)["sheet"][word] in text


@pytest.mark.parametrize("language", sorted(written_languages()))
def test_every_language_has_the_same_words(language: str) -> None:
    there, english = words(language), words("en")
    assert {section: set(table) for section, table in there.items()} == {
        section: set(table) for section, table in english.items()
    }
    for section, table in english.items():
        for name, word in table.items():
            assert set(BLANKS.findall(there[section][name])) == set(BLANKS.findall(word))


# --- what people write --------------------------------------------------------------------------------------------


def test_invisible_characters_are_left_out_and_accents_composed() -> None:
    sheet = sheet_of(a_letter(recipient=("Mu\u0308ller\x07\u202e GmbH", "Weg 1")))
    assert sheet["recipient"][0] == "Müller GmbH"


def test_a_character_that_the_font_lacks_is_refused_by_name() -> None:
    with pytest.raises(LetterNotPrintable, match="漢"):
        render_letter(a_letter(recipient=("漢字", "Weg 1")), created_at=AT)
    assert render_letter(a_letter(), created_at=AT), "the next letter is not harmed"


@pytest.mark.parametrize(
    "name", ["Łukasz Żółć", "Ștefan Ţăran", "Ελένη", "Дмитрий", "Nguyễn Ánh", "Ævar Þór", "İğdır"]
)
def test_names_of_europe_can_be_printed(name: str) -> None:
    assert name in read(render_letter(a_letter(recipient=(name, "Weg 1")), created_at=AT))


def test_markup_in_names_is_just_text() -> None:
    name = '#set page(fill: red) *fett* $x$ "z" \\n @ref'
    assert name in read(render_letter(a_letter(recipient=(name, "Weg 1")), created_at=AT))


def test_long_words_may_break_and_long_addresses_shrink() -> None:
    long_number = "RECHNUNG/2026/ABTEILUNG-NORD/00001-POSITION-0001"
    sheet = sheet_of(
        a_letter(a_line(long_number), recipient=("W" * 90, "x" * 90, "y" * 90, "z" * 90, "1", "2"))
    )
    assert sheet["table"]["rows"][0][0].replace("\u200b", "") == long_number
    assert "NORD/\u200b" in sheet["table"]["rows"][0][0]
    assert sheet["sizes"]["recipient"] < 8
    assert max(map(len, sheet["recipient"][0].split("\u200b"))) <= 24
    assert "\u200b" not in str(sheet_of(a_letter())), "what is copied from a letter is clean"


def test_the_largest_amounts_fit() -> None:
    letter = a_letter(*(a_line(minor=99_999_999_999_999, paid=1) for _ in range(3)))
    sheet = sheet_of(letter)
    assert sheet["table"]["size"] < 8.5
    assert sum(width or 24 for width in sheet["table"]["widths"]) <= 165
    assert "999.999.999.999,98" in read(render_letter(letter, created_at=AT))


def test_an_iban_is_grouped_and_never_breaks() -> None:
    assert grouped_iban("de02 12030000 0000202051") == "DE02\u00a01203\u00a00000\u00a00000\u00a02020\u00a051"


@given(
    name=st.text(
        st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc", "Cf"]), max_size=200
    ),
    count=st.integers(1, 3),
    minor=st.integers(1, 10**12),
)
@settings(max_examples=15, deadline=None, print_blob=True)
def test_every_latin_name_and_amount_can_be_printed(name: str, count: int, minor: int) -> None:
    letter = a_letter(
        *(a_line(name, minor=minor) for _ in range(count)), recipient=(name, "Weg 1"), subject=f"1. {name}"
    )
    assert read_identity(render_letter(letter, created_at=AT)) == letter.identity


def test_a_sender_with_nothing_but_a_name() -> None:
    letter = a_letter(sender=Sender("Solo", ()), place="", deadline_on=date(2026, 12, 5))
    assert "Solo" in read(render_letter(letter, created_at=AT))


# --- figures as the reader writes them (S19) ----------------------------------------------------------------------

FIGURES = {
    "de": ("11.900,00", "11.900,00 EUR", "02.10.2026", "5. Dezember 2026"),
    "en": ("11,900.00", "EUR 11,900.00", "02/10/2026", "5 December 2026"),
    "nl": ("11.900,00", "EUR 11.900,00", "02-10-2026", "5 december 2026"),
    "fr": ("11 900,00", "11 900,00 EUR", "02/10/2026", "5 décembre 2026"),
}


@pytest.mark.parametrize("language", sorted(FIGURES))
def test_s19_figures_are_written_as_the_reader_writes_them(language: str) -> None:
    sheet = sheet_of(a_letter(a_line(minor=1_190_000), language=language))
    (row,) = sheet["table"]["rows"]
    said = (row[-1], sheet["table"]["total"][1], row[2], sheet["payment"]["sentence"][-2][0])
    plain = tuple(text.replace("\u00a0", " ").replace("\u202f", " ") for text in said)
    assert plain == FIGURES[language]
