"""Addresses of cash."""

from django.urls import path

from debitora.cash.pages import accounts, deciding, listing, taking

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
]
