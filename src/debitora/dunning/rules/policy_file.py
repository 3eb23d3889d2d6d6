"""A policy as a file that people read, and back. Strict: what is not understood is a fault, never a guess.

The same document, as a mapping, comes from a YAML file, from stored JSON and from a form. All scalars are read as
text, so that no amount becomes a float, no country Norway becomes `false`, and nothing is converted twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

import yaml

from debitora.dunning.rules.policy import (
    AfterLastStep,
    Amounts,
    Approval,
    Channel,
    Claims,
    ContactCap,
    Copy,
    Counting,
    DebtorKind,
    Grouping,
    Interest,
    Keep,
    Policy,
    RunBound,
    Silence,
    Step,
    Upcoming,
    WrittenTo,
)
from debitora.dunning.rules.policy_node import Fault, FaultCode, Node
from debitora.engine.interest import DayCount

FORMAT: Final = 1
"""Version of the file's own format, its first key `policy`."""

_MAX_TEXT: Final = 100_000
_KEYS: Final = ("policy", *(field.name for field in fields(Policy)))
_STEP_KEYS: Final = tuple(field.name for field in fields(Step))
_CLAIM_KEYS: Final = tuple(field.name for field in fields(Claims))
_STATED: Final = (
    "lump_sum",
    "due_date_agreed",
    "invoice_told_default",
    "costs_agreed",
    "invoice_names_claims",
)
_RATE_FROM, _RATE_TO = 1, 5_000
_SAID_BY_STEP: Final = ("month_end", "call_only_reminds", "enclose_copies")
_WAYS_OF_STEP: Final = ("to", "counts", "language", "signed_by", "signed_phone")
_CLAIMED_BY_STEP: Final = ("claim_interest", "claim_lump_sum")
_DEFAULTS: Final = {field.name: field.default for field in fields(Step)}


