"""Copies of invoices that go with a notice: which, in mail and letter, frozen by their bytes; what is missing is named."""

from __future__ import annotations

import email
import email.policy
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from debitora.documents.queries import read_bytes
from debitora.dunning.actions import enclosing
from debitora.dunning.models import Notice, NoticeEnclosure, NoticeEvent
from debitora.dunning.queries.enclosing import papers_of, without_copies
from debitora.dunning.rules.composition import LineFacts
from debitora.dunning.rules.enclosing import Copy, enclosures, numbers
from debitora.dunning.rules.policy import Channel
from debitora.dunning.rules.policy_file import as_document, from_document
from debitora.dunning.rules.presets import preset
from debitora.dunning.templatetags.strategy_prose import prose
from debitora.dunning.testing import MOMENT, TESTS, a_late_payer, a_released_run, a_run, copies_go_along
from debitora.dunning.tests.test_strategy_pages import here
from debitora.kit.store import place_of
from debitora.messaging.models import Intent
from debitora.messaging.rules.merging import page_count, with_copies
from debitora.people.models import Company, User
from debitora.receivables.actions.documents import remove_document
from debitora.receivables.models import Item
from debitora.receivables.rules.documents import document_fault
from debitora.receivables.testing import an_invoice_pdf, an_open_item, copies_kept

HOME = {"street": "Weg 1", "postcode": "10115", "city": "Berlin"}
STEP = preset("de-business").steps[0]
ON = date(2026, 11, 1)


def a_line(item: int, kind: str = "due", due_on: date = ON) -> LineFacts:
    return LineFacts(item, f"R-{item}", kind, ON, due_on, 100, 100)


def a_copy(place: int, size: int = 10, bytes_: str = "") -> Copy:
    return Copy(place, place, bytes_ or str(place), size)


def late(company: Company, number: str = "10001") -> Item:
    """The overdue item of a business customer who can be reached both ways."""
    return Item.objects.get(customer_id=a_late_payer(company, number, **HOME))


def attached(message: Intent) -> list[tuple[str, bytes]]:
    assert message.body is not None
    parsed = email.message_from_bytes(read_bytes(message.body), policy=email.policy.default)
    return [(part.get_filename() or "", part.get_content()) for part in parsed.iter_attachments()]


# ---------------------------------------------------------------------------------------------------- the rule


def test_copies_come_in_the_order_of_the_table_and_the_same_bytes_once() -> None:
    lines = [a_line(2), a_line(1, due_on=date(2026, 10, 1)), a_line(3, "also_open"), a_line(4)]
    copies = {1: [a_copy(11), a_copy(12)], 2: [a_copy(21)], 3: [a_copy(31)], 4: [a_copy(41, bytes_="21")]}
    found = enclosures(lines, copies)
    assert [(one.number, one.copy.document) for one in found] == [("R-1", 11), ("R-1", 12), ("R-2", 21)]
    assert numbers(found, sent=True) == ("R-1", "R-2")
    assert numbers(found, sent=False) == ()


def test_what_is_too_large_is_named_and_what_still_fits_goes() -> None:
    copies = {1: [a_copy(1, 60)], 2: [a_copy(2, 60)], 3: [a_copy(3, 40)]}
    found = enclosures([a_line(item) for item in copies], copies, most=100)
    assert [one.sent for one in found] == [True, False, True]
    assert numbers(found, sent=False) == ("R-2",)


@given(st.dictionaries(st.integers(1, 9), st.lists(st.integers(1, 50), max_size=3)), st.integers(0, 120))
def test_every_copy_is_sent_or_named_and_the_bound_holds(sizes: dict[int, list[int]], most: int) -> None:
    copies = {
        item: [a_copy(100 * item + place, size) for place, size in enumerate(found)]
        for item, found in sizes.items()
    }
    found = enclosures([a_line(item) for item in copies], copies, most=most)
    assert len(found) == sum(map(len, copies.values()))
    assert sum(one.copy.size for one in found if one.sent) <= most


def test_files_say_it_only_where_it_is_chosen() -> None:
    policy = preset("de-business")
    chosen = replace(policy, steps=(replace(STEP, enclose_copies=True), *policy.steps[1:]))
    assert "enclose_copies" not in str(as_document(policy))
    assert from_document(as_document(chosen)) == (chosen, ())
    assert "Copies of the invoices go with it." in " ".join(prose(chosen).steps)
    called = replace(policy, steps=(replace(STEP, enclose_copies=True, channel=Channel.CALL),))
    assert "Copies" not in " ".join(prose(called).steps)


def test_a_copy_that_may_not_be_changed_is_printed_all_the_same() -> None:
    pdf, out = pikepdf.Pdf.new(), io.BytesIO()
    pdf.add_blank_page()
    pdf.save(out, encryption=pikepdf.Encryption(user="", owner="o"))
    assert document_fault(out.getvalue()) is None
    assert page_count(with_copies(an_invoice_pdf("letter"), [out.getvalue()], title="M-1")) == 2


# ------------------------------------------------------------------------------------------------- the notices


