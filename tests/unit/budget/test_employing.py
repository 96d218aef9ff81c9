"""What employing adds to the wage of an order, and so goes out with it (RULES §4.1-4.4)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.policy import in_force
from services.budget.rules.adequacy import cost_lines
from services.budget.rules.employers import cover_absence
from services.budget.rules.employing import Job, employing, is_dearer_or_cheaper, is_employed, part_of
from services.budget.rules.market import Listing, Market
from services.budget.rules.policies import PolicyHasNoRow
from shared.contracts.base import Employer, PlanLine, Route, SupplierKind, Support
from shared.money import price_of

ON = date(2026, 11, 23)
HACKNEY, DEMO = (in_force("employment", council, ON) for council in ("E09000012", "E99999999"))
NORFOLK = in_force("employment", "E10000020", date(2024, 3, 1))
PA, PAYMENT = SupplierKind.PA, Route.DIRECT_PAYMENT


def job(minutes: int, wage: int, all_minutes: int = 0, first: bool = True) -> Job:
    return Job(minutes, wage, price_of(minutes, wage), all_minutes or minutes, first)


def test_holiday_is_all_that_is_added_where_the_allowance_covers_insurance_and_no_pension_is_due() -> None:
    """Ten hours at £13.75: 12.07 % holiday; National Insurance is within the allowance, £10,000 a year is not reached."""
    found = employing(job(600, 1375), HACKNEY)
    assert found.pence == found.holiday_pence == 1660
    assert [step.rule for step in found.steps] == ["EMPLOY-1", "EMPLOY-3", "EMPLOY-4", "EMPLOY-5", "EMPLOY-11"]


def test_what_an_employer_pays_once_stands_with_the_first_job() -> None:
    """£61 of insurance a year is £1.17 a week (RULES §4.4)."""
    first, second = (employing(job(600, 1375, 1200, is_first), DEMO) for is_first in (True, False))
    assert first.pence - second.pence == 117
    assert [sum(step.rule == "EMPLOY-7" for step in each.steps) for each in (first, second)] == [1, 0]


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        (job(600, 1375, 1200, False), job(600, 1375, 1200, True), True),  # it bears the insurance now
        (job(600, 1375, 1200), job(600, 1375, 600), False),  # its part of the allowance covered all that was owed
        (job(4000, 1375, 10000), job(4000, 1375, 4000), True),  # it has the whole allowance now
        (job(600, 1375), job(600, 1375), False),
    ],
)
def test_a_job_is_reckoned_anew_only_where_another_s_beginning_or_end_changes_what_it_costs(
    before: Job, after: Job, differs: bool
) -> None:
    """RULES §4.2, §4.3: one insurance and one Employment Allowance an employer, whatever the number of jobs."""
    assert is_dearer_or_cheaper(before, after, DEMO) is differs


def test_a_wage_below_the_floor_is_lifted_to_it() -> None:
    """RULES §4.1: £12.71 in 2026-27, and holiday of that."""
    assert employing(job(600, 1000), HACKNEY).pence == (12710 - 10000) + 1534 + 0


def test_a_council_s_own_percentage_has_holiday_in_it() -> None:
    """RULES §4.4: Norfolk 2023-24, 26.08 % for all of it."""
    found = employing(job(600, 1100), NORFOLK)
    assert (found.pence, found.holiday_pence) == (2869, 1328)


def test_a_day_without_a_figure_is_refused() -> None:
    with pytest.raises(PolicyHasNoRow):
        employing(job(600, 1375), in_force("employment", "E09000012", date(2019, 6, 1)))


@pytest.mark.parametrize(
    ("kind", "route", "employer", "theirs"),
    [
        (PA, PAYMENT, Employer.PERSON, True),
        (PA, PAYMENT, Employer.NOMINEE, True),
        (PA, PAYMENT, None, True),
        (PA, PAYMENT, Employer.POOL, False),
        (PA, PAYMENT, Employer.NONE, False),
        (PA, Route.COUNCIL_MANAGED, Employer.POOL, False),
        (SupplierKind.PROVIDER, PAYMENT, None, False),
        (SupplierKind.PROVIDER, Route.ISF, None, False),
    ],
)
def test_only_a_pa_whom_the_person_or_a_nominee_employs_out_of_a_direct_payment_counts(
    kind: SupplierKind, route: Route, employer: Employer | None, theirs: bool
) -> None:
    assert is_employed(kind, route, employer) is theirs


JOBS = st.lists(st.integers(1, 6000), min_size=1, max_size=4)


@given(hours=JOBS, wage=st.integers(1271, 3000))
def test_what_goes_out_for_a_plan_s_jobs_is_what_adequacy_reckoned_with(hours: list[int], wage: int) -> None:
    """The budget that buys the plan pays for its orders: to the penny, whatever the hours; and keeps what whoever covers costs,
    which no direct payment contains."""
    lines = [
        PlanLine(
            line_id=UUID(int=number), support=Support.HOME_CARE, kind_wanted=PA, route=PAYMENT, pattern=(),
            weekly_minutes=minutes, hourly_pence=wage, weekly_pence=price_of(minutes, wage),
        )
        for number, minutes in enumerate(hours)
    ]  # fmt: skip
    listing = Listing(UUID(int=9), PA, Support.HOME_CARE, frozenset({"north"}), wage, 9000)
    planned = sum(one.weekly_pence for one in cost_lines(lines, Market("north", (listing,), DEMO)))
    jobs = [job(minutes, wage, sum(hours), not number) for number, minutes in enumerate(hours)]
    covers = sum(step.effect for one in jobs for step in cover_absence(one.minutes, wage, DEMO))
    assert planned == covers + sum(one.weekly_pence + employing(one, DEMO).pence for one in jobs)


@given(minutes=st.integers(0, 6000), wage=st.integers(0, 4000), more=st.integers(0, 6000))
def test_the_steps_add_up_and_nothing_is_below_zero(minutes: int, wage: int, more: int) -> None:
    found = employing(job(minutes, wage, minutes + more), DEMO)
    assert found.pence == sum(step.effect for step in found.steps)
    assert 0 <= found.holiday_pence <= found.pence


@pytest.mark.parametrize(("pence", "part", "whole", "found"), [(28000, 845, 7000, 3380), (1, 1, 2, 1), (5, 3, 0, 0)])
def test_a_part_is_rounded_once_half_up(pence: int, part: int, whole: int, found: int) -> None:
    assert part_of(pence, part, whole) == found
