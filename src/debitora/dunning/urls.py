"""Addresses of dunning."""

from django.urls import path

from debitora.dunning.pages import (
    assignments,
    interest,
    limitation,
    notices,
    pauses,
    recipients,
    run,
    runs,
    strategies,
    text_law,
    why,
)

app_name = "dunning"
urlpatterns = [
    path("runs/", runs.runs, name="runs"),
    path("runs/start/", runs.start, name="start"),
    path("runs/<int:run>/", run.run, name="run"),
    path("runs/<int:run>/progress/", run.progress, name="progress"),
    path("runs/<int:run>/approval/", run.approval, name="approval"),
    path("runs/<int:run>/discard/", run.discard, name="discard"),
    path("runs/<int:run>/withheld/", run.withheld, name="withheld"),
    path("runs/<int:run>/reinstated/", run.reinstated, name="reinstated"),
    path("runs/<int:run>/again/", run.again, name="again"),
    path("runs/<int:run>/<str:tab>.<str:kind>", run.export, name="export"),
    path("notices/without-recipient/", recipients.recipients, name="recipients"),
    path("notices/without-recipient/completed/", recipients.completed, name="completed"),
    path("notices/<int:notice>/", notices.notice, name="notice"),
    path("notices/<int:notice>/items/", notices.items, name="notice_items"),
    path("notices/<int:notice>/letter.pdf", notices.letter, name="letter"),
    path("notices/<int:notice>/preview/<int:page>.png", notices.preview, name="preview"),
    path("notices/<int:notice>/withheld/", notices.withheld, name="notice_withheld"),
    path("notices/<int:notice>/reinstated/", notices.reinstated, name="notice_reinstated"),
    path("notices/<int:notice>/cancelled/", notices.cancelled, name="notice_cancelled"),
    path("why/<int:item>/", why.why, name="why"),
    path("pauses/", pauses.pauses, name="pauses"),
    path("pauses/placed/", pauses.placed, name="pause_placed"),
    path("pauses/<int:pause>/lifted/", pauses.lifted, name="pause_lifted"),
    path("pauses/<int:pause>/again/", pauses.again, name="pause_again"),
    path("limitation/", limitation.limitation, name="limitation"),
    path("limitation/export/<str:kind>/", limitation.limitation_export, name="limitation_export"),
    path("items/<int:item>/interest/", interest.item_interest, name="item_interest"),
    path("items/<int:item>/notices/", notices.item_notices, name="item_notices"),
    path("customers/<int:customer>/notices/", notices.customer_notices, name="customer_notices"),
    path("customers/<int:customer>/strategy/", assignments.customer_strategy, name="customer_strategy"),
    path(
        "customers/<int:customer>/strategy/chosen/",
        assignments.customer_strategy_chosen,
        name="customer_strategy_chosen",
    ),
    path("settings/texts/<str:key>/<str:language>/law/", text_law.law, name="text_law"),
    path("settings/strategies/", strategies.strategies, name="strategies"),
    path("settings/strategies/new/", strategies.new, name="new_strategy"),
    path("settings/strategies/assigned/", assignments.assigned, name="assigned"),
    path("settings/strategies/assignments/", assignments.assignments, name="assignments"),
    path("settings/strategies/assignments/rules/", assignments.rule_added, name="rule_added"),
    path(
        "settings/strategies/assignments/rules/<int:segment>/", assignments.rule_changed, name="rule_changed"
    ),
    path("settings/strategies/<int:strategy>/", strategies.strategy, name="strategy"),
    path("settings/strategies/<int:strategy>/saved/", strategies.saved, name="strategy_saved"),
    path("settings/strategies/<int:strategy>/versions/", strategies.versions, name="versions"),
]
