"""Rows that are no data are named with their lines, before a list is applied and on its result page for good."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from debitora.exchange.models import ListImport
from debitora.exchange.testing import HEADER, a_list_file, a_row, applied, previewed
from debitora.people.models import Company, User

ClientOf = Callable[[User], Client]
PRINTED_TWICE = a_list_file(
    [
        a_row("R-1", "100,00"),
        ";;;;;Summe;100,00",
        "Seite 2;;;;;;",
        HEADER,
        a_row("R-2", "50,00"),
        ";;;;;Summe;50,00",
    ]
)


def test_lines_left_out_are_kept_without_their_words(company: Company) -> None:
    taken = previewed(company, PRINTED_TWICE)
    assert taken.result["skipped"] == {"totals": 2, "headers": 1, "breaks": 1}
    assert taken.result["skipped_lines"] == [[3, "totals"], [4, "breaks"], [5, "headers"], [7, "totals"]]


def test_the_result_page_names_them(company: Company, clerk: User, client_of: ClientOf) -> None:
    taken = applied(company, PRINTED_TWICE)
    assert ListImport.objects.get().state == "applied"
    page = client_of(clerk).get(f"/c/acme/imports/{taken.id}/").content.decode()
    assert "2 rows of totals: lines 3, 7" in page
    assert "1 page title: line 4" in page


def test_many_lines_are_named_by_the_first(company: Company, clerk: User, client_of: ClientOf) -> None:
    rows = [line for number in range(60) for line in (a_row(f"R-{number}", "1,00"), ";;;;;Summe;1,00")]
    taken = previewed(company, a_list_file(rows))
    page = client_of(clerk).get(f"/c/acme/imports/{taken.id}/").content.decode()
    assert "60 rows of totals: lines 3, 5, 7" in page
    assert ", 81, \N{HORIZONTAL ELLIPSIS}" in page
