"""A dunning strategy as a value: when to remind, of how much, how, and who says yes. Read from a file in `policy_file`.

Amounts are given per currency. A currency for which a minimum or fee names no amount has none: minimum 0, fee 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from debitora.dunning.rules.quiet import Quiet
from debitora.engine.interest import DayCount
from debitora.values.money import Money

Amounts = tuple[Money, ...]
"""At most one amount per currency, sorted by its code, none of them zero."""


class DebtorKind(StrEnum):
    """Whom the law protects how much."""

    BUSINESS = "business"
    CONSUMER = "consumer"


class Channel(StrEnum):
    """How a notice leaves the house."""

    MAIL = "mail"
    LETTER = "letter"
    MAIL_ELSE_LETTER = "mail_else_letter"
    BOTH = "both"
    """The same notice by mail and by letter; where only one way is open, by that one."""
    CALL = "call"
    """Nothing is sent: somebody telephones."""


def way_bit(channel: Channel) -> int:
    """A channel as one bit, so that several fit into a number."""
    return 1 << list(Channel).index(channel)


class WrittenTo(StrEnum):
    """On which rung of the customer's house a notice is read (receivables.rules.contacts)."""

    CUSTOMER = "customer"
    PAYABLES = "payables"
    MANAGEMENT = "management"
    SIGNER = "signer"


class Counting(StrEnum):
    """Which message of a notice that goes both ways raises its items, on its day; the other does if this one comes to nothing."""

    LETTER = "letter"
    MAIL = "mail"


class Silence(StrEnum):
    """What it means that sales says nothing until the last day for its answer."""

    RELEASE = "release"
    STOP = "stop"
    """Nothing goes until somebody says so."""


class Copy(StrEnum):
    """Who of ours is told that a notice has left: once a working day, in one mail."""

    NONE = "none"
    SALESPERSON = "salesperson"


class Approval(StrEnum):
    """Whether a run waits for a person. The first live run of a company always does."""

    AUTOMATIC = "automatic"
    PERSON = "person"
    TWO_PEOPLE = "two_people"
    """A person, and never the one who proposed the run by hand."""


class Grouping(StrEnum):
    """What one notice gathers."""

    CUSTOMER_CURRENCY = "customer_currency"
    """Everything of a customer in one currency, at its highest level."""
    LEVEL = "level"
    """A notice for each level."""
    ORDER = "order"
    """A notice for each order; items without one share a notice."""
    CONTACT = "contact"
    """A notice for each contact whom items name, to her; items that name nobody share one to the customer."""
    PARENT = "parent"
    """A notice for each customer; those of one parent company go to the parent."""


class AfterLastStep(StrEnum):
    """What becomes of an item whose steps are all taken. Nothing happens by itself: the run's list says what to decide."""

    STOP = "stop"
    AGENCY = "propose_agency"
    WRITE_OFF = "propose_write_off"
    STOP_DELIVERY = "propose_stop_delivery"


class Interest(StrEnum):
    """Which interest a strategy may claim."""

    NONE = "none"
    STATUTORY = "statutory"
    AGREED = "agreed"


class Keep(StrEnum):
    """Where claims stand: beside the account as a memo, or booked on it."""

    MEMO = "memo"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the ladder; its level is its place, from 1."""

    text: str
    """Key of the text that messaging renders."""
    days_after_due: int
    """The step may be taken from this day after the due day on (day 0), the day itself included."""
    month_end: bool = False
    """The step waits for the last day of the month in which that day lies ("30 days end of month")."""
    min_gap_days: int = 0
    """Days since the last reminder that must have passed; exactly so many is enough. 0 in the first step."""
    deadline_days: int = 10
    """Days from sending to the new payment deadline."""
    channel: Channel = Channel.MAIL
    minimum_item: Amounts = ()
    """An item with less than this open is not noticed."""
    minimum_notice: Amounts = ()
    """A notice whose due items sum to less, or whose sum after credits is less, is not sent."""
    fee: Amounts = ()
    copy_to: Copy = Copy.NONE
    to: WrittenTo = WrittenTo.CUSTOMER
    """The contact with this role, else the next above, else the customer's own address."""
    counts: Counting = Counting.LETTER
    """Only asked where the channel is both."""
    language: str = ""
    """What the notice is written in; empty: the customer's own language."""
    signed_by: str = ""
    """Whom the notice names for questions; empty: the company's contact."""
    signed_phone: str = ""
    """Empty: the company's phone number."""
    call_only_reminds: bool = False
    """Whoever was reached by telephone keeps the level: the same step comes again after its gap."""
    enclose_copies: bool = False
    """Copies of the invoices that are asked for go with the notice, as far as they are kept (receivables.ItemDocument)."""
    claim_interest: bool = False
    """The notice asks for the interest accrued until then, of the kind that `Policy.claims` names."""
    claim_lump_sum: bool = False
    """The notice asks for the lump sum of EUR 40 for each claim that has not borne it yet."""

    ask_sales_days: int = 0
    """The customer's salesperson is asked first and has so many working days to answer; 0: nobody is asked."""
    sales_silence: Silence = Silence.RELEASE

    @property
    def asks_sales(self) -> bool:
        """Whether a notice of the step waits for the word of sales."""
        return self.ask_sales_days > 0

    @property
    def way(self) -> int:
        """The channel as the engine reads it."""
        return way_bit(self.channel)

    def item_minimum(self, currency: str) -> int:
        """Minor units of the currency."""
        return amount_in(self.minimum_item, currency)

    def notice_minimum(self, currency: str) -> int:
        """Minor units of the currency."""
        return amount_in(self.minimum_notice, currency)


