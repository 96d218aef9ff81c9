"""What goes out ahead of delivery: periods of four weeks within the year, never more than is set aside (DOMAIN.md, Routes)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.rules.commitments import commitment_pence, commitment_period
from services.budget.rules.direct_payments import InhouseRule
from services.budget.rules.payments import (
    deployment,
    paid_beyond,
    payment_pence,
    payment_period,
    still_carried,
    why_withheld,
)
from services.budget.rules.states import CommitmentState, DirectPaymentState
from shared.contracts.base import Period, Route, SupplierKind

DP, ISF, MANAGED = Route.DIRECT_PAYMENT, Route.ISF, Route.COUNCIL_MANAGED
COMMITTED = CommitmentState.COMMITTED


@pytest.mark.parametrize(
    ("first", "ends_on", "last"),
    [
        (date(2026, 1, 5), None, date(2026, 2, 1)),
        (date(2026, 3, 20), None, date(2026, 3, 31)),
        (date(2026, 1, 5), date(2026, 1, 11), date(2026, 1, 11)),
    ],
)
def test_a_payment_is_for_four_weeks_and_stops_at_the_year_s_end_and_the_last_day(
    first: date, ends_on: date | None, last: date
) -> None:
    assert payment_period(first, ends_on) == Period(first=first, last=last)


def test_after_the_last_day_there_is_nothing_to_pay_for() -> None:
    assert payment_period(date(2026, 1, 5), date(2026, 1, 4)) is None


def test_a_payment_stops_the_day_before_another_price_holds_and_one_that_holds_already_stops_nothing() -> None:
    first = date(2026, 1, 5)
    assert payment_period(first, None, date(2026, 1, 19)) == Period(first=first, last=date(2026, 1, 18))
    for held in (first, date(2026, 1, 1), date(2026, 3, 1), None):
        assert payment_period(first, None, held) == Period(first=first, last=date(2026, 2, 1))


def test_four_weeks_are_four_times_the_week_and_never_more_than_is_set_aside() -> None:
    period = Period(first=date(2026, 1, 5), last=date(2026, 2, 1))
    assert payment_pence(10001, period, 10**6) == 40004
    assert payment_pence(10001, period, 40003) == 40003


def test_the_year_s_last_payment_brings_what_was_spent_ahead_of_it() -> None:
    last = Period(first=date(2026, 3, 20), last=date(2026, 3, 31))
    assert payment_pence(7000, last, 50000, ahead_pence=30000) == 30000
    assert payment_pence(7000, Period(first=date(2026, 1, 5), last=date(2026, 2, 1)), 50000, 30000) == 28000


@pytest.mark.parametrize(
    ("route", "state", "decision", "why"),
    [
        (DP, COMMITTED, DirectPaymentState.AGREED, None),
        (DP, COMMITTED, None, "direct_payment_not_agreed"),
        (DP, COMMITTED, DirectPaymentState.REFUSED, "direct_payment_refused"),
        (DP, COMMITTED, DirectPaymentState.STOPPED, "direct_payment_stopped"),
        (DP, CommitmentState.SHORT, DirectPaymentState.AGREED, "funds_not_committed"),
        (DP, CommitmentState.RELEASED, DirectPaymentState.AGREED, None),
        (ISF, COMMITTED, None, None),
        (ISF, CommitmentState.WAITING, None, "funds_not_committed"),
    ],
)
def test_why_money_is_withheld(
    route: Route, state: CommitmentState, decision: DirectPaymentState | None, why: str | None
) -> None:
    found = why_withheld(route, state, decision)
    assert (found.code if found else None) == why


@pytest.mark.parametrize(
    ("route", "kind", "rule", "why"),
    [
        (DP, SupplierKind.IN_HOUSE, InhouseRule.NEVER, "inhouse_not_by_direct_payment"),
        (DP, SupplierKind.IN_HOUSE, InhouseRule.ONE_OFF, "inhouse_not_by_direct_payment"),
        (DP, SupplierKind.IN_HOUSE, InhouseRule.ALLOWED, None),
        (DP, SupplierKind.PA, InhouseRule.NEVER, None),
        (ISF, SupplierKind.IN_HOUSE, InhouseRule.NEVER, None),
    ],
)
def test_case_20_a_standing_order_of_the_council_s_own_is_paid_only_where_the_policy_allows_it(
    route: Route, kind: SupplierKind, rule: InhouseRule, why: str | None
) -> None:
    """TLAP, Paying for in-house services with a direct payment."""
    found = why_withheld(route, COMMITTED, DirectPaymentState.AGREED, kind, rule)
    assert (found.code if found else None) == why


@pytest.mark.parametrize(("route", "why"), [(DP, "unmet_in_confidence"), (ISF, None)])
def test_case_19_close_family_is_not_paid_and_the_reason_is_said_in_confidence(route: Route, why: str | None) -> None:
    """SI 2014/2871 reg 3."""
    found = why_withheld(route, COMMITTED, DirectPaymentState.AGREED, SupplierKind.PA, barred_family=True)
    assert (found.code if found else None) == why


@pytest.mark.parametrize(
    ("routes", "said"), [((), None), ((DP, DP), "direct_payment"), ((DP, MANAGED), "mixed"), ((ISF,), "isf")]
)
def test_mixed_is_derived_from_the_orders(routes: tuple[Route, ...], said: str | None) -> None:
    assert deployment(routes) == said


@given(st.integers(0, 10**6), st.dates(date(2024, 4, 1), date(2025, 3, 31)))
def test_a_year_s_payments_come_to_its_commitment_but_for_rounding(weekly: int, starts: date) -> None:
    whole = commitment_pence(weekly, commitment_period(starts))
    left, first = whole, starts
    while (period := payment_period(first, date(2025, 3, 31))) is not None:
        left -= payment_pence(weekly, period, left)
        first = period.last + timedelta(days=1)
    assert 0 <= left <= 1


def test_money_in_hand_goes_before_what_is_paid_out_until_it_is_used_up() -> None:
    """DOMAIN.md, Routes: paid ahead, by periods of four weeks."""
    period = Period(first=date(2050, 1, 17), last=date(2050, 2, 13))
    assert payment_pence(7000, period, 10**6, 0, 14000) == 14000
    assert (payment_pence(7000, period, 10**6, 0, 30000), still_carried(7000, period, 30000)) == (0, 2000)
    assert paid_beyond(7000, date(2050, 1, 16), date(2050, 1, 31), 10**6) == 14000
    assert paid_beyond(7000, date(2050, 1, 16), date(2050, 1, 31), 5000) == 5000
    assert paid_beyond(7000, date(2050, 1, 30), date(2050, 1, 31), 10**6) == 0
    assert paid_beyond(7000, date(2050, 1, 16), None, 10**6) == 0
