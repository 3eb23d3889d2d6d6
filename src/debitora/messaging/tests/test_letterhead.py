"""Logo, signature, colour and foot of letters: plain pictures only, nothing loaded, no second account."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from debitora.messaging.actions import save_sender
from debitora.messaging.actions.sender import FooterTooLong, NamesAnAccount, NotAColour, place_emblem
from debitora.messaging.models import Sender
from debitora.messaging.queries import sender_of
from debitora.messaging.queries.letterhead import letter_sender, sample_letter
from debitora.messaging.rules.emblems import MOST_BYTES, EmblemRefused, as_svg, emblem
from debitora.messaging.rules.letterhead import footer_columns, is_readable_colour, names_an_account
from debitora.messaging.rules.mail import Envelope, compose_mail
from debitora.messaging.rules.pdf import render_letter
from debitora.messaging.testing import MOMENT, SENDER, TESTS, a_sender
from debitora.messaging.tests.letters import a_letter
from debitora.people.models import Company

Sign = Callable[[Any], Client]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60"><rect width="60" height="60" fill="#0b6b50"/></svg>'
AT = datetime(2026, 11, 21, 9, tzinfo=UTC)


def a_picture(kind: str = "PNG", *, size: tuple[int, int] = (300, 100), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 100, 80)).save(out, kind, **more)
    return out.getvalue()


def a_bomb() -> bytes:
    """A PNG that says it is 50,000 pixels wide and high."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def svg(inside: bytes, head: bytes = b"") -> bytes:
    return head + b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">' + inside + b"</svg>"


# ------------------------------------------------------------------------------------------- pictures


@pytest.mark.parametrize("data", [a_picture(), a_picture("JPEG"), SVG], ids=["png", "jpeg", "svg"])
def test_what_is_kept_is_a_png_of_our_own(data: bytes) -> None:
    kept = emblem(data)
    with Image.open(io.BytesIO(kept)) as picture:
        assert picture.format == "PNG"
        assert picture.width <= 900
    assert emblem(data) == kept


def test_metadata_is_left_behind() -> None:
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "taken at home")
    assert b"taken at home" in a_picture(pnginfo=note)
    assert b"taken at home" not in emblem(a_picture(pnginfo=note))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"x" * (MOST_BYTES + 1), "too_large"),
        (a_bomb(), "too_many_pixels"),
        (a_picture()[:60], "broken"),
        (b"GIF89a", "unknown_kind"),
        (b"%PDF-1.7", "unknown_kind"),
        (b"<svg", "broken"),
        (svg(b"<script>x()</script>"), "active"),
        (svg(b'<rect onload="x()"/>'), "active"),
        (svg(b"<foreignObject/>"), "active"),
        (svg(b'<image href="http://169.254.169.254/"/>'), "active"),
        (svg(b'<image href="file:/etc/passwd"/>'), "active"),
        (svg(b'<use href="other.svg#a"/>'), "active"),
        (svg(b'<rect style="fill:url(http://a.example/x)"/>'), "active"),
        (svg(b"<style>@import 'http://a.example/x'</style>"), "active"),
        (svg(b"", b'<!DOCTYPE svg [<!ENTITY a "b">]>'), "active"),
        (svg(b'<image href="data:image/svg+xml;base64,AA=="/>'), "active"),
    ],
    ids=lambda value: value[:40].hex() if isinstance(value, bytes) else value,
)  # fmt: skip
def test_x07_what_is_not_a_plain_picture_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(EmblemRefused, match=code):
        emblem(data)


def test_a_letter_shows_them_and_stays_accessible() -> None:
    plain = a_letter()
    sender = replace(plain.sender, logo=emblem(SVG), signature=emblem(a_picture()), colour="#0b6b50")
    shown = replace(plain, sender=sender)
    pdf = render_letter(shown, created_at=AT)
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert pdf.count(b"/Subtype/Image") + pdf.count(b"/Subtype /Image") >= 2
    assert render_letter(shown, created_at=AT) == pdf
    assert as_svg(b"") == ""


def test_a_mail_carries_its_logo_and_loads_nothing() -> None:
    plain = a_letter()
    letter = replace(plain, sender=replace(plain.sender, logo=emblem(SVG)))
    pdf = render_letter(letter, created_at=AT)
    envelope = Envelope(
        recipient="k@kunde.example", sender_name="Nord", sender_address="ar@nord.example", reply_to="",
        message_id="<1@nord.example>", sent_at=AT,
    )  # fmt: skip
    data = compose_mail(letter, body=("Bitte zahlen Sie.",), pdf=pdf, envelope=envelope)
    assert compose_mail(letter, body=("Bitte zahlen Sie.",), pdf=pdf, envelope=envelope) == data
    mail = message_from_bytes(data, policy=policy.default)
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert [(one["Content-ID"], one.get_content_disposition()) for one in pictures] == [
        ("<logo@debitora>", "inline")
    ]
    html = next(part for part in mail.walk() if part.get_content_type() == "text/html").get_content()
    assert 'src="cid:logo@debitora"' in html
    assert "http" not in html.replace("http-equiv", "")


