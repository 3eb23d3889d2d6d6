"""What hostile files and broken uploads must not do (TRUST X04, X06, X07, X09)."""

from __future__ import annotations

import io
import re
import resource
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from debitora.config.wsgi import application
from debitora.exchange.models import ListImport
from debitora.exchange.testing import MOMENT, a_list_of
from debitora.formats.tables import read_table
from debitora.kit.bodies import WholeBody
from debitora.kit.runtime import clock_at
from debitora.messaging.rules.emblems import EmblemRefused, emblem
from debitora.people.models import Company, User

ClientOf = Callable[[User], Client]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
UPLOAD = "/c/acme/imports/new/"
HOSTILE = {
    "a PDF with a script": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n%%EOF",
    "a PDF that is a zip as well": b"%PDF-1.7\n" + b"PK\x05\x06" + bytes(18),
    "a drawing with a script": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(40),
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("name", ["opos.csv", "opos.pdf", "opos.xlsx"])
def test_x04_the_content_decides_not_the_name(
    company: Company, clerk: User, client_of: ClientOf, what: str, name: str
) -> None:
    """No list, whatever it is called; and no page gives the bytes back as what they are."""
    client = client_of(clerk)
    given = {
        "kind": "items",
        "source": "ERP",
        "as_of": "18.11.2026",
        "file": SimpleUploadedFile(name, HOSTILE[what]),
    }
    with clock_at(MOMENT):
        answer = client.post(UPLOAD, given, follow=True)
    taken = ListImport.objects.get()
    assert taken.state == "refused"
    assert answer["Content-Type"].startswith("text/html")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"<script>alert" not in answer.content
    faults = client.get(f"/c/acme/imports/{taken.id}/faults.csv")
    assert faults["Content-Type"].startswith("text/csv")
    assert faults["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("way", ["../../canary", "/canary", "link"])
def test_x06_an_archive_writes_nothing_outside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    """A workbook with a member that climbs out, one with an absolute name, and a link to elsewhere."""
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(inner)
    monkeypatch.setenv("TMPDIR", str(inner))
    before = sorted(tmp_path.rglob("*"))
    read_table(_workbook_with(way if way != "/canary" else str(tmp_path / "canary")), "opos.xlsx")
    assert sorted(tmp_path.rglob("*")) == before


def _workbook_with(name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        member = zipfile.ZipInfo(name)
        if name == "link":
            member.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(member, "/etc/passwd" if name == "link" else "canary")
    return target.getvalue()


def test_x07_a_picture_of_50_000_by_50_000_is_refused_before_it_is_drawn() -> None:
    """Its 2.5 milliard pixels are a few kilobytes of file; drawn they would be ten gigabytes."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(EmblemRefused) as refused:
        emblem(_picture(50_000))
    assert refused.value.code == "too_many_pixels"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_x07_a_picture_of_letterhead_size_is_taken() -> None:
    assert emblem(_picture(64)).startswith(b"\x89PNG")


def _picture(side: int) -> bytes:
    """A black square PNG of one bit a pixel, well formed as far as its rows are given: at most a thousand."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = bytes((side + 7) // 8 + 1) * min(side, 1_000)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("share", "states"), [(1.0, ["uploaded"]), (0.9, []), (0.5, [])])
def test_x09_half_an_upload_is_no_list(
    company: Company,
    clerk: User,
    client_of: ClientOf,
    settings: Any,
    tmp_path: Path,
    share: float,
    states: list[str],
) -> None:
    """A connection that breaks off leaves neither a shorter list nor a file behind; the same body in full is taken."""
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    with clock_at(MOMENT):
        status = _posted(client_of(clerk), a_list_of(range(1, 1_000)), share)
    assert [taken.state for taken in ListImport.objects.all()] == states
    assert (status == 302) == bool(states)
    assert list(tmp_path.iterdir()) == []


def _posted(client: Client, data: bytes, share: float) -> int:
    """Send the form as the server hands it on, but only a share of what is announced; its status."""
    token = TOKEN.search(client.get(UPLOAD).content.decode())
    assert token is not None
    form = {
        "csrfmiddlewaretoken": token[1],
        "kind": "items",
        "source": "ERP",
        "as_of": "18.11.2026",
        "file": SimpleUploadedFile("opos.csv", data),
    }
    body = encode_multipart(BOUNDARY, form)
    client.handler.enforce_csrf_checks = True
    whole: dict[str, Any] = {}
    cut = {
        "CONTENT_TYPE": MULTIPART_CONTENT,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body[: int(len(body) * share)]),
    }
    WholeBody(_keeping(whole))(cut, lambda _status, _headers: None)
    return int(client.generic("POST", UPLOAD, body, MULTIPART_CONTENT, **whole).status_code)


def _keeping(kept: dict[str, Any]) -> Callable[..., list[bytes]]:
    """An application that keeps what it is asked and answers nothing."""

    def answer(
        environ: dict[str, Any], start_response: Callable[[str, list[tuple[str, str]]], None]
    ) -> list[bytes]:
        kept.update(environ)
        start_response("204 No Content", [])
        return []

    return answer


def test_x09_the_server_runs_the_application_that_looks() -> None:
    assert isinstance(application, WholeBody)
