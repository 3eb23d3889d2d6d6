"""A proposal taken, as the one that the person saw."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _

from debitora.cash import gates
from debitora.cash.actions import EntryMovedOn, MoreThanIsOpen, ProposalGone, SharesDoNotFit, take_proposal
from debitora.cash.pages.entry import booked, gone
from debitora.cash.queries.proposals import proposal_by_id
from debitora.kit.runtime import now
from debitora.kit.ways import whole_number
from debitora.people.gates import CompanyRequest, actor, page


@page("payments.book", methods=("POST",))
def taking(request: CompanyRequest, bank_entry: int) -> HttpResponse:
    """Book the line as the proposal says; one that was made anew since is shown first."""
    found = gates.bank_entry(bank_entry=bank_entry)
    proposal = proposal_by_id(proposal=whole_number(request.POST.get("proposal", "")) or 0)
    if proposal is None or proposal.entry_id != found.id:
        return gone(request, found)
    try:
        made = take_proposal(
            company=request.company.id, entry=found.id, rank=proposal.rank, by=actor(request), at=now()
        )
    except (ProposalGone, EntryMovedOn, MoreThanIsOpen, SharesDoNotFit):
        return gone(request, found)
    return booked(request, made, _("The proposal is booked."))
