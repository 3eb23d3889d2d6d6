"""Addresses of disputes."""

from django.urls import path

from debitora.disputes.pages import (
    barometer,
    case,
    cases,
    handing_on,
    inbox,
    link,
    opening,
    reasons,
    routing,
    waiting,
)

app_name = "disputes"
urlpatterns = [
    path("clarification/", cases.cases, name="cases"),
    path("clarification/export/<str:kind>/", cases.cases_export, name="cases_export"),
    path("clarification/barometer/", barometer.barometer, name="barometer"),
    path("clarification/barometer/export/<str:kind>/", barometer.barometer_export, name="barometer_export"),
    path("clarification/inbox/", inbox.inbox, name="inbox"),
    path("clarification/inbox/export/<str:kind>/", inbox.inbox_export, name="inbox_export"),
    path("clarification/inbox/<int:incoming_mail>/", inbox.inbox_mail, name="inbox_mail"),
    path("clarification/inbox/<int:incoming_mail>/placing/", inbox.placing, name="placing"),
    path("clarification/inbox/<int:incoming_mail>/discarding/", inbox.discarding, name="discarding"),
    path("clarification/inbox/<int:incoming_mail>/return/", inbox.returning, name="returning"),
    path(
        "clarification/inbox/<int:incoming_mail>/files/<int:attachment>/", inbox.inbox_file, name="inbox_file"
    ),
    path(
        "clarification/<int:case>/mails/<int:incoming_mail>/files/<int:attachment>/",
        inbox.case_file,
        name="case_file",
    ),
    path("clarification/opening/", opening.open_items, name="open_items"),
    path("clarification/waiting/", waiting.waiting, name="waiting"),
    path("clarification/waiting/export/<str:kind>/", waiting.waiting_export, name="waiting_export"),
    path("clarification/handing-on/", handing_on.handing_on, name="handing_on"),
    path("clarification/handing-on/back/", handing_on.handed_back, name="handed_back"),
    path("clarification/<int:case>/", case.case, name="case"),
    path("clarification/<int:case>/answer/", case.answer, name="answer"),
    path("clarification/<int:case>/answer/withdrawal/", case.withdrawal, name="withdrawal"),
    path("clarification/<int:case>/assignment/", case.assignment, name="assignment"),
    path("clarification/<int:case>/deadline/", case.deadline, name="deadline"),
    path("clarification/<int:case>/closure/", case.closure, name="closure"),
    path("clarification/<int:case>/reopening/", case.reopening, name="reopening"),
    path("answer/<int:case>/", link.linked, name="linked"),
    path("answer/<int:case>/withdrawal/", link.linked_withdrawal, name="linked_withdrawal"),
    path("answer/<str:mark>/", link.link, name="link"),
    path("settings/clarification/", routing.routing, name="routing"),
    path("settings/clarification/rules/new/", routing.new_rule, name="new_rule"),
    path("settings/clarification/rules/<int:place>/", routing.rule, name="rule"),
    path("settings/clarification/rules/<int:place>/moved/", routing.rule_moved, name="rule_moved"),
    path("settings/clarification/reasons/new/", reasons.new_reason, name="new_reason"),
    path("settings/clarification/reasons/<str:reason>/", reasons.reason, name="reason"),
    path(
        "settings/clarification/versions/<int:version>/restoration/",
        routing.restored,
        name="routing_restored",
    ),
    path("items/<int:item>/clarification/", opening.open_item, name="open_item"),
    path("items/<int:item>/cases/", cases.item_cases, name="item_cases"),
    path("customers/<int:customer>/cases/", cases.customer_cases, name="customer_cases"),
]