def read(text: str) -> tuple[Policy | None, tuple[Fault, ...]]:
    """The policy of a YAML text, or None and what is wrong with it."""
    if len(text) > _MAX_TEXT:
        return None, (Fault("", FaultCode.TOO_LONG, found=str(len(text)), expected=str(_MAX_TEXT)),)
    try:
        # The loader is a SafeLoader that makes nothing but text, lists and mappings.
        document = yaml.load(text, Loader=_TextLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        return None, (Fault(f"line {line}", FaultCode.NOT_YAML, found=error.problem or ""),)
    except (yaml.YAMLError, RecursionError) as error:
        return None, (Fault("", FaultCode.NOT_YAML, found=type(error).__name__),)
    return from_document(document)


def from_document(document: Any) -> tuple[Policy | None, tuple[Fault, ...]]:
    """The policy of a mapping as `as_document` makes it, or None and what is wrong with it.

    Numbers and flags may also come as text, as a form has them.
    """
    faults: list[Fault] = []
    policy = _policy(Node.of("", document, faults, expected=", ".join(_KEYS)))
    faults.extend(_claim_faults(policy.claims))
    faults.extend(_ladder_faults(policy.steps))
    return (None if faults else policy), tuple(faults)


def as_document(policy: Policy) -> dict[str, Any]:
    """The policy as a mapping of text, whole numbers and flags, in the order of the file.

    Keys that came after the first version are left out where nothing is said by them, so that what was stored before keeps
    its fingerprint.
    """
    cap, upcoming = policy.contact_cap, policy.upcoming
    return {
        "policy": FORMAT,
        "name": policy.name,
        "debtor": policy.debtor.value,
        "country": policy.country,
        "language": policy.language,
        "grace_days": policy.grace_days,
        "contact_cap": {"touches": cap.touches, "days": cap.days} if cap else "none",
        "consider_credits": policy.consider_credits,
        **({} if policy.offset_credits else {"offset_credits": False}),
        "send_on_working_days": policy.send_on_working_days,
        "grouping": policy.grouping.value,
        **({"quiet_days": [one.text for one in policy.quiet_days]} if policy.quiet_days else {}),
        "approval": policy.approval.value,
        **({"approval_above": _amounts_document(policy.approval_above)} if policy.approval_above else {}),
        "run_bound": {"factor": policy.run_bound.factor, "floor": policy.run_bound.floor},
        "after_last_step": policy.after_last_step.value,
        "upcoming": _upcoming_document(upcoming) if upcoming else "none",
        **_claims_document(policy.claims),
        "steps": [_step_document(step) for step in policy.steps],
    }


def write(policy: Policy) -> str:
    """The policy as YAML. `read` gives it back unchanged."""
    return yaml.safe_dump(as_document(policy), sort_keys=False, allow_unicode=True, width=110)


def canonical(policy: Policy) -> str:
    """The policy as JSON, the same text for the same policy: what is stored and hashed."""
    return json.dumps(as_document(policy), sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def fingerprint(policy: Policy) -> str:
    """SHA-256 of the canonical text, in hexadecimal: two versions differ if and only if this differs."""
    return hashlib.sha256(canonical(policy).encode()).hexdigest()


# -------------------------------------------------------------------------------------------------- writing


def _upcoming_document(upcoming: Upcoming) -> dict[str, Any]:
    return {"days_before": upcoming.days_before, "text": upcoming.text, "channel": upcoming.channel.value}


def _step_document(step: Step) -> dict[str, Any]:
    return {
        "text": step.text,
        "days_after_due": step.days_after_due,
        "min_gap_days": step.min_gap_days,
        "deadline_days": step.deadline_days,
        "channel": step.channel.value,
        "minimum_item": _amounts_document(step.minimum_item),
        "minimum_notice": _amounts_document(step.minimum_notice),
        "fee": _amounts_document(step.fee),
        "copy_to": step.copy_to.value,
        **_asking_document(step),
        **{key: str(getattr(step, key)) for key in _WAYS_OF_STEP if getattr(step, key) != _DEFAULTS[key]},
        **{key: True for key in (*_SAID_BY_STEP, *_CLAIMED_BY_STEP) if getattr(step, key)},
    }


def _asking_document(step: Step) -> dict[str, Any]:
    """Whether sales is asked first; what its silence means only where it is asked."""
    if not step.asks_sales:
        return {}
    return {"ask_sales_days": step.ask_sales_days, "sales_silence": step.sales_silence.value}


def _claims_document(claims: Claims) -> dict[str, Any]:
    """Only what differs from claiming nothing; a key added later then changes no document written before."""
    said = {
        key: getattr(claims, key) for key in _CLAIM_KEYS if getattr(claims, key) != getattr(Claims(), key)
    }
    plain = {key: value.value if isinstance(value, StrEnum) else value for key, value in said.items()}
    return {"claims": plain} if plain else {}


def _amounts_document(amounts: Amounts) -> str | list[str]:
    written = [f"{money.decimal} {money.currency}" for money in amounts]
    return written[0] if len(written) == 1 else written or "none"


# -------------------------------------------------------------------------------------------------- reading


def _policy(node: Node) -> Policy:
    node.only(_KEYS)
    node.whole("policy", low=FORMAT, high=FORMAT)
    return Policy(
        name=node.text("name"),
        debtor=node.choice("debtor", DebtorKind),
        country=node.code("country", capital=True),
        language=node.code("language", capital=False),
        grace_days=node.whole("grace_days", low=0, high=60, default=0),
        contact_cap=_contact_cap(node.optional("contact_cap", keys=("touches", "days"))),
        consider_credits=node.flag("consider_credits", default=True),
        offset_credits=node.flag("offset_credits", default=True),
        send_on_working_days=node.flag("send_on_working_days", default=True),
        grouping=node.choice("grouping", Grouping, default=Grouping.CUSTOMER_CURRENCY),
        quiet_days=node.quiet_days("quiet_days"),
        approval=node.choice("approval", Approval, default=Approval.PERSON),
        approval_above=node.amounts("approval_above"),
        run_bound=_run_bound(node.optional("run_bound", keys=("factor", "floor"))),
        after_last_step=node.choice("after_last_step", AfterLastStep, default=AfterLastStep.STOP),
        upcoming=_upcoming(node.optional("upcoming", keys=("days_before", "text", "channel"))),
        claims=_claims(node.optional("claims", keys=_CLAIM_KEYS)),
        steps=tuple(_step(step) for step in node.nodes("steps", keys=_STEP_KEYS, low=1, high=9)),
    )


def _contact_cap(node: Node | None) -> ContactCap | None:
    if node is None:
        return None
    return ContactCap(touches=node.whole("touches", low=1, high=50), days=node.whole("days", low=1, high=90))


def _run_bound(node: Node | None) -> RunBound:
    if node is None:
        return RunBound()
    return RunBound(
        factor=node.whole("factor", low=1, high=100), floor=node.whole("floor", low=0, high=1_000_000)
    )


def _upcoming(node: Node | None) -> Upcoming | None:
    if node is None:
        return None
    return Upcoming(
        days_before=node.whole("days_before", low=1, high=30),
        text=node.key("text"),
        channel=node.choice("channel", Channel, default=Channel.MAIL),
    )


def _claims(node: Node | None) -> Claims:
    if node is None:
        return Claims()
    given = node.values.get("agreed_bp") not in (None, "", "none")
    return Claims(
        interest=node.choice("interest", Interest, default=Interest.NONE),
        agreed_bp=node.whole("agreed_bp", low=_RATE_FROM, high=_RATE_TO) if given else None,
        day_count=node.choice("day_count", DayCount, default=DayCount.ACT_365),
        keep=node.choice("keep", Keep, default=Keep.MEMO),
        **{key: node.flag(key, default=False) for key in _STATED},
    )


def _claim_faults(claims: Claims) -> Iterator[Fault]:
    """An agreed rate is given exactly where it is used."""
    agreed = claims.interest is Interest.AGREED
    if agreed and claims.agreed_bp is None:
        yield Fault("claims.agreed_bp", FaultCode.MISSING)
    if claims.agreed_bp is not None and not agreed:
        found = str(claims.agreed_bp)
        yield Fault("claims.agreed_bp", FaultCode.RATE_NOT_USED, found=found, expected=Interest.AGREED.value)


def _step(node: Node) -> Step:
    return Step(
        text=node.key("text"),
        days_after_due=node.whole("days_after_due", low=1, high=400),
        min_gap_days=node.whole("min_gap_days", low=0, high=400, default=0),
        deadline_days=node.whole("deadline_days", low=1, high=90, default=10),
        channel=node.choice("channel", Channel, default=Channel.MAIL),
        minimum_item=node.amounts("minimum_item"),
        minimum_notice=node.amounts("minimum_notice"),
        fee=node.amounts("fee"),
        copy_to=node.choice("copy_to", Copy, default=Copy.NONE),
        to=node.choice("to", WrittenTo, default=WrittenTo.CUSTOMER),
        counts=node.choice("counts", Counting, default=Counting.LETTER),
        language=node.code("language", capital=False) if node.says("language") else "",
        signed_by=node.text("signed_by") if node.says("signed_by") else "",
        signed_phone=node.text("signed_phone", longest=40) if node.says("signed_phone") else "",
        ask_sales_days=node.whole("ask_sales_days", low=0, high=20, default=0),
        sales_silence=node.choice("sales_silence", Silence, default=Silence.RELEASE),
        **{key: node.flag(key, default=False) for key in (*_SAID_BY_STEP, *_CLAIMED_BY_STEP)},
    )


def _ladder_faults(steps: Sequence[Step]) -> Iterator[Fault]:
    """What is wrong between the steps, and within those that are calls."""
    for place, step in enumerate(steps, start=1):
        if step.channel is Channel.CALL:
            claimed = [key for key in ("fee", *_CLAIMED_BY_STEP) if getattr(step, key)]
            yield from (Fault(f"steps[{place}].{key}", FaultCode.CALL_CLAIMS) for key in claimed)
    if steps and steps[0].min_gap_days:
        found = str(steps[0].min_gap_days)
        yield Fault("steps[1].min_gap_days", FaultCode.FIRST_STEP_HAS_NO_GAP, found=found, expected="0")
    for place, (earlier, later) in enumerate(pairwise(steps), start=2):
        if later.min_gap_days < 1:
            yield Fault(
                f"steps[{place}].min_gap_days",
                FaultCode.GAP_NEEDED,
                found=str(later.min_gap_days),
                expected="1",
            )
        if later.days_after_due < earlier.days_after_due:
            days = str(later.days_after_due)
            expected = str(earlier.days_after_due)
            yield Fault(f"steps[{place}].days_after_due", FaultCode.DAYS_FALL, found=days, expected=expected)


class _TextLoader(yaml.SafeLoader):
    """Makes only text, lists and mappings; a key that stands twice in one mapping is an error."""

    yaml_implicit_resolvers: dict[str, Any] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, "key stands twice or is no text", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)
