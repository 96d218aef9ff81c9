"""What a council is told of another's restriction: that it is in force, and that it ended, once each; never why."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from uuid import UUID

import pytest

from services.safeguarding.models import Notice, Restriction
from services.safeguarding.rules import telling
from services.safeguarding.rules.telling import News
from services.safeguarding.rules.words import WORDS
from shared.contracts.safeguarding import Level, LiftingTold, RestrictionTold
from shared.explain import in_words

HERE, THERE = "E99999999", "E99999998"
TOLD, FIRM, DAY = UUID(int=7), UUID(int=100), date(2026, 3, 2)


@pytest.mark.parametrize(
    ("lifted_on", "known", "known_to_be_lifted", "news"),
    [
        (None, False, False, News.PLACED),
        (None, True, False, None),
        (DAY, True, False, News.LIFTED),
        (DAY, True, True, None),
        (DAY, False, False, None),
    ],
)
def test_each_thing_is_news_once_and_who_never_knew_need_not_hear_the_end(
    lifted_on: date | None, known: bool, known_to_be_lifted: bool, news: News | None
) -> None:
    assert telling.news_of(lifted_on, known, known_to_be_lifted) is news


def test_the_commissioner_is_alerted_in_words_that_name_the_council_and_no_reason() -> None:
    placed = telling.placed_elsewhere(HERE, TOLD, FIRM, Level.SUSPENSION, THERE, DAY)
    assert (placed.kind, placed.owner, placed.subject) == ("safeguarding", "commissioner", FIRM)
    assert in_words(placed.because, WORDS).startswith("E99999998 restricted this supplier on")
    lifted = telling.lifted_elsewhere(HERE, TOLD, FIRM, THERE, DAY)
    assert (lifted.kind, lifted.owner, lifted.subject) == ("operational", "commissioner", FIRM)
    assert "lifted" in in_words(lifted.because, WORDS)
    assert placed.alert_id != lifted.alert_id


def test_the_other_councils_own_id_is_never_the_one_it_is_known_by() -> None:
    assert telling.told_id(HERE, TOLD) not in (TOLD, telling.told_id(THERE, TOLD))


def test_a_notice_holds_nothing_that_must_stay_in_the_council_that_placed_it() -> None:
    """Reasons, the ground, the concern, who proposed and decided: none of them is a column of what others read."""
    common = {"restriction_id", "level", "supports", "council_id", "version"}
    assert {field.name for field in fields(Notice)} & {field.name for field in fields(Restriction)} == common
    for fact in (RestrictionTold, LiftingTold):
        assert not {"because", "reasons", "person_id", "restriction_id", "concern_id"} & set(fact.model_fields)
