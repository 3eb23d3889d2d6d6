"""Writes of the ledger: one verb, one transaction, one record each."""

from debitora.receivables.actions.allocations import allocate, release_allocation
from debitora.receivables.actions.applying import LedgerMovedOn
from debitora.receivables.actions.charges import cancel_charges, open_charge
from debitora.receivables.actions.claims import (
    ClaimAsked,
    accrue_claims,
    book_claims,
    restore_claim,
    return_claims,
    waive_claim,
)
from debitora.receivables.actions.claims_on_account import (
    ChargePaid,
    NothingOpen,
    put_on_account,
    take_off_account,
)
from debitora.receivables.actions.contacts import end_contact, keep_again, keep_contact
from debitora.receivables.actions.customers import (
    CustomersSaved,
    StaleCustomer,
    complete_recipients,
    edit_customer,
    park_customer,
    save_customers,
    unpark_customer,
)
from debitora.receivables.actions.histories import Documents, apply_documents
from debitora.receivables.actions.holds import extend_hold, place_hold, release_hold, renew_hold
from debitora.receivables.actions.item_contacts import name_contact, name_contacts, unname_contact
from debitora.receivables.actions.items import NewItem, open_item
from debitora.receivables.actions.levels import raise_levels, withdraw_levels
from debitora.receivables.actions.lists import ListApplied, UndoneList, apply_list, undo_list
from debitora.receivables.actions.locks import CustomerUnknown, ItemUnknown, lock_customer
from debitora.receivables.actions.returns import (
    LessIsLeft,
    MovedSince,
    refund_credit,
    return_payment,
    take_back_outflow,
    take_back_payment,
)
from debitora.receivables.actions.settlements import PaymentsRefused, Settled, settle_payments
from debitora.receivables.actions.sums import fold_open_sums

__all__ = [
    "ChargePaid",
    "ClaimAsked",
    "CustomerUnknown",
    "CustomersSaved",
    "Documents",
    "ItemUnknown",
    "LedgerMovedOn",
    "LessIsLeft",
    "ListApplied",
    "MovedSince",
    "NewItem",
    "NothingOpen",
    "PaymentsRefused",
    "Settled",
    "StaleCustomer",
    "UndoneList",
    "accrue_claims",
    "allocate",
    "apply_documents",
    "apply_list",
    "book_claims",
    "cancel_charges",
    "complete_recipients",
    "edit_customer",
    "end_contact",
    "extend_hold",
    "fold_open_sums",
    "keep_again",
    "keep_contact",
    "lock_customer",
    "name_contact",
    "name_contacts",
    "open_charge",
    "open_item",
    "park_customer",
    "place_hold",
    "put_on_account",
    "raise_levels",
    "refund_credit",
    "release_allocation",
    "release_hold",
    "renew_hold",
    "restore_claim",
    "return_claims",
    "return_payment",
    "save_customers",
    "settle_payments",
    "take_back_outflow",
    "take_back_payment",
    "take_off_account",
    "undo_list",
    "unname_contact",
    "unpark_customer",
    "waive_claim",
    "withdraw_levels",
]
