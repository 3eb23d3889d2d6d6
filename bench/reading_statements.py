"""Reading a camt.053 statement of so many lines, a third of them in batches of ten: bytes in, plain values out."""

from __future__ import annotations

from collections.abc import Callable

from debitora.formats.bank.camt import read_camt

SIZES = (10_000, 100_000)
UNIT = "lines"

_BATCH = 10
_OF_TEN = 30
"""Lines of which ten come in a batch and twenty alone."""
_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
_HEAD = (
    "<Id>S-1</Id><ElctrncSeqNb>12</ElctrncSeqNb>"
    "<Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>"
)


def prepare(size: int) -> Callable[[], object]:
    """Write the statement; each run reads it."""
    data = written(size)

    def work() -> object:
        found = read_camt(data)
        lines = sum(len(statement.lines) for statement in found)
        if found.faults or lines != size:
            raise SystemExit(f"{lines} lines, {list(found.faults)[:3]}")
        return found

    return work


def written(size: int) -> bytes:
    """A message of one statement with that many lines, paid into an account that was empty."""
    minors = [100 + 7 * number % 100_000 for number in range(size)]
    entries, place = [], 0
    while place < size:
        count = min(_BATCH, size - place) if place % _OF_TEN == 0 else 1
        entries.append(_entry(place, minors[place : place + count]))
        place += count
    balances = _balance("OPBD", 0) + _balance("CLBD", sum(minors))
    statement = f"<Stmt>{_HEAD}{balances}{''.join(entries)}</Stmt>"
    body = f"<BkToCstmrStmt><GrpHdr><MsgId>M-1</MsgId></GrpHdr>{statement}</BkToCstmrStmt>"
    return f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{_NAMESPACE}">{body}</Document>'.encode()


def _entry(place: int, minors: list[int]) -> str:
    parts = "".join(_part(place + number, minor) for number, minor in enumerate(minors))
    return (
        f"<Ntry>{_amount(sum(minors))}<CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>"
        "<BookgDt><Dt>2026-03-02</Dt></BookgDt><ValDt><Dt>2026-03-02</Dt></ValDt>"
        f"<AcctSvcrRef>B{place:010}</AcctSvcrRef>"
        "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{parts}</NtryDtls></Ntry>"
    )


def _part(number: int, minor: int) -> str:
    return (
        f"<TxDtls><Refs><EndToEndId>E2E-{number:08}</EndToEndId></Refs>{_amount(minor)}<CdtDbtInd>CRDT</CdtDbtInd>"
        f"<RltdPties><Dbtr><Pty><Nm>Customer {number % 5000} GmbH</Nm></Pty></Dbtr>"
        f"<DbtrAcct><Id><IBAN>DE{number % 5000:020}</IBAN></Id></DbtrAcct></RltdPties>"
        "<RltdAgts><DbtrAgt><FinInstnId><BICFI>BYLADEM1001</BICFI></FinInstnId></DbtrAgt></RltdAgts>"
        f"<RmtInf><Ustrd>Invoice {100_000 + number} of 2026-02-15, customer {number % 5000}</Ustrd></RmtInf></TxDtls>"
    )


def _amount(minor: int) -> str:
    return f'<Amt Ccy="EUR">{minor // 100}.{minor % 100:02}</Amt>'


def _balance(kind: str, minor: int) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount(minor)}<CdtDbtInd>CRDT</CdtDbtInd>"
        "<Dt><Dt>2026-03-02</Dt></Dt></Bal>"
    )
