"""What the codes of messaging are called. Rules give codes; here they become words and shapes."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

Words = Mapping[str, Promise]

STATES: Words = {
    "queued": _("Waiting"),
    "claimed": _("Being sent"),
    "data_started": _("Being handed over"),
    "accepted": _("Taken by the mail server"),
    "refused_temp": _("Refused for now"),
    "refused_perm": _("Refused"),
    "uncertain": _("Uncertain"),
    "stopped": _("Stopped"),
    "cancelled": _("Taken back"),
    "printed": _("Printed"),
    "returned": _("Came back"),
}
SHAPES = {
    "queued": "open",
    "claimed": "busy",
    "data_started": "busy",
    "accepted": "done",
    "refused_temp": "warn",
    "refused_perm": "bad",
    "uncertain": "late",
    "stopped": "hold",
    "cancelled": "neutral",
    "printed": "done",
    "returned": "bad",
}
HEADERS: Words = {
    "From": pgettext_lazy("mail", "From"),
    "To": pgettext_lazy("mail", "To"),
    "Reply-To": pgettext_lazy("mail", "Reply to"),
    "Subject": _("Subject"),
    "Date": pgettext_lazy("mail", "Date"),
}
DROP_STATES: Words = {
    "claimed": _("On its way to the letter service"),
    "started": _("On its way to the letter service"),
    "handed": _("Handed to the letter service"),
    "failed": _("Not handed to the letter service"),
    "uncertain": _("Nobody knows whether the letter service has it"),
}
DROP_REASONS: Words = {
    "folder_missing": _("its folder is not there: make it, then hand the pile over again"),
    "folder_full": _("the disk of its folder is full: make room, then hand the pile over again"),
    "folder_closed": _("its folder cannot be written to: let Debitora's account write there"),
    "document_missing": _("a stored letter is missing or was altered: run `debitora check`"),
    "changed_meanwhile": _("a letter's ground has gone meanwhile: hand over what is left"),
    "worker_gone": _("the worker ended in the middle"),
}
CHANNELS: Words = {"mail": _("E-mail"), "letter": pgettext_lazy("on paper", "Letter")}
PERIODS: Words = {"1": _("Today"), "7": _("Last 7 days"), "30": _("Last 30 days")}
REASONS: Words = {
    "paid": _("an item was paid meanwhile"),
    "changed": _("an open sum has changed"),
    "held": _("a hold was placed"),
    "recipient_changed": _("the customer's address has changed"),
    "suppressed": _("the mail server said earlier that this address does not exist"),
    "customer_parked": _("the customer is parked"),
    "locked": _("sending is locked"),
    "bound": _("the daily bound is reached"),
    "not_allowlisted": _("a test system may not write to this address"),
    "address_refused": _("the address is not one that can be delivered to"),
    "document_missing": _("the stored mail is missing or was altered"),
    "address_is_dead": _("this address does not exist: look for another one"),
    "in_vain": _("other servers tried for a long time to deliver it, in vain"),
    "not_accepted": _("the recipient's server does not accept it"),
    "came_back": _("it had left, for it came back"),
    "nobody": _("nobody's fault"),
    "server": _("the mail server could not be reached"),
    "sender": _("the server refuses our address"),
    "recipient": _("the server refuses the recipient"),
    "message": _("the server refuses this mail"),
    "worker_gone": _("the worker ended in between"),
    "in_journal": _("found in the sent journal"),
    "settled_by_person": _("settled by a person"),
    "cancelled_by_person": _("taken back by a person"),
    "opted_out": _("the address wants no such messages"),
    "segment_cancelled": _("the message to many customers was stopped"),
    "by_hand": _("taken back by a person"),
    "import_undone": _("the import it was made from was undone"),
    "not_posted": _("not posted after all"),
    "attempts_used_up": _("tried for more than a day in vain"),
}
MISSING: Words = {
    "sender_name": _("The name of the company that writes"),
    "sender_address": _("Its street, postcode and city"),
    "sender_email": _("The e-mail address that mails come from"),
    "sender_iban": _("The IBAN to pay to"),
    "imprint": _("The imprint that the law demands on business letters"),
    "mail_server": _("The mail server"),
    "mail_server_password": _("The password of the mail server: it cannot be read any more, enter it again"),
    "mail_server_test": _("A successful test of the mail server"),
    "send_lock": _("Sending is locked; somebody has to lift the lock"),
    "installation": _("An operator has to confirm that this is no copy of another installation"),
}
TEXTS: Words = {
    "upcoming": _("Before the due day"),
    "reminder": _("Payment reminder"),
    "notice1": _("First notice"),
    "notice2": _("Second notice"),
    "final": _("Final notice"),
}
TONES: Words = {"business": _("to businesses"), "consumer": _("to consumers")}
LANGUAGES: Words = {"de": _("German"), "en": _("English"), "fr": _("French"), "nl": _("Dutch")}
PROOFS: Words = {
    "spf": _("it does not say which servers may send for it (a record that begins with v=spf1)"),
    "dkim": _("no key is found by which its mails are signed (a record below ._domainkey)"),
    "dmarc": _("it does not say what becomes of mails that are not proven (a record at _dmarc)"),
}
LOCK_REASONS: Words = {
    "person": _("locked by a person"),
    "sender_refused": _("the mail server refuses the sender's address"),
    "many_returned": _("more mails came back within an hour than can be right"),
}
INCOMING: Words = {
    "returned": _("A mail of ours came back"),
    "delayed": _("A mail of ours is delayed"),
    "passed": _("A mail of ours was delivered"),
    "nothing": _("About a mail that is settled"),
    "other_recipient": _("About another recipient"),
    "not_ours": _("About no mail of ours"),
    "automatic": _("Written by a machine"),
    "other": _("Written by a person"),
    "unread": _("Could not be read"),
}
INCOMING_SHAPES = {
    "returned": "bad",
    "delayed": "warn",
    "passed": "done",
    "nothing": "neutral",
    "other_recipient": "warn",
    "not_ours": "neutral",
    "automatic": "neutral",
    "other": "neutral",
    "unread": "late",
}
UNREAD: Words = {
    "empty": _("the file is empty"),
    "too_large": _("larger than 25 MB: what is attached lies in the folder unread/"),
    "too_many_parts": _("too many parts"),
    "no_recipient": _("a delivery report that names no recipient"),
    "no_name": _("a delivery report that does not say about which mail"),
}
FAULTS: Words = {
    "syntax": _("this is not understood"),
    "unknown_variable": _("there is no such variable"),
    "unknown_filter": _("there is no such filter"),
    "unknown_tag": _("there is no such tag"),
    "too_long": _("the text is too long"),
    "line_break": _("a subject is one line"),
}
SILENCES: Words = {
    "timeout": _("it did not answer in time"),
    "cut": _("it closed the connection"),
    "unreachable": _("it cannot be reached under this name and port"),
    "insecure": _("a secure connection is not possible, or its certificate does not fit"),
    "no_login": _("it offers no signing in; leave the user empty, or use another port"),
}


def said(words: Words, code: str) -> str:
    """The word of a code; the code itself where nobody has named it."""
    return str(words[code]) if code in words else code


def text_name(key: str) -> str:
    """The name of a wording: "notice1.business" is "First notice, to businesses"."""
    text, _dot, tone = key.partition(".")
    return gettext("%(text)s, %(tone)s") % {"text": said(TEXTS, text), "tone": said(TONES, tone)}