# ---------------------------------------------------------------------------------------- colour, foot


@pytest.mark.parametrize(
    ("text", "readable"),
    [("#1c2430", True), ("#0b6b50", True), ("#ffee00", False), ("red", False), ("#12345", False)],
)
def test_a_colour_stands_out_from_paper(text: str, readable: bool) -> None:
    assert is_readable_colour(text) is readable


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Neue Bank: DE89 3704 0044 0532 0130 00", True),
        ("DE89370400440532013000.", True),
        ("IBAN AT61 1904 3002 3457 3201 gilt", True),
        ("Amtsgericht Hamburg, HRB 123456, USt-IdNr. DE123456789", False),
    ],
)
def test_no_account_hides_in_a_text(text: str, names: bool) -> None:
    assert names_an_account(text) is names


def test_columns_are_parted_by_empty_lines() -> None:
    assert footer_columns("a\nb\n\n c \n \n\nd") == [["a", "b"], ["c"], ["d"]]


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"colour": "#ffff00"}, NotAColour),
        ({"footer": "Bank\nDE89370400440532013000"}, NamesAnAccount),
        ({"imprint": "HRB 1, DE89 3704 0044 0532 0130 00"}, NamesAnAccount),
        ({"footer": "a\n\nb\n\nc\n\nd"}, FooterTooLong),
    ],
)
def test_what_does_not_fit_is_refused(company: Company, changes: dict[str, str], refusal: Any) -> None:
    with pytest.raises(refusal):
        save_sender(company=company.id, changes=changes, by=TESTS, at=MOMENT)


# --------------------------------------------------------------------------------------------- pages


def test_a_logo_is_handed_in_shown_and_taken_off(company: Company, client_of: Sign, manager: Any) -> None:
    a_sender(company.id, colour="#0B6B50", footer="Acme\nHafen 1")
    client, address = client_of(manager), "/c/acme/settings/sender/emblems/"
    form = {"kind": "logo", "picture": SimpleUploadedFile("logo.svg", SVG)}
    assert "show the picture" in client.post(address, form, follow=True).content.decode()
    kept = client.get(f"{address}logo.png")
    assert (kept["Content-Type"], kept["X-Content-Type-Options"]) == ("image/png", "nosniff")
    sender = letter_sender(company, sender_of(company=company.id))
    assert sender.logo == kept.content == emblem(SVG)
    assert (sender.colour, sender.footer) == ("#0b6b50", (("Acme", "Hafen 1"),))
    assert client.get("/c/acme/settings/sender/letter.png").content.startswith(b"\x89PNG")
    assert sample_letter(company=company, on=MOMENT.date()).sender.logo
    form = {"kind": "logo", "picture": SimpleUploadedFile("logo.svg", svg(b"<script/>"))}
    assert "holds scripts" in client.post(address, form, follow=True).content.decode()
    assert "Choose a picture" in client.post(address, {"kind": "logo"}, follow=True).content.decode()
    client.post(address, {"kind": "logo", "remove": "yes"})
    assert Sender.objects.get().logo is None
    assert client.get(f"{address}logo.png").status_code == 404


def test_an_emptied_place_is_empty(company: Company) -> None:
    place_emblem(company=company.id, kind="signature", data=a_picture(), by=TESTS, at=MOMENT)
    assert Sender.objects.get().signature is not None
    place_emblem(company=company.id, kind="signature", data=None, by=TESTS, at=MOMENT)
    assert Sender.objects.get().signature is None


def test_an_account_in_the_foot_is_said_on_the_form(company: Company, client_of: Sign, manager: Any) -> None:
    sender = a_sender(company.id)
    form = {**SENDER, "smtp_port": 2525, "daily_bound": 5000, "version": sender.version}
    address = "/c/acme/settings/sender/edit/"
    answer = client_of(manager).post(address, {**form, "footer": "DE89 3704 0044 0532 0130 00"})
    assert answer.status_code == 422
    assert "An IBAN has no place here" in answer.content.decode()
    assert "stands out from white paper" in client_of(manager).post(address, {**form, "colour": "#fff"}).content.decode()  # fmt: skip
