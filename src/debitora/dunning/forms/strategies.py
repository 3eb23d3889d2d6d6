"""A strategy as a form: what people type becomes the policy's document, and its faults go back to their fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.choices import CallableChoiceIterator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.dunning.forms.gathering import GatheringForm, gathering_document, gathering_initial
from debitora.dunning.forms.ways import WaysForm, ways_document, ways_initial
from debitora.dunning.rules.law.rules import Finding
from debitora.dunning.rules.policy import (
    Amounts,
    Approval,
    Claims,
    DebtorKind,
    Interest,
    Keep,
    Policy,
)
from debitora.dunning.rules.policy_file import as_document, from_document
from debitora.dunning.rules.policy_node import Fault
from debitora.dunning.templatetags.law_words import finding_line
from debitora.dunning.templatetags.strategy_words import (
    APPROVALS,
    DAY_COUNTS,
    DEBTORS,
    INTERESTS,
    KEEPS,
    LANGUAGES,
    amount_words,
    fault_words,
    percent_words,
    stored_name,
    strategy_name,
)
from debitora.engine.interest import DayCount
from debitora.values.locales import country_names
from debitora.values.typed import typed_amount

MOST_STEPS: Final = 9
_NESTED: Final[Mapping[str, str]] = {
    "contact_cap.touches": "cap_touches",
    "contact_cap.days": "cap_days",
    "run_bound.factor": "bound_factor",
    "run_bound.floor": "bound_floor",
    "claims.agreed_bp": "agreed_rate",
    "upcoming.days_before": "upcoming_days",
}
_STATED: Final = (
    "lump_sum",
    "due_date_agreed",
    "invoice_told_default",
    "costs_agreed",
    "invoice_names_claims",
)
_PERCENT: Final = re.compile(r"([0-9]{1,3})(?:[.,]([0-9]{1,2}))?\s*%?")
_STEP: Final = re.compile(r"steps\[(\d+)\](?:\.(\w+))?")
_AMOUNT: Final = re.compile(
    r"(?:(?P<before>[A-Za-z]{3}|€)\s*)?(?P<amount>[0-9][0-9 .,'\u00a0\u202f]*?)\s*(?P<after>[A-Za-z]{3}|€)?"
)
"""An amount with its currency at the end, or in front as English and Dutch write it."""


def _countries() -> Sequence[tuple[str, str]]:
    return ("EU", _("another one in Europe")), *country_names(get_language() or "en")


class StrategyForm(GatheringForm):
    """What holds for all steps. Every field is text: the policy itself says what is wrong with it."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=gettext_lazy("Name"), required=True, max_length=200)
    debtor = forms.ChoiceField(label=gettext_lazy("Made for"), choices=DEBTORS.items(), required=True)
    country = forms.CharField(
        label=gettext_lazy("Country"),
        help_text=gettext_lazy(
            "The country whose law and customs it follows. Sending and deadlines keep to the holidays of the company."
        ),
        required=True,
        max_length=10,
        widget=forms.Select(choices=CallableChoiceIterator(_countries)),
    )
    language = forms.CharField(
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("For customers whose own language is not known."),
        required=True,
        max_length=10,
        widget=forms.Select(choices=LANGUAGES.items()),
    )
    grace_days = forms.CharField(
        label=gettext_lazy("Grace in days"),
        help_text=gettext_lazy("Shifts every step: a payment may still be on its way."),
        required=False,
        max_length=10,
    )
    cap_touches = forms.CharField(
        label=gettext_lazy("At most … contacts"),
        help_text=gettext_lazy("Leave both fields empty for no limit."),
        required=False,
        max_length=10,
    )
    cap_days = forms.CharField(label=gettext_lazy("within … days"), required=False, max_length=10)
    consider_credits = forms.BooleanField(
        label=gettext_lazy("Show open credits and ask for that much less"), required=False
    )
    send_on_working_days = forms.BooleanField(label=gettext_lazy("Send on working days only"), required=False)
    approval = forms.ChoiceField(
        label=gettext_lazy("Approval of runs"),
        help_text=gettext_lazy("A company's first run always waits for a person."),
        choices=APPROVALS.items(),
        widget=forms.RadioSelect,
        required=True,
    )
    bound_factor = forms.CharField(
        label=gettext_lazy("Stop a run above … times the usual"),
        required=True,
        max_length=10,
    )
    bound_floor = forms.CharField(label=gettext_lazy("and above … notices"), required=True, max_length=10)
    interest = forms.ChoiceField(
        label=gettext_lazy("Interest"),
        help_text=gettext_lazy("Each step says for itself whether its notice asks for it."),
        choices=INTERESTS.items(),
        required=False,
    )
    agreed_rate = forms.CharField(
        label=gettext_lazy("Agreed rate per year"),
        help_text=gettext_lazy("In per cent, such as 9.5; only for interest at an agreed rate."),
        required=False,
        max_length=10,
    )
    day_count = forms.ChoiceField(
        label=gettext_lazy("Days of a year"), choices=DAY_COUNTS.items(), required=False
    )
    keep = forms.ChoiceField(label=gettext_lazy("Where claims stand"), choices=KEEPS.items(), required=False)
    lump_sum = forms.BooleanField(
        label=gettext_lazy("Claim the lump sum of EUR 40, once for each item"),
        help_text=gettext_lazy("Businesses owe it, consumers never do."),
        required=False,
    )
    due_date_agreed = forms.BooleanField(
        label=gettext_lazy("The due day was agreed by the calendar"),
        help_text=gettext_lazy("In the contract, not only on the invoice. Default then needs no notice."),
        required=False,
    )
    invoice_told_default = forms.BooleanField(
        label=gettext_lazy("Our invoices tell consumers that default begins after 30 days"), required=False
    )
    costs_agreed = forms.BooleanField(
        label=gettext_lazy("Costs of reminding were agreed, in the contract or its terms"), required=False
    )
    invoice_names_claims = forms.BooleanField(
        label=gettext_lazy("Our invoices print the rate of interest and the lump sum"), required=False
    )


