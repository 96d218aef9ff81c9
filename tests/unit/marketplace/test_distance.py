"""Distance is between squares of a map: never finer than they are, the same both ways, and the nearer the more points."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.marketplace.rules.distance import NEAREST, about_km, centre
from services.marketplace.rules.matching import Candidate, Wanted, rank
from services.marketplace.rules.words import WORDS
from shared.contracts.base import GridSquare, SupplierKind, Support
from shared.explain import in_words
from tests.unit.marketplace.test_matching import GOOD, WANTED

FORM: TypeAdapter[Any] = TypeAdapter(GridSquare)
LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
squares = st.builds(
    lambda first, second, digits, quarter: f"{first}{second}{digits:02}{quarter}",
    st.sampled_from("HJNOST"), st.sampled_from(LETTERS), st.integers(0, 99), st.sampled_from(("", "NW", "NE", "SW", "SE")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("square", "east", "north"),
    [
        ("TQ38", 535_000, 185_000),  # London, north of the river
        ("TQ38NW", 532_500, 187_500),
        ("TQ38SE", 537_500, 182_500),
        ("SV00", 5_000, 5_000),  # where the grid begins
        ("NZ26", 425_000, 565_000),  # Newcastle
        ("HP51", 455_000, 1_215_000),  # Shetland
    ],
)
def test_the_letters_are_those_of_the_national_grid(square: str, east: int, north: int) -> None:
    assert centre(square) == (east, north)


@pytest.mark.parametrize(
    "finer",
    ["TQ3080", "TQ 30 80", "TQ38NWA", "TQ380 805", "TQ300800", "E8 1EA", "tq38", "TI38", "AB12", "51.5,-0.1", ""],
)
def test_anything_finer_than_a_square_or_no_square_at_all_is_refused(finer: str) -> None:
    with pytest.raises(ValidationError):
        FORM.validate_python(finer)


@given(squares, st.text("0123456789NSEWABC. ", min_size=1, max_size=8))
def test_no_square_is_made_finer_by_saying_more(square: str, more: str) -> None:
    """Only a quarter may follow ten kilometres, and nothing a quarter."""
    FORM.validate_python(square)
    if len(square) == 4 and more in ("NW", "NE", "SW", "SE"):
        return
    with pytest.raises(ValidationError):
        FORM.validate_python(square + more)


@given(squares, squares)
def test_it_is_as_far_back_and_never_said_more_finely_than_the_squares_are(one: str, other: str) -> None:
    assert about_km(one, other) == about_km(other, one) >= 0
    assert about_km(one, other) % NEAREST == 0
    assert about_km(one, one) == 0


@given(squares, squares, squares)
def test_no_way_round_is_shorter_but_by_what_rounding_leaves(one: str, other: str, third: str) -> None:
    assert about_km(one, other) <= about_km(one, third) + about_km(third, other) + 2 * NEAREST


def found(there: str | None, here: str | None) -> tuple[str, int, str]:
    (match,) = rank(replace(WANTED, square=there), [replace(GOOD, square=here)])
    (step,) = (line for line in match.lines if line.rule == "MATCH-DISTANCE")
    return step.because.code, step.effect, in_words(step.because, WORDS)


@pytest.mark.parametrize(
    ("here", "code", "points"),
    [
        ("TQ38NW", "in_the_same_square", 10),
        ("TQ38NE", "about_so_far", 8),
        ("TQ48NW", "about_so_far", 6),
        ("TQ58NW", "about_so_far", 2),
        ("NZ26", "about_so_far", 0),
        (None, "distance_not_known", 0),
    ],
)
def test_the_nearer_the_more_points_and_what_is_not_known_gives_none_and_is_said(
    here: str | None, code: str, points: int
) -> None:
    said, effect, words = found("TQ38NW", here)
    assert (said, effect) == (code, points)
    assert found(here, "TQ38NW")[:2] == (code, points)
    assert "{" not in words
    assert not [at for at in ("TQ", "NZ") if at in words]


def test_where_the_persons_square_is_not_known_nobody_is_nearer() -> None:
    assert found(None, "TQ38")[:2] == found(None, None)[:2] == ("distance_not_known", 0)


@given(squares, squares, squares)
def test_whoever_is_nearer_never_has_fewer_points(there: str, one: str, other: str) -> None:
    points = {each: found(there, each)[1] for each in (one, other)}
    near, far = sorted((one, other), key=lambda each: about_km(there, each))
    assert points[near] >= points[far]


def test_distance_excludes_nobody() -> None:
    far = Candidate(
        UUID(int=9),
        UUID(int=9),
        SupplierKind.PROVIDER,
        Support.HOME_CARE,
        ("north",),
        2000,
        room_minutes=600,
        square="HP51",
    )
    matches = rank(Wanted(WANTED.line, "north", square="SV00"), [far])
    assert not matches[0].excluded
