"""Payments that came in lately, for whoever is told of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from debitora.receivables.queries.reading import rows
from debitora.receivables.rules.items import EVERYTHING, Scope
from debitora.values.money import Money, currencies, exponent


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of a customer: its item, who paid, how much."""

    item: int
    customer: int
    customer_name: str
    minor: int
    currency: str

    @property
    def amount(self) -> Money:
        """What was paid."""
        return Money(self.minor, self.currency)


def payments_since(
    *, since: datetime, least: int, scope: Scope = EVERYTHING, most: int = 200
) -> list[Payment]:
    """Payments recorded since a moment, of at least so many whole units of their currency, the newest first."""
    codes = sorted(currencies())
    params = {
        "since": since,
        "codes": codes,
        "leasts": [least * 10 ** exponent(code) for code in codes],
        "scope": scope.array,
        "most": most,
    }
    return rows(_PAYMENTS, params, Payment)


_PAYMENTS: Final = """
    select i.id, i.customer_id, p.name, -i.amount_minor, i.currency
    from receivables_item i
    join receivables_customer c on c.company_id = i.company_id and c.id = i.customer_id
    join receivables_party p on p.company_id = c.company_id and p.id = c.party_id
    join unnest(%(codes)s::text[], %(leasts)s::bigint[]) as bound (code, minor) on bound.code = i.currency
    where i.company_id = current_setting('app.company')::bigint and i.kind = 'payment' and i.recorded_at >= %(since)s
      and -i.amount_minor >= bound.minor
      and (%(scope)s::bigint[] is null or c.salesperson_id = any(%(scope)s))
    order by i.id desc limit %(most)s"""
