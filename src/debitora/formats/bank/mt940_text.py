"""What the text of an MT940 movement (field 86) tells: payer, account, purpose and references, in the styles of its banks.

German and Polish banks number the parts (`166?00GUTSCHRIFT?20EREF+...?32NAME`), Dutch ones name them between slashes
(`/EREF/.../CNTP/.../REMI/...`) or with a colon (`IBAN: ... NAAM: ...`), the others write a plain text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from debitora.formats.bank.fields import account_of, plain, provided

_MAX_DETAILS: Final = 10_000
_FULL: Final = (
    65  # characters of a full line; some banks count the tag, so that a full first line has four less
)
_FULL_PART: Final = 27  # characters of a full part ?20 to ?29
_NUMBERED: Final = re.compile(r"\s?(?P<code>\d{3})\s?(?P<mark>[^\w\s/])(?=\s?\d\d)")
_SLASHED: Final = re.compile(r"\s*/[A-Z]{3,9}/")
_PURPOSE: Final = (*(str(number) for number in range(20, 30)), *(str(number) for number in range(60, 64)))
_KEYWORD: Final = re.compile(
    r"(?<![A-Z0-9])(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|RREF|SQTP)\+ ?"
)
_SLASH_TAG: Final = re.compile(
    r"/(TRTP|IBAN|BBAN|BIC|NAME|REMI|EREF|KREF|PREF|MARF|CSID|ISDT|ORDP|BENM|ADDR|CNTP|PURP|RTRN|ULTC|ULTD|ULTB"
    r"|CDTRREFTP|CDTRREF|ISSR|TRCD|SVCL|NRTX|CREF|ACCW)/"
)
_LABEL: Final = re.compile(
    r"(?<![A-Z])(IBAN|BIC|REK|NAAM|OMSCHRIJVING|KENMERK|MACHTIGING|INCASSANT|BETALINGSKENM\.?|BETALINGSKENMERK)\s?:"
)
_IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}")
_BIC: Final = re.compile(r"[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_REASON: Final = re.compile(r"(?<![A-Z0-9])((?:AC|AG|AM|BE|CNOR|DNOR|FF|MD|MS|RC|RR|SL|TM)\d{2})(?![A-Z0-9])")
_RETURNS: Final = frozenset({"108", "109", "159", "181", "182", "183", "184", "185"})


@dataclass(frozen=True, slots=True)
class Told:
    """What a text tells about a movement; empty where it is silent. code: the business transaction code (GVC) in front of it."""

    text: str = ""
    name: str = ""
    account: str = ""
    bank: str = ""
    reference: str = ""
    end_to_end: str = ""
    mandate: str = ""
    return_reason: str = ""
    code: str = ""


def read_text(details: str) -> Told:
    """What the text of a field 86 tells, its lines parted by "\\n"; 10,000 characters of it are looked at."""
    bounded = details[:_MAX_DETAILS]
    numbered = _NUMBERED.match(bounded)
    if numbered:
        return _numbered(numbered["code"], numbered["mark"], bounded)
    text = _unfolded(bounded)
    if _SLASHED.match(text) and _SLASH_TAG.search(text):
        return _slashed(text)
    return _labelled(text)


def _unfolded(details: str, mark: str = "") -> str:
    """The text as one line. A full line was broken anywhere, a shorter one at a blank; `mark` begins a part and needs none."""
    lines = details.split("\n")
    text = lines[0]
    for number, line in enumerate(lines[1:]):
        before = lines[number]
        is_full = len(before) == _FULL or (number == 0 and len(before) == _FULL - 4)
        is_border = bool(mark) and (line.startswith(mark) or before.endswith(mark))
        text += line if is_full or is_border or before.endswith(" ") else f" {line}"
    return text


def _numbered(code: str, mark: str, details: str) -> Told:
    """Parts with two digits: 00 kind, 20 to 29 and 60 to 63 purpose, 30 bank, 31 account, 32 and 33 name, 34 reason, 38 IBAN."""
    parts: dict[str, list[str]] = defaultdict(list)
    for part in _part_border(mark).split(_unfolded(details, mark))[1:]:
        parts[part[:2]].append(part[2:])
    purposes = [text for number in _PURPOSE for text in parts[number]]
    if mark == ">":
        return _triodos(code, purposes)
    said = _marked(_KEYWORD, _purpose(purposes))
    return Told(
        text=plain(said["SVWZ"]) or said[""] or plain(*parts["00"]),
        name=plain(*_name(parts["32"], parts["33"])),
        account=account_of("".join(parts["38"] or parts["31"])) or account_of(said["IBAN"]),
        bank=account_of("".join(parts["30"])) or account_of(said["BIC"]),
        end_to_end=provided(plain(said["EREF"])),
        mandate=plain(said["MREF"]),
        reference=plain(said["KREF"]),
        return_reason=_return_reason(code, said, plain(*parts["34"])),
        code=code,
    )


@cache
def _part_border(mark: str) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(mark)}\s?(?=\d\d)")


def _purpose(parts: Sequence[str]) -> str:
    """Parts as one text: a full part runs on in the next, unless that begins with a keyword."""
    text = ""
    for before, part in zip(["", *parts], parts, strict=False):
        runs_on = len(before) >= _FULL_PART and not _KEYWORD.match(part)
        text += part if runs_on or not text else f" {part}"
    return text


def _marked(marks: re.Pattern[str], text: str) -> defaultdict[str, str]:
    """Mark -> the text behind it, of several with one mark the first that says something; "" -> what stands before all marks."""
    found = list(marks.finditer(text))
    ends = [*(each.start() for each in found[1:]), len(text)]
    said = defaultdict(str, {"": plain(text[: found[0].start()] if found else text)})
    for mark, end in zip(found, ends, strict=bool(found)):
        said[mark[1]] = said[mark[1]] or text[mark.end() : end].strip()
    return said


def _name(first: Sequence[str], second: Sequence[str]) -> list[str]:
    """The name in its two parts of 27 characters; a full first part runs on."""
    head, tail = "".join(first), "".join(second)
    return [head + tail] if len(head) >= _FULL_PART else [head, tail]


def _triodos(code: str, parts: Sequence[str]) -> Told:
    """The Dutch style with ">": bank and account stand in the first two parts of the purpose."""
    bank = parts[0].strip() if parts and _BIC.fullmatch(parts[0].strip()) else ""
    account = parts[1].strip() if bank and len(parts) > 1 and _IBAN.fullmatch(parts[1].strip()) else ""
    rest = parts[2:] if account else parts
    return Told(text=plain(_purpose(rest)), account=account, bank=bank, code=code)


def _return_reason(code: str, said: Mapping[str, str], own: str) -> str:
    """Why a payment came back: the ISO code in the text, else the bank's own. Empty for all that is no return."""
    if code not in _RETURNS:
        return ""
    found = _REASON.search(f"{said['SVWZ']} {said['']}")
    return found[1] if found else own


