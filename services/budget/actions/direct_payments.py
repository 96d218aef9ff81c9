"""What may be asked about a direct payment? To decide whether one is made, and to stop it once cover is confirmed."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.budget.actions.budgets import BUDGET, Reasons, WeeklyPence
from services.budget.common.books import book_loads
from services.budget.common.payments import standing, wake
from services.budget.common.sight import seen_by
from services.budget.models import Budget, Commitment, DirectPayment
from services.budget.models.direct_payments import Stopped
from services.budget.policy import POLICIES
from services.budget.rules.close_family import Relation, Relative, Task
from services.budget.rules.direct_payments import Conditions, InhousePurchase, is_agreed, sayable
from services.budget.rules.snapshots import direct_payment_from, direct_payment_inputs
from services.budget.rules.states import DIRECT_PAYMENT_MOVES, CommitmentState, DirectPaymentState
from shared.contracts.base import Fact, Reason
from shared.contracts.budget import DirectPaymentDecided, DirectPaymentStopped, PaidTo
from shared.fields import Text
from shared.refusals import Refused, refuse_unless
from shared.runtime.loads import by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

DECISIONS = by_match(DirectPayment, "budget_id", of=lambda asked, work: asked.target)
ORDERS = book_loads(lambda asked, work: (asked.target,)).commitments


class RelativeSaid(BaseModel):
    """Somebody of the family whom the payment is to pay. Where it is `necessary`, `reasons` say why."""

    model_config = ConfigDict(extra="forbid")

    relation: Relation
    same_household: Annotated[bool, Field(strict=True)]
    task: Task = Task.CARE
    necessary: Annotated[bool, Field(strict=True)] = False
    reasons: Reasons = ""

    def found(self) -> Relative:
        return Relative(self.relation, self.same_household, self.task, self.necessary, bool(self.reasons))


Found = Annotated[bool, Field(strict=True)]


class DecideDirectPayment(Command):
    """What was found about a request, condition by condition (s.31, s.32). With a one-off purchase of the council's own
    service, `inhouse_pence` is what it costs: it is taken off the payments that follow."""

    has_capacity: Found
    requested: Found
    paid_to: PaidTo
    can_manage: Found
    appropriate: Found
    treatment_requirement: Found = False
    agrees: Found = False
    suitable: Found = False
    relatives: Annotated[tuple[RelativeSaid, ...], Field(max_length=20)] = ()
    inhouse: InhousePurchase = InhousePurchase.NOTHING
    inhouse_reason: Reasons = ""
    inhouse_pence: WeeklyPence = 0
    reasons: Text

    def found(self) -> Conditions:
        return Conditions(
            has_capacity=self.has_capacity,
            requested=self.requested,
            paid_to=self.paid_to,
            can_manage=self.can_manage,
            appropriate=self.appropriate,
            treatment_requirement=self.treatment_requirement,
            agrees=self.agrees,
            suitable=self.suitable,
            relatives=tuple(each.found() for each in self.relatives),
            inhouse=self.inhouse,
            inhouse_reason=bool(self.inhouse_reason),
        )


@command(wants=(BUDGET, DECISIONS, ORDERS))
def decide_direct_payment(asked: Asked[DecideDirectPayment], work: UnitOfWork) -> Generator[Fact, None, DirectPayment]:
    """Agreed when every condition is met: then it must be paid. A later decision replaces it."""
    budget = seen_by(asked.caller, work.one(Budget, asked.target))
    match_version(asked, budget.version)
    before = standing(work.all(DECISIONS, budget.budget_id))
    if before is not None:
        work.put(replace(before, state=DIRECT_PAYMENT_MOVES.move(before.state, "replace")))
    decided = work.put(_decided(asked, work, budget, before))
    for order in work.all(ORDERS, budget.budget_id):
        wake(work, order)
    yield DirectPaymentDecided(
        decision_id=decided.decision_id,
        budget_id=decided.budget_id,
        person_id=decided.person_id,
        agreed=decided.state is DirectPaymentState.AGREED,
        paid_to=decided.paid_to,
        because=sayable(decided.steps),
        review_by=decided.review_by,
        close_family_may_be_paid=decided.pays_close_family,
    )
    return decided


def _decided(
    asked: Asked[DecideDirectPayment], work: UnitOfWork, budget: Budget, before: DirectPayment | None
) -> DirectPayment:
    inputs = direct_payment_inputs(asked.body.found(), asked.council, asked.today, POLICIES)
    steps = direct_payment_from(inputs, POLICIES)
    agreed = is_agreed(steps)
    going_on = before if before and before.state is DirectPaymentState.AGREED else None
    return DirectPayment(
        council_id=asked.council,
        decision_id=work.new_id(),
        budget_id=budget.budget_id,
        number=before.number + 1 if before else 1,
        person_id=budget.person_id,
        team=budget.team,
        state=DirectPaymentState.AGREED if agreed else DirectPaymentState.REFUSED,
        paid_to=asked.body.paid_to,
        inputs=inputs,
        steps=steps,
        reasons=asked.body.reasons,
        decided_on=asked.today,
        decided_by=asked.caller.sub,
        inhouse_pence=_to_settle(asked.body, before, agreed),
        first_paid_on=going_on.first_paid_on if going_on else None,
        review_by=going_on.review_by if going_on else None,
    )


def _to_settle(body: DecideDirectPayment, before: DirectPayment | None, agreed: bool) -> int:
    """What earlier one-off purchases still cost, and this one's price where it is allowed (RULES §9 case 20)."""
    one_off = body.inhouse is InhousePurchase.ONE_OFF and agreed
    return (before.inhouse_pence if before else 0) + (body.inhouse_pence if one_off else 0)


