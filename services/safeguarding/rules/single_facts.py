"""Which facts are an alert by themselves, with nothing else known?

Each rule takes a fact and gives the alert, or None. Its id follows from the fact's own ids, so hearing it again, in a
replay or from a rebuilt log, raises nothing new. All of it is our own operating practice unless a rule names its source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from services.safeguarding.rules.alerts import Finding, Kind, Owner, WelfareCheck, known_id
from shared.contracts.assessment import PreferenceRefused
from shared.contracts.base import Fact
from shared.contracts.budget import FundsShort, PaymentWithheld
from shared.contracts.marketplace import OfferRefused
from shared.contracts.supply import (
    ClosureMoved,
    ClosureReachesPerson,
    ClosureStage,
    CoverNotFound,
    EvidenceKind,
    EvidenceLapsed,
    EvidenceLapsing,
    InjuryReported,
    PersonLeftAtClosing,
    StartBlocked,
    TakeUpFell,
    WageBelowFloor,
)
from shared.explain import because

PROTECTED = frozenset(
    {
        "age", "disability", "gender_reassignment", "marriage_and_civil_partnership", "pregnancy_and_maternity", "race",
        "religion_or_belief", "sex", "sexual_orientation", "nationality",
    }
)  # fmt: skip
"""Equality Act 2010 s.4; nationality is part of race (s.9). A supplier that refuses for one of these says so by it."""

NEVER_WITHOUT = frozenset(
    {EvidenceKind.EMPLOYERS_LIABILITY, EvidenceKind.CRIMINAL_RECORD_CHECK, EvidenceKind.REGISTRATION}
)
"""Running support is uninsured, unvetted or unregistered without these."""

Rule = Callable[[str, Any, date], "Finding | None"]


def detect(council: str, fact: Fact, today: date) -> Finding | None:
    """The alert this fact is by itself (our own practice); `today` only dates a welfare check."""
    return RULES[type(fact)](council, fact, today)


def discriminatory_request(council: str, fact: PreferenceRefused, today: date) -> Finding:
    """Equality Act 2010 s.111: somebody wanted a worker chosen by what they are; it was refused."""
    reason = because(
        "discriminatory_request", characteristic=fact.characteristic, task=fact.task, asked_by=fact.asked_by
    )
    known = known_id(council, "discriminatory_request", fact.preference_id)
    return Finding(known, Kind.EQUALITY, Owner.TEAM, fact.person_id, reason, (fact.preference_id,))


def discriminatory_refusal(council: str, fact: OfferRefused, today: date) -> Finding | None:
    """Equality Act 2010 s.29: a supplier refused a person for what they are."""
    if fact.because not in PROTECTED:
        return None
    reason = because("discriminatory_refusal", characteristic=fact.because)
    known = known_id(council, "discriminatory_refusal", fact.offer_id)
    return Finding(known, Kind.EQUALITY, Owner.COMMISSIONER, fact.supplier_id, reason, (fact.offer_id,))


def evidence_lapsed(council: str, fact: EvidenceLapsed, today: date) -> Finding | None:
    """Support that runs without what it needs; it is never stopped, somebody must act (DOMAIN.md, the journey)."""
    if not fact.running_orders:
        return None
    lapsed_on = fact.lapsed_on.isoformat()
    reason = because("evidence_lapsed", evidence=fact.kind.value, lapsed_on=lapsed_on, orders=fact.running_orders)
    kind = Kind.COMPLIANCE if fact.kind in NEVER_WITHOUT else Kind.OPERATIONAL
    known = known_id(council, "evidence_lapsed", fact.evidence_id, lapsed_on, *_each_pa(fact))
    return Finding(known, kind, Owner.COMMISSIONER, fact.supplier_id, reason, (fact.evidence_id,))


def evidence_lapsing(council: str, fact: EvidenceLapsing, today: date) -> Finding:
    """A warning ahead, one for each time it is said."""
    holds_until = fact.holds_until.isoformat()
    reason = because("evidence_lapsing", evidence=fact.kind.value, holds_until=holds_until, days=fact.days_left)
    known = known_id(council, "evidence_lapsing", fact.evidence_id, holds_until, fact.days_left, *_each_pa(fact))
    return Finding(known, Kind.OPERATIONAL, Owner.COMMISSIONER, fact.supplier_id, reason, (fact.evidence_id,))


def _each_pa(fact: EvidenceLapsed | EvidenceLapsing) -> tuple[UUID, ...]:
    """What is of an employer is said of each of their PAs under one id, and is an alert about each."""
    return (fact.supplier_id,) if fact.is_of_employer else ()


def start_blocked(council: str, fact: StartBlocked, today: date) -> Finding:
    """Agreed support waits for what its supplier, or employer, does not have yet."""
    first = min(fact.missing, key=lambda kind: kind.value).value if fact.missing else "evidence"
    reason = because("start_blocked", missing=len(fact.missing), first=first)
    known = known_id(council, "start_blocked", fact.order_id)
    return Finding(known, Kind.OPERATIONAL, Owner.TEAM, fact.person_id, reason, (fact.order_id,))


def injury_not_covered(council: str, fact: InjuryReported, today: date) -> Finding | None:
    """Employers' Liability (Compulsory Insurance) Act 1969: hurt at work on a day without insurance."""
    if fact.covered:
        return None
    reason = because("injury_not_covered", happened_on=fact.happened_on.isoformat())
    known = known_id(council, "injury_not_covered", fact.injury_id)
    return Finding(known, Kind.COMPLIANCE, Owner.COMMISSIONER, fact.supplier_id, reason, (fact.injury_id,))


