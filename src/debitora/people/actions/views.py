"""Keep lists as somebody narrowed them, the view a list opens in, and how far notifications were read."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from debitora.people.models import Company, DefaultView, ReadMark, SavedView, User
from debitora.people.rules import LISTS, kept_query
from debitora.trail.actions import record
from debitora.trail.rules import Actor, Subject


class UnknownList(Exception):
    """No list of that name has views."""


class ViewNameTaken(Exception):
    """The person has another view of that name for this list."""


def save_view(
    *, company: Company, owner: User, name: str, of: str, query: str, shared: bool, by: Actor, at: datetime
) -> SavedView:
    """Keep a list as it is shown now. Raises UnknownList, ViewNameTaken and ViewTooLong."""
    if of not in LISTS:
        raise UnknownList(of)
    view = SavedView(
        company=company, owner=owner, list=of, name=name.strip(), query=kept_query(query),
        shared_at=at if shared else None, created_at=at,
    )  # fmt: skip
    return _written(view, "view.saved", by, at)


def replace_view(*, view: SavedView, query: str, by: Actor, at: datetime) -> SavedView:
    """Let a view show what the list shows now. Raises ViewTooLong."""
    view.query = kept_query(query)
    return _written(view, "view.changed", by, at)


def rename_view(*, view: SavedView, name: str, shared: bool, by: Actor, at: datetime) -> SavedView:
    """Give a view another name, share it or keep it to oneself. Raises ViewNameTaken.

    Lists of others that opened in a view which is no longer shared open plainly again.
    """
    view.name = name.strip()
    view.shared_at = (view.shared_at or at) if shared else None
    with transaction.atomic():
        if not shared:
            DefaultView.objects.filter(view=view).exclude(user=view.owner_id).delete()
        return _written(view, "view.changed", by, at)


def delete_view(*, view: SavedView, by: Actor, at: datetime) -> None:
    """Delete a view; lists that opened in it open plainly again."""
    with transaction.atomic():
        DefaultView.objects.filter(view=view).delete()
        _record_view(view, "view.deleted", by, at)
        view.delete()


def set_default_view(*, user: User, view: SavedView) -> None:
    """Let the person's list open in the view. Her own preference: the trail does not keep it."""
    DefaultView.objects.update_or_create(
        company_id=view.company_id, user=user, list=view.list, defaults={"view": view}
    )


def clear_default_view(*, user: User, view: SavedView) -> None:
    """Let the person's list open plainly again, if it opens in this view."""
    DefaultView.objects.filter(user=user, view=view).delete()


def mark_news_read(*, company: Company, user: User, up_to: int, at: datetime) -> None:
    """Note that the person has read her notifications up to a record; never back. Her own affair: no trail."""
    with transaction.atomic():
        mark, made = ReadMark.objects.select_for_update().get_or_create(
            company=company, user=user, defaults={"up_to": up_to, "read_at": at}
        )
        if not made and up_to > mark.up_to:
            ReadMark.objects.filter(id=mark.id).update(up_to=up_to, read_at=at)


def _written(view: SavedView, verb: str, by: Actor, at: datetime) -> SavedView:
    view.changed_at = at
    try:
        with transaction.atomic():
            view.save()
            _record_view(view, verb, by, at)
    except IntegrityError:
        raise ViewNameTaken(view.name) from None
    return view


def _record_view(view: SavedView, verb: str, by: Actor, at: datetime) -> None:
    record(company=view.company_id, by=by, at=at, verb=verb, subjects=[Subject("view", view.id)])
