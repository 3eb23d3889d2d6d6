"""The nouns of messaging, split by what they are about."""

from debitora.messaging.models.accounts import AccountChange, AccountChangeEnd
from debitora.messaging.models.calls import Call, CallUndo
from debitora.messaging.models.consents import Consent
from debitora.messaging.models.incoming import IncomingMail
from debitora.messaging.models.intents import Attempt, Intent, IntentItem
from debitora.messaging.models.mailbox import ImapMailbox
from debitora.messaging.models.optouts import OptOut
from debitora.messaging.models.own_mails import MailChoice, PersonMail
from debitora.messaging.models.piles import Pile, PileDrop, PileEvent, PileLetter
from debitora.messaging.models.segments import Segment, SegmentReceiver, SegmentText
from debitora.messaging.models.sender import AllowedRecipient, Installation, Sender, SendLock, SendUnlock
from debitora.messaging.models.texts import Text

__all__ = [
    "AccountChange",
    "AccountChangeEnd",
    "AllowedRecipient",
    "Attempt",
    "Call",
    "CallUndo",
    "Consent",
    "ImapMailbox",
    "IncomingMail",
    "Installation",
    "Intent",
    "IntentItem",
    "MailChoice",
    "OptOut",
    "PersonMail",
    "Pile",
    "PileDrop",
    "PileEvent",
    "PileLetter",
    "Segment",
    "SegmentReceiver",
    "SegmentText",
    "SendLock",
    "SendUnlock",
    "Sender",
    "Text",
]
