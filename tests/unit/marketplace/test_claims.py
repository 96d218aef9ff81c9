"""A claim beside the record: every difference by itself, the same whatever the order of the lines."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.rules.claims import (
    ClaimLine,
    EmployingNotTaken,
    Matched,
    PeriodNotClaimable,
    claim_days_of_one_route,
    kind_of_claim,
    match_claim,
    route_on,
    say_what_employing_cost,
    why_not_settled,
)
from services.marketplace.rules.visits import MatchedVisit, Outcome, PlannedVisit, visit_id
from shared.contracts.base import ClaimKind, Employer, EmployingCost, EmployingItem, Period, Reason, Route, SupplierKind

HOURLY = 2400
DAY = datetime(2026, 3, 2, 8, tzinfo=UTC)


def visit(days: int, outcome: Outcome = Outcome.RECORDED, late: int = 0) -> MatchedVisit:
    at = DAY + timedelta(days=days)
    plan = PlannedVisit(visit_id(UUID(int=5), at), UUID(int=5), at, 30, False)
    came = outcome in (Outcome.RECORDED, Outcome.FRUSTRATED)
    started = at + timedelta(minutes=late) if came else None
    return MatchedVisit(plan, outcome, started, 30 if came else 0, 1200 if came else 0, "not_said")


def line(days: int, minutes: int = 30, pence: int = 1200, late: int = 0) -> ClaimLine:
    return ClaimLine(DAY + timedelta(days=days, minutes=late), minutes, pence)


VISITS = [visit(0), visit(1), visit(2, Outcome.MISSED), visit(3, Outcome.FRUSTRATED), visit(4, Outcome.CANCELLED)]
FAIR = [line(0), line(1), line(3)]


def codes(matched: Matched) -> list[str]:
    return [reason.code for reason in matched.differences]


def test_a_claim_that_agrees_with_the_record_is_accepted() -> None:
    matched = match_claim(FAIR, VISITS, HOURLY)
    assert matched == Matched(3600, 3600, ())
    assert matched.verb == "accept"


@pytest.mark.parametrize(
    ("lines", "because"),
    [
        ([*FAIR, line(9)], Reason(code="not_recorded", params={"at": "2026-03-11T08:00:00Z", "claimed_pence": 1200})),
        (
            [line(0, 45, 1800), *FAIR[1:]],
            Reason(
                code="minutes_differ",
                params={"at": "2026-03-02T08:00:00Z", "claimed_minutes": 45, "recorded_minutes": 30},
            ),
        ),
        (
            [line(0, 30, 1500), *FAIR[1:]],
            Reason(
                code="price_differs", params={"at": "2026-03-02T08:00:00Z", "claimed_pence": 1500, "agreed_pence": 1200}
            ),
        ),
        (
            [*FAIR, line(2)],
            Reason(
                code="missed_visit_claimed",
                params={"at": "2026-03-04T08:00:00Z", "outcome": "missed", "claimed_pence": 1200},
            ),
        ),
        (
            [*FAIR, line(4)],
            Reason(
                code="missed_visit_claimed",
                params={"at": "2026-03-06T08:00:00Z", "outcome": "cancelled", "claimed_pence": 1200},
            ),
        ),
        (
            [*FAIR, line(1)],
            Reason(code="claimed_twice", params={"at": "2026-03-03T08:00:00Z", "claimed_pence": 1200}),
        ),
        (
            FAIR[:2],
            Reason(code="recorded_not_claimed", params={"at": "2026-03-05T08:00:00Z", "recorded_pence": 1200}),
        ),
    ],
)
def test_each_difference_is_named_once(lines: list[ClaimLine], because: Reason) -> None:
    matched = match_claim(lines, VISITS, HOURLY)
    assert matched.differences == (because,)
    assert matched.verb == "dispute"


def test_minutes_and_price_that_are_both_wrong_are_two_differences() -> None:
    matched = match_claim([line(0, 60, 5000)], [visit(0)], HOURLY)
    assert codes(matched) == ["minutes_differ", "price_differs"]
    assert matched.differences[1].params["agreed_pence"] == 2400


def test_differences_that_cancel_out_in_pence_are_still_differences() -> None:
    matched = match_claim([line(0, 30, 1000), line(1, 30, 1400)], [visit(0), visit(1)], HOURLY)
    assert (matched.difference_pence, codes(matched)) == (0, ["price_differs", "price_differs"])


def test_of_two_lines_for_one_visit_the_one_that_agrees_is_the_claim() -> None:
    matched = match_claim([line(0, 45, 1800, late=-1), line(0)], [visit(0)], HOURLY)
    assert [(reason.code, reason.params["claimed_pence"]) for reason in matched.differences] == [
        ("claimed_twice", 1800)
    ]


def test_a_line_may_name_the_actual_start_of_a_late_visit() -> None:
    assert match_claim([line(0, late=40)], [visit(0, late=40)], HOURLY).differences == ()
    assert codes(match_claim([line(0, late=40)], [visit(0)], HOURLY)) == ["recorded_not_claimed", "not_recorded"]


@given(
    st.permutations([line(0, 45, 1800), line(0), line(1, 30, 1), line(2), line(8), line(8)]), st.permutations(VISITS)
)
def test_the_order_of_lines_and_visits_changes_nothing(lines: list[ClaimLine], visits: list[MatchedVisit]) -> None:
    assert match_claim(lines, visits, HOURLY) == match_claim(sorted(lines, key=repr), VISITS, HOURLY)


@given(st.lists(st.builds(line, st.integers(0, 6), st.integers(0, 60), st.integers(0, 3000))))
def test_a_claim_of_another_sum_is_never_accepted_unseen(lines: list[ClaimLine]) -> None:
    matched = match_claim(lines, VISITS, HOURLY)
    assert matched.claimed_pence == sum(one.pence for one in lines)
    assert matched.differences or matched.difference_pence == 0


@pytest.mark.parametrize(
    ("pence", "reason", "code"),
    [
        (1000, "rounded_by_the_clock", None),
        (1200, "late_record", None),
        (1000, None, "reason_missing"),
        (1000, "", "reason_missing"),
        (1201, "late_record", "outside_the_dispute"),
        (-1, "late_record", "outside_the_dispute"),
    ],
)
def test_a_dispute_is_settled_with_a_reason_and_within_it(pence: int, reason: str | None, code: str | None) -> None:
    found = why_not_settled(Matched(1000, 1200, ()), pence, reason)
    assert (found.code if found else None) == code


@pytest.mark.parametrize(
    ("route", "supplier", "kind"),
    [
        (Route.COUNCIL_MANAGED, SupplierKind.PROVIDER, ClaimKind.INVOICE),
        (Route.COUNCIL_MANAGED, SupplierKind.IN_HOUSE, ClaimKind.INTERNAL_RECHARGE),
        (Route.COUNCIL_MANAGED, SupplierKind.PA, ClaimKind.INTERNAL_RECHARGE),
        *((Route.ISF, supplier, ClaimKind.ISF_STATEMENT) for supplier in SupplierKind),
        (Route.DIRECT_PAYMENT, SupplierKind.PA, ClaimKind.PAYROLL_RETURN),
        (Route.DIRECT_PAYMENT, SupplierKind.PROVIDER, ClaimKind.STATEMENT),
        (Route.DIRECT_PAYMENT, SupplierKind.IN_HOUSE, ClaimKind.STATEMENT),
    ],
)
def test_the_kind_of_a_claim_follows_from_route_and_supplier(
    route: Route, supplier: SupplierKind, kind: ClaimKind
) -> None:
    assert kind_of_claim(route, supplier) is kind


@pytest.mark.parametrize(
    ("employer", "kind"),
    [
        (Employer.POOL, ClaimKind.INTERNAL_RECHARGE),
        (Employer.PERSON, ClaimKind.INVOICE),
        (Employer.NOMINEE, ClaimKind.INVOICE),
        (Employer.NONE, ClaimKind.INVOICE),
    ],
)
def test_a_pa_whom_the_council_does_not_employ_is_paid_by_it_on_an_invoice(employer: Employer, kind: ClaimKind) -> None:
    """ADR 18: while the council manages, a PA stays whoever's they are."""
    assert kind_of_claim(Route.COUNCIL_MANAGED, SupplierKind.PA, employer) is kind


