"""Leading elsewhere, and numbers from outside."""

from __future__ import annotations

import pytest

from debitora.kit.ways import elsewhere, see, whole_number


def test_a_page_that_is_not_there_has_no_address() -> None:
    assert elsewhere("account_login") == "/account/login/"
    assert elsewhere("nowhere:at_all") == ""
    assert elsewhere("account_login", 7) == ""


def test_after_a_post_one_sees_another_page() -> None:
    answer = see("/c/acme/")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/c/acme/")


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("", None), ("-1", None), ("٣", None)],
)
def test_whole_numbers_fit_the_database(text: str, number: int | None) -> None:
    assert whole_number(text) == number
