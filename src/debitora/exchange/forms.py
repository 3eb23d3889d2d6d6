"""What people say about lists: the file, how it is to be read, which company codes belong here, and why it is undone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from debitora.documents.queries.wording import FIELDS, KINDS
from debitora.exchange.rules.columns import Layout, Reading, corrected, unread
from debitora.formats.delimited import DELIMITERS, MAX_LINE
from debitora.formats.fixed import FIXED
from debitora.formats.grid import Table
from debitora.formats.mapping import DateOrder, Mapping, Sign, letters
from debitora.formats.synonyms import CUSTOMER_FIELDS, ITEM_FIELDS
from debitora.kit.fields import choice
from debitora.values.locales import format_date
from debitora.values.money import is_currency
from debitora.values.typed import typed_day

MAX_SHOWN_COLUMNS: Final = 80
ENCODINGS: Final = (
    ("utf-8", "UTF-8"),
    ("cp1252", "Windows-1252"),
    ("iso8859-15", "ISO 8859-15 (Latin-9)"),
    ("cp850", "DOS (CP 850)"),
    ("cp437", "DOS (CP 437)"),
    ("cp1250", "Windows-1250"),
    ("mac_roman", "Mac Roman"),
    ("utf-16", "UTF-16"),
    ("utf-16-le", "UTF-16 LE"),
    ("utf-16-be", "UTF-16 BE"),
)
_DELIMITER_NAMES: Final = {
    ";": _("semicolon ;"),
    ",": _("comma ,"),
    "\t": _("tab"),
    "|": _("bar |"),
    FIXED: _("none: columns of fixed width"),
}
AMOUNTS: Final = (
    (",.", "1.190,00"),
    (",", "1190,00"),
    (", ", "1 190,00"),
    (".,", "1,190.00"),
    (".", "1190.00"),
    (".'", "1'190.00"),
    (". ", "1 190.00"),
    (",'", "1'190,00"),
)
DATE_ORDERS: Final = (
    (DateOrder.DMY, _("day, month, year: 31.12.2026")),
    (DateOrder.MDY, _("month, day, year: 12/31/2026")),
    (DateOrder.YMD, _("year, month, day: 2026-12-31")),
)
SIGNS: Final = (
    (Sign.DEBIT_POSITIVE, _("invoices positive, credits negative")),
    (Sign.DEBIT_NEGATIVE, _("invoices negative, credits positive")),
    (Sign.FLAG, _("a column says debit or credit")),
    (Sign.COLUMNS, _("debit and credit in two columns")),
    (Sign.KIND, _("the document type says credit note")),
)


def max_upload() -> int:
    """Bytes of one file that is uploaded by a browser, as DEBITORA_MAX_UPLOAD_MB says; longer ones come by the command line."""
    return int(settings.MAX_UPLOAD_MB) * 1024 * 1024


class DayField(forms.Field):
    """The day of a list as people type it: 31.3., 31.03.2026, 2026-03-31, -1; not after `today`."""

    def __init__(self, *, today: date, **options: Any) -> None:
        super().__init__(**options)
        self.today = today
        self.widget.attrs |= {"autocomplete": "off", "maxlength": "20"}

    def to_python(self, value: Any) -> Any:
        """The day. A day without a year is the last one that has been."""
        text = str(value or "").strip()
        if not text:
            return None
        relative = text.startswith(("+", "-"))
        day = typed_day(text, on=self.today if relative else self.today - timedelta(days=364))
        if day is None:
            raise forms.ValidationError(gettext("This is not a day. Write it like 31/03/2026 or 31/3."))
        if day > self.today:
            raise forms.ValidationError(gettext("This day lies in the future."))
        return day

    def prepare_value(self, value: Any) -> Any:
        """A day as the reader writes it; what was typed stays as it was typed."""
        return _shown(value) if isinstance(value, date) else value


class UploadForm(forms.Form):
    """A file, what it is, where it comes from and of which day it is."""

    file = forms.FileField(label=_("File"), allow_empty_file=True, max_length=255)
    kind = forms.ChoiceField(
        label=_("What is it?"), choices=list(KINDS.items()), widget=forms.RadioSelect, initial="items"
    )
    source = forms.CharField(label=_("Source"), max_length=80)

    def __init__(self, *args: Any, today: date, sources: Sequence[str] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.sources = sources
        self.fields["file"].widget.attrs["accept"] = ".csv,.txt,.tsv,.prn,.xlsx,.xlsm,.xls,.ods"
        self.fields["source"].widget.attrs |= {"list": "sources", "autocomplete": "off"}
        self.fields["source"].help_text = gettext(
            "The system that wrote the list. Each source is kept apart: a list settles only what its own source opened."
        )
        self.fields["as_of"] = DayField(
            today=today,
            label=gettext("Day of the list"),
            help_text=gettext("The day whose state the list shows."),
        )

    def clean_file(self) -> Any:
        """Refuse what is too long for a browser."""
        file = self.cleaned_data["file"]
        if file.size > max_upload():
            raise forms.ValidationError(
                gettext(
                    "The file has %(size)s MB; at most %(most)s MB can be uploaded. Split the list into several sources, or import it by the command line: debitora import items."
                )
                % {"size": file.size // (1024 * 1024), "most": settings.MAX_UPLOAD_MB}
            )
        return file


class ReadingForm(forms.Form):
    """How a file is to be read: a field for each column, and the notation. Without a table: how it becomes one."""

    encoding = forms.ChoiceField(label=_("Character encoding"), required=False)
    delimiter = forms.ChoiceField(label=_("Separator"), required=False)
    borders = forms.CharField(
        label=_("Columns begin at"),
        max_length=2000,
        required=False,
        help_text=_("The first character of a line is 1. Empty: the borders are recognised."),
    )
    sheet = forms.ChoiceField(label=_("Sheet"), required=False)
    header_line = forms.IntegerField(
        label=_("Headings in line"), min_value=0, max_value=60, help_text=_("0: the list has no headings.")
    )
    amounts = forms.ChoiceField(label=_("Amounts look like"), choices=AMOUNTS)
    date_order = forms.ChoiceField(label=_("Order of dates"), choices=DATE_ORDERS)
    sign = forms.ChoiceField(label=_("Invoices and credits"), choices=SIGNS)
    currency = forms.CharField(label=_("Currency, where none is named"), max_length=3, required=False)
    flag_inverted = forms.BooleanField(label=_("“Yes” means settled"), required=False)

    def __init__(
        self,
        data: QueryDict | None,
        *,
        table: Table | None,
        mapping: Mapping,
        as_of: date,
        today: date,
    ) -> None:
        self.table, self.mapping, self.was = table, mapping, as_of
        super().__init__(data, initial=_initial(mapping, as_of))
        self.fields["as_of"] = DayField(today=today, label=gettext("Day of the list"))
        self._choose_layouts()
        for name in _unneeded(table, mapping):
            del self.fields[name]
        self.places = range(min(table.width, MAX_SHOWN_COLUMNS)) if table else range(0)
        for index in self.places:
            self._add_column(index)

    def _choose_layouts(self) -> None:
        """Recognised by itself unless chosen; what was recognised is said."""
        table = self.table
        found = dict(ENCODINGS).get(table.encoding, table.encoding) if table else ""
        mark = _DELIMITER_NAMES.get(table.delimiter, table.delimiter) if table else ""
        sheets = list(table.sheets) if table else [self.mapping.sheet] if self.mapping.sheet else []
        wanted: dict[str, tuple[str | Promise, list[tuple[str, str | Promise]]]] = {
            "encoding": (found, [(code, _with_sample(code, name, table)) for code, name in ENCODINGS]),
            "delimiter": (mark, [(each, _DELIMITER_NAMES[each]) for each in (*DELIMITERS, FIXED)]),
            "sheet": (table.sheet if table else "", [(each, each) for each in sheets]),
        }
        for name, (recognised, choices) in wanted.items():
            first = (
                gettext("recognised: %(what)s") % {"what": recognised} if recognised else gettext("recognise")
            )
            choice(self, name).choices = [("", first), *choices]

    def _add_column(self, index: int) -> None:
        fields = ITEM_FIELDS if self.mapping.subject == "items" else CUSTOMER_FIELDS
        choices = [("", gettext("– leave out –")), *((name, FIELDS[name]) for name in fields)]
        field = forms.ChoiceField(choices=choices, required=False, label=letters(index))
        field.widget.attrs["aria-label"] = gettext("What column %(letter)s holds") % {
            "letter": letters(index)
        }
        field.initial = next((name for name, each in self.mapping.columns.items() if each.index == index), "")
        self.fields[f"column-{index}"] = field

    def clean_borders(self) -> tuple[int, ...]:
        """Where columns begin, counted from 0."""
        places = re.findall(r"[^\s,;|]+", str(self.cleaned_data["borders"]))
        if not all(place.isdecimal() and 0 < int(place) <= MAX_LINE for place in places):
            raise forms.ValidationError(gettext("Write the places as numbers, like 1 9 33 45."))
        return tuple(sorted({0, *(int(place) - 1 for place in places)})) if places else ()

    def clean_currency(self) -> str:
        """An ISO code in capitals, or nothing."""
        code = str(self.cleaned_data["currency"]).strip().upper()
        if code and not is_currency(code):
            raise forms.ValidationError(gettext("This is not a currency in circulation. Write it like EUR."))
        return code

    def clean(self) -> dict[str, Any]:
        """Each field stands in one column: chosen in another one, it moves there; chosen in several, it is asked about."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in FIELDS:
            places = [index for index in self.places if cleaned.get(f"column-{index}") == name]
            before = self.mapping.column(name)
            if len(places) > 1 and before is not None and before.index in places:
                cleaned[f"column-{before.index}"] = ""
                places.remove(before.index)
            if len(places) > 1:
                self.add_error(None, _several(name, places))
        return cleaned

    @property
    def as_of(self) -> date:
        """The day of the list."""
        day: date = self.cleaned_data.get("as_of") or self.was
        return day

    def wanted(self) -> Mapping:
        """The mapping that the form asks for; a new layout asks to recognise the columns anew."""
        layout = Layout(
            **{name: self.cleaned_data.get(name, "") for name in ("encoding", "delimiter", "sheet")},
            borders=self.cleaned_data.get("borders", ()),
        )
        if layout.delimiter != FIXED:
            layout = replace(layout, borders=())
        if self.table is None or layout != Layout.of(self.mapping):
            return unread(layout, self.mapping.subject)
        return corrected(self.mapping, self.table, self._reading())

    def _reading(self) -> Reading:
        cleaned, mapping = self.cleaned_data, self.mapping
        beyond = {name: each.index for name, each in mapping.columns.items() if each.index not in self.places}
        shown = {name: index for index in self.places if (name := cleaned[f"column-{index}"])}
        return Reading(
            fields={**beyond, **shown},
            header_line=cleaned["header_line"],
            decimal_mark=cleaned["amounts"][0] if "amounts" in cleaned else mapping.decimal_mark,
            thousands_mark=cleaned["amounts"][1:] if "amounts" in cleaned else mapping.thousands_mark,
            date_order=DateOrder(cleaned.get("date_order", mapping.date_order)),
            sign=Sign(cleaned.get("sign", mapping.sign)),
            currency=cleaned.get("currency", mapping.currency),
            flag_inverted=cleaned.get("flag_inverted", mapping.flag_inverted),
        )


