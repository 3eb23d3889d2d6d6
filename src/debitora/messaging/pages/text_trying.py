"""A wording filled for a real customer, or with samples: what the pages of texts show of it. Nothing is kept."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from debitora.kit.runtime import now, today
from debitora.messaging.actions.texts import faults_of
from debitora.messaging.forms.texts import FIELDS, TextForm, fault_said
from debitora.messaging.queries.trying import (
    NothingOpen,
    customer_meant,
    customers_to_try,
    letter_to,
)
from debitora.messaging.rules.letter import Letter
from debitora.messaging.rules.mail_words import mail_text, mail_words
from debitora.messaging.rules.notice_texts import NoticeText, TextKey, fill, with_text
from debitora.messaging.rules.pdf import LetterNotPrintable, render_letter
from debitora.messaging.rules.pictures import page_count, page_picture
from debitora.messaging.rules.texts import TextNotRenderable, paragraphs, render_subject, render_text
from debitora.messaging.rules.variables import sample_values
from debitora.people.gates import CompanyRequest
from debitora.people.rules import may
from debitora.receivables.gates import customer as customer_gate
from debitora.receivables.gates import scope_of
from debitora.receivables.models import Customer
from debitora.receivables.queries import CustomerRow
from debitora.receivables.rules.items import Scope

Filled = dict[str, Any]
"""What a page shows of one filled wording: its `subject` with `parts` or `mail`, or its `faults`."""


@dataclass(frozen=True)
class Trial:
    """The customer whom a text is tried on (None: samples), why nobody, and the filled wordings by language."""

    may_choose: bool
    offered: tuple[CustomerRow, ...]
    typed: str
    customer: Customer | None = None
    problem: str = ""
    filled: dict[str, Filled] = field(default_factory=dict)


def tried_on(
    request: CompanyRequest, *, key: str, wordings: Mapping[str, Mapping[str, str]], typed: Mapping[str, str]
) -> Trial:
    """The wordings by language, filled for the customer who was typed."""
    trial = _chosen(request, typed.get("customer", ""))
    letters: dict[str, Letter] = {}
    if trial.customer:
        try:
            letters = {one: letter_of(request, trial.customer, key=key, language=one) for one in wordings}
        except NothingOpen:
            trial = replace(trial, problem=_("This customer owes nothing: the samples are shown."))
    filled = {one: filled_in(source, one, letters.get(one)) for one, source in wordings.items()}
    return replace(trial, filled=filled)


def letter_of(request: CompanyRequest, customer: Customer, *, key: str, language: str) -> Letter:
    """The letter that the text would stand in. Raises NothingOpen."""
    step, on = TextKey(key.partition(".")[0]), today(request.company.time_zone)
    return letter_to(company=request.company, customer=customer, step=step, language=language, on=on)


def filled_in(source: Mapping[str, str], language: str, letter: Letter | None) -> Filled:
    """The filled texts, or what is wrong with them by field."""
    faults = [
        {"field": str(TextForm.base_fields[name].label), "said": fault_said(fault)}
        for name in FIELDS
        for fault in faults_of(name, source[name])
    ]
    if faults:
        return {"faults": faults}
    try:
        return _for_real(source, letter) if letter else _with_samples(source, language)
    except TextNotRenderable as problem:
        return {"faults": [{"field": "", "said": str(problem)}]}


def picture_of(source: Mapping[str, str], letter: Letter) -> dict[str, Any]:
    """The letter's first page as a picture within the page, and how many pages there are. Raises as `fill` and `render_letter`."""
    made = with_text(letter, fill(NoticeText(**source), letter))
    pdf = render_letter(made, created_at=now())
    picture = b64encode(page_picture(pdf, page=1, dots_per_inch=100)).decode()
    return {"picture": f"data:image/png;base64,{picture}", "pages": page_count(pdf)}


def letter_shown(
    request: CompanyRequest, *, key: str, language: str, source: Mapping[str, str]
) -> dict[str, Any]:
    """The picture of the letter to the customer who was typed, or why there is none."""
    trial = _chosen(request, request.POST.get("customer", ""))
    if trial.customer is None:
        return {"problem": trial.problem or _("Choose a customer: a letter needs an address and items.")}
    if any(faults_of(name, source[name]) for name in FIELDS):
        return {"problem": _("First put right what is wrong with the text.")}
    try:
        return picture_of(source, letter_of(request, trial.customer, key=key, language=language))
    except NothingOpen:
        return {"problem": _("This customer owes nothing: the samples are shown.")}
    except (TextNotRenderable, LetterNotPrintable) as problem:
        return {"problem": str(problem)}


def _chosen(request: CompanyRequest, text: str) -> Trial:
    typed = text.replace("\0", "").strip()[:100]
    if not may(request.role, "customers.view"):
        return Trial(may_choose=False, offered=(), typed="")
    on = today(request.company.time_zone)
    scope = scope_of(person=request.person, role=request.role, on=on)
    trial = Trial(
        may_choose=True,
        offered=customers_to_try(company=request.company, scope=scope, on=on),
        typed=typed,
    )
    return _found(request, trial, scope) if typed else trial


def _found(request: CompanyRequest, trial: Trial, scope: Scope) -> Trial:
    meant = customer_meant(
        company=request.company, scope=scope, text=trial.typed, on=today(request.company.time_zone)
    )
    if meant is None:
        return replace(trial, problem=_("No customer has this number or name: the samples are shown."))
    return replace(trial, customer=customer_gate(scope=scope, customer=meant))


def _with_samples(source: Mapping[str, str], language: str) -> Filled:
    values = sample_values(language)
    parts = [
        (str(TextForm.base_fields[name].label), paragraphs(render_text(source[name], values)))
        for name in ("mail", "opening", "closing")
    ]
    return {"subject": render_subject(source["subject"], values), "parts": parts}


def _for_real(source: Mapping[str, str], letter: Letter) -> Filled:
    """The whole mail as its reader sees it, and the paragraphs of the letter."""
    filled = fill(NoticeText(**source), letter)
    said = mail_words(with_text(letter, filled), filled.mail)
    return {
        "subject": filled.subject,
        "mail": mail_text(said),
        "parts": [
            (str(TextForm.base_fields["opening"].label), filled.opening),
            (str(TextForm.base_fields["closing"].label), filled.closing),
        ],
    }
