"""The duty to enquire, who may decide a restriction, and a plan of which nothing started."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from uuid import UUID

import pytest

from services.safeguarding.rules import decisions
from services.safeguarding.rules.alerts import Kind, Owner
from services.safeguarding.rules.decisions import Category, Duty, Location, SourceOfRisk, Suspected, Terms, decide
from services.safeguarding.rules.not_started import Agreed, look_on, nothing_started
from shared.contracts.base import Reason, SupplierKind, Support
from shared.contracts.safeguarding import Level

TODAY = date(2026, 3, 2)
TERMS = Terms(Level.SUSPENSION, (Support.HOME_CARE,), "Five visits missed in a week", TODAY + timedelta(days=28))
NOT_MET = ("no_needs_for_care_and_support", "no_abuse_or_neglect_or_risk_of_it", "able_to_protect_themselves")


def codes(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.code for reason in reasons]


@pytest.mark.parametrize("other_enquiry", [False, True])
def test_all_three_parts_make_a_statutory_enquiry_whatever_else_is_wanted(other_enquiry: bool) -> None:
    decision = decide(Suspected(True, True, True), other_enquiry)
    assert (decision.duty, codes(decision.because)) == (Duty.STATUTORY_ENQUIRY, ["all_three_parts_met"])


@pytest.mark.parametrize("parts", [parts for parts in product([True, False], repeat=3) if not all(parts)])
def test_any_part_that_is_not_met_is_a_reason_and_another_enquiry_stays_possible(parts: tuple[bool, ...]) -> None:
    expected = [code for met, code in zip(parts, NOT_MET, strict=True) if not met]
    without, other = (decide(Suspected(*parts), wanted) for wanted in (False, True))
    assert (without.duty, other.duty) == (Duty.NO_ENQUIRY, Duty.OTHER_ENQUIRY)
    assert codes(without.because) == codes(other.because) == expected


@pytest.mark.parametrize(
    ("supplier", "known", "source"),
    [
        (SupplierKind.PA, True, SourceOfRisk.SERVICE_PROVIDER),  # a directly employed PA, whom the person knows well
        (SupplierKind.IN_HOUSE, False, SourceOfRisk.SERVICE_PROVIDER),
        (SupplierKind.PROVIDER, False, SourceOfRisk.SERVICE_PROVIDER),
        (None, True, SourceOfRisk.OTHER_KNOWN),
        (None, False, SourceOfRisk.OTHER_UNKNOWN),
    ],
)
def test_whoever_is_paid_to_support_counts_as_a_service_provider(
    supplier: SupplierKind | None, known: bool, source: SourceOfRisk
) -> None:
    assert decisions.source_of_risk(supplier, known) is source


def test_the_published_lists_are_complete() -> None:
    assert (len(Category), len(SourceOfRisk), len(Location)) == (11, 3, 9)


def test_a_restriction_is_placed_by_somebody_else_on_good_terms() -> None:
    assert decisions.why_not_proposed(TERMS, TODAY, 84) == ()
    assert decisions.why_not_placed(TERMS, "ann", "ben", TODAY, 84) == ()
    assert codes(decisions.why_not_placed(TERMS, "ann", "ann", TODAY, 84)) == ["decided_by_the_proposer"]


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        (replace(TERMS, reason=" "), "reason_missing"),
        (replace(TERMS, supports=(Support.HOME_CARE, Support.HOME_CARE)), "support_repeated"),
        (replace(TERMS, review_on=TODAY), "review_not_after_today"),
        (replace(TERMS, review_on=TODAY + timedelta(days=85)), "review_too_late"),
    ],
)
def test_bad_terms_can_be_neither_proposed_nor_placed(terms: Terms, code: str) -> None:
    assert codes(decisions.why_not_proposed(terms, TODAY, 84)) == [code]
    assert codes(decisions.why_not_placed(terms, "ann", "ben", TODAY, 84)) == [code]


@pytest.mark.parametrize("days", [1, 84])
def test_a_review_from_tomorrow_to_the_last_day_of_the_policy_is_in_time(days: int) -> None:
    assert decisions.review_is_in_time(TODAY + timedelta(days=days), TODAY, 84) is None


def test_terms_that_were_good_when_proposed_may_be_too_old_when_decided() -> None:
    late = TERMS.review_on
    assert codes(decisions.why_not_placed(TERMS, "ann", "ben", late, 84)) == ["review_not_after_today"]


def test_declining_keeping_and_lifting_need_reasons_too() -> None:
    assert decisions.why_not_declined("Put right", "ann", "ben") == ()
    assert codes(decisions.why_not_declined("", "ann", "ann")) == ["decided_by_the_proposer", "reason_missing"]
    assert decisions.why_not_kept("Still short of staff", TERMS.review_on, TODAY, 84) == ()
    assert codes(decisions.why_not_kept("", TODAY, TODAY, 84)) == ["reason_missing", "review_not_after_today"]
    assert decisions.why_not_lifted("Put right") == ()
    assert codes(decisions.why_not_lifted("")) == ["reason_missing"]


AGREED = Agreed(UUID(int=7), UUID(int=1), TODAY, TODAY + timedelta(days=7), started=False)


def test_nothing_started_after_28_days_is_an_operational_alert_to_the_team() -> None:
    assert nothing_started("E09000012", AGREED, TODAY + timedelta(days=27)) is None
    found = nothing_started("E09000012", AGREED, TODAY + timedelta(days=28))
    assert found is not None
    assert (found.kind, found.owner, found.subject) == (Kind.OPERATIONAL, Owner.TEAM, UUID(int=1))
    assert found.because.params == {"agreed_on": "2026-03-02", "days": 28}
    assert nothing_started("E09000012", AGREED, TODAY + timedelta(days=60)) == found


def test_a_plan_that_started_or_is_to_start_later_is_no_alert() -> None:
    after = TODAY + timedelta(days=28)
    assert nothing_started("E09000012", replace(AGREED, started=True), after) is None
    later = replace(AGREED, starts_on=TODAY + timedelta(days=40))
    assert look_on(later) == TODAY + timedelta(days=41)
    assert nothing_started("E09000012", later, after) is None
