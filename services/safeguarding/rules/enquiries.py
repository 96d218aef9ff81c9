"""How did an enquiry end, does its record hold together, and how are enquiries counted?

Source: Safeguarding Adults Collection 2025-26 guidance (29 January 2026), SG2 to SG4, as read in R§5.3; Making
Safeguarding Personal is its SG4; advocacy for an enquiry is Care Act 2014 s.68.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from services.safeguarding.rules.decisions import Category, Duty, SourceOfRisk
from services.safeguarding.rules.failures import Failure, NotSo
from shared.explain import because


class Risk(StrEnum):
    """What was found of the risk, and whether anything was done (SG2)."""

    IDENTIFIED_ACTION = "identified_and_action_taken"
    IDENTIFIED_NO_ACTION = "identified_and_no_action_taken"
    INCONCLUSIVE_ACTION = "inconclusive_and_action_taken"
    INCONCLUSIVE_NO_ACTION = "inconclusive_and_no_action_taken"
    NONE_ACTION = "no_risk_and_action_taken"
    NONE_NO_ACTION = "no_risk_and_no_action_taken"
    CEASED = "ceased_at_the_individuals_request"


IDENTIFIED = (Risk.IDENTIFIED_ACTION, Risk.IDENTIFIED_NO_ACTION)


class RiskAfter(StrEnum):
    """What became of a risk that was identified (SG2)."""

    REMAINED = "remained"
    REDUCED = "reduced"
    REMOVED = "removed"


class Asked(StrEnum):
    """Making Safeguarding Personal: was the adult asked what they want to come of it (SG4)?"""

    EXPRESSED = "asked_and_expressed"
    NONE_EXPRESSED = "asked_and_none_expressed"
    NOT_ASKED = "not_asked"
    NOT_KNOWN = "not_known"


class Achieved(StrEnum):
    """Of outcomes that were expressed (SG4)."""

    FULLY = "fully"
    PARTIALLY = "partially"
    NOT = "not_achieved"


class Capacity(StrEnum):
    """Whether the adult lacked capacity for the decisions of the enquiry (SG3)."""

    LACKED = "lacked"
    HAD = "had"
    NOT_KNOWN = "not_known"
    NOT_RECORDED = "not_recorded"


class Advocate(StrEnum):
    """Who stood by the adult (Care Act s.68; SG3 asks it of all who lacked capacity)."""

    CARE_ACT = "care_act_advocate"
    MENTAL_CAPACITY = "mental_capacity_advocate"
    MENTAL_HEALTH = "mental_health_advocate"
    DOMESTIC_VIOLENCE = "domestic_violence_adviser"
    SEXUAL_VIOLENCE = "sexual_violence_adviser"
    FAMILY_OR_FRIEND = "family_or_friend"
    NOBODY = "nobody"


class EnquiryInconsistent(NotSo):
    """The record of how an enquiry ended contradicts itself, or lacks what the collection asks for."""

    title = "The record of the enquiry does not hold together"


class EnquiryNotConcluded(NotSo):
    """There is a duty to enquire and the enquiry has no end on record."""

    status = 409
    title = "The enquiry is not concluded"


class NoEnquiryToConclude(NotSo):
    """It was decided that there is no enquiry."""

    status = 409
    title = "There is no enquiry to conclude"


@dataclass(frozen=True, slots=True)
class Ended:
    """How an enquiry ended: the risk, what became of it, what the adult wanted and got, and who stood by them."""

    risk: Risk
    risk_after: RiskAfter | None
    wishes: Asked
    achieved: Achieved | None
    capacity: Capacity
    advocate: Advocate


def hold_together(ended: Ended) -> None:
    """Each answer only where it is asked for, and always there (SG2, SG4). Raises EnquiryInconsistent."""
    if failures := tuple(_against(ended)):
        raise EnquiryInconsistent(failures)


def _against(ended: Ended) -> Iterator[Failure]:
    if (ended.risk in IDENTIFIED) is (ended.risk_after is None):
        yield Failure("risk_after", "ENQUIRY-1", because("what_became_of_an_identified_risk_alone"))
    if (ended.wishes is Asked.EXPRESSED) is (ended.achieved is None):
        yield Failure("achieved", "ENQUIRY-2", because("what_was_achieved_of_expressed_wishes_alone"))


def be_an_enquiry(duty: Duty | None) -> None:
    """Only an enquiry is concluded (Care Act s.42). Raises NoEnquiryToConclude."""
    if duty not in (Duty.STATUTORY_ENQUIRY, Duty.OTHER_ENQUIRY):
        raise NoEnquiryToConclude((Failure("duty", "ENQUIRY-3", because("no_enquiry_was_decided")),))


def be_concluded(duty: Duty | None, concluded: bool) -> None:
    """A duty to enquire is not closed away: its end comes first (Care Act s.42(2)). Raises EnquiryNotConcluded."""
    if duty is Duty.STATUTORY_ENQUIRY and not concluded:
        raise EnquiryNotConcluded((Failure("duty", "ENQUIRY-4", because("statutory_enquiry_is_open")),))


class Counted(Protocol):
    """A concluded enquiry, as the collection counts it."""

    @property
    def person_id(self) -> UUID | None: ...
    @property
    def categories(self) -> tuple[Category, ...]: ...
    @property
    def source_of_risk(self) -> SourceOfRisk: ...


@dataclass(frozen=True, slots=True)
class Counts:
    """Risks count once for each category and source; an individual counts once, however many enquiries and risks."""

    enquiries: int
    individuals: int
    risks: tuple[tuple[Category, SourceOfRisk, int], ...]


def count(enquiries: Iterable[Counted]) -> Counts:
    """SG2 counts several risks of one enquiry each in its row, SG1 an individual once (R§5.2, R§5.3)."""
    known = tuple(enquiries)
    rows = Counter((category, one.source_of_risk) for one in known for category in one.categories)
    people = {one.person_id for one in known if one.person_id is not None}
    risks = tuple((category, source, number) for (category, source), number in sorted(rows.items()))
    return Counts(len(known), len(people), risks)
