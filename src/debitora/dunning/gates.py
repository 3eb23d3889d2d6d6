"""Gates of dunning: unknown, another company's, another salesperson's: all are equally not there."""

from __future__ import annotations

from django.http import Http404

from debitora.dunning.models import Notice, Pause, Rate, Run, SalesAnswer, SalesQuestion, Segment, Strategy
from debitora.dunning.queries.notices import notice_within
from debitora.dunning.queries.runs import run_by_id
from debitora.dunning.queries.sales import question_within
from debitora.dunning.queries.strategies import StrategyRow, strategy_row
from debitora.messaging.models import Call
from debitora.receivables.rules.items import Scope


def run(*, run: int) -> Run:
    """The run. Raises Http404."""
    found = run_by_id(run=run)
    if found is None:
        raise Http404
    return found


def notice(*, notice: int, scope: Scope) -> Notice:
    """The notice with its run, customer and party, if the customer is within the scope. Raises Http404."""
    found = notice_within(notice=notice, scope=scope)
    if found is None:
        raise Http404
    return found


def call(*, call: int, scope: Scope) -> Call:
    """The call about a notice, if the notice's customer is within the scope. Raises Http404."""
    found = Call.objects.filter(id=call, kind="notice").first()
    if found is None:
        raise Http404
    notice(notice=found.subject_id, scope=scope)
    return found


def sales_question(*, question: int, scope: Scope) -> SalesQuestion:
    """The question to sales with its customer, if she is within the scope. Raises Http404."""
    found = question_within(question=question, scope=scope)
    if found is None:
        raise Http404
    return found


def sales_answer(*, answer: int, scope: Scope) -> SalesAnswer:
    """The answer to a question whose customer is within the scope. Raises Http404."""
    found = SalesAnswer.objects.filter(id=answer).first()
    if found is None:
        raise Http404
    sales_question(question=found.question_id, scope=scope)
    return found


def strategy(*, strategy: int) -> StrategyRow:
    """The strategy in its newest version. Raises Http404."""
    try:
        return strategy_row(strategy=strategy)
    except Strategy.DoesNotExist:
        raise Http404 from None


def segment(*, segment: int) -> Segment:
    """The rule that says which customers get a strategy. Raises Http404."""
    found = Segment.objects.filter(id=segment).first()
    if found is None:
        raise Http404
    return found


def pause(*, pause: int) -> Pause:
    """The pause of a group of customers. Raises Http404."""
    found = Pause.objects.filter(id=pause).first()
    if found is None:
        raise Http404
    return found


def rate(*, rate: int) -> Rate:
    """A reference rate that the company added. Raises Http404."""
    found = Rate.objects.filter(id=rate).first()
    if found is None:
        raise Http404
    return found
