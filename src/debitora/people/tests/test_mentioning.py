"""Texts that mention people, as they are shown."""

from __future__ import annotations

from debitora.people.rules import named_in
from debitora.people.templatetags.people import mentioning


def test_names_stand_in_place_of_logins_and_the_rest_is_escaped() -> None:
    shown = mentioning("<b>@anna.</b> @zoe a@anna.de", {"Anna": "Anna <Q>"})
    assert shown == "&lt;b&gt;<strong>@Anna &lt;Q&gt;</strong>.&lt;/b&gt; @zoe a@anna.de"


def test_where_no_markup_goes_a_mention_reads_the_same() -> None:
    told = named_in("@anna. @zoe a@anna.de, ask @ANNA", {"Anna": "Anna <Q>"})
    assert told == "@Anna <Q>. @zoe a@anna.de, ask @Anna <Q>"
    assert named_in("nobody", {}) == "nobody"
