"""Builders for tests: files of banks as bytes, in camt.053, camt.052 and MT940, files that were taken, lines and what they may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from xml.sax.saxutils import escape

from schwifty import IBAN

from debitora.cash.actions import Taken, take_file
from debitora.cash.models import BankEntry, EntryState, Habit, MatchPolicy, Payer, Proposal, Tally
from debitora.people.models import Company
from debitora.receivables.models import Item, ItemState
from debitora.trail.rules import Actor, system

TESTS: Final = system("tests")
MOMENT: Final = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
DAY: Final = date(2026, 11, 2)
ACCOUNT: Final = "DE02120300000000202051"


@dataclass(frozen=True, slots=True)
class Paid:
    """A movement: minor units, so many days after DAY, and what the bank says of it; abroad: what it was paid as, of which currency."""

    minor: int
    day: int = 0
    name: str = "Miller"
    text: str = ""
    end_to_end: str = ""
    reference: str = ""
    account: str = ""
    abroad: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A statement: its movements, its opening (None: no balances), its days, and a closing that may be wrong."""

    lines: Sequence[Paid] = ()
    opening: int | None = 0
    first: int = 0
    last: int = 0
    number: str = ""
    closing: int | None = None
    account: str = ACCOUNT
    note: str = ""

    @property
    def ends_at(self) -> int:
        """The closing balance."""
        moved = sum(line.minor for line in self.lines)
        return (self.opening or 0) + moved if self.closing is None else self.closing


def camt(*sheets: Sheet, kind: str = "053") -> bytes:
    """The bytes of a camt.053, or of a camt.052."""
    root, part = ("BkToCstmrStmt", "Stmt") if kind == "053" else ("BkToCstmrAcctRpt", "Rpt")
    told = "".join(_camt_statement(sheet, part) for sheet in sheets)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08">'
        f"<{root}><GrpHdr><MsgId>{escape(sheets[0].note or 'M1')}</MsgId>"
        f"<CreDtTm>2026-11-18T06:00:00</CreDtTm></GrpHdr>{told}</{root}></Document>"
    ).encode()


def _camt_statement(sheet: Sheet, part: str) -> str:
    balances = ""
    if sheet.opening is not None:
        balances = _camt_balance("OPBD", sheet.opening, sheet.first)
        balances += _camt_balance("CLBD", sheet.ends_at, sheet.last)
    number = f"<ElctrncSeqNb>{sheet.number}</ElctrncSeqNb>" if sheet.number else ""
    entries = "".join(_camt_entry(line) for line in sheet.lines)
    return (
        f"<{part}><Id>S1</Id>{number}<CreDtTm>2026-11-18T06:00:00</CreDtTm><Acct><Id><IBAN>{sheet.account}</IBAN></Id>"
        f"<Ccy>EUR</Ccy></Acct>{balances}{entries}</{part}>"
    )


def _camt_balance(code: str, minor: int, day: int) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>{_camt_amount(minor)}"
        f"<Dt><Dt>{DAY + timedelta(days=day)}</Dt></Dt></Bal>"
    )


def _camt_amount(minor: int) -> str:
    side = "CRDT" if minor >= 0 else "DBIT"
    return f'<Amt Ccy="EUR">{_decimal(minor)}</Amt><CdtDbtInd>{side}</CdtDbtInd>'


