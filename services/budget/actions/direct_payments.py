"""What may be asked about a direct payment? To decide whether one is made, and to stop it once cover is confirmed."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.budget.actions.budgets import BUDGET, Reasons, WeeklyPence
from services.budget.common.books import book_loads
from services.budget.common.payments import standing, wake
from services.budget.common.sight import seen_by
from services.budget.models import Budget, DirectPayment
from services.budget.policy import POLICIES
from services.budget.rules.close_family import Relation, Relative, Task
from services.budget.rules.direct_payments import Conditions, InhousePurchase, is_agreed, sayable
from services.budget.rules.snapshots import direct_payment_from, direct_payment_inputs
from services.budget.rules.states import DIRECT_PAYMENT_MOVES, DirectPaymentState
from shared.contracts.base import Fact
from shared.contracts.budget import DirectPaymentDecided, PaidTo
from shared.fields import Text
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
