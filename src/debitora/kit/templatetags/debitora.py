"""What every template may say: values in the reader's language, icons, assets, links that keep the query string.

These are built in (TEMPLATES["OPTIONS"]["builtins"]), so no template loads them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BoundField
from django.http import HttpRequest
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from debitora.kit import agingbar, chart, widgets
from debitora.kit.assets import asset_url
from debitora.values import locales
from debitora.values.money import Money

register = template.Library()
NOTHING = "–"


@register.simple_tag(takes_context=True)
def again(context: Context, name: str) -> SafeString:
    """The block of that name once more: the title of the window is the head of the page."""
    blocks: BlockContext = context.render_context[BLOCK_CONTEXT_KEY]
    return blocks.get_block(name).render(context)


@register.simple_tag
def colon() -> str:
    """The colon between a name and its value."""
    return locales.colon(_language())


@register.filter
def money(value: Money | None) -> str:
    """The amount with its currency, 1.190,00 EUR; a dash for None."""
    return NOTHING if value is None else locales.format_money(value, _language())


@register.filter
def amount(value: Money | None) -> str:
    """The amount without its currency, for columns whose head names it; a dash for None."""
    return NOTHING if value is None else locales.format_amount(value, _language())


@register.filter
def in_currency(minor: int | None, currency: str) -> str:
    """Minor units with the name of their currency, for frozen rows that carry integers."""
    return money(None if minor is None else Money(minor, currency))


@register.filter
def day(value: date | None) -> str:
    """A calendar day, 31.03.2026; a dash for None."""
    return NOTHING if value is None else _whole(locales.format_date(value, _language()))


@register.filter
def moment(value: datetime | None) -> str:
    """An aware moment in the active time zone, 31.03.2026 14:05; a dash for None."""
    if value is None:
        return NOTHING
    return _whole(locales.format_moment(value.astimezone(timezone.get_current_timezone()), _language()))


def _whole(written: str) -> str:
    """A Dutch date that no browser breaks at its hyphens: an invisible word joiner follows each of them."""
    return written.replace("-", "-\u2060")


@register.filter
def count(value: int | Decimal | None) -> str:
    """A number with the separators of the language, 12.345; a dash for None."""
    return NOTHING if value is None else locales.format_number(value, _language())


@register.filter
def percent(value: int) -> str:
    """A share in whole hundredths, as the language writes it: 38 %, 38% in English and Dutch."""
    return locales.format_percent(value, _language())


@register.filter
def country(code: str) -> str:
    """A country's name in the reader's language, Deutschland for DE; "" for none."""
    return locales.country_name(code, _language()) if code else ""


@register.filter
def mail_address(text: str) -> SafeString:
    """An e-mail address that, where it has to wrap, does so after its @ and not within a name."""
    local, sign, domain = text.rpartition("@")
    return format_html(
        '<span class="whole-word">{}{}</span><span class="whole-word">{}</span>', local, sign, domain
    )


@register.filter
def initials(person: object) -> str:
    """Up to two letters for a person's mark: "Erika Mustermann" is EM."""
    words = str(person).replace(".", " ").replace("@", " ").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file: `{% asset "main.js" %}`."""
    return asset_url(name)


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite (names: frontend/icons.txt). Decoration unless it has a label, which is then read aloud."""
    return _icon(f"{asset_url('icons.svg')}#{name}", str(label), f"icon {css}".strip())


@lru_cache(maxsize=512)
def _icon(address: str, label: str, classes: str) -> SafeString:
    """The markup of an icon: a page has some forty, and each is one of a few."""
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>', classes, label, address
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"></use></svg>', classes, address)


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """The present query string with changes, for links that keep filters: None removes, a list repeats."""
    request: HttpRequest = context["request"]
    parameters = request.GET.copy()
    for name, value in changes.items():
        values = value if isinstance(value, list | tuple) else [value]
        parameters.setlist(name, [str(one) for one in values if one is not None])
    return f"?{parameters.urlencode()}"


@register.simple_tag(takes_context=True)
def sort_head(context: Context, name: str, label: str, css: str = "") -> SafeString:
    """A head cell that sorts by `name`: first upwards, then downwards. It writes ?sort= and starts at the first page.

    A page whose list is sorted without being asked names that order in the context as `sort`.
    """
    request: HttpRequest = context["request"]
    present = request.GET.get("sort") or str(context.get("sort") or "")
    wanted = f"-{name}" if present == name else name
    direction, mark = _direction(present, name)
    return format_html(
        '<th scope="col" class="{}"{}><a href="{}">{}{}</a></th>',
        css,
        format_html(' aria-sort="{}"', direction) if direction else "",
        query(context, sort=wanted, after=None, before=None),
        label,
        icon(mark) if mark else "",
    )


@register.simple_tag
def widget(field: BoundField, help: str = "") -> SafeString:  # noqa: A002 - the template's word
    """The field's input, dressed for the house and wired to its help and errors."""
    return widgets.rendered(field, helped=bool(help or field.help_text))


@register.filter
def widget_kind(field: BoundField) -> str:
    """How the field is laid out: "choices" (radio buttons, several check boxes), "tick" (one check box), or "line"."""
    return widgets.kind(field)


@register.simple_tag
def aging_css(band: str) -> str:
    """The class that colours a band: "d1_30" is "aging-d1-30"."""
    return agingbar.css(band)


@register.simple_tag
def aging_bands(aging: object, currency: str) -> list[agingbar.Band]:
    """The five bands of an aging with their place in a bar of agingbar.WIDTH, and their sum as text."""
    return agingbar.bands(aging, currency, _language())


@register.simple_tag
def chart_rows(data: Mapping[str, Any]) -> list[chart.Row]:
    """The values of a chart as the rows of a table, written in the reader's language."""
    return chart.rows(data, _language())


def _direction(present: str, name: str) -> tuple[str, str]:
    """aria-sort and icon of a head cell, both empty where the list is not sorted by it."""
    return {name: ("ascending", "arrow-up"), f"-{name}": ("descending", "arrow-down")}.get(present, ("", ""))


def _language() -> str:
    return get_language() or "en"
