"""Several suppliers asked at once: who may be asked, what may be answered, and how answers are ranked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given

from services.marketplace.rules.competitions import (
    CompetitionUnsound,
    are_sealed,
    be_a_competition,
    rank_answers,
    why_not_answered,
)
from services.marketplace.rules.matching import Candidate
from tests.unit.marketplace.test_matching import GOOD, WANTED, candidates

ONE, TWO = UUID(int=1), UUID(int=2)
DEADLINE = datetime(2024, 6, 17, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("suppliers", "rules"),
    [([ONE], ["COMPETE-1"]), ([ONE, ONE], ["COMPETE-1", "COMPETE-2"]), ([ONE, TWO, TWO], ["COMPETE-2"])],
)
def test_two_suppliers_compete_at_least_each_asked_once(suppliers: list[UUID], rules: list[str]) -> None:
    with pytest.raises(CompetitionUnsound) as refused:
        be_a_competition([UUID(int=n) for n in range(len(suppliers))], suppliers)
    assert [each.rule for each in refused.value.failures] == rules
    be_a_competition([ONE, TWO], [ONE, TWO])


def test_an_answer_comes_before_the_deadline_and_within_the_published_price() -> None:
    before = DEADLINE - timedelta(seconds=1)
    assert why_not_answered(GOOD, GOOD.hourly_pence, DEADLINE, before) == ()
    codes = [each.code for each in why_not_answered(GOOD, GOOD.hourly_pence + 1, DEADLINE, DEADLINE)]
    assert codes == ["offer_expired", "above_published_price"]


def test_the_price_answered_ranks_and_not_the_price_published() -> None:
    dear, cheap = replace(GOOD, listing_id=ONE, hourly_pence=1500), replace(GOOD, listing_id=TWO, hourly_pence=3000)
    ranked = rank_answers(WANTED, [(dear, 2400), (cheap, 1900)])
    assert [(one.candidate.listing_id, one.candidate.hourly_pence) for one in ranked] == [(TWO, 1900), (ONE, 2400)]
    assert ranked[0].lines[0].because.code == "price_within_planned"


@given(candidates)
def test_every_answer_comes_back_once_and_its_points_add_up(given_candidates: list[Candidate]) -> None:
    ranked = rank_answers(WANTED, [(each, each.hourly_pence // 2) for each in given_candidates])
    assert {one.candidate.listing_id for one in ranked} == {each.listing_id for each in given_candidates}
    assert all(one.score == sum(step.effect for step in one.lines) for one in ranked)


def test_answers_are_sealed_to_the_last_instant_before_the_deadline() -> None:
    assert are_sealed(DEADLINE, DEADLINE - timedelta(microseconds=1))
    assert not are_sealed(DEADLINE, DEADLINE)
