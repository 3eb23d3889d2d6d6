"""An entry of a camt message -> lines: one for each of its transactions where their amounts tie to the entry, else one.

ISO 20022: CdtDbtInd is the side of the account on which the entry stands, reversals too; RvslInd only says that an earlier entry of
the other side is taken back. Parties keep the roles of the first payment: who returns a debit is still its debtor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from debitora.formats.bank.elements import Fields, Shape, Tree
from debitora.formats.bank.fields import MAX_TEXT, account_of, against, broken, minor_of, plain
from debitora.formats.bank.statements import Line
from debitora.formats.faults import FaultCode
from debitora.values.money import currencies, exponent

_CODES: Final[Tree] = {
    "Domn": {"Cd": "domain", "Fmly": {"Cd": "domain", "SubFmlyCd": "domain"}},
    "Prtry": {"Cd": "own_code"},
}
_CHARGES: Final[Tree] = {
    "Amt": "fee",
    "ChrgInclInd": "fee_included",
    "Rcrd": {"Amt": "fee", "ChrgInclInd": "fee_included"},
}
_AMOUNTS: Final[Tree] = {"InstdAmt": "instructed", "TxAmt": "transaction", "CntrValAmt": "counter"}
_REMITTANCE: Final[Tree] = {
    "Ustrd": "text",
    "Strd": {
        "CdtrRefInf": {"Ref": "reference", "CdtrRef": "reference"},
        "RfrdDocInf": {"Nb": "documents", "RfrdDocNb": "documents"},
        "AddtlRmtInf": "documents",
    },
}


def _party(role: str) -> Tree:
    return {"Nm": role, "Pty": {"Nm": role}, "Agt": {"FinInstnId": f"{role}_agent"}}


def _agent(field: str) -> Tree:
    return {"FinInstnId": {"BIC": field, "BICFI": field}}


ENTRY: Final = Shape(
    {
        "NtryRef": "entry_reference",
        "Amt": "amount",
        "CdtDbtInd": "side",
        "RvslInd": "reversal",
        "Sts": "status",
        "BookgDt": "booked",
        "ValDt": "valued",
        "AcctSvcrRef": "bank_reference",
        "BkTxCd": _CODES,
        "AmtDtls": _AMOUNTS,
        "Chrgs": _CHARGES,
        "NtryDtls": {"Btch": {"MsgId": "batch", "PmtInfId": "batch"}},
        "Btch": {"MsgId": "batch", "PmtInfId": "batch"},
        "AddtlNtryInf": "note",
    }
)
PART: Final = Shape(
    {
        "Refs": {"EndToEndId": "end_to_end", "MndtId": "mandate", "AcctSvcrRef": "bank_reference"},
        "Amt": "amount",
        "CdtDbtInd": "side",
        "AmtDtls": _AMOUNTS,
        "BkTxCd": _CODES,
        "Chrgs": _CHARGES,
        "RltdPties": {
            "Dbtr": _party("debtor"),
            "UltmtDbtr": _party("ultimate_debtor"),
            "DbtrAcct": {"Id": "debtor_account"},
            "Cdtr": _party("creditor"),
            "UltmtCdtr": _party("ultimate_creditor"),
            "CdtrAcct": {"Id": "creditor_account"},
        },
        "RltdAgts": {"DbtrAgt": _agent("debtor_bank"), "CdtrAgt": _agent("creditor_bank")},
        "RmtInf": _REMITTANCE,
        "RtrInf": {"Rsn": "return_reason", "RtrRsn": "return_reason"},
        "AddtlTxInf": "note",
    }
)
"""A transaction of an entry (TxDtls)."""

_SIGNS: Final = {"CRDT": 1, "DBIT": -1}
_TIED: Final = ("amount", "transaction", "instructed", "counter")
"""Amounts of a transaction, in the order in which they are tried to add up to the entry."""
_FEES: Final = ("fee", "fee_included")
EXCHANGED: Final = ("instructed", "transaction", "counter")
_OF_THE_WHOLE: Final = frozenset({*_FEES, *EXCHANGED})
_JOINED: Final = frozenset({"text", "documents", "note"})
_AMOUNT: Final = re.compile(r"(?=\.?[0-9])([0-9]{0,40})(?:\.([0-9]{0,40}))? ?([A-Z]*)")
_USUAL_AMOUNT: Final = re.compile(r"([0-9]{1,12})\.([0-9]{2}) ([A-Z]{3})")
TWO_DECIMALS: Final = frozenset(each for each in currencies() if exponent(each) == 2)
NOTHING: Final = frozenset({"NOTPROVIDED", "NOTAVAIL", "NOTAVAILABLE", "NONREF", "NOREF"})
_IN_BETWEEN: Final = re.compile(
    r"bank\b|\b(?:banque|banco|caisse|sparkasse|paypal|stripe|adyen|mollie|klarna|sumup|worldline|gocardless|unzer|payone)\b",
    re.IGNORECASE,
)


class Entry(NamedTuple):
    """An entry and its transactions. place: its number in the file. own: the account of the statement; only_day: the day that
    it is about, where it is one."""

    place: int
    own: str
    only_day: date | None
    fields: Fields
    parts: Sequence[Fields] = ()

    @property
    def is_booked(self) -> bool:
        """Whether it is final; other entries are announced (PDNG), for information (INFO) or of the future (FUTR)."""
        return self.fields.get("status", "BOOK") == "BOOK"

    @property
    def currency(self) -> str:
        """The currency of its amount."""
        return self.fields.get("amount", "").rpartition(" ")[2]

    @property
    def day(self) -> date:
        """The day on which it is booked; some banks tell the value date only, or only that of the statement. Raises NotInFormat."""
        told = self.fields.get("booked") or self.fields.get("valued")
        if told:
            return day_of(told, self.place)
        if self.only_day is None:
            raise against("movement", self.place, "")
        return self.only_day


def lines_of(entry: Entry) -> list[Line]:
    """The lines of a booked entry. Raises NotInFormat where it has no amount, no side or no day."""
    minor = signed_minor(entry.fields, "amount", entry.place)
    shared = _shared(entry)
    amounts = _tied_amounts(entry, minor) if len(entry.parts) > 1 else []
    if not amounts:
        return [_line(entry, shared, _alone(entry), minor)]
    batch = _batch_of(entry.fields)
    return [_line(entry, shared, part, each, batch) for part, each in zip(entry.parts, amounts, strict=True)]


def signed_minor(fields: Fields, name: str, place: int, side: str = "") -> int:
    """An amount in minor units of its own currency, negative for a debit. Raises NotInFormat."""
    side = fields.get("side") or side
    if side not in _SIGNS:
        raise broken(FaultCode.SIDE_UNREADABLE, place, side)
    return _SIGNS[side] * _minor(fields.get(name, ""), place)


def day_of(text: str, place: int) -> date:
    """The day of a date or moment by ISO 8601, as the bank writes it. Raises NotInFormat."""
    day = _iso_day(text[:10])
    if isinstance(day, FaultCode):
        raise broken(day, place, text)
    return day


@lru_cache(maxsize=4096)
def _iso_day(text: str) -> date | FaultCode:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return FaultCode.DATE_UNREADABLE
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return FaultCode.DATE_IMPOSSIBLE
    return day if 1900 <= day.year < 2200 else FaultCode.DATE_IMPOSSIBLE


def _minor(text: str, place: int) -> int:
    """Minor units of `12.40 EUR`."""
    usual = _USUAL_AMOUNT.fullmatch(text)
    if usual and usual[3] in TWO_DECIMALS:
        return int(usual[1] + usual[2])
    found = _AMOUNT.fullmatch(text)
    if not found:
        raise broken(FaultCode.AMOUNT_UNREADABLE if text else FaultCode.AMOUNT_MISSING, place, text)
    return minor_of(found[1], found[2] or "", found[3], place)


def _tied_amounts(entry: Entry, minor: int) -> list[int]:
    """The amounts of the transactions, of that kind which adds up to the entry; none where no kind does."""
    side, currency = entry.fields["side"], f" {entry.currency}"
    for kind in _TIED:
        if all(part.get(kind, "").endswith(currency) for part in entry.parts):
            amounts = [signed_minor(part, kind, entry.place, side) for part in entry.parts]
            if sum(amounts) == minor:
                return amounts
    return []


def _alone(entry: Entry) -> Fields:
    """What the only line of an entry is told by its transactions; by the entry of fees and exchange, where they are silent."""
    merged = _merged(entry.parts)
    if _OF_THE_WHOLE.isdisjoint(entry.fields):
        return merged
    silent = [*(() if "fee" in merged else _FEES), *(each for each in EXCHANGED if each not in merged)]
    return {name: entry.fields[name] for name in silent if name in entry.fields} | merged


def _merged(parts: Sequence[Fields]) -> Fields:
    """What the transactions have in common, and all of their texts."""
    if len(parts) < 2:
        return parts[0] if parts else {}
    merged: Fields = {}
    for name in dict.fromkeys(name for part in parts for name in part):
        told = _distinct(part.get(name, "") for part in parts)
        if name in _JOINED:
            merged[name] = "\n".join(told)
        elif len(told) == 1:
            merged[name] = told[0]
    return merged


def _distinct(texts: Iterable[str]) -> list[str]:
    """The texts that are not empty, each once, in their order."""
    return [text for text in dict.fromkeys(texts) if text]


def _batch_of(fields: Fields) -> str:
    """How the bank names the collected entry: its own reference before those of the order."""
    told = (fields.get(name, "") for name in ("bank_reference", "batch", "entry_reference"))
    return next((reference for text in told if (reference := reference_of(text))), "")


class _Shared(NamedTuple):
    """What all lines of an entry have in common."""

    booked_on: date
    valued_on: date | None
    is_reversal: bool
    bank_reference: str
    code: str


class Role(NamedTuple):
    """The fields of one side of a payment."""

    name: str
    agent: str
    behind: str
    account: str
    bank: str


DEBTOR, CREDITOR = (
    Role(role, f"{role}_agent", f"ultimate_{role}", f"{role}_account", f"{role}_bank")
    for role in ("debtor", "creditor")
)


def _shared(entry: Entry) -> _Shared:
    """Raises NotInFormat where the entry has no day."""
    fields = entry.fields
    return _Shared(
        booked_on=entry.day,
        valued_on=day_of(fields["valued"], entry.place) if "valued" in fields else None,
        is_reversal=fields.get("reversal", "") in ("true", "1"),
        bank_reference=_reference_in(fields, "bank_reference"),
        code=code_of(fields),
    )


def _line(entry: Entry, shared: _Shared, part: Fields, minor: int, batch: str = "") -> Line:
    """A line of the entry, with what one transaction tells."""
    is_credit = minor > 0 or (minor == 0 and entry.fields["side"] == "CRDT")
    reason = plain_text(part["return_reason"]) if "return_reason" in part else ""
    role, account = _party_of(part, entry.own, is_payer=is_credit != (shared.is_reversal or bool(reason)))
    reference, text = _remittance(part, entry.fields)
    original, currency = _original(part, entry, minor)
    return Line(  # in their order, for names cost as much again
        entry.place,
        shared.booked_on,
        minor,
        shared.valued_on,
        name_of(part, role),
        account,
        part.get(role.bank, ""),
        text,
        reference,
        _reference_in(part, "end_to_end"),
        _reference_in(part, "mandate"),
        shared.is_reversal,
        reason,
        _reference_in(part, "bank_reference") or shared.bank_reference,
        batch,
        code_of(part) or shared.code,
        _fee(part, entry),
        original,
        currency,
    )


def _party_of(part: Fields, own: str, *, is_payer: bool) -> tuple[Role, str]:
    """(role, account) of the other side: payer or payee by the direction, unless that is the account's holder."""
    role, other = (DEBTOR, CREDITOR) if is_payer else (CREDITOR, DEBTOR)
    account = account_in(part, role)
    if account == own and (opposite := account_in(part, other)) != own:
        return other, opposite
    return role, account


