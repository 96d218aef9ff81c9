"""What budget says: indicative and final budgets with their reasons, adequacy, commitments and payments."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from shared.contracts.base import Fact, Line, Minutes, Pence, Period, PolicyRef, Reason, Route, SupplierKind, Value

Revision = Annotated[int, Field(ge=1, strict=True)]


class Shortfall(Value):
    """One line of a plan that the budget does not buy at today's prices, each a week."""

    line_id: UUID
    budget_pence: Pence
    cost_pence: Pence
    short_pence: Pence
    because: Reason


class Alternative(Value):
    """Support that exists, has room, and what it would cost a week."""

    line_id: UUID
    listing_id: UUID
    supplier_kind: SupplierKind
    weekly_pence: Pence
    room_minutes: Minutes


class BudgetIndicated(Fact, service="budget", says="indicated"):
    """An indicative budget exists, with the reasoning a person may challenge."""

    budget_id: UUID
    assessment_id: UUID
    person_id: UUID
    weekly_pence: Pence
    policy: PolicyRef
    lines: tuple[Line, ...]


class BudgetInadequate(Fact, service="budget", says="inadequate"):
    """The budget does not buy the proposed plan: what is short, by how much a week, what else exists and has room."""

    budget_id: UUID
    plan_id: UUID
    revision: Revision
    person_id: UUID
    weekly_budget_pence: Pence
    weekly_cost_pence: Pence
    short_pence: Pence
    shortfalls: tuple[Shortfall, ...]
    alternatives: tuple[Alternative, ...]


class BudgetFinalised(Fact, service="budget", says="finalised"):
    """The final budget, enough for this revision of the plan: `weekly_pence == council_pence + person_pence` (s.26)."""

    budget_id: UUID
    plan_id: UUID
    revision: Revision
    person_id: UUID
    weekly_pence: Pence
    council_pence: Pence
    person_pence: Pence
    yearly_pence: Pence
    lines: tuple[Line, ...]


class FundsCommitted(Fact, service="budget", says="funds_committed"):
    """Money is set aside for an order, for a part of one financial year."""

    order_id: UUID
    budget_id: UUID
    person_id: UUID
    pence: Pence
    period: Period


class FundsReleased(Fact, service="budget", says="funds_released"):
    """An order was cancelled or ended: what it no longer needs is available again."""

    order_id: UUID
    budget_id: UUID
    person_id: UUID
    pence: Pence


class FundsShort(Fact, service="budget", says="funds_short"):
    """Not enough is left for an order; a re-costing is open with an owner and a date. A budget is not a cap.
    Where the order stands in for `covers_order_id`, its support does not wait."""

    order_id: UUID
    budget_id: UUID
    person_id: UUID
    short_pence: Pence
    recost_by: date
    covers_order_id: UUID | None = None


class LiabilityDisputed(Fact, service="budget", says="liability_disputed"):
    """More was delivered than was committed: posted, never refused, and somebody owns the question."""

    order_id: UUID
    budget_id: UUID
    person_id: UUID
    pence: Pence


class ClaimPaid(Fact, service="budget", says="claim_paid"):
    """An accepted claim was paid. Where the council pays, for a time, a PA whom the person employs, `employing_pence` went out
    besides, for what employing adds to those wages: `holiday_pence` of it to the reserve that the employer keeps."""

    claim_id: UUID
    order_id: UUID
    person_id: UUID
    supplier_id: UUID
    pence: Pence
    paid_on: date
    employing_pence: Pence = 0
    holiday_pence: Pence = 0


class PaidTo(StrEnum):
    """Who receives a direct payment (Care Act s.31, s.32)."""

    PERSON = "person"
    NOMINEE = "nominee"
    AUTHORISED_PERSON = "authorised_person"


class DirectPaymentDecided(Fact, service="budget", says="direct_payment_decided"):
    """A request for a direct payment was decided by the conditions of s.31 or s.32, each with its reason.
    `close_family_may_be_paid`: it is agreed, and the council found it necessary, with reasons that stay with it, that it pays
    close family for care."""

    decision_id: UUID
    budget_id: UUID
    person_id: UUID
    agreed: bool
    paid_to: PaidTo
    because: tuple[Reason, ...]
    review_by: date | None = None
    close_family_may_be_paid: bool = False


class DirectPaymentStopped(Fact, service="budget", says="direct_payment_stopped"):
    """A named person stopped the payment (s.33), with cover confirmed: support itself goes on."""

    decision_id: UUID
    budget_id: UUID
    person_id: UUID
    because: Reason


class MoneyPaidOut(Fact, service="budget", says="money_paid_out"):
    """Money went out ahead of delivery, to be accounted for: a direct payment, or to the holder of an ISF. A direct payment
    is reviewed by `review_by`, six months from its first payment. `employing_pence` of the whole are what employing a PA
    adds to the wage; `arrears_pence` are owed for days that were paid for before at a lower price: all of it, where the period
    is one of those."""

    payment_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    route: Route
    pence: Pence
    period: Period
    paid_on: date
    employing_pence: Pence = 0
    review_by: date | None = None
    arrears_pence: Pence = 0


class PaymentWithheld(Fact, service="budget", says="payment_withheld"):
    """Support runs that is paid for ahead, and the payment that fell due did not go out: the money stays set aside.
    Whoever is to be paid out of it is not, until somebody acts."""

    order_id: UUID
    budget_id: UUID
    person_id: UUID
    route: Route
    because: Reason
    due_on: date


class SpendingAccountedFor(Fact, service="budget", says="spending_accounted_for"):
    """A payroll return or an ISF statement was set against what was paid out: `pence` is now accounted for. `differences` are
    where a return's own lines differ from what employing was reckoned to cost."""

    claim_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    pence: Pence
    unaccounted_pence: Pence
    differences: tuple[Reason, ...] = ()


class SurplusReturned(Fact, service="budget", says="surplus_returned"):
    """Money paid out and not needed came back, after the reserves, by the council's own policy row."""

    budget_id: UUID
    person_id: UUID
    pence: Pence


class RefundOwed(Fact, service="budget", says="refund_owed"):
    """A claim that was paid was lowered: its supplier owes back `pence`, what was paid beyond it."""

    claim_id: UUID
    revision: Annotated[int, Field(ge=2, strict=True)]
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    pence: Pence


class RefundReceived(Fact, service="budget", says="refund_received"):
    """What was owed back for a claim came back."""

    claim_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    pence: Pence
    received_on: date


class SpendingCorrected(Fact, service="budget", says="spending_corrected"):
    """A return or statement was lowered: `pence` that it accounted for are unaccounted again, in whoever's hands they are."""

    claim_id: UUID
    revision: Annotated[int, Field(ge=2, strict=True)]
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    pence: Pence
    unaccounted_pence: Pence
