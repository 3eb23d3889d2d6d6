"""A mail goes to exactly one recorded recipient, with exactly its letter, and lets nobody write headers."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from email.header import decode_header, make_header
from email.message import EmailMessage
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from debitora.messaging.rules.letter import Identity, Letter
from debitora.messaging.rules.mail import (
    AddressRefused,
    Envelope,
    HeaderRefused,
    WrongAttachment,
    attachment_name,
    compose_mail,
    deliverable_address,
)
from debitora.messaging.rules.mime import assemble, header, sender_header
from debitora.messaging.rules.pdf import NoIdentity, render_letter
from debitora.messaging.tests.letters import AT, SENDER, a_credit, a_letter, a_line
from debitora.values.money import Money

ENVELOPE = Envelope(
    recipient="ap@kunde.example",
    sender_name="Nordlicht Werkzeuge GmbH",
    sender_address="mahnung@nordlicht.example",
    message_id="<0f3c-01@nordlicht.example>",
    sent_at=AT,
    reply_to="lena.petersen@nordlicht.example",
)
BODY = ("erster Absatz\nmit zwei Zeilen", "zweiter Absatz")
PDF = render_letter(a_letter(), created_at=AT)


def composed(
    letter: Letter | None = None, envelope: Envelope = ENVELOPE, body: tuple[str, ...] = BODY
) -> EmailMessage:
    raw = compose_mail(letter or a_letter(), body=body, pdf=PDF, envelope=envelope)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_headers_and_parts() -> None:
    message = composed()
    assert message["From"] == "Nordlicht Werkzeuge GmbH <mahnung@nordlicht.example>"
    assert (message["To"], message["Reply-To"]) == ("ap@kunde.example", "lena.petersen@nordlicht.example")
    assert message["Message-ID"] == "<0f3c-01@nordlicht.example>"
    assert message["Date"].datetime == AT
    assert message["X-Debitora-Notice"] == "01929f3c"
    assert {"Cc", "Bcc", "List-Unsubscribe", "Auto-Submitted"}.isdisjoint(message.keys())
    kinds = [found.get_content_type() for found in message.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]
    attachment = next(message.iter_attachments())
    assert attachment.get_filename() == "M-2026-0815.pdf"
    assert attachment.get_content() == PDF


def test_the_same_input_gives_the_same_bytes() -> None:
    first, second = (compose_mail(a_letter(), body=BODY, pdf=PDF, envelope=ENVELOPE) for _ in range(2))
    assert first == second
    assert first.count(b"\n") == first.count(b"\r\n")
    assert max(map(len, first.split(b"\r\n"))) <= 998


def test_plain_text_reads_in_order() -> None:
    text = part(composed(a_letter(a_line(), a_credit(), set_off=True, fee=Money(500, "EUR"))), "plain")
    assert "\u00a0" not in text
    expected = (
        "Guten Tag Anna Berger,",
        "erster Absatz\nmit zwei Zeilen",
        "Bitte überweisen Sie 1.145,00 EUR bis zum 5. Dezember 2026.",
        "IBAN: DE02 1203 0000 0000 2020 51",
        "RE-2026-0411  fällig am 02.10.2026  1.190,00 EUR",
        "Gutschrift GS-77  −50,00 EUR",
        "Mahngebühr: 5,00 EUR",
        "Zu zahlen: 1.145,00 EUR",
        "Freundliche Grüße\nLena Petersen",
        "HRB 123456",
    )
    places = [text.index(words) for words in expected]
    assert places == sorted(places)


def test_html_loads_nothing_and_escapes_everything() -> None:
    name = '<script src="https://evil.example/x.js"></script><img src=x onerror=alert(1)>&"\''
    letter = a_letter(a_line(name), sender=replace(SENDER, name=name), salutation=name, subject="x")
    html = part(composed(letter, body=(name, f"a\n{name}")), "html")
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script" in html
    for fetched in ("http:", "url(", "@import", "<link", "<iframe", "src="):
        assert fetched not in re.sub(r"&lt;.*?&gt;", "", html)
    tags = TagsOf(html)
    assert tags.found <= {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "table",
        "tbody",
        "tr",
        "td",
        "th",
        "p",
        "br",
        "strong",
        "hr",
    }


class TagsOf(HTMLParser):
    """The names of all elements in a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag)


