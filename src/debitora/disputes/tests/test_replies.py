"""Answers by mail: what is proven becomes a comment, everything else waits or stands beside its case and changes nothing."""

from __future__ import annotations

import os
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from debitora.disputes.actions import assign_case, close_case
from debitora.disputes.actions.placing import (
    MailIsSettled,
    MailUnknown,
    MailWaits,
    discard_mail,
    place_mail,
    return_mail,
    sort_mails,
)
from debitora.disputes.models import Case, CaseMail, CaseStep, MailPlacing
from debitora.disputes.queries.inbox import InboxFilters, inbox_page, mails_waiting, mails_with
from debitora.disputes.queries.telling import mail_mark
from debitora.disputes.rules.outcomes import Outcome, Proposal
from debitora.disputes.rules.replies import MOST_A_DAY, case_named, names_number
from debitora.disputes.rules.telling import LINK
from debitora.disputes.testing import MOMENT, ON, TESTS, a_case
from debitora.formats.mail.opening import MAX_BYTES
from debitora.messaging.actions.fetching import fetch_mails
from debitora.messaging.models import IncomingMail
from debitora.messaging.queries.incoming import mail_folder
from debitora.messaging.testing import a_report
from debitora.people.models import Company, User
from debitora.receivables.testing import a_customer, an_open_item

ANNA = "anna@acme.example"
LATER = MOMENT + timedelta(hours=2)


@pytest.fixture
def case(company: Company, sales: User) -> Case:
    User.objects.filter(id=sales.id).update(email=ANNA)
    customer = a_customer(
        company.id, name="Miller Ltd", salesperson_id=sales.id, email="buyer@miller.example"
    )
    return a_case(company, [an_open_item(company.id, customer, number="RE-4711")], minor=4_000)


