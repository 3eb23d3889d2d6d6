"""Addresses of receivables."""

from django.urls import path

from debitora.receivables.pages import (
    aging,
    allocations,
    claims,
    contacts,
    customers,
    holds,
    item_contacts,
    items,
    master,
    sheet,
    timeline,
)

app_name = "receivables"
urlpatterns = [
    path("items/", items.items, name="items"),
    path("items/export/<str:kind>/", items.items_export, name="items_export"),
    path("items/hold/", holds.hold_items, name="hold_items"),
    path("items/<int:item>/", items.item, name="item"),
    path("items/<int:item>/hold/", holds.hold_item, name="hold_item"),
    path("items/<int:item>/contact/", item_contacts.item_contact, name="item_contact"),
    path("items/<int:item>/contact/ended/", item_contacts.item_contact_ended, name="item_contact_ended"),
    path("items/<int:item>/allocation/", allocations.allocate, name="allocate"),
    path("allocations/<int:allocation>/release/", allocations.release, name="release_allocation"),
    path("holds/release/", holds.release_holds, name="release_holds"),
    path("holds/<int:hold>/release/", holds.release_hold, name="release_hold"),
    path("holds/<int:hold>/renewal/", holds.renew_hold, name="renew_hold"),
    path("holds/<int:hold>/end/", holds.extend_hold, name="extend_hold"),
    path("claims/", claims.claims, name="claims"),
    path("claims/export/<str:kind>/", claims.claims_export, name="claims_export"),
    path("claims/<int:claim>/waiver/", claims.waive_claim, name="waive_claim"),
    path("claims/restored/", claims.restore_claim, name="restore_claim"),
    path("customers/", customers.customers, name="customers"),
    path("customers/export/<str:kind>/", customers.customers_export, name="customers_export"),
    path("customers/<int:customer>/", sheet.customer, name="customer"),
    path("customers/<int:customer>/items/", sheet.customer_items, name="customer_items"),
    path("customers/<int:customer>/holds/", sheet.customer_holds, name="customer_holds"),
    path("customers/<int:customer>/contacts/", contacts.contacts, name="contacts"),
    path("customers/<int:customer>/contacts/kept/", contacts.contact_kept, name="contact_kept"),
    path("contacts/<int:contact>/ended/", contacts.contact_ended, name="contact_ended"),
    path("contacts/<int:contact>/again/", contacts.contact_again, name="contact_again"),
    path("customers/<int:customer>/timeline/", timeline.customer_timeline, name="customer_timeline"),
    path("customers/<int:customer>/edit/", master.edit_customer, name="edit_customer"),
    path("customers/<int:customer>/hold/", holds.hold_customer, name="hold_customer"),
    path("customers/<int:customer>/parking/", master.park, name="park"),
    path("customers/<int:customer>/parking/end/", master.unpark, name="unpark"),
    path("aging/", aging.aging, name="aging"),
    path("aging/export/<str:kind>/", aging.aging_export, name="aging_export"),
]
