"""Is there a duty to enquire, and may this restriction be placed, kept or lifted?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from shared.contracts.base import Reason, SupplierKind, Support
from shared.contracts.safeguarding import Level
from shared.explain import because


class Category(StrEnum):
    """Ten of the statutory guidance ch. 14, and sexual exploitation of the Safeguarding Adults Collection (R§5.2)."""

    PHYSICAL = "physical"
    DOMESTIC = "domestic"
    SEXUAL = "sexual"
    PSYCHOLOGICAL = "psychological"
    FINANCIAL_OR_MATERIAL = "financial_or_material"
    MODERN_SLAVERY = "modern_slavery"
    DISCRIMINATORY = "discriminatory"
    ORGANISATIONAL = "organisational"
    NEGLECT = "neglect_and_acts_of_omission"
    SELF_NEGLECT = "self_neglect"
    SEXUAL_EXPLOITATION = "sexual_exploitation"


class SourceOfRisk(StrEnum):
    """Of the Safeguarding Adults Collection (R§5.2)."""

    SERVICE_PROVIDER = "service_provider"
    OTHER_KNOWN = "other_known_to_individual"
    OTHER_UNKNOWN = "other_unknown_or_stranger"


class Location(StrEnum):
    """Of the Safeguarding Adults Collection (R§5.2)."""

    OWN_HOME = "own_home"
    IN_THE_COMMUNITY = "in_the_community"
    COMMUNITY_SERVICE = "community_service"
    CARE_HOME_NURSING = "care_home_nursing"
    CARE_HOME_RESIDENTIAL = "care_home_residential"
    HOSPITAL_ACUTE = "hospital_acute"
    HOSPITAL_MENTAL_HEALTH = "hospital_mental_health"
    HOSPITAL_COMMUNITY = "hospital_community"
    OTHER = "other"


class Ground(StrEnum):
    """Why a supplier is restricted, as others may hear it: never a category of abuse, never about one person (ours)."""

    VISITS_MISSED = "visits_missed"
    QUALITY_OF_CARE = "quality_of_care"
    STAFFING = "staffing"
    CHECKS_OR_TRAINING = "checks_or_training"
    RECORDS = "records"
    REGULATORY_ACTION = "regulatory_action"
    BUSINESS_FAILURE = "business_failure"


class Duty(StrEnum):
    STATUTORY_ENQUIRY = "statutory_enquiry"
    OTHER_ENQUIRY = "other_enquiry"
    NO_ENQUIRY = "no_enquiry"


@dataclass(frozen=True, slots=True)
class Suspected:
    """Three answers, each of reasonable cause to suspect, about an adult in the council's area."""

    has_needs: bool
    abuse_or_neglect: bool
    unable_to_protect: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """The decision to record, and why: every part of the test that is not met, or that all are."""

    duty: Duty
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a restriction says; empty `supports` means all support. `reason` stays here and is never said to others."""

    level: Level
    supports: tuple[Support, ...]
    reason: str
    review_on: date


def decide(suspected: Suspected, other_enquiry: bool = False) -> Decision:
    """Care Act 2014 s.42(1): all three, or there is no duty (s.42(2)); another enquiry remains permitted (R§5.1).

    Needs count whether or not they are met. A council cannot make a statutory enquiry something less.
    """
    not_met = _parts_not_met(suspected)
    if not not_met:
        return Decision(Duty.STATUTORY_ENQUIRY, (because("all_three_parts_met"),))
    return Decision(Duty.OTHER_ENQUIRY if other_enquiry else Duty.NO_ENQUIRY, not_met)


def _parts_not_met(suspected: Suspected) -> tuple[Reason, ...]:
    reasons = (
        None if suspected.has_needs else because("no_needs_for_care_and_support"),
        None if suspected.abuse_or_neglect else because("no_abuse_or_neglect_or_risk_of_it"),
        None if suspected.unable_to_protect else because("able_to_protect_themselves"),
    )
    return _given(*reasons)


def source_of_risk(supplier: SupplierKind | None, known_to_individual: bool) -> SourceOfRisk:
    """Whoever is paid to support is a service provider, a directly employed PA included (SAC guidance, R§5.2)."""
    if supplier is not None:
        return SourceOfRisk.SERVICE_PROVIDER
    return SourceOfRisk.OTHER_KNOWN if known_to_individual else SourceOfRisk.OTHER_UNKNOWN


def why_not_proposed(terms: Terms, today: date, longest_days: int) -> tuple[Reason, ...]:
    """A restriction has a reason, a scope without repetition, and a review date (our own rule)."""
    repeated = len(set(terms.supports)) != len(terms.supports)
    return _given(
        reason_is_given(terms.reason),
        because("support_repeated") if repeated else None,
        review_is_in_time(terms.review_on, today, longest_days),
    )


def why_not_placed(
    terms: Terms, proposed_by: str, decided_by: str, today: date, longest_days: int
) -> tuple[Reason, ...]:
    """Placed by somebody else than who proposed it, on terms that still hold on the day (our own rule)."""
    own = _given(somebody_else_decides(proposed_by, decided_by))
    return own + why_not_proposed(terms, today, longest_days)


def why_not_declined(reason: str, proposed_by: str, decided_by: str) -> tuple[Reason, ...]:
    """A no has a reason and comes from somebody else, too (our own rule)."""
    return _given(somebody_else_decides(proposed_by, decided_by), reason_is_given(reason))


def why_not_kept(reason: str, review_on: date, today: date, longest_days: int) -> tuple[Reason, ...]:
    """A review that keeps a restriction says why, and when the next one is (our own rule)."""
    return _given(reason_is_given(reason), review_is_in_time(review_on, today, longest_days))


def why_not_lifted(reason: str) -> tuple[Reason, ...]:
    """A restriction ends by a decision with a reason, never by the passing of time (our own rule)."""
    return _given(reason_is_given(reason))


def somebody_else_decides(proposed_by: str, decided_by: str) -> Reason | None:
    """Nobody approves what they proposed (our own rule, ARCHITECTURE §6)."""
    return because("decided_by_the_proposer") if proposed_by == decided_by else None


def review_is_in_time(review_on: date, today: date, longest_days: int) -> Reason | None:
    """The review is after today and no later than the council's policy allows (our own rule; the days are LOCAL)."""
    if review_on <= today:
        return because("review_not_after_today", review_on=review_on.isoformat())
    if review_on > today + timedelta(days=longest_days):
        return because("review_too_late", review_on=review_on.isoformat(), longest_days=longest_days)
    return None


def reason_is_given(reason: str) -> Reason | None:
    """White space is no reason (our own rule)."""
    return None if reason.strip() else because("reason_missing")


def _given(*reasons: Reason | None) -> tuple[Reason, ...]:
    return tuple(reason for reason in reasons if reason is not None)