class StepForm(WaysForm):
    """One step of the ladder."""

    days_after_due = forms.CharField(
        label=gettext_lazy("Days after the due day"), required=True, max_length=10
    )
    month_end = forms.BooleanField(
        label=gettext_lazy("Wait for the end of the month in which that day lies"), required=False
    )
    min_gap_days = forms.CharField(
        label=gettext_lazy("Days since the last reminder"),
        help_text=gettext_lazy("To the reminder before; 0 in the first step."),
        required=True,
        max_length=10,
    )
    deadline_days = forms.CharField(
        label=gettext_lazy("Payment deadline in days"), required=True, max_length=10
    )
    minimum_item = forms.CharField(
        label=gettext_lazy("Items from"),
        help_text=gettext_lazy("Such as 5.00 EUR; several currencies with a semicolon between. Empty: any."),
        required=False,
        max_length=200,
    )
    minimum_notice = forms.CharField(label=gettext_lazy("Notices from"), required=False, max_length=200)
    fee = forms.CharField(
        label=gettext_lazy("Fee"),
        help_text=gettext_lazy("It is held against the law when you save. Empty: none."),
        required=False,
        max_length=200,
    )
    claim_interest = forms.BooleanField(label=gettext_lazy("Ask for interest"), required=False)
    claim_lump_sum = forms.BooleanField(label=gettext_lazy("Ask for the lump sum of EUR 40"), required=False)