def account_in(part: Fields, role: Role) -> str:
    """`account_of`, the short way where it is an IBAN as it is stored."""
    text = part.get(role.account, "")
    is_stored = text.isalnum() and text.isascii() and text.isupper() and text[-1].isdecimal()
    return text if is_stored and len(text) <= MAX_TEXT else account_of(text)


def name_of(part: Fields, role: Role) -> str:
    """The name of a party; of the party behind it, where a bank or a payment service stands in between."""
    name, agent = part.get(role.name, ""), part.get(role.agent, "")
    behind = part.get(role.behind, "")
    if behind and (not name or agent or _IN_BETWEEN.search(name[:200])):
        return plain_text(behind)
    return plain_text(name or agent)


def _remittance(part: Fields, entry: Fields) -> tuple[str, str]:
    """(structured reference, text): further references and the numbers of documents belong to the text."""
    if "reference" not in part and "documents" not in part:
        return "", plain_text(part.get("text") or part.get("note") or entry.get("note", ""))
    references = _distinct(map(reference_of, part.get("reference", "").split("\n")))
    told = [part.get("text", ""), *references[1:], part.get("documents", "")]
    text = plain_text(" ".join(filter(None, told)) or part.get("note", "") or entry.get("note", ""))
    return references[0] if references else "", text