def test_both_forms_say_the_same() -> None:
    message = composed()
    html = re.sub(r"<br>|</t[dh]>|</p>", " ", part(message, "html").split("</style>")[1])
    seen = re.sub(r"<[^>]+>", "", html).replace("&amp;", "&")
    for line in part(message, "plain").splitlines():
        for word in line.replace("-- ", "").replace("fällig am", "").split():
            assert word.rstrip(":") in seen


def test_a_long_list_is_cut_and_says_so() -> None:
    text = part(composed(a_letter(*(a_line(f"RE-{n:03}") for n in range(20)))), "plain")
    assert "RE-011" in text
    assert "RE-012" not in text
    assert "… und 8 weitere Posten im angehängten Schreiben" in text


def test_without_account_or_demand_there_is_no_bank_block() -> None:
    assert "IBAN" not in part(composed(a_letter(sender=replace(SENDER, account=None))), "plain")
    settled = a_letter(a_line(minor=100), a_credit(-100), set_off=True)
    assert "überweisen" not in part(composed(settled), "html")


def test_without_reply_to_there_is_no_such_header() -> None:
    assert composed(envelope=replace(ENVELOPE, reply_to=""))["Reply-To"] is None


# --- whose letter -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"notice": "other"}, {"company": "OTHER"}])
def test_a_foreign_letter_is_never_attached(change: dict[str, str]) -> None:
    letter = a_letter()
    identity: Identity = replace(letter.identity, **change)
    with pytest.raises(WrongAttachment):
        composed(replace(letter, identity=identity))


def test_something_else_is_never_attached() -> None:
    with pytest.raises(NoIdentity):
        compose_mail(a_letter(), body=BODY, pdf=b"%PDF-1.4 something", envelope=ENVELOPE)


# --- headers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("character", ["\r\n", "\n", "\r", "\x00", "\x0b", "\u2028", "\x85"])
def test_nobody_writes_headers(character: str) -> None:
    evil = f"a{character}Bcc: b@evil.example"
    with pytest.raises(HeaderRefused):
        composed(a_letter(subject=evil))
    with pytest.raises(HeaderRefused):
        composed(envelope=replace(ENVELOPE, sender_name=evil))
    with pytest.raises(HeaderRefused):
        composed(envelope=replace(ENVELOPE, message_id=f"<a@b.example>{character}"))
    with pytest.raises(AddressRefused):
        composed(envelope=replace(ENVELOPE, recipient=f"a@b.example{character}"))


@given(subject=st.text(max_size=300), name=st.text(max_size=100))
@settings(max_examples=40, deadline=None, print_blob=True)
def test_what_is_written_is_what_is_read(subject: str, name: str) -> None:
    try:
        message = composed(a_letter(subject=subject), replace(ENVELOPE, sender_name=name))
    except HeaderRefused:
        return
    assert set(message.keys()) == set(composed().keys())
    assert " ".join(str(message["Subject"]).split()) == " ".join(subject.split())
    assert message["From"].addresses[0].addr_spec == ENVELOPE.sender_address


