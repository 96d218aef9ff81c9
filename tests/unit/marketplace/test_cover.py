"""The pool first, then the framework, then whoever has room; everybody stands in one step, and what binds binds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.rules.cover import (
    MOST_DAYS,
    AbsenceUnsound,
    ReturnUnsound,
    be_back_sooner,
    be_days_ahead,
    first_of,
    steps_of_cover,
    uncovered_since,
)
from services.marketplace.rules.frameworks import Ranking
from services.marketplace.rules.matching import Candidate
from services.marketplace.rules.states import ListingState
from shared.contracts.base import Employer, SupplierKind
from shared.contracts.supply import CoverStep, EvidenceKind
from tests.unit.marketplace.test_matching import GOOD, LINE, WANTED, candidates

ABSENT = UUID(int=75)
POOL = replace(GOOD, supplier_id=UUID(int=71), kind=SupplierKind.PA, employer=Employer.POOL)
FRAMED, SPOT = replace(GOOD, supplier_id=UUID(int=72)), replace(GOOD, supplier_id=UUID(int=73))
DAY = date(2024, 6, 17)


def steps(*given_candidates: Candidate, ranking: Ranking = Ranking.BY_SCORE, on: tuple[UUID, ...] = (UUID(int=72),)):  # type: ignore[no-untyped-def]
    return dict(steps_of_cover(WANTED, {ABSENT}, given_candidates, on, ranking))


def test_each_stands_in_its_own_step_in_the_order_pool_framework_spot() -> None:
    found = steps(SPOT, FRAMED, POOL)
    assert list(found) == [CoverStep.POOL, CoverStep.FRAMEWORK, CoverStep.SPOT]
    assert [[one.candidate for one in several] for several in found.values()] == [[POOL], [FRAMED], [SPOT]]
    assert all(first_of(several) for several in found.values())


def test_who_is_absent_never_covers() -> None:
    assert not any(steps(replace(POOL, supplier_id=ABSENT), replace(SPOT, supplier_id=ABSENT)).values())
    nobody = {POOL.supplier_id, SPOT.supplier_id}  # somebody who covers, and whom they cover for
    assert not any(dict(steps_of_cover(WANTED, nobody, (POOL, SPOT), (), Ranking.BY_SCORE)).values())


@pytest.mark.parametrize(
    ("covered", "since"),
    [
        ([], 3),
        ([(1, 2)], 3),
        ([(1, 5)], 6),
        ([(6, 8), (2, 5)], 9),
        ([(5, 8)], 3),
        ([(1, 10)], None),
        ([(3, 6), (7, 12)], None),
    ],
)
def test_two_who_cover_for_one_are_not_sent(covered: list[tuple[int, int]], since: int | None) -> None:
    """From the 3rd to the 10th of June 2024."""
    days = [(date(2024, 6, first), date(2024, 6, last)) for first, last in covered]
    found = uncovered_since(date(2024, 6, 3), date(2024, 6, 10), days)
    assert found == (date(2024, 6, since) if since else None)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"missing": (EvidenceKind.EMPLOYERS_LIABILITY,)}, "not_ready"),
        ({"employer": Employer.PERSON, "kind": SupplierKind.PA}, "employed_elsewhere"),
        ({"room_minutes": 1}, "no_room"),
        ({"areas": ("south",)}, "area_not_served"),
    ],
)
def test_who_cannot_come_is_told_why(change: dict[str, object], code: str) -> None:
    (found,) = steps(replace(SPOT, **change))[CoverStep.SPOT]  # type: ignore[arg-type]
    assert [reason.code for reason in found.excluded] == [code]


def test_a_framework_says_beforehand_whom_it_falls_to() -> None:
    dear = replace(FRAMED, supplier_id=UUID(int=76), hourly_pence=9000)
    on = (dear.supplier_id, FRAMED.supplier_id)
    by_list = steps(FRAMED, dear, ranking=Ranking.IN_ORDER, on=on)[CoverStep.FRAMEWORK]
    by_score = steps(FRAMED, dear, ranking=Ranking.BY_SCORE, on=on)[CoverStep.FRAMEWORK]
    assert (by_list[0].candidate, by_score[0].candidate) == (dear, FRAMED)


on_framework = st.permutations([UUID(int=number) for number in range(70, 76)]).map(lambda them: tuple(them[:3]))
evidence = st.lists(st.sampled_from([(), (EvidenceKind.TRAINING,)]), min_size=8, max_size=8)


@given(candidates, evidence, on_framework, st.sampled_from(Ranking), st.randoms(use_true_random=False))
def test_cover_is_the_same_in_whatever_order_they_come_and_forbids_what_matching_forbids(
    found_candidates: list[Candidate],
    missing: list[tuple[EvidenceKind, ...]],
    on: tuple[UUID, ...],
    ranking: Ranking,
    random: Random,
) -> None:
    """In the pool, on a framework ranked either way, and on the spot."""
    given_candidates = [replace(one, missing=lacks) for one, lacks in zip(found_candidates, missing, strict=False)]
    shuffled = list(given_candidates)
    random.shuffle(shuffled)
    found = steps(*given_candidates, ranking=ranking, on=on)
    assert steps(*shuffled, ranking=ranking, on=on) == found
    stands = [one.candidate.listing_id for several in found.values() for one in several]
    assert sorted(stands) == sorted(one.listing_id for one in given_candidates if one.supplier_id != ABSENT)
    for one in (each for several in found.values() for each in several if not each.excluded):
        it = one.candidate
        assert (it.state, it.support) == (ListingState.LIVE, LINE.support)
        assert "north" in it.areas
        assert it.room_minutes >= LINE.weekly_minutes
        assert it.supplier_id != ABSENT
        assert it.employer in (None, Employer.POOL)
        assert it.for_person_id in (None, WANTED.person_id)
        assert not it.missing
        assert not any(each.level.stops_new_offers for each in it.restrictions)
        assert one.score == sum(step.effect for step in one.lines)


@pytest.mark.parametrize(
    ("first", "last", "rule"),
    [
        (DAY, DAY - timedelta(days=1), ["ABSENCE-1", "ABSENCE-2"]),
        (DAY - timedelta(days=3), DAY - timedelta(days=1), ["ABSENCE-2"]),
        (DAY, DAY + timedelta(days=MOST_DAYS), ["ABSENCE-3"]),
    ],
)
def test_days_nobody_can_be_covered_on_are_refused(first: date, last: date, rule: list[str]) -> None:
    with pytest.raises(AbsenceUnsound) as refused:
        be_days_ahead(first, last, DAY)
    assert [each.rule for each in refused.value.failures] == rule
    be_days_ahead(DAY, DAY, DAY)


def test_nobody_is_covered_after_the_order_s_own_last_day() -> None:
    with pytest.raises(AbsenceUnsound) as refused:
        be_days_ahead(DAY + timedelta(days=2), DAY + timedelta(days=5), DAY, DAY + timedelta(days=1))
    assert [each.rule for each in refused.value.failures] == ["ABSENCE-4"]
    be_days_ahead(DAY, DAY + timedelta(days=5), DAY, DAY + timedelta(days=1))


@pytest.mark.parametrize(
    ("last_day", "rules"),
    [
        (10, ["RETURN-1"]),
        (11, ["RETURN-1"]),
        (4, ["RETURN-2"]),
        (1, ["RETURN-2", "RETURN-3"]),
    ],
)
def test_a_pa_is_back_sooner_than_said_and_days_that_were_covered_stay_so(last_day: int, rules: list[str]) -> None:
    """Covered from the 3rd to the 10th of June 2024; today is the 6th."""
    day = date(2024, 6, last_day)
    with pytest.raises(ReturnUnsound) as refused:
        be_back_sooner(date(2024, 6, 3), date(2024, 6, 10), day, date(2024, 6, 6))
    assert [each.rule for each in refused.value.failures] == rules


def test_a_pa_may_be_back_today_later_or_before_anybody_came() -> None:
    for last_day in (5, 6, 9):
        be_back_sooner(date(2024, 6, 3), date(2024, 6, 10), date(2024, 6, last_day), date(2024, 6, 6))
    be_back_sooner(date(2024, 6, 8), date(2024, 6, 10), date(2024, 6, 7), date(2024, 6, 6))
