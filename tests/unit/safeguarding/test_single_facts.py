"""A fact that is an alert by itself: which kind, whose, about whom; and the same fact always gives the same alert."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.safeguarding.rules.single_facts import PROTECTED, RULES, detect
from services.safeguarding.rules.words import WORDS
from shared.contracts.assessment import PreferenceRefused
from shared.contracts.base import Route
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
from shared.explain import because, in_words

COUNCIL, TODAY, DAY = "E09000012", date(2026, 3, 2), date(2026, 3, 1)
ONE, ANN, FIRM = UUID(int=7), UUID(int=1), UUID(int=100)

REQUEST = PreferenceRefused(
    preference_id=ONE, person_id=ANN, characteristic="sexual_orientation", task="any", asked_by="relative",
    because="protected_characteristic_of_the_worker", team="north",
)  # fmt: skip
REFUSAL = OfferRefused(offer_id=ONE, requirement_id=ONE, person_id=ANN, supplier_id=FIRM, because="race")
LAPSED = EvidenceLapsed(
    evidence_id=ONE, supplier_id=FIRM, kind=EvidenceKind.EMPLOYERS_LIABILITY, lapsed_on=DAY, running_orders=1
)
LAPSING = EvidenceLapsing(
    evidence_id=ONE, supplier_id=FIRM, kind=EvidenceKind.TRAINING, holds_until=date(2026, 3, 30), days_left=28
)
BLOCKED = StartBlocked(
    order_id=ONE, plan_id=ONE, person_id=ANN, supplier_id=FIRM, missing=(EvidenceKind.PAYROLL, EvidenceKind.CONTRACT)
)
INJURY = InjuryReported(injury_id=ONE, supplier_id=FIRM, happened_on=DAY, covered=False)
NO_COVER = CoverNotFound(cover_id=ONE, order_id=ONE, person_id=ANN, supplier_id=FIRM)
CLOSURE = ClosureMoved(
    closure_id=ONE, supplier_id=FIRM, stage=ClosureStage.DECIDED, people=12, unplaced=3, closes_on=date(2026, 9, 30)
)
REACHED = ClosureReachesPerson(
    closure_id=UUID(int=8), order_id=ONE, plan_id=ONE, budget_id=ONE, person_id=ANN, supplier_id=FIRM,
    closes_on=date(2026, 9, 30), has_alternative=False,
)  # fmt: skip
LEFT = PersonLeftAtClosing(
    closure_id=UUID(int=8), order_id=ONE, plan_id=ONE, person_id=ANN, supplier_id=FIRM, closes_on=TODAY, has_alternative=False,
    started_on=DAY,
)  # fmt: skip
TAKE_UP = TakeUpFell(supplier_id=FIRM, listing_id=ONE, from_minutes=6000, to_minutes=1200, over_days=90)
UNPAID = PaymentWithheld(
    order_id=ONE, budget_id=ONE, person_id=ANN, route=Route.DIRECT_PAYMENT, due_on=DAY,
    because=because("direct_payment_not_agreed"),
)  # fmt: skip
UNDERPAID = WageBelowFloor(
    order_id=ONE, person_id=ANN, supplier_id=FIRM, hourly_pence=1250, floor_pence=1271, since=date(2026, 4, 1)
)
COVER_SHORT = FundsShort(
    order_id=ONE, budget_id=ONE, person_id=ANN, short_pence=14350, recost_by=DAY, covers_order_id=UUID(int=77)
)


@pytest.mark.parametrize(
    ("fact", "rule", "kind", "owner", "subject"),
    [
        (REQUEST, "discriminatory_request", "equality", "team", ANN),
        (REFUSAL, "discriminatory_refusal", "equality", "commissioner", FIRM),
        (LAPSED, "evidence_lapsed", "compliance", "commissioner", FIRM),
        (LAPSING, "evidence_lapsing", "operational", "commissioner", FIRM),
        (BLOCKED, "start_blocked", "operational", "team", ANN),
        (INJURY, "injury_not_covered", "compliance", "commissioner", FIRM),
        (NO_COVER, "cover_not_found", "safeguarding", "team", ANN),
        (CLOSURE, "closure_leaves_unserved", "safeguarding", "commissioner", FIRM),
        (REACHED, "closure_leaves_person_unserved", "safeguarding", "team", ANN),
        (LEFT, "left_at_closing", "safeguarding", "team", ANN),
        (LEFT.model_copy(update={"has_alternative": True}), "room_elsewhere_at_closing", "safeguarding", "team", ANN),
        (TAKE_UP, "take_up_fell", "operational", "commissioner", FIRM),
        (UNPAID, "payment_withheld", "operational", "team", ANN),
        (UNDERPAID, "wage_below_floor", "compliance", "team", ANN),
        (COVER_SHORT, "cover_short", "operational", "team", ANN),
    ],
)
def test_each_is_an_alert_of_its_kind_to_its_owner(fact: Any, rule: str, kind: str, owner: str, subject: UUID) -> None:
    found = detect(COUNCIL, fact, TODAY)
    assert found is not None
    assert (found.because.code, found.kind, found.owner, found.subject) == (rule, kind, owner, subject)
    assert found.evidence == (ONE,)
    assert "(" not in in_words(found.because, WORDS).replace("(any)", "")


@pytest.mark.parametrize(
    "fact",
    [REQUEST, REFUSAL, LAPSED, LAPSING, BLOCKED, INJURY, NO_COVER, CLOSURE, REACHED, LEFT, TAKE_UP, UNPAID, UNDERPAID],
)
def test_hearing_it_again_on_another_day_gives_the_same_alert_and_another_council_another(fact: Any) -> None:
    first, again = detect(COUNCIL, fact, TODAY), detect(COUNCIL, fact, date(2026, 3, 20))
    elsewhere = detect("E09000033", fact, TODAY)
    assert first is not None
    assert again is not None
    assert elsewhere is not None
    assert first.alert_id == again.alert_id != elsewhere.alert_id


@pytest.mark.parametrize("fact", [LAPSED, LAPSING])
def test_what_is_of_an_employer_is_an_alert_about_each_of_their_pas(fact: Any) -> None:
    """One evidence, said of two; what is a supplier's own keeps the id it always had."""
    of_employer = fact.model_copy(update={"is_of_employer": True})
    other = of_employer.model_copy(update={"supplier_id": UUID(int=78)})
    found = [detect(COUNCIL, each, TODAY) for each in (fact, of_employer, other)]
    assert len({each.alert_id for each in found if each}) == 3