def cover_not_found(council: str, fact: CoverNotFound, today: date) -> Finding:
    """Nobody comes: somebody looks in the same day."""
    reason = because("cover_not_found")
    check = WelfareCheck(known_id(council, "welfare_check", fact.cover_id), fact.person_id, reason, today)
    known = known_id(council, "cover_not_found", fact.cover_id)
    return Finding(known, Kind.SAFEGUARDING, Owner.TEAM, fact.person_id, reason, (fact.cover_id,), (check,))


def closure_leaves_unserved(council: str, fact: ClosureMoved, today: date) -> Finding | None:
    """A closure was decided, and some have nowhere with room (Care Act 2014 ss.5, 18)."""
    if fact.stage not in (ClosureStage.DECIDED, ClosureStage.CLOSING) or not fact.unplaced:
        return None
    closes_on = fact.closes_on.isoformat()
    reason = because("closure_leaves_unserved", unplaced=fact.unplaced, people=fact.people, closes_on=closes_on)
    known = known_id(council, "closure_leaves_unserved", fact.closure_id)
    return Finding(known, Kind.SAFEGUARDING, Owner.COMMISSIONER, fact.supplier_id, reason, (fact.closure_id,))


def closure_leaves_person_unserved(council: str, fact: ClosureReachesPerson, today: date) -> Finding | None:
    """The same of each of them, to their own team: a review comes before anything is withdrawn (Care Act 2014 ss.18, 27)."""
    if fact.has_alternative:
        return None
    reason = because("closure_leaves_person_unserved", closes_on=fact.closes_on.isoformat())
    known = known_id(council, "closure_leaves_person_unserved", fact.closure_id, fact.order_id)
    return Finding(known, Kind.SAFEGUARDING, Owner.TEAM, fact.person_id, reason, (fact.order_id,))


def person_left_at_closing(council: str, fact: PersonLeftAtClosing, today: date) -> Finding:
    """The closing day came and nobody has replaced or ended what this person has there: somebody looks in the same day, whether
    or not others have room (Care Act 2014 ss.18, 27)."""
    closes_on = fact.closes_on.isoformat()
    reason = because("left_at_closing", closes_on=closes_on)
    if fact.has_alternative:
        reason = because("room_elsewhere_at_closing", closes_on=closes_on)
    check = WelfareCheck(
        known_id(council, "welfare_check", fact.closure_id, fact.order_id), fact.person_id, reason, today
    )
    known = known_id(council, "person_left_at_closing", fact.closure_id, fact.order_id)
    return Finding(known, Kind.SAFEGUARDING, Owner.TEAM, fact.person_id, reason, (fact.order_id,), (check,))


def take_up_fell(council: str, fact: TakeUpFell, today: date) -> Finding:
    """Fewer use a service: a warning before anybody decides a closure (DOMAIN.md), once a month."""
    reason = because("take_up_fell", from_minutes=fact.from_minutes, to_minutes=fact.to_minutes, days=fact.over_days)
    known = known_id(council, "take_up_fell", fact.listing_id, today.replace(day=1))
    return Finding(known, Kind.OPERATIONAL, Owner.COMMISSIONER, fact.supplier_id, reason, (fact.listing_id,))


def payment_withheld(council: str, fact: PaymentWithheld, today: date) -> Finding | None:
    """Support runs and nobody is paid for it; where somebody stopped the payment, cover was confirmed (Care Act 2014 s.33)."""
    if fact.because.code == "direct_payment_stopped":
        return None
    due_on = fact.due_on.isoformat()
    reason = because("payment_withheld", due_on=due_on, withheld_because=fact.because.code)
    known = known_id(council, "payment_withheld", fact.order_id, due_on)
    return Finding(known, Kind.OPERATIONAL, Owner.TEAM, fact.person_id, reason, (fact.order_id,))


def wage_below_floor(council: str, fact: WageBelowFloor, today: date) -> Finding:
    """Whoever comes is paid less than the law allows (National Minimum Wage Act 1998): the person, or who employs for them, is
    told by their team; support goes on."""
    reason = because(
        "wage_below_floor",
        wage_pence=fact.hourly_pence,
        floor_pence=fact.floor_pence,
        since=fact.since.isoformat(),
    )
    known = known_id(council, "wage_below_floor", fact.order_id, str(fact.floor_pence))
    return Finding(known, Kind.COMPLIANCE, Owner.TEAM, fact.person_id, reason, (fact.order_id,))


def cover_short(council: str, fact: FundsShort, today: date) -> Finding | None:
    """Somebody comes in the place of a PA and the money is not there: support goes on, and the team finds the money (DOMAIN.md:
    a budget is not a cap). Other orders that are short wait, in sight of whoever placed them."""
    if fact.covers_order_id is None:
        return None
    reason = because("cover_short", short_pence=fact.short_pence, recost_by=fact.recost_by.isoformat())
    known = known_id(council, "cover_short", fact.order_id)
    return Finding(known, Kind.OPERATIONAL, Owner.TEAM, fact.person_id, reason, (fact.order_id,))


RULES: Mapping[type[Fact], Rule] = {
    PreferenceRefused: discriminatory_request,
    OfferRefused: discriminatory_refusal,
    EvidenceLapsed: evidence_lapsed,
    EvidenceLapsing: evidence_lapsing,
    StartBlocked: start_blocked,
    InjuryReported: injury_not_covered,
    CoverNotFound: cover_not_found,
    ClosureMoved: closure_leaves_unserved,
    ClosureReachesPerson: closure_leaves_person_unserved,
    PersonLeftAtClosing: person_left_at_closing,
    TakeUpFell: take_up_fell,
    PaymentWithheld: payment_withheld,
    WageBelowFloor: wage_below_floor,
    FundsShort: cover_short,
}
