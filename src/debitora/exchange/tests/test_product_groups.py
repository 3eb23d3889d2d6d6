"""A list that names product groups: kept at opening, changed by a later list, left alone by a list that says nothing."""

from __future__ import annotations

import pytest

from debitora.exchange.testing import applied, previewed
from debitora.people.models import Company
from debitora.receivables.models import Item, ItemState

HEADER = "Kunde;Name;Belegnummer;Belegdatum;Fällig am;Währung;Offener Betrag"


def a_list(*rows: tuple[str, str], header: str = "Warengruppe") -> bytes:
    lines = (f"10001;Kunde;{number};10.11.2026;30.10.2026;EUR;100,00;{group}" for number, group in rows)
    return "\r\n".join([f"{HEADER};{header}", *lines, ""]).encode()


def groups(company: Company) -> dict[str, str]:
    found = ItemState.objects.filter(company_id=company.id)
    return dict(found.order_by("item_id").values_list("item__number", "product_group"))


@pytest.mark.parametrize(
    "header",
    ["Warengruppe", "Produktgruppe", "Artikelgruppe", "Sparte", "product group", "productgroep", "groupe de produits",
     "Famille produits"],
)  # fmt: skip
def test_the_column_is_known_by_its_header(company: Company, header: str) -> None:
    applied(company, a_list(("R-1", "Pumpen"), header=header))
    assert groups(company) == {"R-1": "Pumpen"}


def test_the_next_list_changes_what_it_says_and_nothing_else(company: Company) -> None:
    applied(company, a_list(("R-1", "0020"), ("R-2", ""), ("R-3", " 30 ")))
    assert groups(company) == {"R-1": "0020", "R-2": "", "R-3": "30"}
    again = applied(company, a_list(("R-1", "0020"), ("R-2", "40"), ("R-3", "")))
    assert (again.state, again.result["counts"]["groups"]) == ("applied", 1)
    assert groups(company) == {"R-1": "0020", "R-2": "40", "R-3": "30"}
    assert list(Item.objects.order_by("id").values_list("product_group", flat=True)) == ["0020", "", "30"]


def test_a_list_without_the_column_changes_nothing(company: Company) -> None:
    applied(company, a_list(("R-1", "20")))
    plain = a_list(("R-1", ""), header="").replace(b";\r\n", b"\r\n")
    assert previewed(company, plain).state == "nothing"
    assert groups(company) == {"R-1": "20"}


def test_a_long_text_is_cut_and_a_formula_stays_a_text(company: Company) -> None:
    applied(company, a_list(("R-1", "x" * 90), ("R-2", "'=1+1")))
    assert groups(company) == {"R-1": "x" * 60, "R-2": "=1+1"}
