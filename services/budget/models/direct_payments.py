"""What is remembered of a direct payment? What was decided about it, by whom, on which findings, and whether it stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.rules.close_family import may_pay_for_care
from services.budget.rules.snapshots import DirectPaymentInputs
from services.budget.rules.states import DirectPaymentState
from shared.contracts.base import Reason
from shared.contracts.budget import PaidTo
from shared.explain import Step
from shared.runtime.rows import Row, table


@dataclass(frozen=True, slots=True)
class Stopped:
    """Who stopped the payment, when and why, and who goes on supporting: an order, or cover in words."""

    by: str
    on: date
    because: Reason
    reasons: str
    cover_order_id: UUID | None
    cover: str


@table(
    "direct_payment",
    key=("decision_id",),
    unique=(("budget_id", "number"),),
    checks=("inhouse_pence >= 0", "number > 0", "(state = 'stopped') <= (stopped is not null)"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class DirectPayment(Row):
    """The `number`-th decision about a budget's direct payment; the last one stands. Its findings never leave here.

    `inhouse_pence` is a one-off purchase of the council's own service, still to be taken off the payments.
    """

    decision_id: UUID
    budget_id: UUID
    number: int
    person_id: UUID
    team: str
    state: DirectPaymentState
    paid_to: PaidTo
    inputs: DirectPaymentInputs
    steps: tuple[Step, ...]
    reasons: str
    decided_on: date
    decided_by: str
    inhouse_pence: int = 0
    first_paid_on: date | None = None
    review_by: date | None = None
    stopped: Stopped | None = None

    @property
    def pays_close_family(self) -> bool:
        """Close family may be paid for care out of it: it is agreed, with that found necessary."""
        return self.state is DirectPaymentState.AGREED and may_pay_for_care(self.inputs.found.relatives)
