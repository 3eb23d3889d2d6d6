"""Texts that mention people, as they are shown."""

from __future__ import annotations

from debitora.people.templatetags.people import mentioning


def test_names_stand_in_place_of_logins_and_the_rest_is_escaped() -> None:
    shown = mentioning("<b>@anna.</b> @zoe a@anna.de", {"Anna": "Anna <Q>"})
    assert shown == "&lt;b&gt;<strong>@Anna &lt;Q&gt;</strong>.&lt;/b&gt; @zoe a@anna.de"
