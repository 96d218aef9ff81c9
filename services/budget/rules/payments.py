"""Which money goes out ahead of delivery, when, for which days, and why might it not?

Source: DOMAIN.md, Routes: a direct payment and an individual service fund are paid ahead, by periods of four weeks, and
accounted for afterwards. Council-managed support is paid for once a claim is accepted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from services.budget.rules.direct_payments import InhouseRule
from services.budget.rules.market import may_buy_standing, not_by_direct_payment
from services.budget.rules.states import CommitmentState, DirectPaymentState
from services.budget.rules.switching import own_day_from
from shared.contracts.base import Period, Reason, Route, SupplierKind
from shared.explain import because
from shared.money import financial_year_end, financial_year_start, weekly_over

PAID_AHEAD = frozenset({Route.DIRECT_PAYMENT, Route.ISF})
PERIOD_DAYS = 28
MIXED = "mixed"


@dataclass(frozen=True, slots=True)
class Ahead:
    """What a statement shows spent before it was paid out: hours of an ISF flex within the year that began on `year`."""

    claim_id: UUID
    year: date
    pence: int


def deployment(routes: Iterable[Route]) -> str | None:
    """How a budget is deployed: its one route, `mixed` where its orders have several, None where there is none yet."""
    several = {route.value for route in routes}
    return MIXED if len(several) > 1 else next(iter(several), None)


@dataclass(frozen=True, slots=True)
class Before:
    """What an order cost a week until another price began to hold: its price, and what employing added to that."""

    weekly_pence: int
    employing_pence: int

    @property
    def cost_pence(self) -> int:
        return self.weekly_pence + self.employing_pence


def payment_period(
    first: date, ends_on: date | None, changes_on: date | None = None, switched: Sequence[Period] = ()
) -> Period | None:
    """Four weeks from `first`, never over 31 March, nor the order's last day, nor a day on which its price changes, nor one
    that the council manages; None once support is over."""
    first = own_day_from(first, switched)
    next_spell = min((one.first for one in switched if one.first > first), default=date.max)
    ends_on = min(ends_on or date.max, next_spell - timedelta(days=1))
    last = min(first + timedelta(days=PERIOD_DAYS - 1), financial_year_end(first), ends_on)
    if changes_on is not None and first < changes_on:
        last = min(last, changes_on - timedelta(days=1))
    return Period(first=first, last=last) if first <= last else None


def payment_pence(
    weekly_pence: int, period: Period, committed_pence: int, ahead_pence: int = 0, carried_pence: int = 0
) -> int:
    """What goes out for the period: its days' price, on the year's last payment at least what was spent ahead of it, less
    what is in the payee's hands already; never more than is still set aside for the order."""
    due = max(weekly_over(weekly_pence, period.first, period.last) - carried_pence, 0)
    closing = ahead_pence if period.last == financial_year_end(period.first) else 0
    return min(max(due, closing), committed_pence)


def why_withheld(
    route: Route,
    state: CommitmentState,
    decision: DirectPaymentState | None,
    kind: SupplierKind | None = None,
    inhouse: InhouseRule = InhouseRule.ALLOWED,
    barred_family: bool = False,
) -> Reason | None:
    """Why no money goes out now; None where it may. A direct payment needs to have been agreed (s.31, s.32), pays the
    council's own services week by week only where the council's policy lets it (RULES §2.4, §9 case 20), and close family of
    the household only where that was found necessary (SI 2014/2871 reg 3; §9 case 19): said in confidence."""
    if state in (CommitmentState.WAITING, CommitmentState.SHORT):
        return because("funds_not_committed")
    if route is not Route.DIRECT_PAYMENT or decision is DirectPaymentState.AGREED:
        if not may_buy_standing(inhouse, route, kind):
            return not_by_direct_payment()
        return because("unmet_in_confidence", rule="DP-7") if barred_family and route is Route.DIRECT_PAYMENT else None
    if decision is DirectPaymentState.STOPPED:
        return because("direct_payment_stopped")
    return because("direct_payment_not_agreed") if decision is None else because("direct_payment_refused")


def nothing_left() -> Reason:
    """The year's money for the order has all gone out."""
    return because("nothing_left_to_pay_out")


def still_carried(weekly_pence: int, period: Period, carried_pence: int) -> int:
    """What is left of money carried over from another order once this period is paid for."""
    return max(carried_pence - weekly_over(weekly_pence, period.first, period.last), 0)


def still_owed(weekly_pence: int, period: Period, in_hand_pence: int, pence: int) -> int:
    """What is left of arrears once this went out for the period; `in_hand_pence` is below nothing where they are owed."""
    return max(-in_hand_pence - max(pence - weekly_over(weekly_pence, period.first, period.last), 0), 0)


def paid_beyond(weekly_pence: int, last_day: date, pay_from: date | None, paid_pence: int) -> int:
    """What was paid out for days after the last one of support, in the financial year it was paid for: at most what nobody
    has accounted for yet (DOMAIN.md, Routes)."""
    if pay_from is None:
        return 0
    paid_until = pay_from - timedelta(days=1)
    first = max(last_day + timedelta(days=1), financial_year_start(paid_until))
    return min(weekly_over(weekly_pence, first, paid_until), paid_pence)