class NothingToStop(Refused):
    """No direct payment is agreed for this budget now."""

    title = "There is no direct payment to stop"


class CoverNotConfirmed(Refused):
    """A payment is stopped only once somebody has confirmed who supports the person from then on: name the order, of this
    budget and not over, or say it in words (`cover`)."""

    title = "Cover is not confirmed"


class WhyStopped(StrEnum):
    """Why a direct payment is stopped (s.33)."""

    CONDITIONS_NO_LONGER_MET = "conditions_no_longer_met"
    NOT_SPENT_ON_THE_PLAN = "not_spent_on_the_plan"
    NEEDS_MET_OTHERWISE = "needs_met_otherwise"
    PERSON_ASKED = "person_asked"


class StopDirectPayment(Command):
    """Who goes on supporting the person: an order of theirs, or cover in words."""

    because: WhyStopped
    reasons: Text
    cover_order_id: UUID | None = None
    cover: Reasons = ""


@command(wants=(BUDGET, DECISIONS, ORDERS))
def stop_direct_payment(asked: Asked[StopDirectPayment], work: UnitOfWork) -> Generator[Fact, None, DirectPayment]:
    """A named person's decision, cover confirmed (s.33): no more money goes out, and no order is stopped by it."""
    budget = seen_by(asked.caller, work.one(Budget, asked.target))
    match_version(asked, budget.version)
    before = standing(work.all(DECISIONS, budget.budget_id))
    if before is None:
        raise NothingToStop()
    refuse_unless(_is_covered(asked.body, work.all(ORDERS, budget.budget_id)), CoverNotConfirmed())
    why = Reason(code=asked.body.because.value)
    stopped = Stopped(
        asked.caller.sub, asked.today, why, asked.body.reasons, asked.body.cover_order_id, asked.body.cover
    )
    after = replace(before, state=DIRECT_PAYMENT_MOVES.move(before.state, "stop"), stopped=stopped)
    yield DirectPaymentStopped(
        decision_id=before.decision_id, budget_id=budget.budget_id, person_id=budget.person_id, because=why
    )
    return work.put(after)


def _is_covered(body: StopDirectPayment, orders: list[Any]) -> bool:
    if body.cover_order_id is None:
        return bool(body.cover)
    every: list[Commitment] = orders
    running = (one for one in every if one.state is CommitmentState.COMMITTED)
    return any(one.order_id == body.cover_order_id for one in running)
