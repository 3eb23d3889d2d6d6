"""What is sealed opens with the same key, for the same purpose, and in no other way."""

from __future__ import annotations

import re

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from debitora.kit.sealing import SEALED, CannotUnseal, seal, unseal

ABOUT = "sender.password/1"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=600))
def test_what_is_sealed_opens_again(text: str) -> None:
    sealed = seal(text, about=ABOUT)
    assert re.match(SEALED, sealed)
    assert unseal(sealed, about=ABOUT) == text


def test_equal_texts_are_sealed_differently_and_show_nothing() -> None:
    first, second = seal("s3cr3t word", about=ABOUT), seal("s3cr3t word", about=ABOUT)
    assert first != second
    assert "s3cr3t" not in first


def test_it_opens_for_nothing_else() -> None:
    """A text that was copied into another company's row."""
    with pytest.raises(CannotUnseal):
        unseal(seal("s3cr3t", about=ABOUT), about="sender.password/2")


def test_another_key_is_told_apart_and_an_older_one_still_opens() -> None:
    old, new = "the key of yesterday, long enough to be one", "the key of today, which is another one"
    with override_settings(SECRET_KEY=old):
        sealed = seal("s3cr3t", about=ABOUT)
    with override_settings(SECRET_KEY=new), pytest.raises(CannotUnseal, match="not here"):
        unseal(sealed, about=ABOUT)
    with override_settings(SECRET_KEY=new, SECRET_KEY_FALLBACKS=[old]):
        assert unseal(sealed, about=ABOUT) == "s3cr3t"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sealed: "",
        lambda sealed: "s3cr3t",
        lambda sealed: "v2" + sealed[2:],
        lambda sealed: sealed[:-4],
        lambda sealed: sealed[:12],
        lambda sealed: sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:],
    ],
    ids=["empty", "in clear", "another way", "cut short", "nothing in it", "one sign changed"],
)
def test_what_was_changed_does_not_open(spoil: object) -> None:
    with pytest.raises(CannotUnseal):
        unseal(spoil(seal("s3cr3t", about=ABOUT)), about=ABOUT)
