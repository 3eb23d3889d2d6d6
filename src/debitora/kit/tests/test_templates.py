"""The pieces of every page: values in the reader's language, links that keep filters, components, assets."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path

import pytest
from django import forms
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation

from debitora.kit import agingbar, assets
from debitora.values.money import Money

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
AGING = {"not_due": 100, "d1_30": 50, "d31_60": 50, "d61_90": -30, "d90_plus": 0}


class Import(forms.Form):
    """One field of each kind of layout."""

    source = forms.CharField(label="Source", help_text="Where the list comes from.")
    note = forms.CharField(label="Note", required=False)
    way = forms.ChoiceField(
        label="Way", choices=[("mail", "Mail"), ("post", "Post")], widget=forms.RadioSelect
    )
    sure = forms.BooleanField(label="Sure", required=False)


def rendered(text: str, request: HttpRequest | None = None, **context: object) -> str:
    """The template text as the house renders it."""
    template = engines["django"].from_string(_compiled(text))
    return template.render(context, request or RequestFactory().get("/items/?sort=due&status=open&after=x"))


def _compiled(text: str) -> str:
    from django_cotton.compiler_regex import CottonCompiler

    return CottonCompiler().process(text)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "{{ value|money }}", "1.190,00\u00a0EUR"),
        ("en", "{{ value|money }}", "EUR\u00a01,190.00"),
        ("de", "{{ value|amount }}", "1.190,00"),
        ("de", '{{ 119000|in_currency:"EUR" }}', "1.190,00\u00a0EUR"),
        ("de", "{{ on|day }}", "31.03.2026"),
        ("de", "{{ at|moment }}", "31.03.2026 14:05"),
        ("de", "{{ 12345|count }}", "12.345"),
        ("nl", "{{ at|moment }}", "31-\u206003-\u20602026 14:05"),
        ("de", "{{ 38|percent }}", "38\u00a0%"),
        ("en", "{{ 38|percent }}", "38%"),
        ("de", "{{ none|money }}{{ none|day }}{{ none|moment }}{{ none|count }}{{ none|amount }}", "–––––"),
        ("de", '{{ "Erika M. Mustermann"|initials }}{{ "clerk"|initials }}', "EMC"),
    ],
)
def test_values_are_written_in_the_language_of_the_reader(language: str, text: str, expected: str) -> None:
    context = {
        "value": Money(119000, "EUR"),
        "on": date(2026, 3, 31),
        "at": datetime(2026, 3, 31, 12, 5, tzinfo=UTC),
        "none": None,
    }
    with translation.override(language), timezone.override("Europe/Berlin"):
        assert rendered(text, **context) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{% query status="late" %}', "?sort=due&status=late&after=x"),
        ("{% query after=None %}", "?sort=due&status=open"),
        ("{% query status=two %}", "?sort=due&status=a&status=b&after=x"),
    ],
)
def test_links_keep_the_filters_that_they_do_not_change(text: str, expected: str) -> None:
    assert unescape(rendered(text, two=["a", "b"])) == expected


def test_a_head_cell_turns_the_order_around_and_starts_at_the_first_page() -> None:
    up = unescape(rendered('{% sort_head "due" "Due" "date" %}'))
    assert 'aria-sort="ascending"' in up
    assert 'href="?sort=-due&status=open"' in up
    assert 'class="date"' in up
    other = unescape(rendered('{% sort_head "open" "Open" %}'))
    assert "aria-sort" not in other
    assert 'href="?sort=open&status=open"' in other


def test_what_comes_from_people_is_escaped_in_every_piece() -> None:
    evil = "<script>alert(1)</script>"
    text = """
        <c-card :title="evil" :note="evil">{{ evil }}</c-card> <c-card title="{{ evil }}">x</c-card>
        <c-stat :label="evil" :value="evil" /> <c-empty :title="evil" :text="evil" /> <c-chip :label="evil" :value="evil" />
        <c-panel :title="evil">{{ evil }}</c-panel> <c-entry icon="mail" :who="evil">{{ evil }}</c-entry>
        <c-chart id="c" :title="evil" :data="chart" /> <c-steps :steps="steps" />
        <c-search :label="evil" :value="evil" :carried="carried" /> <c-chips :chips="chips" :menus="menus" />
    """
    chart = {"unit": "count", "x": [evil], "series": [{"name": evil, "values": [1]}]}
    narrowed = {
        "carried": [("sort", evil)],
        "chips": [{"label": evil, "value": evil, "without": "?"}],
        "menus": [{"label": evil, "choices": [{"word": evil, "address": "?", "active": True}]}],
    }
    html = rendered(text, evil=evil, chart=chart, steps=[evil], **narrowed)
    assert "<script>" not in html
    assert html.count("&lt;script&gt;") >= 21


def test_a_field_is_wired_to_its_label_help_and_error() -> None:
    html = rendered('<c-errors :form="form" /><c-field :field="form.source" />', form=Import({"way": "mail"}))
    assert 'for="id_source"' in html
    assert 'aria-describedby="id_source_error id_source_help"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_source_error"' in html
    assert 'id="id_source_help"' in html
    assert '<a href="#id_source">Source</a>' in html


def test_each_kind_of_field_has_its_layout() -> None:
    html = rendered(
        '<c-field :field="form.note" /><c-field :field="form.way" /><c-field :field="form.sure" />',
        form=Import(),
    )
    assert "optional" in html
    assert html.count("<fieldset") == 1
    assert html.count('type="radio"') == 2
    assert '<label class="choice" for="id_sure">' in html


def test_the_bands_of_a_bar_fill_it_and_credits_have_no_width() -> None:
    bands = agingbar.bands(AGING, "EUR", "en")
    assert [band.width for band in bands] == [5000, 2500, 2500, 0, 0]
    assert [band.start for band in bands] == [0, 5000, 7500, 10000, 10000]
    assert bands[3].sum == "EUR\u00a0-0.30"
    assert sum(band.width for band in agingbar.bands(dict.fromkeys(AGING, 0), "EUR", "en")) == 0


def test_a_chart_can_be_read_as_a_table() -> None:
    series = [{"name": "Open", "values": [119000, None]}, {"name": "Late", "values": [0, -5]}]
    data = {"unit": "money", "currency": "EUR", "x": ["Oct", "Nov"], "series": series}
    html = rendered('<c-chart kind="aging" id="aging" title="Age" :data="data" />', data=data)
    assert re.findall(r"<td[^>]*>(.*?)</td>", html) == [
        "EUR\u00a01,190.00",
        "EUR\u00a00.00",
        "–",
        "EUR\u00a0-0.05",
    ]
    assert '<script id="aging-data" type="application/json">' in html


def test_a_chart_of_shares_tells_a_tenth() -> None:
    data = {"unit": "share", "x": ["Oct", "Nov"], "series": [{"name": "Share", "values": [133, None]}]}
    html = rendered('<c-chart kind="line" id="share" title="Share" :data="data" />', data=data)
    assert re.findall(r"<td[^>]*>(.*?)</td>", html) == ["1.3%", "–"]


def test_progress_asks_again_only_while_it_has_an_address() -> None:
    running = rendered('<c-progress label="Import" :done="412" :total="6000" url="/imports/7/progress" />')
    assert 'hx-get="/imports/7/progress" hx-trigger="every 1s"' in running
    assert 'max="6000" value="412"' in running
    assert "hx-get" not in rendered('<c-progress label="Import" :done="6000" :total="6000" />')


def test_names_of_assets_become_names_with_a_hash(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    assets._read_once.cache_clear()
    assert assets.asset_url("main.js") == "/static/debitora/main.js"
    assert [one.id for one in assets.assets_are_built()] == ["kit.W001"]
    (tmp_path / "manifest.json").write_text('{"main.js": "main-abc.js"}', encoding="utf-8")
    assets._read_once.cache_clear()
    assert assets.asset_url("main.js") == "/static/debitora/main-abc.js"
    assert assets.assets_are_built() == []
    assets._read_once.cache_clear()


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    package = TEMPLATES.parents[1]
    listed = set((package.parents[1] / "frontend" / "icons.txt").read_text(encoding="utf-8").splitlines())
    named = {
        (path.name, name)
        for path in package.rglob("templates/**/*.html")
        for name in re.findall(
            r'(?:{% icon |<c-[^>]*\bicon=)"([a-z0-9-]+)"', path.read_text(encoding="utf-8")
        )
    }
    assert not {(path, name) for path, name in named if name not in listed}


def test_no_template_carries_an_inline_style_script_or_handler() -> None:
    forbidden = re.compile(
        r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)|hx-on|javascript:", re.IGNORECASE
    )
    package = TEMPLATES.parents[1]
    pages = [path for path in package.rglob("templates/**/*.html") if "mail" not in path.parts]
    assert not [path.name for path in pages if forbidden.search(path.read_text(encoding="utf-8"))]
