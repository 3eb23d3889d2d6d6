"""Who buys: drawing the debtors of the demo company, each with a habit of paying."""

from dataclasses import dataclass
from random import Random
from typing import Final

import polars as pl

from debitora.demo import names

PAYERS: Final = {
    "punctual": 0.45,
    "slow": 0.20,
    "month_end": 0.13,
    "part_payer": 0.07,
    "very_slow": 0.06,
    "disputer": 0.06,
    "insolvent": 0.03,
}
"""Habits of paying and the share of customers who have them; what each means stands in `payments`."""

SCHEMA: Final = {
    "customer": pl.UInt32,  # position in this frame, the key of the other frames
    "number": pl.String,
    "name": pl.String,
    "street": pl.String,
    "postcode": pl.String,
    "city": pl.String,
    "country": pl.String,
    "email": pl.String,  # null where the company knows none
    "language": pl.String,
    "kind": pl.String,  # business or consumer
    "salesperson": pl.String,
    "parent": pl.String,  # number of the parent company, mostly null
    "currency": pl.String,
    "terms_days": pl.Int32,
    "payer": pl.String,  # one of PAYERS
    "weight": pl.Float64,  # share of the invoices, not normalised
    "median_minor": pl.Int64,  # median invoice, net
    "fails_at": pl.Float64,  # insolvent only: when, as a share of the period
}


TERMS_DAYS: Final = (10, 14, 14, 30, 30, 30, 30, 45, 60)
LEDGER_CLERKS: Final = ("buchhaltung", "rechnung", "kreditoren", "info")


class TooManyCustomers(ValueError):
    """There are not that many invented names."""


@dataclass(frozen=True, slots=True)
class Market:
    """A country sold to, the language spoken there, the one the company writes in, and the currency."""

    country: str
    local: str
    language: str
    currency: str
    weight: float


MARKETS: Final = (
    Market("DE", "de", "de", "EUR", 0.735),
    Market("DE", "de", "en", "EUR", 0.020),
    Market("AT", "de", "de", "EUR", 0.065),
    Market("CH", "de", "de", "CHF", 0.050),
    Market("CH", "fr", "fr", "CHF", 0.015),
    Market("NL", "nl", "nl", "EUR", 0.025),
    Market("NL", "nl", "en", "EUR", 0.010),
    Market("FR", "fr", "fr", "EUR", 0.020),
    Market("GB", "en", "en", "EUR", 0.015),
    Market("US", "en", "en", "USD", 0.045),
)


def draw(rng: Random, count: int) -> pl.DataFrame:
    """Draw `count` customers with the columns of `SCHEMA`. Raises TooManyCustomers above `names.VARIETY`."""
    if count > names.VARIETY:
        raise TooManyCustomers(f"{count} customers asked for, {names.VARIETY} names known")
    team = _sales_team(rng, count)
    first = 10_000 if count <= 50_000 else 1_000_000
    serials = rng.sample(range(names.VARIETY), count)
    rows = [_customer(rng, index, str(first + index), serial, team) for index, serial in enumerate(serials)]
    return _with_parents(rng, pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def _sales_team(rng: Random, count: int) -> list[str]:
    size = max(3, min(40, count // 60))
    return [names.person(rng.randrange(names.VARIETY), rng) for _ in range(size)]


def _customer(rng: Random, index: int, number: str, serial: int, team: list[str]) -> tuple[object, ...]:
    private = rng.random() < 0.10
    market = MARKETS[0] if private else rng.choices(MARKETS, [m.weight for m in MARKETS])[0]
    name = names.person(serial, rng) if private else _firm_name(serial, market, rng)
    where = names.address(market.country, market.local, rng)
    payer = _payer(rng, private)
    return (
        index, number, name, where.street, where.postcode, where.city, market.country,
        _email(name, private, rng), market.language, "consumer" if private else "business",
        rng.choice(team), None, market.currency, 14 if private else rng.choice(TERMS_DAYS), payer,
        0.3 if private else rng.lognormvariate(0.0, 1.0),
        9_000 if private else round(rng.lognormvariate(0.0, 0.8) * 120_000),
        rng.random() if payer == "insolvent" else None,
    )  # fmt: skip


def _firm_name(serial: int, market: Market, rng: Random) -> str:
    name = names.firm(serial, language=market.local, country=market.country, rng=rng)
    partners = rng.random() < 0.02  # a comma in a name: what every list reader must survive
    return f"{names.root(serial // 16)}, {names.root(serial // 8)} & Partner mbB" if partners else name


def _email(name: str, private: bool, rng: Random) -> str | None:
    if rng.random() < 0.06:
        return None
    if private:
        return f"{names.mailbox(name)}@post.example"
    return f"{rng.choice(LEDGER_CLERKS)}@{names.domain(name.replace(',', ''))}"


def _payer(rng: Random, private: bool) -> str:
    payer = rng.choices(tuple(PAYERS), tuple(PAYERS.values()))[0]
    return "slow" if private and payer in {"disputer", "month_end"} else payer


def _with_parents(rng: Random, customers: pl.DataFrame) -> pl.DataFrame:
    """Give some firms an earlier firm as parent; a parent has none itself."""
    numbers, kinds = customers["number"].to_list(), customers["kind"].to_list()
    heads: list[str] = []
    parents: list[str | None] = []
    for number, kind in zip(numbers, kinds, strict=True):
        belongs = bool(heads) and kind == "business" and rng.random() < 0.04
        parents.append(rng.choice(heads) if belongs else None)
        if kind == "business" and not belongs:
            heads.append(number)
    return customers.with_columns(pl.Series("parent", parents, dtype=pl.String))
