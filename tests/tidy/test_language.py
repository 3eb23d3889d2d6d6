"""Every language is complete: whatever a person can read has a twin in it, once, with the same blanks to fill in."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import polib
import pytest
from babel.messages.extract import extract
from django.conf import settings
from django.utils.translation.template import templatize

from debitora.kit.messages import catalogues
from debitora.messaging.rules.words import written_languages
from tests.tidy.source import PACKAGE, Module, chain, module, product

Message = tuple[str | None, str]
"""A message's context (None: none) and its English text."""

CALLS = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
}
IN_TEMPLATES = {
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}
BLANKS = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
SENTENCES = ("MEANINGS", "REMEDIES", "SENTENCES")
FAMILIAR = {
    "de": re.compile(r"\b(?:[Dd]u|[Dd]ein\w*|[Dd]ich|[Dd]ir)\b"),
    "nl": re.compile(r"\b(?:[Jj]e|[Jj]ij|[Jj]ou|[Jj]ouw)\b"),
    "fr": re.compile(r"\b(?:[Tt]u|[Tt]oi|[Tt]on|[Tt]es)\b"),
}
"""How a language speaks to friends; Debitora says Sie, u and vous."""


def said_in_code(of: Module) -> Iterator[tuple[str, Message]]:
    """(where, message) of every gettext call with a written-out text."""
    for node in ast.walk(of.tree):
        if isinstance(node, ast.Call) and (names := chain(node.func)) and names[-1] in CALLS:
            words = [
                arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
            if names[-1].startswith("pgettext") and len(words) > 1:
                yield of.at(node), (words[0], words[1])
            elif words:
                yield of.at(node), (None, words[0])


def said_by_rules(of: Module) -> Iterator[tuple[str, Message]]:
    """(where, message) of the English lines that pure code keeps for its codes: mappings named so."""
    for node in of.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_meanings(node) and node.value:
            mappings = [inner for inner in ast.walk(node.value) if isinstance(inner, ast.Dict)]
            for value in (value for mapping in mappings for value in mapping.values):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield of.at(value), (None, value.value)


def _is_meanings(node: ast.Assign | ast.AnnAssign) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return any(isinstance(target, ast.Name) and target.id.endswith(SENTENCES) for target in targets)


def said_in_template(name: str, text: str) -> Iterator[tuple[str, Message]]:
    """(where, message) of every translate and blocktranslate, read as Django reads them."""
    code = " ".join(templatize(text, origin=name).split("\n"))
    for _, found, _, context in extract("python", io.BytesIO(code.encode()), keywords=IN_TEMPLATES):
        yield name, (context, found if isinstance(found, str) else found[0])


def translated(paths: Iterable[Path]) -> dict[Message, str]:
    """All finished entries of the catalogues; plural entries count when every form is there."""
    return {
        (entry.msgctxt, entry.msgid): entry.msgstr or " ".join(entry.msgstr_plural.values())
        for path in paths
        for entry in polib.pofile(str(path))
        if not entry.fuzzy and (entry.msgstr or (entry.msgstr_plural and all(entry.msgstr_plural.values())))
    }


def unfaithful(path: Path, language: str) -> Iterator[str]:
    """Texts that lost or invented a blank, or that speak to a friend."""
    for entry in polib.pofile(str(path)):
        if not entry.msgstr and not entry.msgstr_plural:
            yield f"{entry.msgid!r} has no text"
        for said in filter(None, [entry.msgstr, *entry.msgstr_plural.values()]):
            if FAMILIAR[language].search(said):
                yield f"{said!r} is too familiar"
        for said in entry.msgstr_plural.values():
            if not set(BLANKS.findall(said)) <= set(BLANKS.findall(entry.msgid + entry.msgid_plural)):
                yield f"{entry.msgid!r} has fewer blanks than {said!r}"
        if entry.msgstr and sorted(BLANKS.findall(entry.msgid)) != sorted(BLANKS.findall(entry.msgstr)):
            yield f"{entry.msgid!r} has other blanks than {entry.msgstr!r}"


def contradictions(paths: Iterable[Path]) -> Iterator[str]:
    """One English text with two others in one language: Django merges the catalogues, so the house must agree."""
    seen: dict[Message, str] = {}
    for path in paths:
        for message, said in translated([path]).items():
            if seen.setdefault(message, said) != said:
                yield f"{message[1]!r} is {seen[message]!r} and {said!r}"


SPOKEN = [code for code, _ in settings.LANGUAGES if code != "en"]


@cache
def _catalogues(language: str) -> tuple[Path, ...]:
    return tuple(path for path in catalogues(PACKAGE) if path.parts[-3] == language)


def _templates() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("templates/**/*.*")):
        if path.suffix in {".html", ".txt"}:
            yield str(path.relative_to(PACKAGE)), path.read_text("utf-8")