def _reference_in(fields: Fields, name: str) -> str:
    """The reference in this field, or nothing."""
    return reference_of(fields[name]) if name in fields else ""


def reference_of(text: str) -> str:
    """A reference without blanks, or nothing where the bank says that there is none."""
    reference = plain_text(text).replace(" ", "")
    return "" if reference.upper() in NOTHING else reference


def plain_text(text: str) -> str:
    """`fields.plain`, the short way where all is plain already."""
    is_plain = text.isprintable() and "  " not in text and len(text) <= MAX_TEXT
    return text if is_plain else plain(text)


def _original(fields: Fields, entry: Entry, minor: int) -> tuple[int, str]:
    """What was paid before an exchange, with the sign of the line; (0, "") where nothing was exchanged."""
    for kind in EXCHANGED:
        told = fields.get(kind, "")
        currency = told.rpartition(" ")[2]
        if told and currency != entry.currency:
            original = _minor(told, entry.place)
            return (original if minor >= 0 else -original), currency
    return 0, ""


def code_of(fields: Fields) -> str:
    """The kind of movement: domain, family and sub-family, else the bank's own code."""
    if "domain" not in fields and "own_code" not in fields:
        return ""
    return plain_text(fields.get("domain", "").replace("\n", "/")) or plain_text(fields.get("own_code", ""))


def _fee(fields: Fields, entry: Entry) -> int:
    """What the bank kept of the amount; charges that it says to book apart are no part of it."""
    if "fee" not in fields or "false" in fields.get("fee_included", ""):
        return 0
    charges = (each for each in fields["fee"].split("\n") if each.endswith(f" {entry.currency}"))
    return sum(_minor(charge, entry.place) for charge in charges)
