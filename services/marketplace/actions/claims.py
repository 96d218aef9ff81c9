"""What may be asked about claims: to submit one, to settle a disputed one."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.marketplace.actions.sight import supplier_of, theirs
from services.marketplace.actions.visits import SupportNotStarted
from services.marketplace.common.sharing import not_bought_together
from services.marketplace.models import Claim, Order, Visit
from services.marketplace.rules.claims import (
    MOST_DAYS,
    ClaimLine,
    Matched,
    claim_days_of_one_route,
    claim_days_that_are_over,
    match_claim,
    say_what_employing_cost,
    why_not_settled,
)
from services.marketplace.rules.failures import Failure, NotSo
from services.marketplace.rules.states import CLAIMS, ClaimState
from services.marketplace.rules.visits import planned_visits
from shared.contracts.base import EmployingCost, EmployingItem, Fact, Pence
from shared.fields import Day, Instant, Text
from shared.refusals import OwnWork, refuse_unless
from shared.runtime.loads import by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class SettlementNotTaken(NotSo):
    """A dispute is settled between nothing and the most that was claimed or delivered."""

    title = "The claim cannot be settled so"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClaimedLine(_Part):
    """One visit: when it was planned to start, minutes, and pence for all of it."""

    planned_at: Instant
    minutes: Annotated[int, Field(ge=0, le=24 * 60, strict=True)]
    pence: Annotated[int, Field(ge=0, le=10**8, strict=True)]


class ClaimedPeriod(_Part):
    """Civil days in London, both included; five weeks at most."""

    first: Day
    last: Day


class ClaimedEmploying(_Part):
    """One line of a payroll return besides the wages: what the item came to over the period, in pence."""

    item: EmployingItem
    pence: Annotated[int, Field(ge=0, le=10**8, strict=True)]


class SubmitClaim(Command):
    """A payroll return may say besides what employing added to the wages of its lines: each item once."""

    period: ClaimedPeriod
    lines: Annotated[tuple[ClaimedLine, ...], Field(min_length=1, max_length=500)]
    employing: Annotated[tuple[ClaimedEmploying, ...], Field(max_length=10)] = ()

    @property
    def employing_costs(self) -> tuple[EmployingCost, ...]:
        return tuple(EmployingCost(item=line.item, pence=line.pence) for line in self.employing)


def _visits_planned(asked: Asked[SubmitClaim], work: UnitOfWork) -> list[UUID]:
    """All visits there can be in the period: a visit's identity is made of the order and its planned start."""
    period = asked.body.period
    if (period.last - period.first).days >= MOST_DAYS:
        return []
    planned = planned_visits(work.one(Order, asked.target).as_terms(), period.first, period.last)
    return [visit.visit_id for visit in planned]


# The order is held for change, so that of two claims at once the second sees what the first took.
@command(wants=(by_key(Order), by_key(Visit, _visits_planned)))
def submit_claim(asked: Asked[SubmitClaim], work: UnitOfWork) -> Generator[Fact, None, Claim]:
    """Accepted at once where it agrees with what was recorded; disputed, with every difference, where it does not."""
    order = theirs(asked.caller, work.one(Order, asked.target))
    refuse_unless(order.started_on, SupportNotStarted())
    claim_days_that_are_over(asked.body.period.first, asked.body.period.last, asked.today)
    not_bought_together(order)
    visits = [visit for each in _visits_planned(asked, work) if (visit := work.get(Visit, each))]
    lines = tuple(ClaimLine(line.planned_at, line.minutes, line.pence) for line in asked.body.lines)
    return (yield from take_claim(asked, work, order, lines, visits))


def take_claim(
    asked: Asked[SubmitClaim], work: UnitOfWork, order: Order, lines: tuple[ClaimLine, ...], visits: list[Visit]
) -> Generator[Fact, None, Claim]:
    """The lines of one order beside the visits that were recorded for it."""
    before = frozenset(visit.visit_id for visit in visits if visit.claim_id)
    claim_days_of_one_route(asked.body.period.first, asked.body.period.last, order.switched)
    say_what_employing_cost(asked.body.employing_costs, order.claim_kind_on(asked.body.period.first))
    matched = match_claim(lines, [visit.as_matched() for visit in visits], order.hourly_pence, before)
    claim = work.put(_claim(asked, work.new_id(), order, lines, matched))
    for visit in visits:
        if visit.claim_id is None:
            work.put(replace(visit, claim_id=claim.claim_id))
    yield claim.as_submitted()
    yield claim.as_disputed() if matched.differences else claim.as_accepted(claim.claimed_pence)
    return claim


def _claim(
    asked: Asked[SubmitClaim], claim_id: UUID, order: Order, lines: tuple[ClaimLine, ...], matched: Matched
) -> Claim:
    return Claim(
        council_id=order.council_id,
        claim_id=claim_id,
        order_id=order.order_id,
        budget_id=order.budget_id,
        person_id=order.person_id,
        supplier_id=order.supplier_id,
        first=asked.body.period.first,
        last=asked.body.period.last,
        lines=lines,
        claimed_pence=matched.claimed_pence,
        delivered_pence=matched.delivered_pence,
        differences=matched.differences,
        submitted_by=asked.caller.sub,
        state=CLAIMS.move(ClaimState.SUBMITTED, matched.verb),
        claim_kind=order.claim_kind_on(asked.body.period.first),
        employing=asked.body.employing_costs,
        pence=None if matched.differences else matched.claimed_pence,
    )


class SettleClaim(Command):
    """What is owed after all, and why; the reason stays in this service."""

    pence: Pence
    reason: Text


@command(wants=(by_key(Claim),))
def settle_claim(asked: Asked[SettleClaim], work: UnitOfWork) -> Generator[Fact, None, Claim]:
    """Decided by somebody else than the supplier."""
    claim, own = work.one(Claim, asked.target), supplier_of(asked.caller)
    if own is not None:
        theirs(asked.caller, claim)
    refuse_unless(own is None and claim.submitted_by != asked.caller.sub, OwnWork())
    match_version(asked, claim.version)
    state = CLAIMS.move(claim.state, "settle")
    if trouble := why_not_settled(claim.matched, asked.body.pence, asked.body.reason):
        raise SettlementNotTaken((Failure("pence", "CLAIM-SETTLE", trouble),))
    yield claim.as_accepted(asked.body.pence)
    settled = replace(claim, settled_by=asked.caller.sub, settled_because=asked.body.reason)
    return work.put(replace(settled, state=state, pence=asked.body.pence))
