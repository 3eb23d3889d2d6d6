"""BankAccount, BankFile, Statement, BankEntry with its words, Telling, Doubt, Gap.

Statements tell entries; an entry is there once, however often it is told. Entries, tellings and gaps are append-only; what the
bank said in words lies apart, to be erased when retention ends.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from debitora.documents.models import Upload
from debitora.kit.pg.fields import Ref
from debitora.people.models import Company

FILE_STATES = ("taken", "refused")
STATEMENT_STATES = ("held", "applied", "known")
WEIGHTS = ("announced", "final", "proven")
HELD_FOR = ("", "account", "faults", "difference", "gap", "doubt")


MOST_ACCOUNT = 70
"""Characters of an account's number. An IBAN has 34 at most; what banks and cards write instead of one is longer."""


def _company() -> models.ForeignKey[Company, Company]:
    return models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)


class BankAccount(models.Model):
    """An account of the company's, by IBAN or the bank's number, and currency. Until a person confirms it, its statements wait.

    The balances at both ends of what its applied statements cover are a projection: closing - opening = proven entries + what
    was accepted to be missing.
    """

    company = _company()
    account = models.CharField(max_length=MOST_ACCOUNT, db_collation="C")
    currency = models.CharField(max_length=3)
    name = models.CharField(max_length=80, blank=True, default="")
    confirmed_at = models.DateTimeField(null=True)
    opened_on = models.DateField(null=True)
    opening_minor = models.BigIntegerField(null=True)
    closed_on = models.DateField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "account", "currency"], name="bank_account_once"),
        ]


class BankFile(models.Model):
    """A file that a bank handed out, as it was taken. A file that was not refused is known by its bytes from then on."""

    company = _company()
    upload = Ref(Upload)
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=10, blank=True, default="")
    state = models.CharField(max_length=10)
    statement_count = models.IntegerField(default=0)
    line_count = models.IntegerField(default=0)
    taken_at = models.DateTimeField()
    taken_by_label = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "sha256"], condition=~Q(state="refused"), name="bank_file_once"
            ),
            models.CheckConstraint(condition=Q(state__in=FILE_STATES), name="bank_file_state_known"),
        ]


class Statement(models.Model):
    """One account over some days, as one file tells it. Applied as a whole, or held as a whole for one reason.

    place: which statement of its file, from 0; a held one is read from there again. missing_minor: money of which neither it nor its
    neighbours tell; on an applied statement, what a person has accepted.
    """

    company = _company()
    file = Ref(BankFile)
    account = Ref(BankAccount)
    place = models.IntegerField()
    number = models.CharField(max_length=40, blank=True, default="")
    reach = models.CharField(max_length=10)
    opened_on = models.DateField(null=True)
    opening_minor = models.BigIntegerField(null=True)
    closed_on = models.DateField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    line_count = models.IntegerField()
    moved_minor = models.BigIntegerField()
    new_count = models.IntegerField(default=0)
    state = models.CharField(max_length=10, default="held")
    held_for = models.CharField(max_length=10, blank=True, default="")
    missing_minor = models.BigIntegerField(default=0)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "account", "-closed_on", "-id"], name="statement_by_account"),
            models.Index(
                fields=["company", "account", "id"], name="statement_held", condition=Q(state="held")
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "file", "place"], name="statement_of_file_once"),
            models.CheckConstraint(condition=Q(state__in=STATEMENT_STATES), name="statement_state_known"),
            models.CheckConstraint(condition=Q(held_for__in=HELD_FOR), name="statement_held_for_known"),
            models.CheckConstraint(
                condition=Q(state="held") & ~Q(held_for="") | ~Q(state="held") & Q(held_for=""),
                name="statement_held_for_a_reason",
            ),
        ]


class BankEntry(models.Model):
    """One movement on an account, once. `minor` is signed as the account's holder sees it: money in is above zero.

    fingerprint: a digest of all that the bank said at first; occurrence counts equal ones of a day, from 1. statement: the one
    that told it first.
    """

    company = _company()
    account = Ref(BankAccount)
    statement = Ref(Statement)
    place = models.IntegerField()
    booked_on = models.DateField()
    valued_on = models.DateField(null=True)
    minor = models.BigIntegerField()
    fingerprint = models.CharField(max_length=32, db_collation="C")
    occurrence = models.IntegerField()
    code = models.CharField(max_length=40, blank=True, default="")
    reversal = models.BooleanField(default=False)
    return_reason = models.CharField(max_length=10, blank=True, default="")
    fee_minor = models.BigIntegerField(default=0)
    original_minor = models.BigIntegerField(default=0)
    original_currency = models.CharField(max_length=3, blank=True, default="")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["company", "account", "booked_on", "id"], name="entry_by_day"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "account", "booked_on", "fingerprint", "occurrence"],
                name="bank_entry_once",
            ),
            models.CheckConstraint(
                condition=Q(minor__gt=-(10**15)) & Q(minor__lt=10**15) & ~Q(minor=0),
                name="bank_entry_in_range",
            ),
        ]


class EntryWords(models.Model):
    """What the bank said of an entry in words and references: personal data, erased when retention ends."""

    company = _company()
    entry = models.OneToOneField(
        BankEntry, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="words"
    )
    name = models.CharField(max_length=140, blank=True, default="")
    account = models.CharField(max_length=40, blank=True, default="")
    bank = models.CharField(max_length=40, blank=True, default="")
    text = models.TextField(blank=True, default="")
    reference = models.CharField(max_length=40, blank=True, default="")
    end_to_end = models.CharField(max_length=70, blank=True, default="")
    mandate = models.CharField(max_length=40, blank=True, default="")
    bank_reference = models.CharField(max_length=70, blank=True, default="")
    batch = models.CharField(max_length=70, blank=True, default="")


class Telling(models.Model):
    """A statement tells an entry. weight: it announces it (camt.052, camt.054), its line is final, or balances prove it, too."""

    company = _company()
    statement = Ref(Statement)
    entry = Ref(BankEntry)
    weight = models.CharField(max_length=10)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "entry", "weight"], name="telling_of_entry")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "statement", "entry"], name="told_once_by_statement"),
            models.CheckConstraint(condition=Q(weight__in=WEIGHTS), name="telling_weight_known"),
        ]


class Doubt(models.Model):
    """A line of a held statement that has day and amount of a known entry and nothing else in common with it.

    line: its place among the statement's lines, from 0. answer: empty until a person says whether it is the same or new.
    """

    company = _company()
    statement = Ref(Statement)
    line = models.IntegerField()
    entry = Ref(BankEntry)
    answer = models.CharField(max_length=4, blank=True, default="")
    answered_at = models.DateTimeField(null=True)
    answered_by_label = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "statement", "line"], name="doubt_of_line_once"),
            models.CheckConstraint(condition=Q(answer__in=("", "same", "new")), name="doubt_answer_known"),
        ]


class Gap(models.Model):
    """Money that no statement tells of, accepted with a reason so that a held statement can be applied; the newest counts."""

    company = _company()
    account = Ref(BankAccount)
    statement = Ref(Statement)
    minor = models.BigIntegerField()
    wording_id = models.BigIntegerField(null=True)
    accepted_at = models.DateTimeField()
    accepted_by_label = models.CharField(max_length=64)