@cache
def _said() -> tuple[tuple[str, Message], ...]:
    in_code = [said for each in product() for said in (*said_in_code(each), *said_by_rules(each))]
    in_templates = [said for name, text in _templates() for said in said_in_template(name, text)]
    return (*in_code, *in_templates)


@pytest.mark.parametrize("language", SPOKEN)
def test_everything_said_has_a_twin(language: str) -> None:
    known = translated(_catalogues(language))
    assert not sorted({(where, str(message[1])) for where, message in _said() if message not in known})


@pytest.mark.parametrize("language", SPOKEN)
def test_every_language_keeps_the_blanks_and_stays_polite(language: str) -> None:
    assert not [fault for path in _catalogues(language) for fault in unfaithful(path, language)]


@pytest.mark.parametrize("language", SPOKEN)
def test_the_house_speaks_with_one_voice(language: str) -> None:
    assert not list(contradictions(_catalogues(language)))


@pytest.mark.parametrize("language", SPOKEN)
def test_every_language_says_the_same_things(language: str) -> None:
    """No catalogue keeps what nobody says any more in one language and has dropped it in another."""
    assert translated(_catalogues(language)).keys() == translated(_catalogues("de")).keys()


def test_letters_and_mails_are_written_in_every_language() -> None:
    assert written_languages() == {code for code, _ in settings.LANGUAGES}


def test_planted_texts_are_heard() -> None:
    code = module(
        "debitora.desk.pages",
        "title = _('Home')\nflash(ngettext('One item', '%(n)d items', n))\npgettext('month', 'May')",
    )
    heard_in_code = {message for _, message in said_in_code(code)}
    assert heard_in_code == {(None, "Home"), (None, "One item"), ("month", "May")}
    rules = module(
        "debitora.dunning.rules", "_MEANINGS = Mapping({Reason.GAP: 'Too soon.', Reason.CAP: 'Too often.'})"
    )
    assert [message for _, message in said_by_rules(rules)] == [(None, "Too soon."), (None, "Too often.")]
    page = """<c-card title="{% translate "Open items" %}">
      {% blocktranslate trimmed count n=items|length %}
        One {{ kind }}
      {% plural %}
        {{ n }} {{ kind }}s
      {% endblocktranslate %}
    {% translate "May" context "month" %}"""
    heard = [message for _, message in said_in_template("page.html", page)]
    assert heard == [(None, "Open items"), (None, "One %(kind)s"), ("month", "May")]


@pytest.mark.parametrize(
    ("language", "english", "said"),
    [
        ("de", "Due on %(day)s", "Fällig"),
        ("de", "Your list", "Deine Liste"),
        ("nl", "Your list", "Jouw lijst"),
        ("fr", "Your list", "Tu as une liste"),
        ("nl", "Nothing yet", ""),
    ],
)
def test_planted_bad_texts_are_found(language: str, english: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "django.po"
    catalogue = polib.POFile()
    catalogue.append(polib.POEntry(msgid=english, msgstr=said))
    catalogue.save(str(path))
    assert list(unfaithful(path, language))


def test_planted_contradictions_are_found(tmp_path: Path) -> None:
    for name, said in (("a.po", "Lauf"), ("b.po", "Mahnlauf")):
        catalogue = polib.POFile()
        catalogue.append(polib.POEntry(msgid="Run", msgstr=said))
        catalogue.save(str(tmp_path / name))
    assert list(contradictions([tmp_path / "a.po", tmp_path / "b.po"]))