def test_mail_and_letter_carry_the_copies_and_say_so(acme: Company) -> None:
    copies_go_along(acme)
    item = late(acme)
    copies_kept(item, "one", "two", pages=2)
    a_released_run(acme)
    mail, letter = (Intent.objects.get(channel=channel) for channel in ("mail", "letter"))
    made = NoticeEvent.objects.get(kind="rendered").document
    assert made is not None
    assert mail.document_id == made.id
    found = attached(mail)
    assert [data for _name, data in found] == [
        read_bytes(made),
        an_invoice_pdf("one", 2),
        an_invoice_pdf("two", 2),
    ]
    assert len({name for name, _data in found}) == 3
    assert letter.document is not None
    assert page_count(read_bytes(letter.document)) == page_count(read_bytes(made)) + 4
    assert mail.body is not None
    parsed = email.message_from_bytes(read_bytes(mail.body), policy=email.policy.default)
    said = parsed.get_body(("plain",))
    assert said is not None
    assert f"Anlage: Kopie der Rechnung {item.number}" in said.get_content()
    frozen = NoticeEnclosure.objects.order_by("place").values_list("document__name", "sent")
    assert list(frozen) == [("one.pdf", True), ("two.pdf", True)]


def test_what_is_removed_later_stays_with_its_notice(acme: Company) -> None:
    copies_go_along(acme)
    [document] = copies_kept(late(acme), "one")
    a_released_run(acme)
    remove_document(company=acme.id, document=document.id, reason="Wrong", by=TESTS, at=MOMENT)
    papers = papers_of(notice=Notice.objects.get(), made=True)
    assert papers is not None
    assert [(one.name, one.sent) for one in papers.copies] == [("one.pdf", True)]
    for change in (lambda rows: rows.delete(), lambda rows: rows.update(sent=False)):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(NoticeEnclosure.objects.all())


def test_a_step_that_sends_none_sends_none(acme: Company) -> None:
    copies_kept(late(acme), "one")
    run = a_released_run(acme)
    assert NoticeEnclosure.objects.count() == 0
    assert papers_of(notice=Notice.objects.get(), made=True) is None
    assert papers_of(notice=Notice.objects.get(), made=False) is None
    assert without_copies(run=Notice.objects.get().run_id) == (0, [])
    assert run


def test_an_item_without_a_copy_is_named_and_goes_anyway(acme: Company) -> None:
    copies_go_along(acme)
    item = late(acme)
    other = an_open_item(acme.id, item.customer_id, number="R-2", due_on=date(2026, 10, 1))
    copies_kept(other, "two")
    a_run(acme)
    notice = Notice.objects.get()
    total, first = without_copies(run=notice.run_id)
    assert (total, [one.item for one in first]) == (1, [item.id])
    papers = papers_of(notice=notice, made=False)
    assert papers is not None
    assert (papers.without, [one.number for one in papers.copies]) == ((item.number,), ["R-2"])
    a_released_run(acme)
    assert Intent.objects.filter(state="queued").count() == 2


def test_a_copy_whose_bytes_are_gone_keeps_its_notice(acme: Company) -> None:
    copies_go_along(acme)
    [document] = copies_kept(late(acme), "one")
    place_of(company=acme.id, digest=document.blob.sha256).unlink()
    a_released_run(acme)
    assert NoticeEvent.objects.get().reason == "BytesMissing"


def test_large_batches_are_made_one_by_one(acme: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    copies_go_along(acme)
    for number in ("10001", "10002", "10003"):
        copies_kept(late(acme, number), f"of {number}")
    monkeypatch.setattr(enclosing.within_bounds, "__kwdefaults__", {"most": 1})
    a_released_run(acme)
    assert NoticeEnclosure.objects.filter(sent=True).count() == 3
    assert Intent.objects.filter(state="queued").count() == 6


def test_pages_name_what_goes_along_and_what_is_missing(
    acme: Company, clerk: User, client_of: Callable[[User], Client]
) -> None:
    copies_go_along(acme)
    item, client = late(acme), client_of(clerk)
    a_run(acme)
    notice = Notice.objects.get()
    assert "1 item goes without a copy" in client.get(here("run", notice.run_id)).content.decode()
    assert "1 item has no copy" in client.get(here("notice", notice.id)).content.decode()
    copies_kept(item, "one")
    assert "goes without a copy" not in client.get(here("run", notice.run_id)).content.decode()
    shown = client.get(here("notice", notice.id)).content.decode()
    assert "one.pdf" in shown
    assert "has no copy" not in shown


def test_very_many_without_a_copy_are_counted_no_further(
    acme: Company, clerk: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    copies_go_along(acme)
    for number in ("10001", "10002", "10003"):
        late(acme, number)
    a_run(acme)
    for place in ("debitora.dunning.queries.enclosing", "debitora.dunning.pages.run"):
        monkeypatch.setattr(f"{place}.MOST_COUNTED", 1)
    run = Notice.objects.latest("id").run_id
    assert without_copies(run=run)[0] == 2
    assert "More than 1 items go without" in client_of(clerk).get(here("run", run)).content.decode()