class PolicyForms:
    """The form of a strategy with the forms of its steps, as one thing."""

    def __init__(
        self, head: StrategyForm, steps: list[StepForm], *, currency: str, base: Policy | None
    ) -> None:
        self.head, self.steps = head, steps
        self._currency, self._base = currency, base

    @classmethod
    def of(cls, policy: Policy, *, version: int | None, texts: Sequence[str], currency: str) -> PolicyForms:
        """The forms filled with a policy, for a person to change."""
        cap, bound = policy.contact_cap, policy.run_bound
        head = StrategyForm(
            initial={
                "version": version,
                "name": strategy_name(policy.name),
                "debtor": policy.debtor.value,
                "country": policy.country,
                "language": policy.language,
                "grace_days": policy.grace_days,
                "cap_touches": cap.touches if cap else "",
                "cap_days": cap.days if cap else "",
                "consider_credits": policy.consider_credits,
                "send_on_working_days": policy.send_on_working_days,
                "approval": policy.approval.value,
                "bound_factor": bound.factor,
                "bound_floor": bound.floor,
                **gathering_initial(policy),
                "approval_above": _amounts_text(policy.approval_above),
                **_claims_initial(policy.claims),
            }
        )
        steps = [
            StepForm(
                prefix=f"step-{place}",
                texts=texts,
                initial={
                    "days_after_due": step.days_after_due,
                    "month_end": step.month_end,
                    "min_gap_days": step.min_gap_days,
                    "deadline_days": step.deadline_days,
                    **ways_initial(step),
                    "minimum_item": _amounts_text(step.minimum_item),
                    "minimum_notice": _amounts_text(step.minimum_notice),
                    "fee": _amounts_text(step.fee),
                    "claim_interest": step.claim_interest,
                    "claim_lump_sum": step.claim_lump_sum,
                },
            )
            for place, step in enumerate(policy.steps, start=1)
        ]
        return cls(head, steps, currency=currency, base=policy)

    @classmethod
    def typed(
        cls, data: Any, *, texts: Sequence[str], currency: str, base: Policy | None, places: Sequence[int]
    ) -> PolicyForms:
        """The forms as they were sent; `places` are the numbers of the steps in them, in their order."""
        steps = [StepForm(data, prefix=f"step-{place}", texts=texts) for place in places]
        return cls(StrategyForm(data), steps, currency=currency, base=base)

    def policy(self) -> Policy | None:
        """What was typed, as a policy; None if it is none, and then every fault stands at its field."""
        understood = [form.is_valid() for form in (self.head, *self.steps)]
        policy, faults = from_document(self._document())
        for fault in faults:
            self._place(fault)
        return policy if all(understood) else None

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Put what the law forbids to its fields."""
        for finding in findings:
            if finding.unlawful:
                self._put(finding.place, finding_line(finding))

    def _document(self) -> dict[str, Any]:
        head = self.head.cleaned_data
        kept = as_document(self._base) if self._base else {}
        cap = {"touches": head.get("cap_touches", ""), "days": head.get("cap_days", "")}
        return {
            "policy": "1",
            "name": stored_name(head.get("name", "")),
            "debtor": head.get("debtor") or DebtorKind.CONSUMER.value,
            "country": str(head.get("country", "")).upper(),
            "language": str(head.get("language", "")).lower(),
            "grace_days": head.get("grace_days") or "0",
            "contact_cap": cap if any(cap.values()) else "none",
            "consider_credits": head.get("consider_credits", False),
            "send_on_working_days": head.get("send_on_working_days", False),
            "approval": head.get("approval") or Approval.PERSON.value,
            "run_bound": {"factor": head.get("bound_factor", ""), "floor": head.get("bound_floor", "")},
            "approval_above": self._amounts(str(head.get("approval_above", ""))),
            **gathering_document(head, kept),
            "claims": _claims_document(head),
            "steps": [self._step(step.cleaned_data) for step in self.steps],
        }

    def _step(self, typed: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **ways_document(typed),
            "days_after_due": typed.get("days_after_due", ""),
            "month_end": typed.get("month_end", False),
            "min_gap_days": typed.get("min_gap_days") or "0",
            "deadline_days": typed.get("deadline_days", ""),
            "minimum_item": self._amounts(str(typed.get("minimum_item", ""))),
            "minimum_notice": self._amounts(str(typed.get("minimum_notice", ""))),
            "fee": self._amounts(str(typed.get("fee", ""))),
            "claim_interest": typed.get("claim_interest", False),
            "claim_lump_sum": typed.get("claim_lump_sum", False),
        }

    def _amounts(self, text: str) -> list[str]:
        """Amounts as the document writes them; what is none is handed on, so that the policy names the fault."""
        parts = [part.strip() for part in text.split(";") if part.strip()]
        written = [self._amount(part) for part in parts]
        return [amount for amount in written if amount]

    def _amount(self, part: str) -> str:
        found = _AMOUNT.fullmatch(part)
        amount = typed_amount(found["amount"]) if found else None
        if found is None or amount is None or (found["before"] and found["after"]):
            return part
        code = found["before"] or found["after"] or self._currency
        currency = "EUR" if code == "€" else code.upper()
        return f"{amount:f} {currency}" if amount else ""

    def _place(self, fault: Fault) -> None:
        """Put a fault to its field; one that belongs to none stands above the form."""
        if fault.path == "steps":
            self.head.add_error(
                None, _("A strategy has between 1 and %(most)s steps.") % {"most": MOST_STEPS}
            )
            return
        self._put(fault.path, fault_words(fault))

    def _put(self, path: str, words: str) -> None:
        of_step = _STEP.match(path)
        if of_step and of_step[2] and int(of_step[1]) <= len(self.steps):
            _add(self.steps[int(of_step[1]) - 1], of_step[2], words)
            return
        name = _NESTED.get(path, path.removeprefix("claims."))
        _add(self.head, name if name in self.head.fields else None, words)


def _claims_initial(claims: Claims) -> dict[str, Any]:
    rate = "" if claims.agreed_bp is None else percent_words(claims.agreed_bp).rstrip("\u00a0%")
    return {
        "interest": claims.interest.value,
        "agreed_rate": rate,
        "day_count": claims.day_count.value,
        "keep": claims.keep.value,
        **{key: getattr(claims, key) for key in _STATED},
    }


def _claims_document(head: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed of the claims; a form that did not show them claims nothing."""
    return {
        "interest": head.get("interest") or Interest.NONE.value,
        "agreed_bp": _basis_points(str(head.get("agreed_rate", ""))),
        "day_count": head.get("day_count") or DayCount.ACT_365.value,
        "keep": head.get("keep") or Keep.MEMO.value,
        **{key: head.get(key, False) for key in _STATED},
    }


def _basis_points(typed: str) -> str:
    """A rate in per cent as basis points; what is none is handed on, so that the policy names the fault."""
    found = _PERCENT.fullmatch(typed.strip())
    return f"{int(found[1]) * 100 + int((found[2] or '').ljust(2, '0'))}" if found else typed


def _add(form: forms.Form, name: str | None, words: str) -> None:
    """One fault is enough for a field."""
    if name not in form.errors:
        form.add_error(name, words)


def _amounts_text(amounts: Amounts) -> str:
    return "; ".join(map(amount_words, amounts))