def _slashed(text: str) -> Told:
    """Parts named between slashes; of several with one name, the first that says something."""
    said = _marked(_SLASH_TAG, text)
    account, bank, name = _counterparty(said["CNTP"])
    purpose, reference = _remittance(said["REMI"])
    return Told(
        text=purpose or said[""] or plain(said["TRTP"]),
        name=plain(said["NAME"]) or name,
        account=account_of(said["IBAN"] or said["BBAN"]) or account,
        bank=account_of(said["BIC"]) or bank,
        reference=plain(said["CDTRREF"].strip("/")) or reference,
        end_to_end=provided(plain(said["EREF"].rstrip("/"))),
        mandate=plain(said["MARF"].rstrip("/")),
        return_reason=plain(said["RTRN"].partition("/")[0]),
    )


def _counterparty(text: str) -> tuple[str, str, str]:
    """(account, bank, name) of `account/bank/name/city/`."""
    account, bank, name = [*text.split("/", 3), "", "", ""][:3]
    return account_of(account), account_of(bank), plain(name)


def _remittance(text: str) -> tuple[str, str]:
    """(text, reference) of `USTD//text/`, `STRD/CUR/reference/` or a bare text."""
    if text.startswith("USTD//"):
        return plain(text.removeprefix("USTD//").rstrip("/")), ""
    if text.startswith("STRD/"):
        return "", plain(text.rstrip("/").rpartition("/")[2])
    return plain(text), ""


def _labelled(text: str) -> Told:
    """Parts behind labels, where an account or a name is labelled; else the text is plain."""
    said = {label.rstrip("."): plain(value.strip(" /")) for label, value in _marked(_LABEL, text).items()}
    if not said.keys() & {"IBAN", "REK", "NAAM"}:
        return Told(text=plain(text))
    return Told(
        text=said.get("OMSCHRIJVING") or said[""],
        name=said.get("NAAM", ""),
        account=_first_account([said.get("IBAN", ""), said.get("REK", "")]),
        bank=account_of(said.get("BIC", "")),
        reference=said.get("BETALINGSKENM") or said.get("BETALINGSKENMERK", ""),
        end_to_end=provided(said.get("KENMERK", "")),
        mandate=said.get("MACHTIGING", ""),
    )


def _first_account(texts: Iterable[str]) -> str:
    """The first word of the first text that is not empty."""
    return next((account_of(text.split()[0]) for text in texts if text), "")
