"""What is true of the demo company, and what its ERP would list on any day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import polars as pl

from debitora.demo import lists

BANDS: Final = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus")
"""Aging bands by days past the due day: none, 1 to 30, 31 to 60, 61 to 90, more."""
GOODS: Final = (*["Werkzeuge"] * 5, *["Ersatzteile"] * 2, *["Maschinen"] * 2, "Wartung")
"""Product groups, as often as one of ten invoices is about them."""


@dataclass(frozen=True, slots=True)
class Creditor:
    """The company that sells and reminds."""

    name: str
    street: str
    postcode: str
    city: str
    country: str
    email: str
    phone: str
    iban: str
    vat_number: str
    register: str
    director: str


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """The demo company from `first` to `on` and somewhat beyond, with all that its customers will ever pay.

    Frames: `customers` (columns of `customers.SCHEMA`), `items` (of `invoices.draw`, and settled_on: the true
    day of the last movement, null for never) and `movements` (of `payments.draw`). They join by
    `customer` and by `item`.
    """

    seed: int
    first: date
    on: date
    creditor: Creditor
    customers: pl.DataFrame
    items: pl.DataFrame
    movements: pl.DataFrame

    def list_on(self, day: date) -> pl.DataFrame:
        """Return the ERP's open-item list at the close of `day`, ordered by customer number and document.

        Columns: number, position, kind, issued_on, due_on, currency, amount_minor, open_minor, reference,
        item, customer, customer_number, name, salesperson, terms_days, payer, product_group.
        """
        known = self.items.filter(pl.col("issued_on") <= day).drop("fails_on", "settled_on")
        moved = (
            self.movements.filter(pl.col("moved_on") <= day).group_by("item").agg(moved=pl.col("minor").sum())
        )
        rows = known.join(moved, on="item", how="left").with_columns(
            open_minor=pl.col("amount_minor") + pl.col("moved").fill_null(0)
        )
        names = self.customers.select(
            "customer", "name", "salesperson", "terms_days", "payer", customer_number="number"
        )
        rows = rows.filter(pl.col("open_minor") != 0).join(names, on="customer").drop("moved")
        return rows.sort("customer", "issued_on", "number", "position").with_columns(product_group=_goods())

    def aging(self, day: date) -> Mapping[str, Mapping[str, int]]:
        """Return minor units by currency and band, with their `total`; an item's band follows its due day.

        A credit is due on the day of its issue and lowers the band it stands in.
        """
        rows = self.list_on(day).with_columns(band=_band(day))
        sums = rows.group_by("currency", "band").agg(pl.col("open_minor").sum()).sort("currency")
        found = {(currency, band): minor for currency, band, minor in sums.iter_rows()}
        return {currency: _banded(found, currency) for currency in sums["currency"].unique().sort()}

    def list_csv(self, day: date, *, dialect: str = "datev_de") -> bytes:
        """Return the list of `day` as a file in one of `lists.DIALECTS`."""
        return lists.csv_file(self.list_on(day), lists.DIALECTS[dialect], day=day, company=self.creditor.name)

    def list_xlsx(self, day: date) -> bytes:
        """Return the list of `day` as a German workbook with a title row, real dates and real numbers."""
        return lists.xlsx_file(
            self.list_on(day), lists.DIALECTS["datev_de"], day=day, company=self.creditor.name
        )

    def customers_csv(self) -> bytes:
        """Return the customer list as a German file."""
        return lists.customers_file(self.customers)


def write_files(truth: Truth, folder: Path) -> Mapping[str, Path]:
    """Write what a person can try an import with: customers, and the lists of the day and of the working day after.

    Returns the files by `customers`, `today`, `today_xlsx` and `tomorrow`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    today, tomorrow = truth.on, next_weekday(truth.on)
    contents = {
        "customers": ("customers.csv", truth.customers_csv()),
        "today": (f"open-items-{today}.csv", truth.list_csv(today)),
        "today_xlsx": (f"open-items-{today}.xlsx", truth.list_xlsx(today)),
        "tomorrow": (f"open-items-{tomorrow}.csv", truth.list_csv(tomorrow)),
    }
    for name, data in contents.values():
        (folder / name).write_bytes(data)
    return {key: folder / name for key, (name, _) in contents.items()}


def next_weekday(day: date) -> date:
    """Return the next day from Monday to Friday."""
    return day + timedelta(days=max(1, 7 - day.weekday()) if day.weekday() >= 4 else 1)


def _goods() -> pl.Expr:
    """What an invoice was about: half tools, then spare parts, machines and service; instalments of one are about the same."""
    draw = (pl.col("customer").cast(pl.Int64) * 7 + pl.col("issued_on").dt.ordinal_day()) % 10
    return draw.replace_strict(dict(enumerate(GOODS)), return_dtype=pl.String)


def _band(day: date) -> pl.Expr:
    late = pl.lit(day).sub(pl.col("due_on")).dt.total_days()
    early = pl.when(late <= 0).then(pl.lit("not_due"))
    month = early.when(late <= 30).then(pl.lit("d1_30")).when(late <= 60).then(pl.lit("d31_60"))
    return month.when(late <= 90).then(pl.lit("d61_90")).otherwise(pl.lit("d90_plus"))


def _banded(found: Mapping[tuple[str, str], int], currency: str) -> dict[str, int]:
    bands = {band: found.get((currency, band), 0) for band in BANDS}
    return bands | {"total": sum(bands.values())}