def _camt_entry(line: Paid) -> str:
    day = DAY + timedelta(days=line.day)
    role = "Dbtr" if line.minor > 0 else "Cdtr"
    names = f"<EndToEndId>{escape(line.end_to_end)}</EndToEndId>" if line.end_to_end else ""
    account = f"<{role}Acct><Id><IBAN>{line.account}</IBAN></Id></{role}Acct>" if line.account else ""
    structured = (
        f"<Strd><CdtrRefInf><Ref>{escape(line.reference)}</Ref></CdtrRefInf></Strd>" if line.reference else ""
    )
    said = f"<Ustrd>{escape(line.text)}</Ustrd>" if line.text else ""
    return (
        f"<Ntry>{_camt_amount(line.minor)}<Sts><Cd>BOOK</Cd></Sts>"
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        f"<NtryDtls><TxDtls><Refs>{names}</Refs>{_camt_amount(line.minor)}{_camt_abroad(line)}"
        f"<RltdPties><{role}><Pty><Nm>{escape(line.name)}</Nm></Pty></{role}>{account}</RltdPties>"
        f"<RmtInf>{said}{structured}</RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def _camt_abroad(line: Paid) -> str:
    if line.abroad is None:
        return ""
    minor, currency = line.abroad
    return f'<AmtDtls><InstdAmt><Amt Ccy="{currency}">{_decimal(minor)}</Amt></InstdAmt></AmtDtls>'


def mt940(sheet: Sheet) -> bytes:
    """The bytes of an MT940 with one statement, in the German way."""
    rows = [":20:STARTUMS", f":25:{sheet.account}", f":28C:{sheet.number or '1/1'}"]
    rows.append(f":60F:{_swift_balance(sheet.opening or 0, sheet.first)}")
    for line in sheet.lines:
        day = DAY + timedelta(days=line.day)
        side = "C" if line.minor > 0 else "D"
        rows.append(f":61:{day:%y%m%d}{day:%m%d}{side}{_decimal(line.minor).replace('.', ',')}NTRFNONREF")
        rows.append(f":86:166?00GUTSCHRIFT?20{line.text[:27]}?32{line.name[:27]}")
    rows += [f":62F:{_swift_balance(sheet.ends_at, sheet.last)}", "-"]
    return "\r\n".join(rows).encode("cp1252")


def two_pages_apart() -> bytes:
    """An MT940 whose second page does not begin where its first one ends."""
    pages = [
        ":20:S", f":25:{ACCOUNT}", ":28C:1/1", ":60F:C261102EUR0,00", ":61:2611021102C1,00NTRFNONREF", ":62M:C261102EUR1,00",
        "-", ":20:S", f":25:{ACCOUNT}", ":28C:1/2", ":60M:C261102EUR1,50", ":61:2611021102C2,00NTRFNONREF",
        ":62F:C261102EUR3,50", "-",
    ]  # fmt: skip
    return "\r\n".join(pages).encode()


def _swift_balance(minor: int, day: int) -> str:
    on = DAY + timedelta(days=day)
    return f"{'C' if minor >= 0 else 'D'}{on:%y%m%d}EUR{_decimal(minor).replace('.', ',')}"


def iban_of(number: int) -> str:
    """A valid IBAN of a German bank for each number."""
    return str(IBAN.generate("DE", bank_code="12030000", account_code=f"{number:010d}"))


def _decimal(minor: int) -> str:
    return f"{abs(minor) // 100}.{abs(minor) % 100:02d}"


def table(lines: Iterable[Paid], *, account: str = ACCOUNT) -> bytes:
    """The bytes of what German online banking exports as CSV, without balances."""
    rows = ["IBAN;Buchungstag;Valuta;Name;Verwendungszweck;Betrag;Währung"]
    for line in lines:
        day = f"{DAY + timedelta(days=line.day):%d.%m.%Y}"
        amount = ("-" if line.minor < 0 else "") + _decimal(line.minor).replace(".", ",")
        rows.append(f"{account};{day};{day};{line.name};{line.text};{amount};EUR")
    return "\r\n".join([*rows, ""]).encode()


def taken(
    company: Company, data: bytes, *, new: bool = True, name: str = "bank.xml", by: Actor = TESTS
) -> Taken:
    """A file that was taken; `new` confirms its accounts."""
    return take_file(company=company.id, data=data, name=name, by=by, at=MOMENT, new_accounts=new)


def an_open_line(company: Company, paid: Paid) -> BankEntry:
    """A line that a statement of its own told, without balances."""
    taken(company, table([paid]), name=f"{paid.minor}-{paid.day}-{paid.text}.csv")
    return BankEntry.objects.order_by("-id")[0]


def a_proposal(
    entry: BankEntry,
    *items: Item,
    rank: int = 1,
    kind: str = "one",
    confidence: int = 9_000,
    evidence: Sequence[str] = ("payer_known",),
    discount: int = 0,
) -> Proposal:
    """What a line may be: all of these items, the first one less the discount. It is not computed from anything."""
    states = {one.item_id: one.open_minor for one in ItemState.objects.filter(item__in=items)}
    parts = [
        [one.id, states[one.id] - (0 if place else discount), 0 if place else discount, 0]
        for place, one in enumerate(items)
    ]
    if rank == 1:
        EntryState.objects.filter(entry=entry).update(confidence=confidence)
    return Proposal.objects.create(
        company_id=entry.company_id,
        entry=entry,
        rank=rank,
        customer_id=items[0].customer_id,
        kind=kind,
        confidence=confidence,
        parts=parts,
        evidence=list(evidence),
        made_at=MOMENT,
    )


def a_payer(company: Company, *, account: str, customer: int) -> Payer:
    """An account that paid for a customer once, and how she paid."""
    Habit.objects.create(company=company, customer_id=customer, kind="one", times=1, last_on=DAY)
    return Payer.objects.create(company=company, account=account, customer_id=customer, times=1, last_on=DAY)


def a_tally(company: Company, pattern: str = "one|1--", *, right: int = 3, wrong: int = 1) -> Tally:
    """How often proposals with some evidence were right and wrong."""
    return Tally.objects.create(company=company, pattern=pattern, right=right, wrong=wrong)


def a_policy(company: Company, **fields: Any) -> MatchPolicy:
    """How bold the company is; fields as of MatchPolicy."""
    return MatchPolicy.objects.create(company=company, made_at=MOMENT, made_by_label="tests", **fields)
