"""The files that an ERP exports: the same open items in the shapes that real systems give them."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

import polars as pl
import xlsxwriter  # ships no types

_GERMAN: Final = {
    "customer_number": "Konto",
    "name": "Kundenname",
    "number": "Belegnummer",
    "position": "Position",
    "kind": "Belegart",
    "issued_on": "Belegdatum",
    "due_on": "Fälligkeit",
    "currency": "Währung",
    "amount_minor": "Rechnungsbetrag",
    "open_minor": "Offener Betrag",
    "terms_days": "Zahlungsziel (Tage)",
    "salesperson": "Vertreter",
    "reference": "Bestellnummer",
    "product_group": "Warengruppe",
}
_ENGLISH: Final = {
    "customer_number": "Customer",
    "name": "Name 1",
    "number": "Document Number",
    "position": "Line item",
    "kind": "Document Type",
    "issued_on": "Document Date",
    "due_on": "Net due date",
    "currency": "Currency",
    "amount_minor": "Amount in doc. curr.",
    "open_minor": "Open amount",
    "salesperson": "Sales person",
    "reference": "Reference",
}
_KINDS_DE: Final = {"invoice": "Rechnung", "credit_note": "Gutschrift", "on_account": "Akontozahlung"}
_KINDS_EN: Final = {"invoice": "RV", "credit_note": "RG", "on_account": "DZ"}
_CUSTOMERS_DE: Final = {
    "number": "Kundennummer",
    "name": "Name",
    "street": "Straße",
    "postcode": "PLZ",
    "city": "Ort",
    "country": "Land",
    "email": "E-Mail",
    "language": "Sprache",
    "kind": "Kundenart",
    "salesperson": "Vertreter",
    "parent": "Konzernnummer",
}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one system writes its list.

    `sign` is "leading" (-12,40), "trailing" (12,40-) or "side" (12,40 and debit or credit of `sides`).
    """

    headers: Mapping[str, str]
    kinds: Mapping[str, str]
    encoding: str
    separator: str
    decimal: str
    thousands: str
    dates: str
    title: bool = False
    sign: str = "leading"
    sides: tuple[str, str] = ("S", "H")
    side_header: str = "S/H"
    number_width: int = 0


DIALECTS: Final[Mapping[str, Dialect]] = {
    "datev_de": Dialect(_GERMAN, _KINDS_DE, "utf-8-sig", ";", ",", "", "%d.%m.%Y", title=True),
    "soll_haben_de": Dialect(_GERMAN, _KINDS_DE, "cp1252", ";", ",", ".", "%d.%m.%y", sign="side"),
    "sap_en": Dialect(
        _ENGLISH, _KINDS_EN, "utf-8", "\t", ".", ",", "%m/%d/%Y", sign="trailing", number_width=10
    ),
    "plain_en": Dialect(_ENGLISH, _KINDS_EN, "utf-8", ",", ".", "", "%Y-%m-%d"),
}


def csv_file(rows: pl.DataFrame, dialect: Dialect, *, day: date, company: str) -> bytes:
    """Return the open items as text in the dialect; `rows` as `Truth.list_on` gives them."""
    body = _cells(rows, dialect).write_csv(
        separator=dialect.separator, line_terminator="\r\n", quote_style="necessary"
    )
    title = (
        f"OPOS-Liste Debitoren {company}, Stand {day.strftime(dialect.dates)}\r\n" if dialect.title else ""
    )
    return (title + body).encode(dialect.encoding)


def xlsx_file(rows: pl.DataFrame, dialect: Dialect, *, day: date, company: str) -> bytes:
    """Return the open items as a workbook with a title row; a cell holds a double, as the format does."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        book.set_properties({"created": datetime.combine(day, time(), UTC)})  # else the clock is read
        sheet = book.add_worksheet("Offene Posten")
        sheet.write_string(0, 0, f"OPOS-Liste Debitoren {company}, Stand {day.strftime(dialect.dates)}")
        sheet.write_row(1, 0, list(dialect.headers.values()))
        money = pl.col("amount_minor", "open_minor") / 100  # becomes a double: what a cell holds
        cells = rows.with_columns(money, pl.col("kind").replace(dialect.kinds)).select(list(dialect.headers))
        for line, row in enumerate(cells.iter_rows(), start=2):
            sheet.write_row(line, 0, row)
    return out.getvalue()


def customers_file(customers: pl.DataFrame) -> bytes:
    """Return the customer list in German, UTF-8 with byte order mark."""
    kinds = {"business": "Firma", "consumer": "Privat"}
    cells = customers.with_columns(pl.col("kind").replace(kinds)).select(
        pl.col(k).alias(v) for k, v in _CUSTOMERS_DE.items()
    )
    return cells.write_csv(separator=";", line_terminator="\r\n").encode("utf-8-sig")


def _cells(rows: pl.DataFrame, dialect: Dialect) -> pl.DataFrame:
    """Return every column as text, under the dialect's headers."""
    side = (
        pl.when(pl.col("open_minor") < 0).then(pl.lit(dialect.sides[1])).otherwise(pl.lit(dialect.sides[0]))
    )
    texts = {
        "customer_number": pl.col("customer_number").str.zfill(dialect.number_width),
        "kind": pl.col("kind").replace(dialect.kinds),
        "issued_on": pl.col("issued_on").dt.strftime(dialect.dates),
        "due_on": pl.col("due_on").dt.strftime(dialect.dates),
        "amount_minor": _amount("amount_minor", dialect),
        "open_minor": _amount("open_minor", dialect),
    }
    columns = [texts.get(name, pl.col(name)).alias(header) for name, header in dialect.headers.items()]
    if dialect.sign == "side":
        columns.append(side.alias(dialect.side_header))
    return rows.select(columns)


def _amount(name: str, dialect: Dialect) -> pl.Expr:
    """Write minor units, grouped and signed as the dialect says; demo currencies have two decimals."""
    minor = pl.col(name)
    whole = (minor.abs() // 100).cast(pl.String)
    if dialect.thousands:
        groups = whole.str.reverse().str.replace_all(r"(\d{3})", f"${{1}}{dialect.thousands}").str.reverse()
        whole = groups.str.strip_prefix(dialect.thousands)
    text = whole + dialect.decimal + (minor.abs() % 100).cast(pl.String).str.zfill(2)
    minus = pl.when(minor < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    signed = {"leading": minus + text, "trailing": text + minus, "side": text}
    return signed[dialect.sign]
