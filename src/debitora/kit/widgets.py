"""How form inputs look and what assistive technology learns about them."""

from __future__ import annotations

from django.forms import BoundField
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    RadioSelect,
    Select,
    Widget,
)
from django.utils.safestring import SafeString


def kind(field: BoundField) -> str:
    """ "choices" for radio buttons and several check boxes, "tick" for one check box, else "line"."""
    widget = field.field.widget
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    return "tick" if isinstance(widget, CheckboxInput) else "line"


def rendered(field: BoundField, *, helped: bool) -> SafeString:
    """The input with its class, and with the ids of its error and, where it is helped, its help as its description.

    A placeholder that only repeats the label above is left out, as in forms that are not ours.
    """
    widget = field.field.widget
    attrs: dict[str, str | bool] = {"class": _classes(widget)}
    if widget.attrs.get("placeholder") == field.label:
        attrs["placeholder"] = False
    described = [f"{field.auto_id}_error"] if field.errors else []
    described += [f"{field.auto_id}_help"] if helped else []
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)


def _classes(widget: Widget) -> str:
    own = widget.attrs.get("class", "")
    if isinstance(widget, CheckboxInput | RadioSelect | CheckboxSelectMultiple):
        house = "form-check-input"
    else:
        house = "form-select" if isinstance(widget, Select) else "form-control"
    return f"{house} {own}".strip()
