"""Texts that users write: checked when saved, strict when filled, harmless always (scenarios S12, S16 to S18)."""

from __future__ import annotations

import re
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.messaging.rules.notice_texts import TextKey, Tone, default_text, fill, with_text
from debitora.messaging.rules.texts import (
    MAX_SOURCE,
    TextFault,
    TextNotRenderable,
    check_subject,
    check_text,
    paragraphs,
    render_subject,
    render_text,
)
from debitora.messaging.rules.variables import VARIABLES, sample_values, variables_of
from debitora.messaging.rules.words import written_languages
from debitora.messaging.tests.letters import a_credit, a_letter, a_line
from debitora.values.money import Money

LEGAL = {
    "de": ("zinsen", "gebühr", "verzug", "inkasso", "gericht", "anwalt", "schufa"),
    "en": ("interest", "fee", "default", "court", "lawyer"),
    "nl": (
        "rente",
        "kosten",
        "verzuim",
        "incasso",
        "rechter",
        "deurwaarder",
        "advocaat",
        "ingebrekestelling",
    ),
    "fr": (
        "intérêts",
        "frais",
        "pénalité",
        "recouvrement",
        "tribunal",
        "huissier",
        "avocat",
    ),
}
CASUAL = {
    "de": re.compile(r"\b(?:du|dein\w*|dir|dich)\b"),
    "en": re.compile(r"\bhey\b"),
    "nl": re.compile(r"\b(?:je|jij|jou|jouw)\b"),
    "fr": re.compile(r"\b(?:tu|toi|ton|tes)\b"),
}
ALL_DEFAULTS = list(product(TextKey, Tone, sorted(written_languages())))
SAMPLES = sample_values("de")


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("Guten Tag\n {{ customer.nmae }}", TextFault("unknown_variable", 2, 5, "customer.nmae")),
        ("{{ notice.lines[0].iban }}", TextFault("unknown_variable", 1, 4, "notice.lines[0].iban")),
        ("{{ notice.lines.number }}", TextFault("unknown_variable", 1, 4, "notice.lines.number")),
        ("{% for l in notice.lines %}{{ l.x }}{% endfor %}", TextFault("unknown_variable", 1, 31, "l.x")),
        ("{{ 'x' | replace: 'x', 'y' }}", TextFault("unknown_filter", 1, 10, "replace")),
        ("{% include 'x' %}", TextFault("unknown_tag", 1, 4, "unexpected tag 'include'")),
        ("{% render 'x' %}", TextFault("unknown_tag", 1, 4, "unexpected tag 'render'")),
        ("{{ notice.total", TextFault("syntax", 1, 1, "expected '}}', found end of file")),
        ("x {% endif %}", TextFault("syntax", 1, 6, "unexpected tag 'endif'")),
        ("{% if notice.fee %}", TextFault("syntax", 1, 1, "expected tag endif, found end of expression")),
        ("x" * (MAX_SOURCE + 1), TextFault("too_long", 1, 1, str(MAX_SOURCE + 1))),
    ],
)
def test_a_faulty_text_cannot_be_saved(source: str, fault: TextFault) -> None:
    assert check_text(source) == [fault]
    with pytest.raises(TextNotRenderable):
        render_text(source, SAMPLES)


@pytest.mark.parametrize("path", ["customer", "notice.total.size", "notice.lines.first.size", "l"])
def test_what_is_no_text_is_refused_at_saving(path: str) -> None:
    assert check_text(f"{{{{ {path} }}}}") == [TextFault("unknown_variable", 1, 4, path)]


def test_a_variable_by_a_computed_name_is_refused() -> None:
    faults = check_text("{{ notice[customer.name] }}{{ notice.lines[foo].number }}")
    assert {fault.code for fault in faults} == {"unknown_variable"}


def test_all_faults_are_told_in_reading_order() -> None:
    faults = check_text("{{ b }}\n{{ a | nope }}")
    assert [(fault.line, fault.value) for fault in faults] == [(1, "b"), (2, "a"), (2, "nope")]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ customer.name }}", "Müller & Söhne Maschinenbau GmbH"),
        (
            "{{ notice.lines.size }} {{ notice.lines[1].number }} {{ notice.lines.last.open }}",
            "2 RE-2026-0502 357,00 EUR",
        ),
        (
            "{% for l in notice.lines %}{{ forloop.index }}. {{ l.number }} {% endfor %}",
            "1. RE-2026-0411 2. RE-2026-0502",
        ),
        ("{% if notice.fee == blank %}ohne{% else %}mit{% endif %} Gebühr", "ohne Gebühr"),
        ("{% assign l = notice.lines | first %}{{ l.number }}", "RE-2026-0411"),
        ("{% case notice.level %}{% when 2 %}zwei{% endcase %}", "zwei"),
        ("{% unless notice.count == 1 %}{{ notice.count | minus: 1 }} weitere{% endunless %}", "1 weitere"),
        ("{% comment %}{{ nobody.sees }}{% endcomment %}a", "a"),
        ("{{ notice.deadline | upcase }}", "5. DEZEMBER 2026"),
    ],
)
def test_what_a_text_can_do(source: str, text: str) -> None:
    assert check_text(source) == []
    assert render_text(source, SAMPLES) == text


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in (1..99999999) %}{% for j in (1..99999999) %}x{% endfor %}{% endfor %}",
        "{% assign s = 'x' %}{% for i in (1..100) %}{% assign s = s | append: s %}{% endfor %}{{ s }}",
        "{% capture s %}{% for i in (1..2000) %}" + "x" * 100 + "{% endfor %}{% endcapture %}",
        "{% for i in (1..1999) %}" + "x" * 100 + "{% endfor %}",
        "{% if true %}" * 1_000,
    ],
)
def test_s17_limits_hold(source: str) -> None:
    with pytest.raises(TextNotRenderable):
        render_text(source, SAMPLES)


