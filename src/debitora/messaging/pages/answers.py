"""How pages here answer a POST, and where else they lead."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict

from debitora.documents.models import Blob
from debitora.documents.queries import read_bytes
from debitora.kit.store import BytesDiffer, BytesMissing
from debitora.kit.ways import handed_out, see
from debitora.people.gates import CompanyRequest


def done(request: CompanyRequest, text: str, *, then: str) -> HttpResponse:
    """It was done: say so, and show what is there now."""
    messages.success(request, text)
    return see(then)


def refused(request: CompanyRequest, text: str, *, then: str) -> HttpResponse:
    """Nothing was done: say why, and show what is there now."""
    messages.warning(request, text, extra_tags="stays")
    return see(then)


def changed(query: QueryDict, **changes: str | None) -> str:
    """The query string with changes; None takes a parameter away, and the place in the list with it."""
    wanted = query.copy()
    for name, value in {"before": None, **changes}.items():
        wanted.pop(name, None)
        if value is not None:
            wanted[name] = value
    return f"?{wanted.urlencode()}"


def kept_bytes(blob: Blob | None, media_type: str, name: str, *, shown: str) -> HttpResponse:
    """Stored bytes as they are, harmless to the browser; `shown` is "inline" or "attachment". Raises Http404."""
    if blob is None:
        raise Http404
    try:
        data = read_bytes(blob)
    except (BytesMissing, BytesDiffer):
        raise Http404 from None
    return handed_out(data, media_type, name, shown=shown == "inline")
