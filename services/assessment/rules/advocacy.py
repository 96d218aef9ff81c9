"""Must an independent advocate be arranged?

Sources: Care Act 2014 s.67 (R§1.4); Care and Support (Independent Advocacy Support) (No. 2) Regulations 2014 as read at
trixonline.co.uk, briefing 241: a long stay, or a disagreement, calls for an advocate beside an appropriate person.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from services.assessment.rules.failures import Failure, NotSo
from shared.explain import Source, Step, because

DUTY = Source("Care Act 2014 s.67 (legislation.gov.uk)")
BESIDE = Source("Advocacy (No. 2) Regulations 2014, trixonline.co.uk briefing 241")

HOSPITAL_DAYS = 28
CARE_HOME_DAYS = 8 * 7


class Difficulty(StrEnum):
    """Substantial difficulty in any one of these (s.67(4))."""

    UNDERSTANDING = "understanding"
    RETAINING = "retaining"
    USING_OR_WEIGHING = "using_or_weighing"
    COMMUNICATING = "communicating"


@dataclass(frozen=True, slots=True)
class Appropriate:
    """Somebody who could represent the person: paid or professional carers cannot, and consent is needed (s.67(5))."""

    paid_or_professional: bool
    consented_to: bool
    disagrees_and_advocate_is_wanted: bool = False


@dataclass(frozen=True, slots=True)
class Involvement:
    """What was found. Days are the likely length of a stay; none is 0."""

    difficulties: frozenset[Difficulty]
    appropriate: Appropriate | None = None
    hospital_days: int = 0
    care_home_days: int = 0


class AdvocateNeeded(NotSo):
    """An independent advocate must be arranged, and nobody is noted as one today."""

    status = 409
    title = "An independent advocate must be arranged first"


def advocacy(involvement: Involvement) -> Step:
    """Effect 1: there is a duty to arrange an advocate (Care Act s.67; RULES case 17)."""
    someone = involvement.appropriate
    if not involvement.difficulties:
        return Step("ADVOCATE", because("no_substantial_difficulty"), 0, DUTY)
    if someone is None:
        return Step("ADVOCATE", because("nobody_appropriate"), 1, DUTY)
    if someone.paid_or_professional:
        return Step("ADVOCATE", because("appropriate_person_is_paid"), 1, DUTY)
    if not someone.consented_to:
        return Step("ADVOCATE", because("appropriate_person_not_consented_to"), 1, DUTY)
    return _beside(involvement, someone)


def _beside(involvement: Involvement, someone: Appropriate) -> Step:
    if involvement.hospital_days >= HOSPITAL_DAYS or involvement.care_home_days >= CARE_HOME_DAYS:
        return Step("ADVOCATE", because("long_stay_needs_advocate"), 1, BESIDE)
    if someone.disagrees_and_advocate_is_wanted:
        return Step("ADVOCATE", because("disagreement_needs_advocate"), 1, BESIDE)
    return Step("ADVOCATE", because("appropriate_person_is_there"), 0, DUTY)


def be_represented(required: bool, advocate_today: bool) -> None:
    """Nothing is determined, planned or reviewed before the advocate is there (s.67(2): ss.9(5), 10(7), 25(3), 27(2)). Raises
    AdvocateNeeded."""
    if required and not advocate_today:
        raise AdvocateNeeded((Failure("advocate", "ADVOCATE-1", because("advocate_not_arranged")),))