AWAY = (Period(first=date(2026, 3, 9), last=date(2026, 3, 15)),)


@pytest.mark.parametrize(
    ("first", "last", "turn"),
    [
        (2, 8, None),
        (9, 15, None),
        (16, 22, None),
        (2, 9, "2026-03-09"),
        (15, 16, "2026-03-16"),
        (2, 22, "2026-03-09"),
    ],
)
def test_a_claim_does_not_reach_over_a_switch(first: int, last: int, turn: str | None) -> None:
    """ADR 18: one paper asks for money or accounts for it."""
    try:
        claim_days_of_one_route(date(2026, 3, first), date(2026, 3, last), AWAY)
        found = None
    except PeriodNotClaimable as refused:
        found = refused.failures[0].because.params["day"]
    assert found == turn
    own = route_on(Route.ISF, AWAY, date(2026, 3, first))
    assert own is (Route.COUNCIL_MANAGED if 9 <= first <= 15 else Route.ISF)


def employing(*items: str) -> list[EmployingCost]:
    return [EmployingCost(item=EmployingItem(item), pence=100) for item in items]


def test_a_payroll_return_may_say_each_part_of_what_employing_cost_once() -> None:
    """RULES §4.2: employer NI, pension, holiday."""
    say_what_employing_cost(employing("employer_ni", "pension", "holiday"), ClaimKind.PAYROLL_RETURN)
    with pytest.raises(EmployingNotTaken) as refused:
        say_what_employing_cost(employing("pension", "holiday", "pension"), ClaimKind.PAYROLL_RETURN)
    (failure,) = refused.value.failures
    assert (failure.field, failure.rule, failure.because.code) == ("employing[2].item", "CLAIM-5", "said_twice")


@pytest.mark.parametrize("kind", sorted(set(ClaimKind) - {ClaimKind.PAYROLL_RETURN}))
def test_nothing_but_a_payroll_return_says_what_employing_cost(kind: ClaimKind) -> None:
    say_what_employing_cost([], kind)
    with pytest.raises(EmployingNotTaken) as refused:
        say_what_employing_cost(employing("pension"), kind)
    assert [(one.field, one.rule) for one in refused.value.failures] == [("employing[0]", "CLAIM-4")]
