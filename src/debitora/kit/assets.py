"""Addresses of the built styles, scripts and icons: plain names in, names with a content hash out."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core import checks
from django.templatetags.static import static

FOLDER = Path(__file__).resolve().parent / "static" / "debitora"


def asset_url(name: str) -> str:
    """The address of a built file by its plain name ("main.js", "style.css", "icons.svg").

    A name that the build does not know, as before the first build, keeps its plain form: the page works bare,
    and `assets_are_built` tells the operator.
    """
    return _address(manifest().get(name, name))


def manifest() -> dict[str, str]:
    """Plain name -> hashed file name, as the build wrote it; empty before the first build."""
    return _read_anew() if settings.DEBUG else _read_once()


def assets_are_built(**_: object) -> list[checks.CheckMessage]:
    """Warn, in Django's system checks, when no build has been made."""
    if manifest():
        return []
    return [
        checks.Warning(
            "Styles and scripts are not built.", hint="Run `make assets` (needs Node 20).", id="kit.W001"
        )
    ]


@cache
def _address(file: str) -> str:
    return static(f"debitora/{file}")


@cache
def _read_once() -> dict[str, str]:
    return _read_anew()


def _read_anew() -> dict[str, str]:
    path = FOLDER / "manifest.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
