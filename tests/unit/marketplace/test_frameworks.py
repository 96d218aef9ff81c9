"""Which framework holds, and whom it calls off first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.rules.frameworks import Ranking, call_off, considered, in_force
from tests.unit.marketplace.test_matching import GOOD, WANTED

SUPPLIERS = tuple(UUID(int=100 + n) for n in range(4))


@dataclass(frozen=True)
class Holds:
    framework_id: UUID
    first: date
    last: date


OLD = Holds(UUID(int=1), date(2024, 1, 1), date(2024, 12, 31))
NEW = Holds(UUID(int=2), date(2024, 6, 1), date(2025, 5, 31))


def test_of_several_in_force_the_one_begun_last_holds_to_its_last_day() -> None:
    days = (date(2023, 12, 31), date(2024, 1, 1), date(2024, 6, 1), date(2025, 5, 31), date(2025, 6, 1))
    assert [in_force([NEW, OLD], day) for day in days] == [None, OLD, NEW, NEW, None]


@given(st.permutations(SUPPLIERS), st.lists(st.integers(1000, 4000), min_size=4, max_size=4), st.integers(0, 4))
def test_in_order_the_first_eligible_by_place_and_by_score_the_best(
    order: list[UUID], prices: list[int], full: int
) -> None:
    """`full` suppliers, the first of the order, have no room."""
    candidates = [
        replace(GOOD, listing_id=supplier, supplier_id=supplier, hourly_pence=price)
        for supplier, price in zip(SUPPLIERS, prices, strict=True)
    ]
    candidates = [replace(one, room_minutes=0) if one.supplier_id in order[:full] else one for one in candidates]
    listed = call_off(WANTED, order, Ranking.IN_ORDER, candidates)
    scored = call_off(WANTED, order, Ranking.BY_SCORE, candidates)
    assert [one.candidate.supplier_id for one in listed if not one.excluded] == order[full:]
    assert len(listed) == len(scored) == len(considered(scored)) == 4
    points = [one.score for one in scored if not one.excluded]
    assert points == sorted(points, reverse=True)
