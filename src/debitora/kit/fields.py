"""A form's own fields as the kinds they are: Django keeps them by name and forgets their classes."""

from __future__ import annotations

from typing import TypeVar

from django.forms import BaseForm, ChoiceField, Field

Kind = TypeVar("Kind", bound=Field)


def field(form: BaseForm, name: str, kind: type[Kind]) -> Kind:
    """The field of that name, which belongs to this one form and may be changed. Raises TypeError if it is no `kind`."""
    found = form.fields[name]
    if not isinstance(found, kind):
        raise TypeError(f"{name} is a {type(found).__name__}, not a {kind.__name__}")
    return found


def choice(form: BaseForm, name: str) -> ChoiceField:
    """The field of that name, one whose choices are set form by form. Raises TypeError if it offers none."""
    return field(form, name, ChoiceField)
