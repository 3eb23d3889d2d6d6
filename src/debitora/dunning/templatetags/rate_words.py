"""Reference rates in words: what the tables are called, whose law follows them, and what speaks against a rate."""

from __future__ import annotations

from typing import Final

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from debitora.dunning.rules.rates import Doubt, Doubted
from debitora.dunning.templatetags.strategy_words import percent_words
from debitora.values.locales import format_date

register = template.Library()

TABLES: Final[dict[str, str | Promise]] = {
    "de_base": gettext_lazy("Germany: base rate"),
    "at_base": gettext_lazy("Austria: base rate"),
    "ecb_mro": gettext_lazy("European Central Bank: main refinancing rate"),
    "nl_commercial": gettext_lazy("Netherlands: interest between businesses"),
    "nl_consumer": gettext_lazy("Netherlands: interest of consumers"),
}
PUBLISHERS: Final[dict[str, str | Promise]] = {
    "de_base": gettext_lazy("Published by the Deutsche Bundesbank for each half-year (§ 247 BGB)."),
    "at_base": gettext_lazy(
        "Published by the Oesterreichische Nationalbank; what holds on the last day of a half-year counts for the next (§ 456 UGB)."
    ),
    "ecb_mro": gettext_lazy(
        "Decided by the European Central Bank. Belgium, France and the directive 2011/7/EU follow it: the rate of a"
        " half-year's first day counts for all of it."
    ),
    "nl_commercial": gettext_lazy(
        "Published by the government for each half-year (art. 6:119a and 6:120 BW); the whole rate."
    ),
    "nl_consumer": gettext_lazy("Set by decree (art. 6:119 and 6:120 BW); the whole rate."),
}
DOUBTS: Final[dict[Doubt, str | Promise]] = {
    Doubt.NO_SUCH_TABLE: gettext_lazy("There is no such table."),
    Doubt.ENDS_BEFORE: gettext_lazy("The last day comes before the first."),
    Doubt.NOT_A_RATE: gettext_lazy("A rate lies above -5 and below 25 per cent."),
    Doubt.NO_SOURCE: gettext_lazy("Say where the rate was read, so that somebody else finds it there."),
    Doubt.CHECKED_LATER: gettext_lazy("The rate cannot have been checked on a day that is still to come."),
    Doubt.TOO_FAR: gettext_lazy("Nobody knows this rate for days after %(day)s."),
    Doubt.BEFORE_TABLE: gettext_lazy("The table begins on %(day)s; earlier rates cannot be added."),
    Doubt.NO_HALF_YEAR: gettext_lazy("The rates of this table begin with a half-year, such as %(day)s."),
    Doubt.BEYOND_HALF_YEAR: gettext_lazy("This rate is known until %(day)s, the end of its half-year."),
    Doubt.NOTHING_NEW: gettext_lazy("The table says the same already: %(rate)s."),
    Doubt.KNOWN_OTHERWISE: gettext_lazy("From %(day)s on the table says %(rate)s; the new rate replaces it."),
    Doubt.GAP: gettext_lazy("The table is known until %(day)s; the days in between stay unknown."),
    Doubt.JUMP: gettext_lazy("The rate before, from %(day)s on, was %(rate)s: that is a large change."),
    Doubt.AGAINST_ECB: gettext_lazy(
        "By the rate of the European Central Bank it should be %(rate)s. Check the source again."
    ),
}
FIELDS: Final[dict[Doubt, str]] = {
    Doubt.NO_SUCH_TABLE: "table",
    Doubt.ENDS_BEFORE: "known_to",
    Doubt.NOT_A_RATE: "rate",
    Doubt.NO_SOURCE: "source",
    Doubt.CHECKED_LATER: "checked_on",
    Doubt.TOO_FAR: "known_to",
    Doubt.BEFORE_TABLE: "valid_from",
    Doubt.NO_HALF_YEAR: "valid_from",
    Doubt.BEYOND_HALF_YEAR: "known_to",
    Doubt.NOTHING_NEW: "rate",
}
"""The field of the form at which a refusal stands."""


@register.filter
def table_word(key: str) -> str:
    """What a table of reference rates is called."""
    return str(TABLES.get(key, key))


@register.filter
def publisher_word(key: str) -> str:
    """Who says the rates of a table, and who follows them."""
    return str(PUBLISHERS.get(key, ""))


@register.filter
def doubt_words(found: Doubted) -> str:
    """What speaks against a rate, with its figures."""
    language = get_language() or "en"
    said = {
        "day": format_date(found.day, language) if found.day else "",
        "rate": percent_words(found.bp) if found.bp is not None else "",
    }
    text = str(DOUBTS[found.doubt])
    return text % said if "%(" in text else text
