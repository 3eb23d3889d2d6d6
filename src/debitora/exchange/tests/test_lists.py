"""Lists on their way into the ledger and back, on a real database."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from debitora.exchange.actions import (
    CustomersStay,
    ImportHeld,
    ImportMoved,
    NotTheNewest,
    apply_taken,
    confirm_list,
    correct_mapping,
    discard_import,
    preview_list,
    undo_import,
)
from debitora.exchange.models import ListImport
from debitora.exchange.queries import faults_in
from debitora.exchange.rules.columns import Layout, unread
from debitora.exchange.testing import (
    MOMENT,
    ON,
    TESTS,
    a_list_file,
    a_list_of,
    a_row,
    applied,
    previewed,
    read_by_hand,
    taken,
)
from debitora.formats.faults import FaultCode
from debitora.formats.mapping import Mapping
from debitora.kit.pg.company import serving
from debitora.people.models import Company, Progress
from debitora.receivables.actions import allocate
from debitora.receivables.models import Customer, Item, ItemState
from debitora.receivables.testing import an_open_item
from debitora.trail.models import Record
from debitora.values.money import Money

TEN = range(1, 11)


def ledger() -> dict[str, int]:
    """Number -> open minor units of every item."""
    return dict(ItemState.objects.order_by("item_id").values_list("item__number", "open_minor"))


def guards_of(found: ListImport) -> list[str]:
    return [raised["guard"] for raised in found.guards]


def test_a_list_opens_pays_settles_and_leaves_the_rest(company: Company) -> None:
    first = applied(company, a_list_of(TEN))
    assert first.state == "applied"
    assert first.result["counts"]["opened"] == 10
    rows = [a_row(f"R-{n}", "100,00", customer=str(10_000 + n)) for n in range(3, 11)]
    rows[0] = a_row("R-3", "40,00", customer="10003")
    second = applied(company, a_list_file(rows), as_of=ON + timedelta(days=1))
    assert {kind: count for kind, count in second.result["counts"].items() if count} == {
        "paid": 1,
        "settled": 2,
        "unchanged": 7,
    }
    assert ledger() | {"R-1": 0, "R-2": 0, "R-3": 4_000} == ledger()
    assert sum(ledger().values()) == 4_000 + 7 * 10_000


def test_the_preview_shows_sums_and_the_largest_examples_and_writes_nothing(company: Company) -> None:
    applied(company, a_list_of(TEN))
    rows = [
        a_row("R-50", "1,00"),
        *(a_row(f"R-{n}", "100,00", customer=str(10_000 + n)) for n in range(2, 10)),
    ]
    before = ledger()
    found = previewed(company, a_list_file(rows), as_of=ON + timedelta(days=1))
    assert ledger() == before
    assert found.result["sums"] == {"opened": {"EUR": 100}, "settled": {"EUR": -20_000}}
    assert found.result["listed"] == {"EUR": 100 + 8 * 10_000}
    (opened,) = found.result["examples"]["opened"]
    assert (opened["number"], opened["after"], opened["item"]) == ("R-50", 100, None)
    assert {each["number"] for each in found.result["examples"]["settled"]} == {"R-1", "R-10"}


def test_the_same_file_again_answers_nothing_before_any_guard(company: Company) -> None:
    first = applied(company, a_list_of(TEN))
    applied(company, a_list_of(range(1, 12)), as_of=ON + timedelta(days=1))
    again = previewed(company, a_list_of(TEN))
    assert (again.state, again.result["same_as"], again.guards) == ("nothing", first.id, [])
    with pytest.raises(ImportMoved, match="nothing"):
        confirm_list(company=company, list_import=again.id, confirmed=True, by=TESTS, at=MOMENT)


def test_a_list_that_changes_nothing_says_so(company: Company) -> None:
    applied(company, a_list_of(TEN))
    again = previewed(company, a_list_of(TEN), as_of=ON + timedelta(days=1))
    assert (again.state, again.result["same_as"], again.result["counts"]["unchanged"]) == (
        "nothing",
        None,
        10,
    )


def test_a_list_with_half_the_rows_missing_waits_for_a_person(company: Company) -> None:
    applied(company, a_list_of(TEN))
    half = previewed(company, a_list_of(range(1, 6)), as_of=ON + timedelta(days=1))
    assert (half.state, guards_of(half)) == ("held", ["settles_many"])
    assert half.guards[0]["params"] == {"settled": 5, "open": 10}
    with pytest.raises(ImportHeld, match="settles_many"):
        confirm_list(company=company, list_import=half.id, confirmed=False, by=TESTS, at=MOMENT)
    assert set(ledger().values()) == {10_000}
    confirm_list(company=company, list_import=half.id, confirmed=True, by=TESTS, at=MOMENT)
    apply_taken(company=company, list_import=half.id, by=TESTS, clock=lambda: MOMENT)
    assert sorted(ledger().values()) == [0] * 5 + [10_000] * 5


def test_a_list_of_an_earlier_day_waits_for_a_person(company: Company) -> None:
    applied(company, a_list_of(TEN))
    earlier = previewed(company, a_list_of(range(1, 12)), as_of=ON - timedelta(days=1))
    assert guards_of(earlier) == ["older_than_last"]
    assert earlier.guards[0]["params"] == {"as_of": "2026-11-17", "last": "2026-11-18"}


def test_a_list_from_last_month_waits_for_a_person(company: Company) -> None:
    applied(company, a_list_of(TEN))
    rows = [
        a_row(f"R-{n}", "90,00", customer=str(10_000 + n)).replace("10.11.2026", "15.10.2026") for n in TEN
    ]
    old = previewed(company, a_list_file(rows), as_of=ON)
    assert guards_of(old) == ["looks_old", "goes_back"]
    assert old.guards[1]["params"] == {"newest": "2026-10-15", "before": "2026-11-10"}


def test_a_list_that_misses_its_own_total_waits_for_a_person(company: Company) -> None:
    rows = [a_row("R-1", "100,00"), a_row("R-2", "50,00"), "Summe;;;;;;160,00"]
    found = previewed(company, a_list_file(rows))
    assert guards_of(found) == ["total_differs"]
    assert found.guards[0]["params"] == {"stated": 16_000, "summed": 15_000, "currency": "EUR"}


def with_codes(rows: dict[str, str], *, twice: bool = False) -> bytes:
    lines = [f"{line};{code}" for line, code in rows.items()]
    if twice:
        lines.append(f"{a_row('R-1', '100,00')};3000")
    header = a_list_file([]).decode().strip()
    return "\r\n".join([f"{header};Buchungskreis", *lines, ""]).encode()


TWO_CODES = {
    a_row("R-1", "100,00"): "1000",
    a_row("R-2", "70,00", customer="10002"): "2000",
    a_row("R-3", "30,00", customer="10003"): "1000",
}


def test_company_codes_are_asked_about_once(company: Company) -> None:
    found = previewed(company, with_codes(TWO_CODES))
    assert (found.state, guards_of(found)) == ("held", ["company_codes"])
    assert found.result["codes"] == {"1000": 2, "2000": 1}
    answered = preview_list(company=company, list_import=found.id, chosen_codes=["1000"], at=MOMENT)
    assert (answered.state, answered.counts["opened"], answered.guards) == ("previewed", 2, ())
    confirm_list(company=company, list_import=found.id, confirmed=False, by=TESTS, at=MOMENT)
    apply_taken(company=company, list_import=found.id, by=TESTS, clock=lambda: MOMENT)
    more = {**TWO_CODES, a_row("R-4", "10,00", customer="10004"): "1000"}
    second = previewed(company, with_codes(more), as_of=ON + timedelta(days=1))
    assert (second.state, second.result["counts"]["opened"], second.guards) == ("previewed", 1, [])
    new = {**more, a_row("R-5", "10,00", customer="10005"): "3000"}
    third = previewed(company, with_codes(new), as_of=ON + timedelta(days=1))
    assert guards_of(third) == ["company_codes"]


def test_company_codes_that_share_numbers_are_asked_about_before_comparing(company: Company) -> None:
    found = previewed(company, with_codes(TWO_CODES, twice=True))
    assert (found.state, guards_of(found), found.result["counts"]) == ("held", ["company_codes"], {})
    chosen = preview_list(company=company, list_import=found.id, chosen_codes=["1000", "2000"], at=MOMENT)
    assert (chosen.state, chosen.counts["opened"]) == ("previewed", 3)
    every = preview_list(
        company=company, list_import=found.id, chosen_codes=["1000", "2000", "3000"], at=MOMENT
    )
    assert every.state == "refused"
    assert every.faults.count(FaultCode.NUMBER_TWICE) == 1


def test_one_unreadable_row_refuses_the_whole_file(company: Company) -> None:
    applied(company, a_list_of(TEN))
    before = ledger()
    rows = [a_row("R-1", "100,00", customer="10001"), a_row("R-99", "5,00", due="31.02.2026")]
    found = previewed(company, a_list_file(rows), as_of=ON + timedelta(days=1))
    assert found.state == "refused"
    (fault,) = faults_in(found)
    assert (fault.code, fault.line, fault.column, fault.value) == (
        FaultCode.DATE_IMPOSSIBLE,
        3,
        "Fällig am",
        "31.02.2026",
    )
    with pytest.raises(ImportMoved, match="refused"):
        confirm_list(company=company, list_import=found.id, confirmed=True, by=TESTS, at=MOMENT)
    assert ledger() == before


def test_the_same_number_twice_is_refused(company: Company) -> None:
    found = previewed(company, a_list_file([a_row("R-1", "1,00"), a_row("R-1", "2,00")]))
    assert found.state == "refused"
    assert [(fault.code, fault.line) for fault in faults_in(found)] == [(FaultCode.NUMBER_TWICE, 3)]


def test_applying_twice_is_applying_once(company: Company) -> None:
    found = applied(company, a_list_of(TEN))
    with pytest.raises(ImportMoved, match="applied"):
        apply_taken(company=company, list_import=found.id, by=TESTS, clock=lambda: MOMENT)
    assert Item.objects.count() == 10


def test_a_file_applied_meanwhile_by_another_import_ends_as_nothing(company: Company) -> None:
    first, second = (previewed(company, a_list_of(TEN)) for _ in range(2))
    for each in (first, second):
        confirm_list(company=company, list_import=each.id, confirmed=False, by=TESTS, at=MOMENT)
    apply_taken(company=company, list_import=first.id, by=TESTS, clock=lambda: MOMENT)
    after = apply_taken(company=company, list_import=second.id, by=TESTS, clock=lambda: MOMENT)
    assert (after.state, after.result["same_as"]) == ("nothing", first.id)
    assert Progress.objects.get(subject_id=second.id).state == "done"
    assert Item.objects.count() == 10


class StoppedInTheMiddle(Exception):
    """The process ends here."""


def test_what_breaks_off_in_the_middle_leaves_nothing(company: Company) -> None:
    found = previewed(company, a_list_of(TEN))
    confirm_list(company=company, list_import=found.id, confirmed=False, by=TESTS, at=MOMENT)
    asked = iter([MOMENT] * 2)

    def clock() -> datetime:
        """Stops after the ledger was written, before the import says so."""
        if Item.objects.count():
            raise StoppedInTheMiddle
        return next(asked)

    with pytest.raises(StoppedInTheMiddle):
        apply_taken(company=company, list_import=found.id, by=TESTS, clock=clock)
    assert (Item.objects.count(), Customer.objects.count()) == (0, 0)
    found.refresh_from_db()
    assert found.state == "applying"
    apply_taken(company=company, list_import=found.id, by=TESTS, clock=lambda: MOMENT)
    assert len(ledger()) == 10


def test_a_guard_that_speaks_only_after_the_preview_holds_the_list(company: Company) -> None:
    """Two lists of one source were previewed; after the first, the second would settle most of the items."""
    applied(company, a_list_of(range(1, 4)))
    small = previewed(company, a_list_of(range(1, 5)), as_of=ON + timedelta(days=2))
    confirm_list(company=company, list_import=small.id, confirmed=False, by=TESTS, at=MOMENT)
    applied(company, a_list_of(range(1, 30)), as_of=ON + timedelta(days=1))
    with pytest.raises(ImportHeld, match="settles_many"):
        apply_taken(company=company, list_import=small.id, by=TESTS, clock=lambda: MOMENT)
    assert len(ledger()) == 29


def test_only_the_newest_is_undone_and_then_its_file_may_come_again(company: Company) -> None:
    first = applied(company, a_list_of(TEN))
    second = applied(company, a_list_of(range(2, 12)), as_of=ON + timedelta(days=1))
    with pytest.raises(NotTheNewest, match=str(second.id)):
        undo_import(company=company, list_import=first.id, reason="wrong", by=TESTS, at=MOMENT)
    undone = undo_import(company=company, list_import=second.id, reason="wrong", by=TESTS, at=MOMENT)
    assert undone["items"] == 2
    assert {number for number, minor in ledger().items() if minor} == {f"R-{n}" for n in TEN}
    with pytest.raises(ImportMoved, match="undone"):
        undo_import(company=company, list_import=second.id, reason="again", by=TESTS, at=MOMENT)
    again = applied(company, a_list_of(range(2, 12)), as_of=ON + timedelta(days=1))
    assert again.state == "applied"
    assert {number for number, minor in ledger().items() if minor} == {f"R-{n}" for n in range(2, 12)}
    undo_import(company=company, list_import=again.id, reason="all", by=TESTS, at=MOMENT)
    undo_import(company=company, list_import=first.id, reason="all", by=TESTS, at=MOMENT)
    assert set(ledger().values()) == {0}


def test_undo_returns_a_credit_that_was_allocated_since(company: Company) -> None:
    found = applied(company, a_list_file([a_row("R-1", "100,00")]))
    invoice = Item.objects.get(number="R-1")
    credit = an_open_item(company.id, invoice.customer_id, number="G-1", minor=-3_000)
    allocate(
        company=company.id,
        credit_item=credit.id,
        debit_item=invoice.id,
        amount=Money(3_000, "EUR"),
        on=ON,
        by=TESTS,
        at=MOMENT,
    )
    undone = undo_import(company=company, list_import=found.id, reason="wrong list", by=TESTS, at=MOMENT)
    assert undone["allocations"] == 1
    assert ledger() == {"R-1": 0, "G-1": -3_000}


CUSTOMERS = (
    "Kundennummer;Name;Straße;PLZ;Ort;Land;E-Mail;Sprache;Kundenart;Vertreter\r\n"
    "10001;Erste GmbH;Am Markt 1;10115;Berlin;DE;buchhaltung@erste.example;de;Firma;Sales Acme\r\n"
    "10002;Zwei;;;;;kein-mail;de;Privat;Unbekannt\r\n"
).encode()


def test_a_customer_list_is_previewed_saved_and_not_undone(company: Company, sales: object) -> None:
    found = previewed(company, CUSTOMERS, kind="customers", name="kunden.csv")
    assert found.state == "previewed"
    assert found.result["counts"] == {
        "created": 2,
        "changed": 0,
        "unchanged": 0,
        "without_email": 1,
        "without_address": 1,
    }
    assert found.result["strangers"] == ["Unbekannt"]
    assert [fault.code for fault in faults_in(found)] == [FaultCode.EMAIL_UNREADABLE]
    assert Customer.objects.count() == 0
    confirm_list(company=company, list_import=found.id, confirmed=False, by=TESTS, at=MOMENT)
    apply_taken(company=company, list_import=found.id, by=TESTS, clock=lambda: MOMENT)
    first = Customer.objects.get(number="10001")
    assert (first.kind, first.salesperson_id) == ("business", sales.id)
    assert previewed(company, CUSTOMERS, kind="customers").result["same_as"] == found.id
    assert previewed(company, CUSTOMERS, kind="customers", as_of=date(2026, 11, 19)).state == "nothing"
    with pytest.raises(CustomersStay):
        undo_import(company=company, list_import=found.id, reason="no", by=TESTS, at=MOMENT)


def test_how_a_source_is_read_is_remembered_once_it_was_applied(company: Company) -> None:
    rows = ["A;B;C;D;E", "10001;Kunde;R-1;30.10.2026;100,00", "10001;Kunde;R-2;30.10.2026;50,00"]
    data = "\r\n".join([*rows, ""]).encode()
    found = taken(company, data)
    assert not found.result["remembered"]
    assert read_by_hand(company, found).result["counts"]["opened"] == 2
    confirm_list(company=company, list_import=found.id, confirmed=True, by=TESTS, at=MOMENT)
    apply_taken(company=company, list_import=found.id, by=TESTS, clock=lambda: MOMENT)
    rows[2] = "10001;Kunde;R-3;30.10.2026;70,00"
    next_day = previewed(company, "\r\n".join([*rows, ""]).encode(), as_of=ON + timedelta(days=1))
    assert next_day.state == "previewed"
    assert next_day.result["remembered"]
    assert next_day.result["sums"] == {"opened": {"EUR": 7_000}, "settled": {"EUR": -5_000}}


def test_a_file_that_is_no_table_is_refused_and_may_be_read_otherwise(company: Company) -> None:
    found = taken(company, b"# Titel\n\nEin Absatz mit Text.\n")
    assert (found.state, [fault.code for fault in faults_in(found)]) == ("refused", [FaultCode.NOT_A_TABLE])
    layout = unread(Layout(encoding="utf-16"), "items")
    correct_mapping(company=company, list_import=found.id, mapping=layout, by=TESTS, at=MOMENT)
    found.refresh_from_db()
    assert found.state == "refused"
    assert found.mapping["encoding"] == "utf-16"
    discard_import(company=company, list_import=found.id, by=TESTS, at=MOMENT)
    with pytest.raises(ImportMoved, match="discarded"):
        preview_list(company=company, list_import=found.id, at=MOMENT)


def test_the_other_companys_imports_are_not_there(company: Company, other_company: Company) -> None:
    applied(company, a_list_of(TEN))
    with serving(other_company.id):
        assert ListImport.objects.count() == 0


def test_a04_who_read_gave_free_or_discarded_a_list_is_recorded(company: Company) -> None:
    found = previewed(company, a_list_of([1]))
    correct_mapping(
        company=company, list_import=found.id, mapping=Mapping.from_dict(found.mapping), by=TESTS, at=MOMENT
    )
    preview_list(company=company, list_import=found.id, at=MOMENT)
    confirm_list(company=company, list_import=found.id, confirmed=True, by=TESTS, at=MOMENT)
    other = taken(company, a_list_of([2]))
    discard_import(company=company, list_import=other.id, by=TESTS, at=MOMENT)
    said = Record.objects.filter(verb__startswith="import.").order_by("id")
    assert [(row.verb, row.actor_label) for row in said] == [
        (f"import.{verb}", TESTS.label) for verb in ("read", "confirmed", "discarded")
    ]
