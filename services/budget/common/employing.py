"""When is it reckoned what employing adds to an order's wage? When its money is first sought, and again at another wage."""

from __future__ import annotations

from dataclasses import replace

from services.budget.common.books import Books
from services.budget.models import Commitment, Funding
from services.budget.policy import in_force
from services.budget.rules.employing import Job, bears_insurance, employing
from services.budget.rules.policies import NoPolicyInForce, PolicyHasNoRow
from shared.refusals import Refused


class NoEmploymentFigure(Refused):
    """Nobody published what employing costs on the order's first day: refused, never guessed."""

    title = "What employing costs on that day is not published"


def employ(books: Books, order: Commitment, funding: Funding) -> Commitment:
    """With what employing adds, by the policy in force on its first day. Raises NoEmploymentFigure."""
    if not order.employs or order.employing:
        return order
    assert order.first is not None  # the order is known
    try:
        found = employing(_job(books, order, funding), in_force("employment", order.council_id, order.first))
    except (PolicyHasNoRow, NoPolicyInForce) as gap:
        raise NoEmploymentFigure(on=order.first.isoformat()) from gap
    return replace(order, employing_pence=found.pence, holiday_pence=found.holiday_pence, employing=found.steps)


def _job(books: Books, order: Commitment, funding: Funding) -> Job:
    """What an employer pays once stands with one order; with its successor too, for either runs."""
    apart = (order.order_id, order.replaces_order_id)
    others = [one for one in books.running() if one.order_id not in apart]
    return Job(
        minutes=order.weekly_minutes,
        hourly_pence=order.hourly_pence,
        weekly_pence=order.weekly_pence,
        all_minutes=sum(line.employed_minutes for line in funding.lines),
        first_job=not any(bears_insurance(one.employing) for one in others),
    )
