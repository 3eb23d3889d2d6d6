"""Small camt messages, written for tests."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
IBAN, CUSTOMER = "DE89370400440532013000", "DE02120300000000202051"


def tag(name: str, *inside: str, **attributes: str) -> str:
    """An element; texts are escaped by `text`."""
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(inside)}</{name}>"


def text(name: str, value: str) -> str:
    """An element with a text."""
    return tag(name, escape(value))


def path(names: str, *inside: str) -> str:
    """Elements in each other: path("A/B", "x") is <A><B>x</B></A>."""
    inner = "".join(inside)
    for name in reversed(names.split("/")):
        inner = tag(name, inner)
    return inner


def amount(value: str, currency: str = "EUR", name: str = "Amt") -> str:
    """An amount with its currency."""
    return tag(name, value, Ccy=currency)


def balance(
    kind: str, value: str, *, side: str = "CRDT", day: str = "2026-03-02", currency: str = "EUR"
) -> str:
    """A booked balance."""
    return tag(
        "Bal",
        path("Tp/CdOrPrtry/Cd", kind),
        amount(value, currency),
        tag("CdtDbtInd", side) if side else "",
        path("Dt/Dt", day),
    )


def entry(
    value: str,
    *inside: str,
    side: str = "CRDT",
    status: str = "<Cd>BOOK</Cd>",
    day: str = "2026-03-02",
    currency: str = "EUR",
) -> str:
    """An entry; what stands inside comes after its days."""
    booked = path("BookgDt/Dt", day) if day else ""
    head = amount(value, currency) + tag("CdtDbtInd", side) + tag("Sts", status) + booked
    return tag("Ntry", head, *inside)


def details(*transactions: str) -> str:
    """The transactions of an entry, each by what stands in it."""
    return tag("NtryDtls", *(tag("TxDtls", each) for each in transactions))


def statement(
    entries: Iterable[str] = (),
    *,
    opening: str = "0.00",
    closing: str = "0.00",
    account: str = path("Acct", path("Id/IBAN", IBAN), tag("Ccy", "EUR")),
    head: str = "<Id>S-1</Id><ElctrncSeqNb>12</ElctrncSeqNb>",
    name: str = "Stmt",
) -> str:
    """A statement; a balance that is "" is left out."""
    balances = (balance("OPBD", opening) if opening else "") + (balance("CLBD", closing) if closing else "")
    return tag(name, head, account, balances, *entries)


def message(
    *statements: str, namespace: str = NAMESPACE, name: str = "BkToCstmrStmt", before: str = ""
) -> bytes:
    """A message of statements."""
    space = f' xmlns="{namespace}"' if namespace else ""
    body = tag(name, path("GrpHdr/MsgId", "M-1"), *statements)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{before}<Document{space}>{body}</Document>'.encode()