@pytest.fixture
def folder(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEBITORA_HOME", str(tmp_path))
    found = mail_folder(company_code=company.code)
    found.mkdir(parents=True)
    return found


def told(case: Case, user: User) -> CaseMail:
    """The mail that told the person of the newest step."""
    return CaseMail.objects.create(
        company=case.company,
        case=case,
        step=CaseStep.objects.filter(case=case).latest("id"),
        user_id=user.id,
        state="sent",
        claimed_at=MOMENT,
        state_at=MOMENT,
        until=MOMENT + LINK,
    )


def name_of(mail: CaseMail) -> str:
    return f"<case-{mail_mark(company=mail.company_id, mail=mail.id, use='reply')}@acme.example>"


def a_mail(
    text: str = "The price list of May counts.",
    *,
    sender: str = ANNA,
    subject: str = "Re: Price",
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = sender, "mahnung@acme.example", subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(f"{text}\n\nOn 18 Nov 2026 Acme wrote:\n> what was asked\n")
    for name, data in files:
        mail.add_attachment(data, maintype="application", subtype="pdf", filename=name)
    return mail.as_bytes()


def arrive(company: Company, folder: Path, *mails: bytes) -> list[IncomingMail]:
    """Mails come in and are sorted; returns their rows."""
    before = IncomingMail.objects.count()
    for place, data in enumerate(mails):
        path = folder / f"{before}-{place}.eml"
        path.write_bytes(data)
        os.utime(path, (MOMENT.timestamp(), MOMENT.timestamp()))
    fetch_mails(company=company, by=TESTS, clock=lambda: LATER)
    while sort_mails(company=company, by=TESTS, at=LATER):
        pass
    return list(IncomingMail.objects.order_by("id"))[before:]


def placed(mail: IncomingMail) -> tuple[str, str, int | None]:
    found = MailPlacing.objects.filter(mail=mail).latest("place")
    return found.kind, found.why, found.case_id


def kinds(case: Case) -> list[str]:
    return list(CaseStep.objects.filter(case=case).order_by("id").values_list("kind", flat=True))


def test_her_reply_becomes_a_comment_without_what_it_quotes(
    company: Company, case: Case, sales: User, folder: Path
) -> None:
    [mail] = arrive(
        company, folder, a_mail(In_Reply_To=name_of(told(case, sales)), files=(("List.pdf", b"%PDF-1"),))
    )
    assert placed(mail) == ("case", "proven", case.id)
    step = CaseStep.objects.select_related("wording").latest("id")
    assert (step.kind, step.done_by_id) == ("commented", sales.id)
    assert step.wording is not None
    assert step.wording.text == "The price list of May counts."
    [beside] = mails_with(case=case.id)
    assert [(file.name, file.data) for file in beside.letter.files] == [("List.pdf", b"%PDF-1")]
    assert mails_waiting() == 0


def test_an_answer_is_proven_by_the_address_that_we_asked_for(
    company: Company, case: Case, sales: User, folder: Path
) -> None:
    """Mail programs that name no mail they answer, and a mailbox that tells the address only in what it adds."""
    mark = name_of(told(case, sales)).strip("<>").partition("@")[0]
    for header in ("Cc", "Delivered_To", "X_Original_To"):
        [mail] = arrive(company, folder, a_mail(f"By {header}.", **{header: f"ar+{mark}@acme.example"}))
        assert placed(mail) == ("case", "proven", case.id), header
    forged = mark[:-3] + ("aaa" if mark[-3:] != "aaa" else "bbb")
    [mail] = arrive(company, folder, a_mail("Forged.", Cc=f"ar+{forged}@acme.example"))
    assert placed(mail)[0] == "waits"
    [mail] = arrive(company, folder, a_mail("Foreign.", sender="eve@x.example", Cc=f"ar+{mark}@acme.example"))
    assert placed(mail)[:2] == ("waits", "foreign")
    assert kinds(case).count("commented") == 3


def test_a_mark_in_the_address_counts_like_one_in_the_answer(
    company: Company, case: Case, sales: User, folder: Path
) -> None:
    mark = name_of(told(case, sales)).strip("<").partition("@")[0].upper()
    [mail] = arrive(company, folder, a_mail(Delivered_To=f"mahnung+{mark}@acme.example"))
    assert placed(mail) == ("case", "proven", case.id)


def test_a_foreign_or_forged_reply_changes_nothing(
    company: Company, case: Case, sales: User, folder: Path
) -> None:
    name = name_of(told(case, sales))
    signature = name.partition("-")[2].partition("-")[2].partition("@")[0]
    forged = name.replace(signature, ("b" if signature[0] == "a" else "a") + signature[1:])
    foreign, invented = arrive(
        company,
        folder,
        a_mail("We accept nothing.", sender="rival@elsewhere.example", In_Reply_To=name),
        a_mail("I am Anna.", In_Reply_To=forged),
    )
    assert placed(foreign) == ("waits", "foreign", case.id)
    assert placed(invented) == ("waits", "unknown", None)
    assert kinds(case) == ["opened"]
    assert mails_waiting() == 2


def test_of_whom_the_case_is_no_more_a_reply_waits(
    company: Company, case: Case, sales: User, manager: User, folder: Path
) -> None:
    name = name_of(told(case, sales))
    assign_case(company=company, case=case.id, assignee=manager.id, on=ON, by=TESTS, at=MOMENT)
    [late] = arrive(company, folder, a_mail("One.", In_Reply_To=name))
    assert placed(late) == ("waits", "ended", case.id)
    close_case(company=company, case=case.id, proposal=Proposal(Outcome.VALID), on=ON, by=TESTS, at=MOMENT)
    [later] = arrive(company, folder, a_mail("Two.", In_Reply_To=name))
    assert placed(later) == ("waits", "ended", case.id)
    assert "commented" not in kinds(case)


def test_by_address_and_number_a_mail_stands_beside_its_case_and_changes_nothing(
    company: Company, case: Case, folder: Path
) -> None:
    hers, buyer, other, foreign = arrive(
        company,
        folder,
        a_mail("Yes.", subject=f"[Case {case.id}] Price"),
        a_mail("We paid less.", sender="buyer@miller.example", subject="Invoice RE-4711"),
        a_mail("Hello.", sender="Buyer@Miller.example", subject="Invoice RE-47112"),
        a_mail("Hello.", sender="x@elsewhere.example", subject=f"[Case {case.id}] RE-4711"),
    )
    assert placed(hers) == placed(buyer) == ("case", "number", case.id)
    assert placed(other) == ("waits", "known", None)
    assert placed(foreign) == ("waits", "unknown", None)
    assert kinds(case) == ["opened"]
    assert len(mails_with(case=case.id)) == 2


def test_machines_and_loops_end(company: Company, case: Case, sales: User, folder: Path) -> None:
    name = name_of(told(case, sales))
    away = a_mail("I am away.", In_Reply_To=name, Auto_Submitted="auto-replied")
    many = [a_mail(f"Answer {place}.", In_Reply_To=name) for place in range(MOST_A_DAY + 1)]
    mails = arrive(company, folder, away, *many)
    assert mails[0].state == "automatic"
    assert kinds(case).count("commented") == MOST_A_DAY
    assert placed(mails[-1])[:2] == ("waits", "many")


def test_a_mail_without_words_of_its_own_waits(
    company: Company, case: Case, sales: User, folder: Path
) -> None:
    [mail] = arrive(company, folder, a_mail("", In_Reply_To=name_of(told(case, sales))))
    assert placed(mail)[:2] == ("waits", "empty")


def test_scripts_and_markup_are_left_out(company: Company, case: Case, sales: User, folder: Path) -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["Subject"], mail["In-Reply-To"] = ANNA, "Re", name_of(told(case, sales))
    mail.set_content("<p>Fine<script>alert(1)</script><img src=x onerror=alert(2)></p>", subtype="html")
    arrive(company, folder, mail.as_bytes())
    step = CaseStep.objects.select_related("wording").latest("id")
    assert step.wording is not None
    assert step.wording.text == "Fine"


def test_of_a_mail_that_is_too_large_the_words_count_and_the_file_is_kept(
    company: Company, case: Case, sales: User, folder: Path
) -> None:
    large = a_mail(In_Reply_To=name_of(told(case, sales)), files=(("big.pdf", b"0" * (MAX_BYTES + 1)),))
    [mail] = arrive(company, folder, large)
    assert (mail.state, mail.reason, mail.document) == ("other", "too_large", None)
    assert placed(mail) == ("case", "proven", case.id)
    [kept] = (folder / "unread").iterdir()
    assert kept.read_bytes() == large


def test_a_mail_to_her_that_came_back_says_so(
    company: Company, case: Case, sales: User, folder: Path
) -> None:
    mail = told(case, sales)
    arrive(company, folder, a_report(name_of(mail), "somebody@else.example"))
    assert CaseMail.objects.get().state == "sent"
    arrive(company, folder, a_report(name_of(mail), ANNA))
    assert CaseMail.objects.get().state == "returned"


def test_the_same_mail_again_changes_nothing(company: Company, case: Case, sales: User, folder: Path) -> None:
    data = a_mail(In_Reply_To=name_of(told(case, sales)))
    arrive(company, folder, data)
    assert arrive(company, folder, data) == []
    assert kinds(case) == ["opened", "commented"]


def test_by_hand_a_mail_is_placed_discarded_and_put_back(company: Company, case: Case, folder: Path) -> None:
    [mail] = arrive(company, folder, a_mail(sender="x@elsewhere.example"))
    facts = {"company": company, "mail": mail.id, "by": TESTS, "at": LATER}
    with pytest.raises(MailWaits):
        return_mail(**facts)
    place_mail(**facts, case=case)
    for act in (
        lambda: place_mail(**facts, customer=case.customer),
        lambda: discard_mail(**facts, note="spam"),
    ):
        with pytest.raises(MailIsSettled):
            act()
    assert [one.mail.id for one in mails_with(case=case.id)] == [mail.id]
    return_mail(**facts)
    assert mails_with(case=case.id) == []
    assert mails_waiting() == 1
    discard_mail(**facts, note="spam")
    assert [row.id for row in inbox_page(filters=InboxFilters(state="discarded")).rows] == [mail.id]
    return_mail(**facts)
    place_mail(**facts, customer=case.customer)
    assert [row.customer for row in inbox_page(filters=InboxFilters(state="placed")).rows] == [
        case.customer_id
    ]
    assert kinds(case) == ["opened"]
    with pytest.raises(MailUnknown):
        place_mail(**{**facts, "mail": mail.id + 1_000}, case=case)


@pytest.mark.parametrize(
    ("subject", "case"),
    [("[Case 17] Price", 17), ("AW: [Fall 3] Preis", 3), ("[Case x] 17", None), ("Case 17", None), ("[Case " + "9" * 40 + "]", None)],
)  # fmt: skip
def test_a_case_is_named_as_our_subjects_do(subject: str, case: int | None) -> None:
    assert case_named(subject) == case


@pytest.mark.parametrize(
    ("subject", "there"),
    [
        ("RE-1", True),
        ("Invoice re-1.", True),
        ("RE-12", False),
        ("XRE-1", False),
        ("", False),
        ("(RE-1)", True),
    ],
)
def test_a_number_is_named_apart_from_others(subject: str, there: bool) -> None:
    assert names_number(subject, "RE-1") is there
