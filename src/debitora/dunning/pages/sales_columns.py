"""The columns of what sales is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from debitora.dunning.queries.sales_list import QuestionRow
from debitora.dunning.templatetags.sales_words import MARKS, state_words, step_words, stop_reason
from debitora.kit.cells import addresses_of, markup, opener, status
from debitora.kit.columns import Column, labelled
from debitora.values.locales import format_date, format_money

FIRST: Final = "customer"
SHOWN: Final = ("customer", "open", "due", "step", "until", "salesperson", "state", "answer")
"""What the list shows without being asked; a salesperson needs no column with her own name."""
WRITTEN: Final = (
    "customer_number",
    "customer",
    "currency",
    "open",
    "items",
    "due",
    "step",
    "asked",
    "until",
    "salesperson",
    "state",
    "reason",
)
"""What a file holds without being asked."""
MONEY: Final = ("open",)


def question_columns(*, may_answer: bool) -> dict[str, Column[QuestionRow]]:
    """Every column by its name. may_answer: whether the person may release and stop."""
    language = get_language() or "en"
    question = addresses_of("dunning:sales_question")
    columns: dict[str, Column[QuestionRow]] = {
        "customer": Column(
            _("Customer"), lambda row: row.customer_name,
            lambda row: opener(question(row.question), row.customer_name, beside=True), "clip", "customer", "data-title",
        ),
        "customer_number": Column(
            _("Customer number"), lambda row: row.customer_number, lambda row: row.customer_number, "low"
        ),
        "currency": Column(_("Currency"), lambda row: row.currency, lambda row: row.currency, "low"),
        "open": Column(
            _("Open"), lambda row: row.open, lambda row: _sum(row, language), "money strong", "sum", "data-value"
        ),
        "items": Column(
            _("Items"), lambda row: row.items, lambda row: row.items, "num", "", labelled(_("Items"))
        ),
        "due": Column(
            _("Due since"), lambda row: row.due_on, lambda row: format_date(row.due_on, language), "date", "due",
            labelled(_("Due since")),
        ),
        "step": Column(_("Step"), step_words, step_words, "nowrap", "level", labelled(_("Step"))),
        "asked": Column(
            _("Asked on"), lambda row: row.asked_on, lambda row: format_date(row.asked_on, language), "date low", "asked"
        ),
        "until": Column(
            _("Answer until"), lambda row: row.until_on, lambda row: format_date(row.until_on, language), "date", "until",
            labelled(_("Answer until")),
        ),
        "salesperson": Column(
            _("Salesperson"), lambda row: row.salesperson, lambda row: row.salesperson, "clip low", "salesperson",
            labelled(_("Salesperson")),
        ),
        "state": Column(
            _("State"), state_words, lambda row: status(MARKS[row.state], state_words(row)), "", "", labelled()
        ),
        "reason": Column(
            _("Because"), lambda row: stop_reason(row.reason), lambda row: stop_reason(row.reason), "low", "",
            labelled(_("Because")),
        ),
    }  # fmt: skip
    if may_answer:
        buttons = _Buttons.of(question)
        columns["answer"] = Column(
            _("Your answer"), lambda row: "", buttons.cell, "nowrap", "", "data-wide"
        )  # fmt: skip
    return columns


def picking(row: QuestionRow) -> str:
    """The cell with the box that picks a question that waits, and what the bar of picked ones adds up."""
    if not row.waits:
        return '<td class="pick"></td>'
    return (
        f'<td class="pick"><input type="checkbox" name="chosen" value="{row.question}" form="bulk"'
        f' data-minor="{row.open_minor}" data-currency="{row.currency}" aria-label="{escape(row.customer_name)}"></td>'
    )


def _sum(row: QuestionRow, language: str) -> str:
    """What is open in the largest currency; that there are others is said, their sums stand with the items."""
    said = format_money(row.open, language)
    return f"{said} +" if row.currencies > 1 else said


@dataclass(frozen=True, slots=True)
class _Buttons:
    """What answers a question from its row; words and addresses are looked up once for a whole list."""

    question: Callable[[int], str]
    released: str
    undone: str
    release: str
    stop: str
    back: str

    @classmethod
    def of(cls, question: Callable[[int], str]) -> _Buttons:
        """In the reader's language."""
        released, undone = reverse("dunning:sales_released"), reverse("dunning:sales_undone")
        return cls(question, released, undone, _("Release it"), _("Stop …"), _("Take it back"))

    def cell(self, row: QuestionRow) -> SafeString:
        """Release and stop while a word is wanted; the way back from one that was given."""
        name = f'<span class="visually-hidden"> {escape(row.customer_name)}</span>'
        if row.answer:
            return markup(
                f'<button class="btn" form="taking-back" hx-post="{self.undone}" hx-swap="none" name="answer"'
                f' value="{row.answer}">{escape(self.back)}{name}</button>'
            )
        if not row.waits:
            return markup("")
        there = self.question(row.question)
        return markup(
            f'<button class="btn" form="releasing" hx-post="{self.released}" hx-swap="none" name="chosen"'
            f' value="{row.question}" data-key="r">{escape(self.release)}{name}</button>'
            f' <a class="btn" href="{there}" hx-get="{there}" data-key="s">{escape(self.stop)}{name}</a>'
        )
