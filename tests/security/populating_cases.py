"""Cases of the populated companies: one that waits, one that was answered, one that was closed; and a reason with marked words."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, datetime
from email.message import EmailMessage
from typing import Any

from debitora.disputes.actions import answer_case, close_case, save_routing
from debitora.disputes.actions.placing import place_mail
from debitora.disputes.models import Case, CaseMail, CaseStep
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.rules.routing import PRESET, Reason
from debitora.disputes.rules.telling import LINK
from debitora.disputes.testing import a_case
from debitora.documents.actions import store_bytes
from debitora.messaging.models import IncomingMail
from debitora.people.models import Company
from debitora.receivables.testing import an_open_item
from debitora.trail.rules import Actor


def clarify(
    company: Company, customer: int, *, mark: str, words: str, on: date, at: datetime, by: Actor
) -> None:
    """Three cases of a customer about items of their own, so that nothing else of the population changes."""
    cases = [
        a_case(
            company,
            [an_open_item(company.id, customer, number=f"K{place}-{mark}", due_on=date(2027, 3, 1))],
            minor=4_000 if place else None,
            by=by,
            question=words,
            on=on,
            at=at,
        )
        for place in range(3)
    ]
    facts: dict[str, Any] = {"company": company, "on": on, "at": at, "by": by, "note": words}
    answer_case(case=cases[1].id, proposal=Proposal(Outcome.PROMISED, on), **facts)
    step = CaseStep.objects.filter(case=cases[0]).latest("id")
    CaseMail.objects.create(
        company=company, case=cases[0], step=step, user_id=by.id or 0, state="sent", claimed_at=at, state_at=at, until=at + LINK
    )  # fmt: skip
    close_case(case=cases[2].id, proposal=Proposal(Outcome.CREDIT_EXPECTED, on, 1_000), **facts)
    for place in range(2):
        _mail(company, cases[2] if place else None, f"{place} {words}", at=at, by=by)


def _mail(company: Company, case: Case | None, words: str, *, at: datetime, by: Actor) -> None:
    """A mail that a person wrote with something attached: in the inbox, or beside a case."""
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "somebody@elsewhere.example", words[:60]
    mail.set_content(words)
    mail.add_attachment(words.encode(), maintype="text", subtype="html", filename=f"{words[:30]}.html")
    data = mail.as_bytes()
    row = IncomingMail.objects.create(
        company=company,
        sha256=hashlib.sha256(data).hexdigest(),
        name=f"{words[:30]}.eml",
        size=len(data),
        state="other",
        document=store_bytes(company=company.id, data=data, media_type="message/rfc822", at=at),
        sender="somebody@elsewhere.example",
        subject=words[:60],
        words=words[:300],
        taken_at=at,
        sorted_at=at,
    )
    if case is not None:
        place_mail(company=company, mail=row.id, case=case, by=by, at=at)


def route(company: Company, *, words: str, at: datetime, by: Actor) -> None:
    """A reason of the company's own, with marked words, which no case has."""
    own = Reason("own-1", {"de": words})
    wanted = replace(PRESET, reasons=(*PRESET.reasons, own))
    save_routing(company=company, number=0, wanted=wanted, by=by, at=at)
