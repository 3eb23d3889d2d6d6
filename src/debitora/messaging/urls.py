"""Addresses of messaging."""

from django.urls import path

from debitora.messaging.pages import (
    account,
    deliveries,
    delivery,
    letters,
    piles,
    sender,
    sending,
    statements,
    texts,
)

app_name = "messaging"
urlpatterns = [
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/letters/", letters.letters, name="letters"),
    path("deliveries/letters/printed/", letters.printed, name="printed"),
    path("deliveries/letters/piles/", piles.piled, name="piled"),
    path("deliveries/letters/piles/<int:pile>/", piles.pile, name="pile"),
    path("deliveries/letters/piles/<int:pile>/letters.pdf", piles.joined, name="joined"),
    path("deliveries/letters/piles/<int:pile>/posting/", piles.posted, name="posted"),
    path("deliveries/letters/piles/<int:pile>/posting/withdrawal/", piles.taken_back, name="taken_back"),
    path("deliveries/<int:intent>/", delivery.delivery, name="delivery"),
    path("deliveries/<int:intent>/letter.pdf", delivery.document, name="document"),
    path("deliveries/<int:intent>/mail.eml", delivery.mail, name="mail"),
    path("deliveries/<int:intent>/settlement/", delivery.settled, name="settled"),
    path("deliveries/<int:intent>/cancellation/", delivery.cancelled, name="cancelled"),
    path("customers/<int:customer>/deliveries/", deliveries.customer_deliveries, name="customer_deliveries"),
    path("customers/<int:customer>/statement/", statements.statement, name="statement"),
    path("customers/<int:customer>/statement.pdf", statements.statement_pdf, name="statement_pdf"),
    path("customers/<int:customer>/statement/mail/", statements.mailed, name="mail_statement"),
    path("settings/sender/", sender.sender, name="sender"),
    path("settings/sender/edit/", sender.edit_sender, name="edit_sender"),
    path("settings/sender/account/confirmation/", account.confirmed, name="confirmed"),
    path("settings/sender/account/withdrawal/", account.withdrawn, name="withdrawn"),
    path("deliveries/account/", account.account_warning, name="account_warning"),
    path("settings/sender/test/", sender.tested, name="tested"),
    path("settings/sender/recipients/", sender.allowed, name="allowed"),
    path("settings/sender/recipients/removal/", sender.disallowed, name="disallowed"),
    path("settings/sending/", sending.sending, name="sending"),
    path("settings/sending/lock/", sending.locked, name="locked"),
    path("settings/sending/unlock/", sending.unlocked, name="unlocked"),
    path("settings/texts/", texts.texts, name="texts"),
    path("settings/texts/<str:key>/<str:language>/", texts.text, name="text"),
    path("settings/texts/<str:key>/<str:language>/saved/", texts.text_saved, name="text_saved"),
    path("settings/texts/<str:key>/<str:language>/preview/", texts.text_preview, name="text_preview"),
]
