"""The way back in a toast: what it posts, and that nothing strangers wrote comes out of it alive."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from debitora.kit.undo import is_undoing, offer_undo


def test_the_toast_stays_posts_codes_and_escapes_names() -> None:
    request: Any = RequestFactory().post("/")
    request._messages = CookieStorage(request)
    offer_undo(request, "<b>R-1</b> is held.", address="/c/acme/holds/release/", sent={"hold": [7, 8]})
    (message,) = get_messages(request)
    said = str(message)
    assert message.extra_tags == "stays"
    assert "&lt;b&gt;R-1" in said
    sent = re.search(r'hx-vals="([^"]*)"', said)
    assert sent
    assert json.loads(html.unescape(sent[1])) == {"undoing": "yes", "hold": [7, 8]}
    assert 'hx-post="/c/acme/holds/release/"' in said
    assert "style=" not in said
    assert "onclick" not in said


def test_only_the_toast_is_answered_by_a_refresh() -> None:
    factory = RequestFactory()
    assert is_undoing(factory.post("/", {"undoing": "yes"}, headers={"HX-Request": "true"}))
    assert not is_undoing(factory.post("/", {"undoing": "yes"}))
    assert not is_undoing(factory.post("/", {}, headers={"HX-Request": "true"}))
