"""The bytes of a segment message to one customer: plain text and HTML of the same words, nothing attached, nothing fetched."""

from __future__ import annotations

from email.utils import format_datetime
from functools import lru_cache

import css_inline
from liquid import BoundTemplate, Environment, StrictUndefined

from debitora.messaging.rules.letter import Contact, Sender
from debitora.messaging.rules.mail import Envelope, deliverable_address
from debitora.messaging.rules.mime import LOGO_ID, assemble, ending_headers, header, sender_header
from debitora.messaging.rules.pdf import LETTERS_FOLDER
from debitora.messaging.rules.segments import Said
from debitora.messaging.rules.words import words


def segment_mail(
    said: Said, *, sender: Sender, contact: Contact, envelope: Envelope, language: str, end_link: str = ""
) -> bytes:
    """The mail as it goes over the wire; `end_link` ends such messages, where they may be declined. Raises AddressRefused."""
    foot = (", ".join((sender.name, *sender.address)), *sender.imprint)
    signature = tuple(filter(None, (contact.name, sender.name, contact.phone or sender.phone, contact.email)))
    heads = [
        sender_header("From", envelope.sender_name, deliverable_address(envelope.sender_address)),
        header("To", deliverable_address(envelope.recipient)),
        header("Subject", said.subject),
        header("Date", format_datetime(envelope.sent_at)),
        header("Message-ID", envelope.message_id),
    ]
    if envelope.reply_to:
        heads.insert(1, header("Reply-To", deliverable_address(envelope.reply_to)))
    if end_link:
        heads.append(ending_headers(end_link))
    ending = words(language)["segment"]["end"] if end_link else ""
    html = _template().render(
        language=language,
        subject=said.subject,
        logo=LOGO_ID if sender.logo else "",
        sender=sender.name,
        body=[paragraph.split("\n") for paragraph in said.paragraphs],
        signature=signature,
        foot=foot,
        ending=ending,
        end_link=end_link,
    )
    below = (*foot, f"{ending}: {end_link}") if end_link else foot
    text = "\n\n".join((*said.paragraphs, "\n".join(signature), "-- \n" + "\n".join(below))) + "\n"
    return assemble(
        heads,
        text=text.replace("\u00a0", " "),
        html=_inliner().inline(html),
        pdfs=(),
        logo=sender.logo,
        seed=envelope.message_id,
    )


@lru_cache(maxsize=1)
def _template() -> BoundTemplate:
    environment = Environment(undefined=StrictUndefined, strict_filters=True, autoescape=True)
    return environment.from_string((LETTERS_FOLDER / "segment.html").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False)
