"""The form of a rule that says which customers get a strategy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django import forms
from django.utils.translation import get_language, gettext_lazy

from debitora.dunning.queries.strategies import StrategyRow
from debitora.dunning.templatetags.strategy_words import DEBTORS, LANGUAGES, strategy_name
from debitora.kit.fields import choice
from debitora.values.locales import country_names

_ANY: Final = ("", gettext_lazy("whichever"))


class RuleForm(forms.Form):
    """Which customers, by what is known of them, and which strategy they get."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[_ANY, *DEBTORS.items()], required=False)
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[_ANY, *LANGUAGES.items()], required=False
    )
    salesperson_id = forms.TypedChoiceField(
        label=gettext_lazy("Salesperson"), coerce=int, empty_value=None, required=False
    )
    strategy = forms.TypedChoiceField(label=gettext_lazy("Strategy"), coerce=int)

    def __init__(
        self, *args: Any, salespeople: Mapping[int, str], strategies: Sequence[StrategyRow], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choice(self, "country").choices = [_ANY, *country_names(get_language() or "en")]
        choice(self, "salesperson_id").choices = [_ANY, *salespeople.items()]
        choice(self, "strategy").choices = [(row.id, strategy_name(row.name)) for row in strategies]

    def attributes(self) -> dict[str, Any]:
        """What the rule looks at."""
        return {name: self.cleaned_data[name] for name in ("kind", "country", "language", "salesperson_id")}
