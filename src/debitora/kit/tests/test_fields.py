"""The fields of a form: each form has its own, and a wrong guess of its kind is told."""

from __future__ import annotations

import pytest
from django import forms

from debitora.kit.fields import choice, field


class Order(forms.Form):
    tea = forms.TypedChoiceField(choices=[("1", "Assam")], coerce=int)
    note = forms.CharField()


def test_choices_set_in_one_form_are_unknown_to_the_next() -> None:
    order = Order({"tea": "2", "note": "hot"})
    choice(order, "tea").choices = [("2", "Darjeeling")]
    assert order.is_valid()
    assert choice(Order(), "tea").choices == [("1", "Assam")]


def test_a_field_of_another_kind_is_refused() -> None:
    with pytest.raises(TypeError, match="note is a CharField, not a ChoiceField"):
        choice(Order(), "note")
    with pytest.raises(TypeError, match="tea is a TypedChoiceField, not a IntegerField"):
        field(Order(), "tea", forms.IntegerField)