@dataclass(frozen=True, slots=True)
class ContactCap:
    """A customer is touched at most so often within so many days, today included."""

    touches: int
    days: int


@dataclass(frozen=True, slots=True)
class Upcoming:
    """One friendly reminder before the due day, at most so many days ahead. It raises no level."""

    days_before: int
    text: str
    channel: Channel = Channel.MAIL


@dataclass(frozen=True, slots=True)
class Claims:
    """What may be claimed beside the sum itself, and what the company states of its contracts and invoices.

    A step claims it only if it says so itself. Everything is off by default.
    """

    interest: Interest = Interest.NONE
    agreed_bp: int | None = None
    """Basis points per year; given exactly if the interest is the agreed one."""
    day_count: DayCount = DayCount.ACT_365
    lump_sum: bool = False
    """EUR 40 once per claim, against businesses only (§ 288 V BGB, directive 2011/7/EU)."""
    keep: Keep = Keep.MEMO
    due_date_agreed: bool = False
    """The due day was agreed by the calendar, not only printed on the invoice: default needs no notice."""
    invoice_told_default: bool = False
    """Invoices tell consumers that default begins 30 days after due day and receipt (§ 286 III BGB)."""
    costs_agreed: bool = False
    """The contract or its terms grant costs of reminding (CH, BE consumers)."""
    invoice_names_claims: bool = False
    """Invoices print the rate of interest and the lump sum (FR: art. L441-9, D441-5 C. com.)."""


@dataclass(frozen=True, slots=True)
class RunBound:
    """A run with more than `factor` times the usual number of notices, and more than `floor`, waits for a person."""

    factor: int = 3
    floor: int = 50


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole strategy. Changing one makes a new version; what was decided keeps the version it was decided by."""

    name: str
    debtor: DebtorKind
    country: str
    """ISO 3166 code of the country whose customs it follows; holidays are those of the company."""
    language: str
    """For customers whose own language is not known."""
    steps: tuple[Step, ...]
    grace_days: int = 0
    """Shifts every step: days that a payment may still be on its way."""
    contact_cap: ContactCap | None = None
    consider_credits: bool = True
    """Credits of the customer are shown and lower the sum asked for."""
    offset_credits: bool = True
    """Else credits that are considered are only shown, and the whole sum is asked for."""
    send_on_working_days: bool = True
    grouping: Grouping = Grouping.CUSTOMER_CURRENCY
    quiet_days: tuple[Quiet, ...] = ()
    """Nothing leaves on them; what is decided then waits for the next day that is not quiet."""
    approval: Approval = Approval.PERSON
    approval_above: Amounts = ()
    """A run that would approve itself waits for a person if a notice asks for more. Once an amount is given, a currency
    without one always waits."""
    run_bound: RunBound = RunBound()
    after_last_step: AfterLastStep = AfterLastStep.STOP
    upcoming: Upcoming | None = None
    claims: Claims = Claims()

    @property
    def upcoming_days(self) -> int | None:
        """How many days before the due day the early reminder may go out; None = there is none."""
        return self.upcoming.days_before if self.upcoming else None

    @property
    def upcoming_way(self) -> int:
        """The channel of the early reminder as the engine reads it; 0 = there is none."""
        return way_bit(self.upcoming.channel) if self.upcoming else 0

    def step(self, level: int) -> Step:
        """The step that raises an item to the level, 1 to len(steps). Raises IndexError."""
        if not 1 <= level <= len(self.steps):
            raise IndexError(level)
        return self.steps[level - 1]


def amount_in(amounts: Amounts, currency: str) -> int:
    """The amount given for the currency in minor units, 0 if none is given."""
    return next((money.minor for money in amounts if money.currency == currency), 0)


def debtor_kind(text: str | None) -> DebtorKind:
    """The kind of a customer; one whose kind is unknown is treated as a consumer."""
    return DebtorKind.BUSINESS if text == DebtorKind.BUSINESS else DebtorKind.CONSUMER