PIECES = [
    *"{}%|.[]'\" \n",
    "{{ notice.total }}",
    "{% for l in notice.lines %}",
    "{% for l in (1..9) %}",
    "{% endfor %}",
    "{% if notice.count > 1 %}",
    "{% else %}",
    "{% endif %}",
    "{% assign l = notice.lines | first %}",
    "{{ l.number }}",
    "{{ notice.count | plus: l }}",
]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@settings(max_examples=300, deadline=None, print_blob=True)
def test_whatever_people_write_is_filled_or_refused(source: str) -> None:
    """Nothing but our own exception comes out, and what can be filled has at most name faults."""
    faults = check_text(source)
    try:
        render_text(source, SAMPLES)
    except TextNotRenderable:
        return
    assert {fault.code for fault in faults} <= {"unknown_variable", "unknown_filter"}


def test_objects_show_nothing_of_themselves() -> None:
    class Secret:
        password = "hunter2"

    with pytest.raises(TextNotRenderable):
        render_text("{{ customer.name.password }}", {"customer": {"name": Secret()}})


def test_a_subject_is_one_line() -> None:
    assert [fault.code for fault in check_subject("a\nb")] == ["line_break"]
    assert check_subject("a\n") == []
    assert render_subject("Mahnung {{ x }}", {"x": "a\r\nBcc: b@c.example"}) == "Mahnung a Bcc: b@c.example"


def test_paragraphs_are_parted_by_empty_lines() -> None:
    assert paragraphs("a\n b \n\n\n\n c\n \n") == ("a\nb", "c")
    assert paragraphs(" \n") == ()


# --- the catalogue ------------------------------------------------------------------------------------------------


def test_the_catalogue_names_exactly_what_a_letter_offers() -> None:
    offered = {f"{group}.{name}" for group, values in variables_of(a_letter()).items() for name in values}
    assert offered == {variable.name for variable in VARIABLES}
    lines = next(variable for variable in VARIABLES if variable.fields)
    assert set(lines.fields) == set(variables_of(a_letter())["notice"]["lines"][0])
    assert all(set(line) == set(lines.fields) for sample in lines.sample.values() for line in sample)


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_every_variable_is_explained_in_every_language(variable) -> None:
    assert set(variable.meaning) == set(variable.sample) == written_languages()
    samples, real = SAMPLES, variables_of(a_letter())
    group, name = variable.name.split(".")
    assert type(samples[group][name]) is type(real[group][name])


def test_values_are_written_in_the_language_of_the_letter() -> None:
    letter = a_letter(a_line(paid=19_000), a_credit(), fee=Money(250, "EUR"), level=2)
    german = variables_of(letter)["notice"]
    assert (german["total"], german["fee"], german["deadline"]) == (
        "1.002,50\u00a0EUR",
        "2,50\u00a0EUR",
        "5. Dezember 2026",
    )
    assert (german["count"], german["level"], german["as_of"]) == (1, 2, "20.11.2026")
    assert german["lines"][0]["open"] == "1.000,00\u00a0EUR"
    english = variables_of(a_letter(language="en", deadline_on=None))["notice"]
    assert (english["total"], english["fee"], english["deadline"]) == ("EUR\u00a01,190.00", "", "")
    undated = a_line()
    undated = type(undated)("1", None, None, undated.amount, undated.paid, undated.open)
    assert variables_of(a_letter(undated))["notice"]["lines"][0]["due_on"] == ""


# --- the texts that come along ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("key", "tone", "language"), ALL_DEFAULTS)
def test_every_default_text_can_be_saved_and_filled(key: TextKey, tone: Tone, language: str) -> None:
    text = default_text(key, tone=tone, language=language)
    assert check_subject(text.subject) == []
    assert [check_text(source) for source in (text.mail, text.opening, text.closing)] == [[], [], []]
    for letter in (
        a_letter(language=language),
        a_letter(a_line("1"), a_line("2"), language=language, deadline_on=None),
    ):
        filled = fill(text, letter)
        assert all((filled.subject, filled.mail, filled.opening, filled.closing))
        for said in (filled.subject, *filled.mail, *filled.opening, *filled.closing):
            assert "{" not in said
            assert "  " not in said
            assert " ." not in said
        assert with_text(letter, filled).subject == filled.subject


@pytest.mark.parametrize(("key", "tone", "language"), ALL_DEFAULTS)
def test_no_default_text_claims_a_legal_consequence(key: TextKey, tone: Tone, language: str) -> None:
    text = default_text(key, tone=tone, language=language)
    said = " ".join((text.subject, text.mail, text.opening, text.closing)).lower()
    for word in LEGAL[language]:
        assert word not in said
    assert not CASUAL[language].search(said)


def test_a_language_that_we_do_not_write_gets_english() -> None:
    assert default_text(TextKey.FINAL, tone=Tone.BUSINESS, language="it") == default_text(
        TextKey.FINAL, tone=Tone.BUSINESS, language="en-US"
    )


def test_the_german_reminder_reads_like_this() -> None:
    filled = fill(
        default_text(TextKey.REMINDER, tone=Tone.BUSINESS, language="de"),
        a_letter(issued_on=date(2026, 11, 21)),
    )
    assert filled.subject == "Zahlungserinnerung: Rechnung RE-2026-0411"
    assert filled.opening == (
        (
            "vielleicht ist es in der täglichen Arbeit untergegangen: Zu der folgenden Rechnung haben wir noch keinen "
            "vollständigen Zahlungseingang verbucht."
        ),
    )
