"""When is it reckoned what employing adds to an order's wage? When its money is first sought, again at another wage, and
again when another job begins or ends: what an employer pays once, and the one Employment Allowance, are shared anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from services.budget.common.books import Books
from services.budget.models import Commitment, Funding
from services.budget.policy import in_force
from services.budget.rules.employing import Job, NotPublished, employing, is_dearer_or_cheaper
from services.budget.rules.policies import NoPolicyInForce, PolicyHasNoRow

NOT_PUBLISHED = (PolicyHasNoRow, NoPolicyInForce)


def employ(books: Books, order: Commitment, funding: Funding) -> Commitment | NotPublished:
    """With what employing adds, by the policy in force on its first day; NotPublished where nobody said it: never guessed."""
    if not order.employs or order.job:
        return order
    assert order.first is not None  # the order is known
    job = job_of(books, order, funding)
    try:
        found = employing(job, in_force("employment", order.council_id, order.first))
    except NOT_PUBLISHED:
        return NotPublished(order.first)
    reckoned = replace(order, employing_pence=found.pence, holiday_pence=found.holiday_pence, employing=found.steps)
    return replace(reckoned, job=job, awaited=None)


def job_of(books: Books, order: Commitment, funding: Funding) -> Job:
    """What an employer pays once stands with one order; with its successor too, for either runs."""
    others = [one for one in books.running() if not _in_turn(one, order)]
    over = books.lines_over()
    return Job(
        minutes=order.weekly_minutes,
        hourly_pence=order.hourly_pence,
        weekly_pence=order.weekly_pence,
        all_minutes=sum(line.employed_minutes for line in funding.lines if line.line_id not in over),
        first_job=not any(one.job.first_job for one in others if one.job),
    )


def _in_turn(one: Commitment, order: Commitment) -> bool:
    """They are the same, or either is to end when the other starts."""
    return order.order_id in (one.order_id, one.replaces_order_id) or one.order_id == order.replaces_order_id


def shared_anew(books: Books, funding: Funding, on: date) -> Iterator[tuple[Commitment, date]]:
    """The orders that cost something else since another began or ended, one by one, each with the first day on which it
    does: none that is paid for already. One of which nobody published what it costs then goes on as it was."""
    for order in sorted(books.running(), key=lambda one: (one.first or on, one.order_id)):
        if order.job is None or order.first is None or order.last is None:
            continue
        since = max(on, order.first, order.pay_from or order.first)
        job = job_of(books, order, funding)
        if job != order.job and _differs(order, order.job, job, since):
            yield order, since


def _differs(order: Commitment, before: Job, after: Job, on: date) -> bool:
    try:
        return is_dearer_or_cheaper(before, after, in_force("employment", order.council_id, on))
    except NOT_PUBLISHED:
        return False
