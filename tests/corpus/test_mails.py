"""Every delivery report and automatic answer of the corpus is what it is: the table has been looked at, file by file.

Two reports say too little to count, and are left to a person: one holds nothing of the mail that it returns, one is a warning that
names its recipient in prose only. Most files of the folder of automatic answers are delivery reports.

Of what people reply, what they wrote themselves is told apart from what they quote: the number of their lines has been looked at,
file by file. docs/reference/incoming-mail.md publishes the counts.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from debitora.formats.mail.incoming import Incoming, MailKind, read_incoming
from debitora.formats.mail.opening import opened
from debitora.formats.mail.wrote import own_words, text_in_html, written
from debitora.messaging.rules.returns import reason_of

ROOT = Path(__file__).parents[2]
CORPUS = Path(os.environ.get("DEBITORA_CORPUS") or ROOT.parent / "shared" / "corpus")

pytestmark = pytest.mark.skipif(
    not (CORPUS / "emails-bounce").is_dir(), reason=f"no corpus at {CORPUS} (set DEBITORA_CORPUS)"
)

BOUNCES = {
    "lhost-exchange2007-02": "not_accepted",
    "lhost-exchange2007-03": "not_accepted",
    "lhost-exchange2007-05": "in_vain",
    "lhost-exchange2007-06": "address_is_dead",
    "lhost-exim-04": "not_accepted",
    "lhost-exim-05": "address_is_dead",
    "lhost-exim-06": "not_accepted",
    "lhost-exim-07": "no_name",
    "lhost-exim-08": "not_accepted",
    "lhost-gmail-04": "not_accepted",
    "lhost-gmail-08": "no_recipient",
    "lhost-office365-01": "address_is_dead",
    "lhost-office365-02": "address_is_dead",
    "lhost-office365-06": "not_accepted",
    "lhost-office365-07": "address_is_dead",
    "lhost-office365-08": "not_accepted",
    "lhost-office365-09": "address_is_dead",
    "lhost-outlook-02": "address_is_dead",
    "lhost-outlook-03": "not_accepted",
    "lhost-outlook-04": "address_is_dead not_accepted",
    "lhost-outlook-07": "in_vain",
    "lhost-outlook-08": "not_accepted",
    "lhost-outlook-09": "not_accepted",
    "lhost-postfix-03": "address_is_dead",
    "lhost-postfix-04": "address_is_dead",
    "lhost-postfix-05": "in_vain",
    "lhost-postfix-06": "address_is_dead",
    "lhost-postfix-08": "in_vain",
    "lhost-sendmail-01": "address_is_dead",
    "lhost-sendmail-02": "address_is_dead address_is_dead",
    "lhost-sendmail-03": "address_is_dead",
    "lhost-sendmail-04": "not_accepted",
    "lhost-sendmail-05": "not_accepted",
    "lhost-sendmail-06": "not_accepted",
    "lhost-sendmail-08": "in_vain",
    "lhost-sendmail-09": "not_accepted",
}
ANSWERS = {
    "rfc3834-01": "automatic",
    "rfc3834-06": "automatic",
    "make-test-01": "address_is_dead",
    "make-test-02": "address_is_dead",
    "make-test-05": "not_accepted",
    "make-test-06": "not_accepted",
    "make-test-08": "not_accepted",
    "make-test-09": "not_accepted",
    "make-test-10": "address_is_dead",
    "make-test-11": "in_vain",
    "make-test-12": "not_accepted",
    "make-test-13": "address_is_dead",
    "make-test-15": "address_is_dead",
}

OWN_LINES = {
    "email_1.txt": 9,
    "email_12.txt": 5,
    "email_13.txt": 12,
    "email_14.txt": 5,
    "email_16.txt": 5,
    "email_18.txt": 5,
    "email_19.txt": 2,
    "email_22.txt": 5,
    "email_23.txt": 5,
    "email_24.txt": 5,
    "email_25.txt": 5,
    "email_26.txt": 5,
    "email_2_1.txt": 1,
    "email_3.txt": 7,
    "email_6.txt": 2,
    "email_9.txt": 15,
    "email_bullets.txt": 5,
    "email_customer_quote_header_2.txt": 1,
    "email_customer_quote_header_3.txt": 3,
    "email_danish_dash_separator.txt": 10,
    "email_emoji.txt": 5,
    "email_finnish.txt": 8,
    "email_french_2.txt": 5,
    "email_french_dash_separator.txt": 5,
    "email_german.txt": 5,
    "email_german_2.txt": 5,
    "email_german_3.txt": 5,
    "email_german_outlook.txt": 5,
    "email_ios_outlook.txt": 5,
    "email_multi_word_sent_from_my_mobile_device.txt": 1,
    "email_norwegian_gmail.txt": 6,
    "email_not_a_signature_2.txt": 7,
    "email_one_is_not_on.txt": 3,
    "email_original_message.txt": 5,
    "email_original_message_2.txt": 5,
    "email_outlook_split_line_from.txt": 5,
    "email_portuguese.txt": 8,
    "email_reply_header.txt": 6,
    "email_russian.txt": 5,
    "email_tricky_12_no_space_after_header.txt": 5,
    "email_tricky_13_timestamp_variations.txt": 7,
    "email_tricky_14_long_quote_header.txt": 5,
    "email_tricky_1_on_false_positive.txt": 4,
    "email_tricky_2_url_with_wrote.txt": 5,
    "email_tricky_3_code_block.txt": 10,
    "email_tricky_6_regards_in_sentence.txt": 4,
    "email_tricky_8_sent_from_in_content.txt": 3,
    "email_tricky_9_nested_quotes.txt": 1,
    "email_unquoted_reply.txt": 1,
    "email_with_date_headers.txt": 3,
    "email_with_from_headers.txt": 2,
    "email_with_regards.txt": 6,
    "sig_no_empty_line.txt": 1,
    "mail_ru.html": 3,
    "ms_outlook_2003.html": 3,
    "ms_outlook_2007.html": 3,
    "ms_outlook_2010.html": 3,
    "windows_mail.html": 9,
    "yandex_ru.html": 3,
    "apple_mail_2.eml": 1,
    "comcast.eml": 1,
    "gmail.eml": 1,
    "hotmail.eml": 1,
    "iphone_reply_text": 1,
    "sparrow.eml": 1,
    "sparrow_reply_text": 1,
    "yahoo.eml": 1,
}
MORE_THAN_HERS = {
    "email_1.txt",
    "email_3.txt",
    "email_9.txt",
    "email_13.txt",
    "email_danish_dash_separator.txt",
    "email_finnish.txt",
    "email_norwegian_gmail.txt",
    "email_portuguese.txt",
    "email_with_date_headers.txt",
    "windows_mail.html",
}
"""Files of which something foreign is kept: the foot of a mailing list, or a quotation without marks in a further language."""


def said(read: Incoming) -> str:
    """Why each recipient's mail came back; of another mail what it is, of an unread one why."""
    if read.kind is MailKind.REPORT:
        assert read.names
        return " ".join(reason_of(one) for one in read.reports)
    return read.reason or str(read.kind)


