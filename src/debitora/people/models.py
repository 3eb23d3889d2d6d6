"""Companies, users, grants, and the progress of long work. The first three belong to no single company: no wall."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from debitora.kit.pg.fields import Ref
from debitora.people.rules import LISTS, LONGEST_QUERY, ROLES


class Company(models.Model):
    """A creditor (Mandant): whoever is owed. Its code stands in addresses, so it never changes."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)
    subdivision = models.CharField(max_length=6, blank=True, default="")
    currency = models.CharField(max_length=3)
    language = models.CharField(max_length=2, default="de")
    time_zone = models.CharField(max_length=64, default="Europe/Berlin")
    created_at = models.DateTimeField()

    def day_at(self, moment: datetime) -> date:
        """The calendar day that the company's clock shows at a moment."""
        return moment.astimezone(ZoneInfo(self.time_zone)).date()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z0-9][a-z0-9-]*$"), name="company_code_is_a_slug"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class User(AbstractBaseUser):
    """A person who signs in. What she may do in a company is a grant."""

    login = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True, default="")
    language = models.CharField(max_length=2, default="de")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = BaseUserManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.login


class Grant(models.Model):
    """What a user may do in a company: exactly one role each."""

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=10)
    granted_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "user"], name="one_grant_per_user"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="grant_role_known"),
        ]


class Progress(models.Model):
    """How far a long piece of work is: its page polls this row, and it stays as the work's result."""

    STATES = ("waiting", "running", "done", "failed")

    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    problem = models.CharField(max_length=60, blank=True, default="")
    started_by_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "kind", "subject_id"], name="one_progress_per_subject"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "running", "done", "failed")), name="progress_state_known"
            ),
        ]


class SavedView(models.Model):
    """A list as somebody narrows, sorts and lays it out, under a name: hers alone until she shares it with the company."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    list = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=LONGEST_QUERY, blank=True, default="")
    shared_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "owner", "list", "name"], name="view_name_taken_once_per_person"
            ),
            models.CheckConstraint(condition=Q(list__in=tuple(LISTS)), name="view_list_known"),
        ]


class DefaultView(models.Model):
    """The view in which a person wants a list to open: hers or a shared one, at most one for each list."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    list = models.CharField(max_length=20)
    view = Ref(SavedView)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "view"], name="default_of_view")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "user", "list"], name="one_default_view_per_list"),
        ]


class ReadMark(models.Model):
    """Up to which record of the trail a person has read her notifications; what came later is new to her."""

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    up_to = models.BigIntegerField()
    read_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "user"], name="one_read_mark_per_person"),
        ]


class Absence(models.Model):
    """A person is away from a day on, until a day or until further notice; `stand_in` answers for her meanwhile.

    `back_on`: she came back earlier than planned; on the first day it means that she never went.
    """

    company = models.ForeignKey(Company, on_delete=models.DO_NOTHING, related_name="+", db_index=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    stand_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    back_on = models.DateField(null=True)
    entered_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["company", "user", "from_on"], name="absences_of_person")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(user=models.F("stand_in")), name="nobody_stands_in_for_herself"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")),
                name="absence_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(back_on__isnull=True) | Q(back_on__gte=models.F("from_on")),
                name="absence_left_after_it_begins",
            ),
        ]
