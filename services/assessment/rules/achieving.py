"""What became of the outcomes that a person could not achieve? Said at a review, by practitioner and person together.

Source: the review looks at whether the plan's outcomes are achieved (Care Act 2014 s.27; the client-level return asks for
"outcomes achieved" of a planned review, RULES §8). Which outcome it is never leaves this service.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.assessment.rules.failures import Failure, NotSo
from services.assessment.rules.outcomes import Outcome, OutcomeFinding, unable
from shared.explain import because


class HowFar(StrEnum):
    """As the client-level return has it."""

    FULLY = "fully"
    PARTLY = "partly"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Achieved:
    """How far one outcome is achieved, with the support there is."""

    outcome: Outcome
    how_far: HowFar


class ReviewUnsound(NotSo):
    """What is said of the outcomes does not hold together."""

    title = "The review cannot be noted so"


def be_of_what_was_found(achieved: Sequence[Achieved], findings: Iterable[OutcomeFinding]) -> None:
    """Each once, and only of what the assessment found the person unable to achieve. Raises ReviewUnsound."""
    if found := tuple(_inconsistencies(achieved, {one.outcome for one in unable(findings)})):
        raise ReviewUnsound(found)


def _inconsistencies(achieved: Sequence[Achieved], needed: set[Outcome]) -> Iterator[Failure]:
    times = Counter(one.outcome for one in achieved)
    for at, one in enumerate(achieved):
        if times[one.outcome] > 1:
            yield Failure(f"achieved[{at}].outcome", "REVIEW-1", because("outcome_repeated", finding=at + 1))
        if one.outcome not in needed:
            yield Failure(f"achieved[{at}].outcome", "REVIEW-2", because("outcome_not_needed", finding=at + 1))
