"""Addresses of cash."""

from django.urls import path

from debitora.cash.pages import (
    accounts,
    by_hand,
    deciding,
    entry,
    learned,
    listing,
    of_item,
    paying_back,
    policy,
    proposals,
    reversing,
    review,
    taking,
)

app_name = "cash"
urlpatterns = [
    path("bank/", listing.statements, name="statements"),
    path("bank/export/<str:kind>/", listing.statements_export, name="statements_export"),
    path("bank/new/", taking.take, name="take"),
    path("bank/files/", taking.files, name="files"),
    path("bank/statements/<int:statement>/", deciding.statement, name="statement"),
    path("bank/statements/<int:statement>/gap/", deciding.gap, name="gap"),
    path("bank/doubts/<int:doubt>/", deciding.doubt, name="doubt"),
    path("bank/accounts/<int:bank_account>/", accounts.account, name="account"),
    path("bank/accounts/<int:bank_account>/confirmation/", accounts.confirmation, name="confirmation"),
    path("bank/accounts/<int:bank_account>/name/", accounts.name, name="name"),
    path("bank/review/", review.review, name="review"),
    path("bank/review/export/<str:kind>/", review.review_export, name="review_export"),
    path("bank/entries/<int:bank_entry>/", entry.entry, name="entry"),
    path("bank/entries/<int:bank_entry>/proposal/", proposals.taking, name="taking"),
    path("bank/entries/<int:bank_entry>/account/", entry.on_account, name="on_account"),
    path("bank/entries/<int:bank_entry>/ignoring/", entry.ignoring, name="ignoring"),
    path("bank/entries/<int:bank_entry>/items/", by_hand.by_hand, name="by_hand"),
    path("bank/entries/<int:bank_entry>/outflow/", paying_back.paying_back, name="paying_back"),
    path("bank/entries/<int:bank_entry>/return/", paying_back.returned, name="returned"),
    path("bank/entries/<int:bank_entry>/refund/", paying_back.refunded, name="refunded"),
    path("bank/bookings/<int:booking>/reversal/", reversing.reversal, name="reversal"),
    path("bank/bookings/reversals/", reversing.undo, name="undo"),
    path("bank/items/<int:item>/", of_item.item, name="item"),
    path("bank/learned/", learned.learned, name="learned"),
    path("bank/payers/<int:payer>/oblivion/", learned.payer, name="payer"),
    path("bank/habits/<int:customer>/oblivion/", learned.habits, name="habits"),
    path("bank/tallies/oblivion/", learned.tallies, name="tallies"),
    path("bank/policy/", policy.policy, name="policy"),
    path("bank/policy/decision/", policy.decision, name="decision"),
]
