"""Reads of the ledger: frozen rows for lists, frames for the engine, standings for the edge."""

from debitora.receivables.queries.aging import (
    OpenItem,
    aging,
    aging_as_of,
    balance_as_of,
    known_from,
    open_items_as_of,
)
from debitora.receivables.queries.customers import (
    CUSTOMER_SORTS,
    CustomerFilters,
    CustomerRow,
    CustomerSheet,
    customer_sheet,
    customers_found,
    customers_page,
)
from debitora.receivables.queries.edge import CustomerUnknown, ItemCondition, Standing, conditions
from debitora.receivables.queries.facts import ItemFacts, item_facts
from debitora.receivables.queries.frames import (
    DunningFrames,
    contact_items,
    dunning_frames,
    known_items,
    order_items,
    payable_frames,
)
from debitora.receivables.queries.groups import product_groups
from debitora.receivables.queries.holds import HoldRow, holds_about_to_end, holds_ever, holds_in_force
from debitora.receivables.queries.incoming import Payment, payments_since
from debitora.receivables.queries.items import (
    ITEM_SORTS,
    FoundItems,
    ItemName,
    ItemRow,
    item_names,
    item_row,
    items_found,
    items_of_customer,
    items_page,
)
from debitora.receivables.queries.paging import CursorUnreadable, Page, SortUnknown
from debitora.receivables.queries.sums import MOST_COUNTED, Sum, Tally, items_sums, items_tally

__all__ = [
    "CUSTOMER_SORTS",
    "ITEM_SORTS",
    "MOST_COUNTED",
    "CursorUnreadable",
    "CustomerFilters",
    "CustomerRow",
    "CustomerSheet",
    "CustomerUnknown",
    "DunningFrames",
    "FoundItems",
    "HoldRow",
    "ItemCondition",
    "ItemFacts",
    "ItemName",
    "ItemRow",
    "OpenItem",
    "Page",
    "Payment",
    "SortUnknown",
    "Standing",
    "Sum",
    "Tally",
    "aging",
    "aging_as_of",
    "balance_as_of",
    "conditions",
    "contact_items",
    "customer_sheet",
    "customers_found",
    "customers_page",
    "dunning_frames",
    "holds_about_to_end",
    "holds_ever",
    "holds_in_force",
    "item_facts",
    "item_names",
    "item_row",
    "items_found",
    "items_of_customer",
    "items_page",
    "items_sums",
    "items_tally",
    "known_from",
    "known_items",
    "open_items_as_of",
    "order_items",
    "payable_frames",
    "payments_since",
    "product_groups",
]
