"""Who really pays, and how: accounts, names as banks tell them, manners of writing, habits of deducting.

| who | share | the line carries |
| --- | --- | --- |
| self | the rest | the customer's own name, sometimes only its beginning |
| group | half of those with a parent | name and account of the parent, who gathers what all of them owe |
| holding, adviser | `STAND_INS` of firms | another firm's name, an account of its own |
| spouse | `SPOUSES` of consumers | another first name, the same family name |

`MOVES` of the payers change their account within the period; `DEBITED` are collected from by direct debit; `DISCOUNTED`
firms have 2 or 3 % for payment within 10 or 14 days. Accounts in the United States have no IBAN.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Final

from debitora.demo import names
from debitora.demo.bank.accounts import iban
from debitora.demo.bank.chances import happens
from debitora.demo.bank.remittance import Manner, in_charset, manner
from debitora.demo.truth import Truth

STAND_INS: Final = {"holding": 30, "adviser": 15}
SPOUSES: Final = 80
CENTRAL: Final = 500
MOVES: Final = 40
DEBITED: Final = 50
DISCOUNTED: Final = 250
WITH_REFERENCE: Final = 30
"""Payers who scan the payment code: their transfers carry a structured reference."""
NAMES_ORDERS: Final = 20
"""Payers who name their own order instead of the invoice."""
TO_EURO: Final = 150
"""Payers in another currency who pay to the euro account; the bank exchanges."""


@dataclass(frozen=True, slots=True)
class Payer:
    """What a customer's payments look like. `pays_through` is the position of the customer whose account is used."""

    customer: int
    number: str
    pays_through: int
    who: str
    name: str
    account: str
    next_account: str
    moves_on: date
    manner: Manner
    discount_percent: int
    discount_days: int
    is_debited: bool
    is_abroad: bool
    has_reference: bool
    names_orders: bool
    pays_euro: bool

    def account_on(self, day: date) -> str:
        """Return the account used on a day; "" where there is no IBAN."""
        return self.account if day < self.moves_on else self.next_account


def payers(truth: Truth) -> list[Payer]:
    """Draw the payer of each customer, in the order of the customers: the same for the same truth."""
    rng = Random(f"{truth.seed} payers")  # noqa: S311 - invented data, no secrets
    columns = ("customer", "number", "name", "country", "language", "kind", "parent")
    drawn = [
        _payer(rng, truth, position, *rest) for position, *rest in truth.customers.select(columns).iter_rows()
    ]
    positions = {one.number: one.customer for one in drawn}
    parents = truth.customers["parent"].to_list()
    central = [parent if parent and happens(rng, CENTRAL) else None for parent in parents]
    return [
        _through(one, drawn[positions[parent]]) if parent else one
        for one, parent in zip(drawn, central, strict=True)
    ]


def _payer(
    rng: Random,
    truth: Truth,
    position: int,
    number: str,
    name: str,
    country: str,
    language: str,
    kind: str,
    _parent: str | None,
) -> Payer:
    writes = manner(rng, language)
    who, stands = _stand_in(rng, name, is_consumer=kind == "consumer")
    days = (truth.on - truth.first).days
    moves = truth.first + timedelta(days=rng.randrange(days + 1)) if happens(rng, MOVES) else date.max
    has_discount = kind == "business" and happens(rng, DISCOUNTED)
    serial = 2 * position + 10_000
    return Payer(
        customer=position,
        number=number,
        pays_through=position,
        who=who,
        name=in_charset(stands, writes.charset)[: writes.longest_name].strip(),
        account=iban(country, serial),
        next_account=iban(country, serial + 1),
        moves_on=moves,
        manner=writes,
        discount_percent=rng.choice((2, 2, 3)) if has_discount else 0,
        discount_days=rng.choice((10, 14)) if has_discount else 0,
        is_debited=country == "DE" and happens(rng, DEBITED),
        is_abroad=country in ("US", "GB"),
        has_reference=happens(rng, WITH_REFERENCE),
        names_orders=happens(rng, NAMES_ORDERS),
        pays_euro=happens(rng, TO_EURO),
    )


def _stand_in(rng: Random, name: str, *, is_consumer: bool) -> tuple[str, str]:
    """Who pays for a customer, and with what name."""
    draw = rng.randrange(1_000)
    if is_consumer:
        family = name.split()[-1]
        return ("spouse", f"{rng.choice(names.FIRST_NAMES)} {family}") if draw < SPOUSES else ("self", name)
    if draw < STAND_INS["holding"]:
        return "holding", f"{name.split()[0].rstrip(',')} Beteiligungs GmbH"
    if draw < sum(STAND_INS.values()):
        return "adviser", f"{names.root(rng.randrange(names.VARIETY // 16))} Steuerberatung PartG mbB"
    return "self", name


def _through(one: Payer, head: Payer) -> Payer:
    """The payer of a customer whose parent pays; the parent's own stand-in is used, too."""
    return replace(head, customer=one.customer, number=one.number, pays_through=head.customer, who="group")