def _several(name: str, places: Sequence[int]) -> str:
    said = gettext("“%(field)s” is chosen for several columns: %(places)s. Keep one of them.")
    return said % {"field": FIELDS[name], "places": " + ".join(letters(index) for index in places)}


def _with_sample(code: str, name: str, table: Table | None) -> str:
    """An encoding with the umlauts as it reads them: what no program can tell, a reader sees at once."""
    shown = table.readings.get(code) if table else None
    return f"{name}: {shown}" if shown else name


def _initial(mapping: Mapping, as_of: date) -> dict[str, Any]:
    return {
        "as_of": as_of,
        "encoding": mapping.encoding,
        "delimiter": mapping.delimiter,
        "sheet": mapping.sheet,
        "borders": " ".join(str(start + 1) for start in mapping.borders),
        "header_line": mapping.header_line,
        "amounts": mapping.decimal_mark + mapping.thousands_mark,
        "date_order": mapping.date_order,
        "sign": mapping.sign,
        "currency": mapping.currency,
        "flag_inverted": mapping.flag_inverted,
    }


def _unneeded(table: Table | None, mapping: Mapping) -> list[str]:
    """The questions that make no sense for this file."""
    money = ["amounts", "date_order", "sign", "currency"]
    flag = "open_flag" if mapping.subject == "items" else "customer_kind"
    layout = ["encoding", "delimiter"] if table and table.sheets else ["sheet"] if table else []
    layout += [] if mapping.delimiter == FIXED else ["borders"]
    columns = [] if table else ["header_line"]
    without_money = money if table is None or mapping.subject == "customers" else []
    return [*layout, *columns, *without_money, *([] if flag in mapping.columns else ["flag_inverted"])]


