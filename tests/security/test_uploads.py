"""X05: a file's name is what somebody called it, never a path."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from debitora.documents.models import Upload
from debitora.exchange.testing import a_list_of
from debitora.kit.pg.company import serving
from debitora.kit.runtime import home
from tests.security.population import House
from tests.security.watching import Watched

Sign = Callable[[str], Watched]
PARTS = st.sampled_from(
    [
        "..",
        "/",
        "\\",
        "etc",
        "passwd",
        "C:",
        "\0",
        "~",
        "%2e%2e%2f",
        "con",
        ".csv",
        "\u202e",
        "ä",
        "\n",
        "'",
        '"',
        ";",
        "a" * 300,
    ]
)
NAMES = st.lists(PARTS, min_size=1, max_size=8).map("".join)
HASHED = re.compile(r"documents/\d+/[0-9a-f]{2}/[0-9a-f]{64}")


@settings(
    max_examples=25,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=NAMES)
@example(name="../../../etc/passwd")
@example(name="..\\..\\windows\\system32\\config")
@example(name="/etc/cron.d/x")
@example(name="a\0.csv")
@example(name="x" * 10_000 + ".csv")
@example(name="x." + "y" * 300)
def test_x05_names_never_become_paths(acme: House, watched: Sign, name: str) -> None:
    file = SimpleUploadedFile("opos.csv", a_list_of([1]))
    file._name = name  # past the client's own tidying, as an attacker sends it
    given = {"file": file, "kind": "items", "source": "ERP", "as_of": "8.12.2026"}
    with transaction.atomic():
        answer = watched("clerk").ask("POST", "/c/acme/imports/new/", given)
        with serving(acme.company.id):
            kept = Upload.objects.order_by("-id").values_list("name", flat=True)[0]
        transaction.set_rollback(True)
    assert answer.status_code in (200, 302, 303, 400, 422)
    assert not re.search(r"[/\\\x00]", kept)
    assert len(kept) <= 200
    assert _strays(home()) == []


def _strays(place: Path) -> list[str]:
    """Files of the home that are neither bytes under their hash nor the installation's own."""
    files = [str(file.relative_to(place)) for file in place.rglob("*") if file.is_file()]
    own = ("journal", "instance", "secret-key")
    return [file for file in files if not HASHED.fullmatch(file) and not file.startswith(own)]
