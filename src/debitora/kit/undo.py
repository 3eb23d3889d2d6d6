"""A toast that offers the way back: it stays until it is closed, and its button posts with the page's CSRF token."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpRequest
from django.template.loader import render_to_string

UNDOING = "undoing"
"""The parameter by which a page knows that the toast asks, and not its own form."""


def offer_undo(
    request: HttpRequest, text: str, *, address: str, sent: Mapping[str, str | Sequence[int]] | None = None
) -> None:
    """Say what was done, with a button that posts `sent` (codes and ids, nothing typed) to `address`."""
    context = {"text": text, "address": address, "sent": json.dumps({UNDOING: "yes", **(sent or {})})}
    messages.success(request, render_to_string("kit/_undo.html", context), extra_tags="stays")


def is_undoing(request: HttpRequest) -> bool:
    """Whether a toast asks: the list below it is then shown anew where it was."""
    return request.POST.get(UNDOING) == "yes" and request.headers.get("HX-Request") == "true"