class CodesForm(forms.Form):
    """Which company codes of a list belong to this company."""

    codes = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        label=_("Company codes"),
        error_messages={"required": _("Choose at least one company code.")},
    )

    def __init__(self, *args: Any, codes: dict[str, int], **options: Any) -> None:
        super().__init__(*args, **options)
        choice(self, "codes").choices = [
            (code or NO_CODE, _named(code, count)) for code, count in codes.items()
        ]

    @property
    def chosen(self) -> list[str]:
        """The codes as the list writes them."""
        return ["" if code == NO_CODE else code for code in self.cleaned_data["codes"]]


NO_CODE: Final = "-"
"""Stands for rows without a company code: an empty choice cannot be posted."""


def _named(code: str, count: int) -> str:
    said = ngettext("%(code)s (%(count)s item)", "%(code)s (%(count)s items)", count)
    return said % {"code": code or gettext("without code"), "count": count}


class ConfirmForm(forms.Form):
    """A person has looked at what speaks against a list, and wants it."""

    confirmed = forms.BooleanField(
        label=_("I have checked this, and the list shall be applied."),
        error_messages={"required": _("Please confirm that you have checked what speaks against the list.")},
    )


class UndoForm(forms.Form):
    """Why an import is taken back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea)


def _shown(day: date) -> str:
    return format_date(day, get_language() or "en")
