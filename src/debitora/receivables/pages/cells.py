"""What stands in front of the cells of an item: the box that picks it. It escapes what is not its own, as kit.cells does."""

from __future__ import annotations

from html import escape

from debitora.receivables.queries import ItemRow


def picking(row: ItemRow) -> str:
    """The cell with the box that picks an item, and what the bar of picked ones adds up."""
    return (
        f'<td class="pick"><input type="checkbox" name="chosen" value="{row.item}" form="bulk"'
        f' data-minor="{row.open_minor}" data-currency="{row.currency}" aria-label="{escape(row.number)}"></td>'
    )
