"""The form that pauses dunning for a group of customers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from debitora.dunning.rules.assignment import Segment
from debitora.dunning.rules.pauses import MOST_DAYS
from debitora.dunning.templatetags.strategy_words import DEBTORS, LANGUAGES
from debitora.kit.fields import choice
from debitora.values.locales import country_names
from debitora.values.typed import typed_day

_ANY: Final = ("", gettext_lazy("whichever"))
CLOSED: Final = {
    "": gettext_lazy("every way"),
    "mail": gettext_lazy("e-mail"),
    "letter": gettext_lazy("letter"),
}
"""Which way is closed."""
INSTEAD: Final = {
    "": gettext_lazy("nothing"),
    "call": gettext_lazy("telephone"),
    "mail": gettext_lazy("e-mail"),
    "letter": gettext_lazy("letter"),
}
"""The way that notices take in its place."""


class PauseForm(forms.Form):
    """Which customers, by what is known of them; from when until when; what is done instead; and why."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[_ANY, *DEBTORS.items()], required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[_ANY, *LANGUAGES.items()], required=False
    )
    salesperson_id = forms.TypedChoiceField(
        label=gettext_lazy("Salesperson"), coerce=int, empty_value=None, required=False
    )
    from_on = forms.CharField(label=gettext_lazy("First day"), max_length=20)
    until_on = forms.CharField(
        label=gettext_lazy("Last day"),
        help_text=gettext_lazy("The pause ends by itself. You may type 31/3, 31/03/2026 or +14."),
        max_length=20,
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Closed"),
        choices=list(CLOSED.items()),
        required=False,
        help_text=gettext_lazy("Steps that go another way go on."),
    )
    instead = forms.ChoiceField(
        label=gettext_lazy("Instead"),
        choices=list(INSTEAD.items()),
        required=False,
        help_text=gettext_lazy("How notices go whose way is closed; with nothing they are not made."),
    )
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, strip=True)

    def __init__(self, *args: Any, today: date, salespeople: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today
        choice(self, "country").choices = [_ANY, *country_names(get_language() or "en")]
        choice(self, "salesperson_id").choices = [_ANY, *salespeople.items()]

    def clean_from_on(self) -> date:
        """The first day that is paused."""
        return self._day("from_on")

    def clean_until_on(self) -> date:
        """The last day that is paused."""
        return self._day("until_on")

    def clean(self) -> dict[str, Any]:
        """Days in their order, and a group that is one."""
        known = super().clean() or self.cleaned_data
        begins, ends = known.get("from_on"), known.get("until_on")
        if begins and ends and not 0 <= (ends - begins).days < MOST_DAYS:
            self.add_error("until_on", _("The last day comes after the first, within a year."))
        if known.get("instead") and known.get("instead") == known.get("channel"):
            self.add_error("instead", _("This way is closed itself. Choose another one, or nothing."))
        if not any(self.attributes().values()):
            self.add_error(None, _("Choose at least one attribute: to stop everything, lock the sending."))
        return known

    def attributes(self) -> dict[str, Any]:
        """What names the group."""
        return {
            name: self.cleaned_data.get(name) for name in ("kind", "country", "language", "salesperson_id")
        }

    def group(self) -> Segment:
        """The group as rules look at it."""
        named = self.attributes()
        return Segment(
            id=0,
            strategy=0,
            kind=named["kind"],
            country=named["country"],
            language=named["language"],
            salesperson=named["salesperson_id"],
        )

    def _day(self, name: str) -> date:
        day = typed_day(self.cleaned_data[name], on=self._today)
        if day is None:
            raise ValidationError(_("This is not a day. Write it like 31/03/2026."))
        if abs((day - self._today).days) > 3660:
            raise ValidationError(_("This day is more than ten years away."))
        return day
