"""Every delivery report and automatic answer of the corpus is what it is: the table has been looked at, file by file.

Two reports say too little to count, and are left to a person: one holds nothing of the mail that it returns, one is a warning that
names its recipient in prose only. Most files of the folder of automatic answers are delivery reports.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from debitora.formats.mail.incoming import Incoming, MailKind, read_incoming
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