@pytest.mark.parametrize(
    "fact",
    [
        REFUSAL.model_copy(update={"because": "no_room"}),
        LAPSED.model_copy(update={"running_orders": 0}),
        INJURY.model_copy(update={"covered": True}),
        CLOSURE.model_copy(update={"unplaced": 0}),
        REACHED.model_copy(update={"has_alternative": True}),
        UNPAID.model_copy(update={"because": because("direct_payment_stopped")}),
        CLOSURE.model_copy(update={"stage": ClosureStage.CONSULTING}),
    ],
)
def test_what_harms_nobody_is_no_alert(fact: Any) -> None:
    assert detect(COUNCIL, fact, TODAY) is None


@pytest.mark.parametrize("characteristic", sorted(PROTECTED))
def test_a_refusal_for_any_protected_characteristic_is_an_equality_alert(characteristic: str) -> None:
    """Equality Act 2010 ss.4, 29."""
    found = detect(COUNCIL, REFUSAL.model_copy(update={"because": characteristic}), TODAY)
    assert found is not None
    assert found.kind == "equality"


@pytest.mark.parametrize(
    ("evidence", "kind"),
    [
        (EvidenceKind.EMPLOYERS_LIABILITY, "compliance"),
        (EvidenceKind.CRIMINAL_RECORD_CHECK, "compliance"),
        (EvidenceKind.REGISTRATION, "compliance"),
        (EvidenceKind.TRAINING, "operational"),
    ],
)
def test_uninsured_unvetted_or_unregistered_running_support_is_a_matter_of_compliance(
    evidence: EvidenceKind, kind: str
) -> None:
    found = detect(COUNCIL, LAPSED.model_copy(update={"kind": evidence}), TODAY)
    assert found is not None
    assert found.kind == kind


def test_where_nobody_comes_somebody_looks_in_the_same_day() -> None:
    found = detect(COUNCIL, NO_COVER, TODAY)
    assert found is not None
    assert [(check.person_id, check.by) for check in found.checks] == [(ANN, TODAY)]


def test_both_warnings_of_one_lapse_are_alerts_of_their_own() -> None:
    later = LAPSING.model_copy(update={"days_left": 7})
    ids = {found.alert_id for fact in (LAPSING, later) if (found := detect(COUNCIL, fact, TODAY))}
    assert len(ids) == 2


def test_there_is_a_rule_for_each_fact_that_is_listed() -> None:
    assert {
        type(one)
        for one in (
            REQUEST,
            REFUSAL,
            LAPSED,
            LAPSING,
            BLOCKED,
            INJURY,
            NO_COVER,
            CLOSURE,
            REACHED,
            LEFT,
            TAKE_UP,
            UNPAID,
            UNDERPAID,
            COVER_SHORT,
        )
    } == set(RULES)


def test_an_order_that_waits_for_its_money_is_seen_by_whoever_placed_it_and_is_no_alert() -> None:
    assert detect(COUNCIL, COVER_SHORT.model_copy(update={"covers_order_id": None}), TODAY) is None
