"""Texts that users write: Liquid, locked down, checked when saved and strict when filled.

A text sees finished words and counts in plain dictionaries, nothing else: no objects, no files, no other templates.
Loops, output and memory are bounded. What comes out is plain text; whoever puts it into HTML escapes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError
from liquid.static_analysis import Segments, TemplateAnalysis

from debitora.messaging.rules.variables import VARIABLES, Variable

MAX_SOURCE: Final = 20_000
"""Characters of one text; longer ones are not parsed."""

TAGS: Final = frozenset(
    {"assign", "break", "capture", "case", "comment", "continue", "for", "if", "unless", "#"}
)
FILTERS: Final = frozenset(
    "append capitalize default downcase first last minus plus size strip truncate upcase".split(),
)
"""What a text may do with a value."""
_INTERNAL_TAGS: Final = frozenset({"content", "output", "illegal"})
_LIST_STEPS: Final = ("first", "last")


class TextNotRenderable(Exception):
    """The text cannot be filled: a variable is missing, or a limit was reached. Says where."""


@dataclass(frozen=True, slots=True)
class TextFault:
    """What is wrong with a text, and where (line and column from 1).

    Codes: `syntax`, `unknown_variable`, `unknown_filter`, `unknown_tag`, `too_long`, `line_break`. `value` is what was
    read; for `syntax` the parser's own words.
    """

    code: str
    line: int
    column: int
    value: str


class _LockedEnvironment(Environment):
    loop_iteration_limit = 2_000
    output_stream_limit = 50_000
    local_namespace_limit = 20_000
    context_depth_limit = 20


def check_text(source: str, *, allowed_variables: tuple[Variable, ...] = VARIABLES) -> list[TextFault]:
    """Everything that would keep the text from being filled, in reading order; empty: it can be saved."""
    if len(source) > MAX_SOURCE:
        return [TextFault("too_long", 1, 1, str(len(source)))]
    try:
        analysis = _ENVIRONMENT.from_string(source).analyze()
    except LiquidError as error:
        return [_syntax_fault(source, error)]
    found = [*_name_faults(source, analysis), *_variable_faults(source, analysis, allowed_variables)]
    return sorted(found, key=lambda fault: (fault.line, fault.column, fault.value))


def check_subject(source: str, *, allowed_variables: tuple[Variable, ...] = VARIABLES) -> list[TextFault]:
    """As `check_text`; a subject is one line, so a line break is a fault as well."""
    faults = check_text(source, allowed_variables=allowed_variables)
    if len(source.strip().splitlines()) > 1:
        faults.append(TextFault("line_break", 2, 1, ""))
    return faults


def render_text(source: str, variables: Mapping[str, Any]) -> str:
    """Fill the text. Raises TextNotRenderable for a missing variable, a broken text, or a limit reached."""
    try:
        return str(_template(source).render(**variables)).strip()
    except LiquidError as error:
        fault = _syntax_fault(source, error)
        raise TextNotRenderable(f"{fault.line}:{fault.column} {fault.value}") from error


def render_subject(source: str, variables: Mapping[str, Any]) -> str:
    """Fill a subject: one line, whatever line breaks a name brings along."""
    return " ".join(render_text(source, variables).split())


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text: parted by empty lines, line breaks inside them kept."""
    blocks = "\n".join(line.strip() for line in text.splitlines()).split("\n\n")
    return tuple(block.strip() for block in blocks if block.strip())


def _locked_environment() -> Environment:
    environment = _LockedEnvironment(undefined=StrictUndefined, strict_filters=True)
    environment.filters = {name: call for name, call in environment.filters.items() if name in FILTERS}
    kept = TAGS | _INTERNAL_TAGS
    environment.tags = {
        name: tag for name, tag in environment.tags.items() if name in kept or name.startswith("end")
    }
    return environment


@lru_cache(maxsize=256)
def _template(source: str) -> BoundTemplate:
    if len(source) > MAX_SOURCE:
        raise TextNotRenderable(f"longer than {MAX_SOURCE} characters")
    return _ENVIRONMENT.from_string(source)


def _syntax_fault(source: str, error: LiquidError) -> TextFault:
    place = error.context() or (1, 0)
    message = str(error.message)
    code = "unknown_tag" if message.startswith("unexpected tag") and "'end" not in message else "syntax"
    return TextFault(code, place[0], place[1] + 1, message)


def _name_faults(source: str, analysis: TemplateAnalysis) -> Iterator[TextFault]:
    for name, spans in analysis.filters.items():
        if name not in FILTERS:
            yield from (TextFault("unknown_filter", *_place(source, span.index), name) for span in spans)


def _variable_faults(
    source: str, analysis: TemplateAnalysis, allowed: tuple[Variable, ...]
) -> Iterator[TextFault]:
    known = {variable.name: variable for variable in allowed}
    fields = ("size", *(field for variable in allowed for field in variable.fields))
    for root, variables in analysis.variables.items():
        for variable in variables:
            if root in analysis.globals:
                fits = _is_known(variable.segments, known)
            else:
                fits = root == "forloop" or _fits_a_local(variable.segments, fields)
            if not fits:
                yield TextFault("unknown_variable", *_place(source, variable.span.index), str(variable))


def _is_known(segments: Segments, known: Mapping[str, Variable]) -> bool:
    """Whether a path names a variable of the catalogue, or a line of a list and one of its fields."""
    variable = known.get(".".join(map(str, segments[:2])))
    if variable is None:
        return False
    if not variable.fields:
        return len(segments) == 2
    return _fits_a_list(segments[2:], variable.fields)


def _fits_a_list(rest: Segments, fields: tuple[str, ...]) -> bool:
    """The list itself, its size, one of its lines, or one field of one of its lines."""
    if rest in ([], ["size"]):
        return True
    is_line = isinstance(rest[0], int) or rest[0] in _LIST_STEPS
    return is_line and (len(rest) == 1 or (len(rest) == 2 and rest[1] in fields))


def _fits_a_local(segments: Segments, fields: tuple[str, ...]) -> bool:
    """A name that the text itself introduced: alone, or with a field that lines have."""
    return len(segments) == 1 or (len(segments) == 2 and segments[1] in fields)


def _place(source: str, index: int) -> tuple[int, int]:
    before = source[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


_ENVIRONMENT: Final = _locked_environment()