# --- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("", "not_one_address"),
        ("a@x.example,b@y.example", "not_one_address"),
        ("a@x.example;b@y.example", "not_one_address"),
        ("a@x.example b@y.example", "not_one_address"),
        ("Name <a@x.example>", "not_one_address"),
        ('"a b"@x.example', "not_one_address"),
        ("a@b@x.example", "not_one_address"),
        ("@x.example", "not_one_address"),
        ("a@", "not_one_address"),
        ("a@localhost", "not_one_address"),
        ("a..b@x.example", "not_one_address"),
        ("a" * 65 + "@x.example", "not_one_address"),
        ("a" * 64 + "@" + "b" * 247 + ".example", "not_one_address"),
        ("a@x.example\r\nRCPT TO:<b@y.example>", "not_one_address"),
        ("jürgen@x.example", "local_part_not_ascii"),
        ("a@straße.example", "domain_ambiguous"),
        ("a@\ufb01rma.example", "domain_ambiguous"),
    ],
)
def test_addresses_that_are_refused(address: str, code: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        deliverable_address(address)
    assert (refused.value.code, refused.value.address) == (code, address)


@pytest.mark.parametrize(
    ("address", "delivered"),
    [
        ("a@x.example", "a@x.example"),
        ("Anna.Berger+debitor@X.example", "Anna.Berger+debitor@X.example"),
        ("a@müller.example", "a@xn--mller-kva.example"),
        ("a@MÜLLER.example", "a@xn--mller-kva.example"),
        ("o'neil@x.example", "o'neil@x.example"),
        ("a@xn--strae-oqa.example", "a@xn--strae-oqa.example"),
    ],
)
def test_addresses_that_are_delivered(address: str, delivered: str) -> None:
    assert deliverable_address(address) == delivered
    assert composed(envelope=replace(ENVELOPE, recipient=address))["To"] == delivered


@given(
    st.one_of(
        st.emails(),
        st.text(max_size=40),
        st.from_regex(r"[a-z'\"(),:;<>@\[\]. üß]{1,12}@[a-zß.,<> -]{1,12}\.(de|example)", fullmatch=True),
    )
)
@settings(max_examples=80, deadline=None, print_blob=True)
def test_the_mail_names_exactly_the_recorded_recipient(recipient: str) -> None:
    try:
        delivered = deliverable_address(recipient)
    except AddressRefused:
        return
    addresses = composed(envelope=replace(ENVELOPE, recipient=recipient))["To"].addresses
    assert [address.addr_spec for address in addresses] == [delivered]
    assert delivered.isascii()
    read_back = delivered if recipient.isascii() else delivered.encode().decode("idna")
    assert read_back.lower() == recipient.lower()


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("M-2026-0815", "M-2026-0815.pdf"),
        ("../../etc/passwd", "etc-passwd.pdf"),
        ("", "letter.pdf"),
        ("Nr 1/ä", "Nr-1-ä.pdf"),
    ],
)
def test_attachment_names_are_harmless(number: str, name: str) -> None:
    assert attachment_name(number) == name


# --- its bytes ----------------------------------------------------------------------------------------------------


@settings(print_blob=True, deadline=None, max_examples=40)
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=300),
    data=st.binary(max_size=200),
    name=st.text(st.characters(categories=["L", "N"]), max_size=15),
)
def test_what_was_put_in_is_read_out(text: str, data: bytes, name: str) -> None:
    heads = [sender_header("From", name, "a@acme.example"), header("Subject", f"x{name}x")]
    mail = assemble(heads, text=text, html=f"<p>{text}", pdfs=[("M.pdf", data)], logo=b"png" * 30, seed=name)
    assert b"\n" not in mail.replace(b"\r\n", b"")
    assert max(map(len, mail.splitlines())) <= 998
    read = email.message_from_bytes(mail, policy=email.policy.default)
    told = str(make_header(decode_header(email.message_from_bytes(mail)["From"])))
    assert told == (f"{name} <a@acme.example>" if name else "a@acme.example")
    assert [part.get_content_type() for part in read.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "application/pdf",
    ]
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n").rstrip("\n") == text.rstrip("\n")
    assert html.get_content().replace("\r\n", "\n").rstrip("\n") == f"<p>{text}".rstrip("\n")
    (attached,) = read.iter_attachments()
    assert (attached.get_content(), attached.get_filename()) == (data, "M.pdf")
