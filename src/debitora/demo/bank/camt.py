"""Lines as a bank's file: camt.053.001.08, one statement for each day with lines, each opening where the last one closed."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any, Final
from xml.sax.saxutils import escape

import polars as pl

NAMESPACE: Final = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_LONGEST_TEXT: Final = 140
_Row = dict[str, Any]


def camt053(
    lines: pl.DataFrame, *, account: str, currency: str, opening_minor: int, owner: str = ""
) -> bytes:
    """Return lines of one account, in the order of their days, as one message.

    `lines` has the columns of `shapes.SCHEMA`; those of the truth are not read. Days without lines have no statement.
    The account's currencies have two decimals.
    """
    head = f"<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy>{_told('Ownr', _name(owner))}</Acct>"
    days = list(_days(lines.filter(pl.col("currency") == currency), opening_minor))
    statements = "".join(_statement(head, currency, *day) for day in days)
    last = days[-1][0] if days else date.min
    group = f"<GrpHdr><MsgId>{account[-10:]}-{last:%Y%m%d}</MsgId><CreDtTm>{last}T22:00:00</CreDtTm></GrpHdr>"
    body = f"<BkToCstmrStmt>{group}{statements}</BkToCstmrStmt>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{NAMESPACE}">{body}</Document>\n'.encode()
    )


def closing(lines: pl.DataFrame, *, currency: str, opening_minor: int) -> int:
    """Return the balance after the lines of a currency."""
    return opening_minor + int(lines.filter(pl.col("currency") == currency)["minor"].sum())


def _days(lines: pl.DataFrame, opening_minor: int) -> Iterator[tuple[date, int, list[_Row]]]:
    """Each day with its opening and its lines."""
    for day, rows in groupby(lines.iter_rows(named=True), key=lambda row: row["booked_on"]):
        entries = list(rows)
        yield day, opening_minor, entries
        opening_minor += sum(row["minor"] for row in entries)


def _statement(head: str, currency: str, day: date, opening_minor: int, rows: Iterable[_Row]) -> str:
    rows = list(rows)
    closing_minor = opening_minor + sum(row["minor"] for row in rows)
    balances = _balance("OPBD", opening_minor, currency, day) + _balance("CLBD", closing_minor, currency, day)
    entries = "".join(_entry(row) for row in rows)
    return (
        f"<Stmt><Id>{day:%Y%m%d}</Id><ElctrncSeqNb>{day:%Y%j}</ElctrncSeqNb><CreDtTm>{day}T21:30:00</CreDtTm>"
        f"{head}{balances}{entries}</Stmt>"
    )


def _balance(code: str, minor: int, currency: str, day: date) -> str:
    kind = f"<Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
    return f"<Bal>{kind}{_amount(minor, currency)}{_side(minor)}<Dt><Dt>{day}</Dt></Dt></Bal>"


def _entry(row: _Row) -> str:
    day = f"<BookgDt><Dt>{row['booked_on']}</Dt></BookgDt><ValDt><Dt>{row['booked_on']}</Dt></ValDt>"
    amount = f"{_amount(row['minor'], row['currency'])}{_side(row['minor'])}"
    reference = f"<AcctSvcrRef>{row['booked_on']:%Y%m%d}-{row['line']:07d}</AcctSvcrRef>"
    return (
        f"<Ntry>{amount}<Sts><Cd>BOOK</Cd></Sts>{day}{reference}{_code(row['code'])}"
        f"<NtryDtls><TxDtls>{_references(row)}{amount}{_exchange(row)}{_charges(row)}"
        f"{_parties(row)}{_remittance(row)}{_return(row)}</TxDtls></NtryDtls></Ntry>"
    )


def _code(code: str) -> str:
    domain, family, sub_family = code.split("/")
    parts = f"<Fmly><Cd>{family}</Cd><SubFmlyCd>{sub_family}</SubFmlyCd></Fmly>"
    return f"<BkTxCd><Domn><Cd>{domain}</Cd>{parts}</Domn></BkTxCd>"


def _references(row: _Row) -> str:
    mandate = _told("MndtId", escape(row["mandate"]))
    return f"<Refs><EndToEndId>{escape(row['end_to_end']) or 'NOTPROVIDED'}</EndToEndId>{mandate}</Refs>"


def _exchange(row: _Row) -> str:
    if not row["original_currency"]:
        return ""
    amount = _amount(row["original_minor"], row["original_currency"])
    rate = row["minor"] * 10**8 // row["original_minor"]
    exchange = (
        f"<CcyXchg><SrcCcy>{row['original_currency']}</SrcCcy><TrgtCcy>{row['currency']}</TrgtCcy>"
        f"<XchgRate>{rate // 10**8}.{rate % 10**8:08d}</XchgRate></CcyXchg>"
    )
    return f"<AmtDtls><InstdAmt>{amount}{exchange}</InstdAmt></AmtDtls>"


def _charges(row: _Row) -> str:
    if not row["fee_minor"]:
        return ""
    amount = _amount(row["fee_minor"], row["currency"])
    included = "<CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd>"
    return f"<Chrgs><Rcrd>{amount}{included}</Rcrd></Chrgs>"


def _parties(row: _Row) -> str:
    """Who takes money back keeps the role that he had when it was paid."""
    role = "Dbtr" if (row["minor"] > 0) != bool(row["return_reason"]) else "Cdtr"
    party = f"<{role}><Pty>{_name(row['payer_name'])}</Pty></{role}>" if row["payer_name"] else ""
    account = f"<Id><IBAN>{row['payer_iban']}</IBAN></Id>" if row["payer_iban"] else ""
    return _told("RltdPties", party + _told(f"{role}Acct", account))


def _remittance(row: _Row) -> str:
    text = row["text"]
    parts = [text[at : at + _LONGEST_TEXT] for at in range(0, len(text), _LONGEST_TEXT)]
    told = "".join(_told("Ustrd", escape(part)) for part in parts)
    reference = "<Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp>" + _told("Ref", escape(row["reference"]))
    structured = f"<Strd><CdtrRefInf>{reference}</CdtrRefInf></Strd>" if row["reference"] else ""
    return _told("RmtInf", told + structured)


def _return(row: _Row) -> str:
    return f"<RtrInf><Rsn><Cd>{row['return_reason']}</Cd></Rsn></RtrInf>" if row["return_reason"] else ""


def _name(name: str) -> str:
    return _told("Nm", escape(name))


def _told(tag: str, content: str) -> str:
    """The element, or nothing where it would be empty."""
    return f"<{tag}>{content}</{tag}>" if content else ""


def _amount(minor: int, currency: str) -> str:
    return f'<Amt Ccy="{currency}">{abs(minor) // 100}.{abs(minor) % 100:02d}</Amt>'


def _side(minor: int) -> str:
    return f"<CdtDbtInd>{'CRDT' if minor >= 0 else 'DBIT'}</CdtDbtInd>"