@pytest.mark.parametrize(("folder", "table"), [("emails-bounce", BOUNCES), ("emails-autoreply", ANSWERS)])
def test_every_report_and_answer_is_what_it_is(folder: str, table: dict[str, str]) -> None:
    found = {path.stem: said(read_incoming(path.read_bytes())) for path in (CORPUS / folder).rglob("*.eml")}
    assert found == table


def test_replies_of_people_are_neither() -> None:
    replies = sorted((CORPUS / "emails-replies").rglob("*.eml"))
    assert replies
    assert {read_incoming(path.read_bytes()).kind for path in replies} == {MailKind.OTHER}


def own_lines() -> Iterator[tuple[str, int, int]]:
    """Each reply: its name, the lines that its author wrote, and all lines of its text."""
    for path in sorted((CORPUS / "emails-replies").rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        text = data.decode("utf-8", "replace")
        hers = {".eml": written(opened(data)), ".html": own_words(text_in_html(text))}.get(path.suffix)
        yield path.name, counted(own_words(text) if hers is None else hers), counted(text)


def counted(text: str) -> int:
    return sum(bool(line.strip()) for line in text.splitlines())


def test_what_a_person_wrote_is_told_apart_from_what_she_quotes() -> None:
    assert {name: hers for name, hers, _all in own_lines()} == OWN_LINES
    assert set(OWN_LINES) >= MORE_THAN_HERS


def test_the_published_table_is_what_is_recognised() -> None:
    page = (ROOT / "docs" / "reference" / "incoming-mail.md").read_text("utf-8")
    reports = [one for one in [*BOUNCES.values(), *ANSWERS.values()] if one != "automatic"]
    reasons = Counter(" and ".join(dict.fromkeys(one.split())) for one in reports)
    unread = reasons["no_name"] + reasons["no_recipient"]
    cut = [name for name, hers, whole in own_lines() if hers < whole and name not in MORE_THAN_HERS]
    plain = len(OWN_LINES) - len(cut) - len(MORE_THAN_HERS)
    rows = [
        ("no such mailbox", reasons["address_is_dead"]),
        ("not accepted", reasons["not_accepted"]),
        ("tried in vain", reasons["in_vain"]),
        ("two recipients, two reasons", reasons["address_is_dead and not_accepted"]),
        ("says too little: a person looks", unread),
        ("all delivery reports", len(reports)),
        ("a machine's answer", sum(one == "automatic" for one in ANSWERS.values())),
        ("a reply, free of all that it quotes and of its signature", len(cut)),
        ("a reply that quotes nothing, and is kept whole", plain),
        ("a reply of which more is kept than its author wrote", len(MORE_THAN_HERS)),
        ("all replies", len(OWN_LINES)),
    ]
    assert sum(reasons.values()) == len(reports)
    for what, count in rows:
        assert f"| {what} | {count} |" in page, (what, count)
