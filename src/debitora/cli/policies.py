"""Commands about strategies as files: policy lint. They need no company and read no ledger."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

from debitora.cli.answers import DONE, REFUSED, USAGE, UsageError
from debitora.cli.speaking import complain, say
from debitora.dunning.rules.law.policies import findings
from debitora.dunning.rules.law.rules import Finding
from debitora.dunning.rules.policy import Policy
from debitora.dunning.rules.policy_file import read
from debitora.dunning.rules.policy_node import Fault
from debitora.kit.runtime import today
from debitora.messaging.rules.notice_texts import TextKey, Tone, default_text
from debitora.values.rates import shipped

_MOST_BYTES = 400_000


def lint(args: Namespace) -> int:
    """Hold a strategy's file against the law, with the shipped texts and rates; 0 nothing found, 1 findings, 2 unreadable."""
    policy, faults = read(_text(args.file))
    if policy is None:
        say({"faults": [_fault(one) for one in faults], "findings": []}, as_json=args.json)
        for one in faults:
            complain(f"{one.path or 'the file'}: {one.code.remedy % {'expected': one.expected}}")
        return USAGE
    found = findings(policy, on=args.on or today("UTC"), tables=shipped(), texts=dict(_wording(policy)))
    say({"faults": [], "findings": [_finding(one) for one in found]}, as_json=args.json)
    return REFUSED if found else DONE


def _text(file: str) -> str:
    try:
        content = Path(file).read_bytes()[: _MOST_BYTES + 1]
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{file} cannot be read: {problem}") from None


def _wording(policy: Policy) -> Iterator[tuple[str, str]]:
    for step in policy.steps:
        if step.text in list(TextKey):
            text = default_text(TextKey(step.text), tone=Tone(policy.debtor.value), language=policy.language)
            yield step.text, f"{text.opening}\n{text.closing}"


def _finding(finding: Finding) -> dict[str, object]:
    values, text = dict(finding.values), finding.rule.text
    return {
        "rule": finding.rule.value,
        "place": finding.place,
        "severity": finding.severity.value,
        "law": text.law % values if "%(" in text.law else text.law,
        "certainty": text.certainty.value,
        "says": text.says % values,
        "remedy": text.remedy % values,
        "values": values,
    }


def _fault(fault: Fault) -> dict[str, str]:
    remedy = fault.code.remedy % {"expected": fault.expected}
    return {"place": fault.path, "code": fault.code.value, "found": fault.found, "remedy": remedy}
