"""The share of visits made by the few who come most."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.rules.continuity import continuity


def test_the_three_who_come_most_count() -> None:
    figure = continuity({"a": 5, "b": 3, "c": 1, "d": 1, None: 10})
    assert (figure.visits, figure.known, figure.workers, figure.by_few, figure.share_percent) == (20, 10, 4, 9, 90)


def test_while_nobody_is_named_there_is_no_figure() -> None:
    assert continuity({None: 4}).share_percent is None
    assert continuity({}).share_percent is None


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 50), min_size=1))
def test_the_share_is_between_nothing_and_all_and_all_where_few_come(visits: dict[str, int]) -> None:
    share = continuity(dict[str | None, int](visits.items())).share_percent
    assert share is not None
    assert 0 < share <= 100
    assert (share == 100) or len(visits) > 3
