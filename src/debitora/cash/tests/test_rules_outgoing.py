"""What money that went out may be, by what it shares with payments and credits."""

from __future__ import annotations

import pytest

from debitora.cash.rules.outgoing import (
    REFUND,
    RETURN,
    Credit,
    OutLine,
    Paid,
    books_alone,
    propose_outgoing,
    says_return,
)

COUNTED = {
    "return|r=": (9_999, 0),
    "return|a=": (1, 9),
    "refund|pi": (500, 0),
}


def test_the_payment_with_the_same_reference_and_amount_came_back() -> None:
    line = OutLine(1, 10_000, says_return=True)
    paid = [Paid(7, 70, 10_000, reference=True), Paid(8, 80, 10_000, account=True)]
    first, second = propose_outgoing(line, paid, [], counted=COUNTED)
    assert (first.kind, first.rank, first.customer, first.parts[0].item) == (RETURN, 1, 70, 7)
    assert first.parts[0].minor == -10_000
    assert first.evidence == ("reference_same", "amount_same", "says_return")
    assert first.confidence > second.confidence
    assert books_alone(first)
    assert not books_alone(second)


@pytest.mark.parametrize(
    ("line", "paid", "evidence"),
    [
        (OutLine(1, 10_350, fee=350), Paid(7, 70, 10_000, reference=True), ("reference_same", "fee_told")),
        (
            OutLine(1, 10_350, says_return=True),
            Paid(7, 70, 10_000, mandate=True),
            ("mandate_same", "bank_fee", "says_return"),
        ),
        (OutLine(1, 10_350), Paid(7, 70, 10_000, mandate=True), None),
        (OutLine(1, 11_501, says_return=True), Paid(7, 70, 10_000, reference=True), None),
        (OutLine(1, 9_999), Paid(7, 70, 10_000, reference=True), None),
    ],
)
def test_a_fee_is_told_or_likely_or_too_much(
    line: OutLine, paid: Paid, evidence: tuple[str, ...] | None
) -> None:
    found = propose_outgoing(line, [paid], [])
    assert [one.evidence for one in found] == ([] if evidence is None else [evidence])
    assert not any(books_alone(one) for one in found)


def test_two_payments_with_the_same_reference_leave_it_to_a_person() -> None:
    line = OutLine(1, 10_000, says_return=True)
    paid = [Paid(item, 70, 10_000, reference=True) for item in (7, 8)]
    found = propose_outgoing(line, paid, [], counted=COUNTED)
    assert [one.rank for one in found] == [1, 2]
    assert all("rivals" in one.evidence and not books_alone(one) for one in found)


def test_a_credit_of_the_amount_was_paid_back() -> None:
    line = OutLine(1, 300)
    left = [Credit(7, 70, 300, account=True, named=True), Credit(8, 80, 300, name=True), Credit(9, 90, 301)]
    first, second = propose_outgoing(line, [], left, counted=COUNTED)
    assert (first.kind, first.customer, first.evidence) == (
        REFUND,
        70,
        ("item_named", "payer_known", "rivals"),
    )
    assert second.evidence == ("name_exact", "rivals")
    assert not books_alone(first)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("RÜCKLASTSCHRIFT AC04", True),
        ("Rueckgabe SEPA Lastschrift", True),
        ("TERUGBOEKING INCASSO", True),
        ("REJET PRELEVEMENT IMPAYE", True),
        ("Rechnung 4711", False),
        ("Rueckzahlung Doppelzahlung", False),
    ],
)
def test_banks_say_in_many_words_that_a_payment_comes_back(text: str, says: bool) -> None:
    assert says_return(reversal=False, reason="", text=text) is says
    assert says_return(reversal=True, reason="", text=text)
    assert says_return(reversal=False, reason="AC04", text=text)
