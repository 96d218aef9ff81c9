"""What may be said of outcomes at a review (Care Act 2014 s.27)?"""

from __future__ import annotations

import pytest

from services.assessment.rules.achieving import Achieved, HowFar, ReviewUnsound, be_of_what_was_found
from services.assessment.rules.outcomes import Ground, Outcome, OutcomeFinding

FOUND = (
    OutcomeFinding(Outcome.NUTRITION, able=False, grounds=frozenset({Ground.NEEDS_ASSISTANCE})),
    OutcomeFinding(Outcome.HYGIENE, able=True),
)
EATS = Achieved(Outcome.NUTRITION, HowFar.PARTLY)


def test_of_an_outcome_that_was_found_not_achieved_it_may_be_said_how_far_it_is_now() -> None:
    be_of_what_was_found([EATS], FOUND)
    be_of_what_was_found([], FOUND)


@pytest.mark.parametrize("outcome", [Outcome.HYGIENE, Outcome.COMMUNITY])
def test_of_another_outcome_nothing_is_said(outcome: Outcome) -> None:
    with pytest.raises(ReviewUnsound) as refused:
        be_of_what_was_found([EATS, Achieved(outcome, HowFar.FULLY)], FOUND)
    assert [(one.field, one.rule) for one in refused.value.failures] == [("achieved[1].outcome", "REVIEW-2")]


def test_an_outcome_is_said_once() -> None:
    with pytest.raises(ReviewUnsound) as refused:
        be_of_what_was_found([EATS, EATS], FOUND)
    assert {one.rule for one in refused.value.failures} == {"REVIEW-1"}
