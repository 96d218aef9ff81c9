"""Whether a direct payment must be made, condition by condition (RULES §2.4; RULES §9 cases 18, 19, 20, 22)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.policy import in_force
from services.budget.rules.close_family import Relation, Relative, Task, may_be_paid, may_pay_for_care
from services.budget.rules.direct_payments import (
    IN_CONFIDENCE,
    Conditions,
    InhousePurchase,
    InhouseRule,
    decide,
    inhouse_verdict,
    is_agreed,
    months_after,
    review_by,
    sayable,
)
from services.budget.rules.policies import PolicyHasNoRow
from shared.contracts.budget import PaidTo

ON = date(2026, 11, 23)
ANYWHERE = in_force("direct_payments", "E09000012", ON)
SOUTH_TYNESIDE = in_force("direct_payments", "E08000023", ON)
S31 = Conditions(has_capacity=True, requested=True, paid_to=PaidTo.PERSON, can_manage=True, appropriate=True)
S32 = replace(S31, has_capacity=False, paid_to=PaidTo.AUTHORISED_PERSON, agrees=True, suitable=True)


def unmet(found: Conditions) -> list[str]:
    return [step.because.code for step in decide(found, ANYWHERE) if not step.effect]


# ── s.31 and s.32 (case 18) ───────────────────────────────────────────────────────────────────────────────────────
def test_case_18_with_capacity_asking_able_to_manage_with_help_and_appropriate_it_must_be_paid() -> None:
    """Care Act s.31."""
    assert is_agreed(decide(S31, ANYWHERE))


def test_case_18_without_capacity_it_is_an_authorised_person_s_path() -> None:
    """Care Act s.32."""
    assert is_agreed(decide(S32, ANYWHERE))
    assert unmet(replace(S31, has_capacity=False)) == ["needs_an_authorised_person"]


def test_case_18_a_listed_treatment_requirement_excludes() -> None:
    """SI 2014/2871 Sch 1."""
    assert unmet(replace(S31, treatment_requirement=True)) == ["treatment_requirement"]
    assert unmet(replace(S32, treatment_requirement=True)) == ["treatment_requirement"]


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (replace(S31, requested=False), "nobody_requested_it"),
        (replace(S31, can_manage=False), "cannot_manage_with_help"),
        (replace(S31, appropriate=False), "is_not_appropriate"),
        (replace(S31, paid_to=PaidTo.NOMINEE), "payee_does_not_agree"),
        (replace(S31, paid_to=PaidTo.AUTHORISED_PERSON, agrees=True, suitable=True), "person_has_capacity"),
        (replace(S32, agrees=False), "payee_does_not_agree"),
        (replace(S32, suitable=False), "payee_is_not_suitable"),
    ],
)
def test_each_condition_alone_refuses_and_says_why(found: Conditions, why: str) -> None:
    assert unmet(found) == [why]


def test_a_nominee_who_agrees_receives_it() -> None:
    assert is_agreed(decide(replace(S31, paid_to=PaidTo.NOMINEE, agrees=True), ANYWHERE))


# ── close family (case 19) ────────────────────────────────────────────────────────────────────────────────────────
CASE_19 = {
    "spouse, same house": (Relative(Relation.SPOUSE, True), False),
    "spouse, same house, necessary with reasons": (Relative(Relation.SPOUSE, True, Task.CARE, True, True), True),
    "spouse living elsewhere": (Relative(Relation.SPOUSE, False), False),
    "daughter living elsewhere": (Relative(Relation.CHILD, False), True),
    "daughter, same household": (Relative(Relation.CHILD, True), False),
    "daughter, same household, necessary with reasons": (Relative(Relation.CHILD, True, Task.CARE, True, True), True),
    "daughter, same household, necessary without reasons": (Relative(Relation.CHILD, True, Task.CARE, True), False),
    "sister, same household, paid to administer": (
        Relative(Relation.SIBLING, True, Task.ADMINISTRATION, True, True),
        True,
    ),
    "a lodger who is no relative": (Relative(Relation.NONE, True), True),
}


@pytest.mark.parametrize(("relative", "may"), CASE_19.values(), ids=CASE_19.keys())
def test_case_19_close_family_is_paid_only_by_necessity_with_reasons(relative: Relative, may: bool) -> None:
    """SI 2014/2871 reg 3."""
    assert may_be_paid(relative)[0] is may
    assert is_agreed(decide(replace(S31, relatives=(relative,)), ANYWHERE)) is may


@pytest.mark.parametrize("relation", [each for each in Relation if each not in (Relation.SPOUSE, Relation.NONE)])
def test_every_relative_of_the_list_may_be_paid_outside_the_household_and_not_inside(relation: Relation) -> None:
    assert may_be_paid(Relative(relation, same_household=False))[0]
    assert not may_be_paid(Relative(relation, same_household=True))[0]


# ── the council's own services (case 20) ──────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("rule", "wanted", "has_reason", "may"),
    [
        (InhouseRule.ONE_OFF, InhousePurchase.ONE_OFF, True, True),
        (InhouseRule.ONE_OFF, InhousePurchase.ONE_OFF, False, False),
        (InhouseRule.ONE_OFF, InhousePurchase.STANDING, True, False),
        (InhouseRule.NEVER, InhousePurchase.ONE_OFF, True, False),
        (InhouseRule.NEVER, InhousePurchase.STANDING, True, False),
        (InhouseRule.ALLOWED, InhousePurchase.STANDING, False, True),
    ],
)
def test_case_20_the_council_s_own_services_by_its_policy_row(
    rule: InhouseRule, wanted: InhousePurchase, has_reason: bool, may: bool
) -> None:
    """TLAP, Paying for in-house services with a direct payment."""
    assert inhouse_verdict(rule, wanted, has_reason)[0] is may


def test_nationally_it_is_one_off_with_a_reason_and_a_council_s_own_row_goes_before() -> None:
    once = replace(S31, inhouse=InhousePurchase.ONE_OFF, inhouse_reason=True)
    assert is_agreed(decide(once, ANYWHERE))
    assert not is_agreed(decide(once, SOUTH_TYNESIDE))
    assert ANYWHERE.row("dp_may_buy_inhouse").said == "one_off"


def test_a_word_is_no_figure_and_a_figure_no_word() -> None:
    with pytest.raises(PolicyHasNoRow):
        assert ANYWHERE.row("dp_may_buy_inhouse").figure
    with pytest.raises(PolicyHasNoRow):
        assert ANYWHERE.row("dp_review_months").said


# ── what travels, and the review (case 22) ────────────────────────────────────────────────────────────────────────
CONDITIONS = st.builds(
    Conditions,
    has_capacity=st.booleans(),
    requested=st.booleans(),
    paid_to=st.sampled_from(PaidTo),
    can_manage=st.booleans(),
    appropriate=st.booleans(),
    treatment_requirement=st.booleans(),
    agrees=st.booleans(),
    suitable=st.booleans(),
    relatives=st.lists(
        st.builds(Relative, st.sampled_from(Relation), st.booleans(), st.sampled_from(Task), st.booleans()), max_size=3
    ).map(tuple),
    inhouse=st.sampled_from(InhousePurchase),
    inhouse_reason=st.booleans(),
)


@given(CONDITIONS)
def test_nothing_of_capacity_courts_or_family_travels(found: Conditions) -> None:
    steps = decide(found, ANYWHERE)
    private = {step.because.code for step in steps if step.rule in IN_CONFIDENCE}
    said: list[Any] = list(sayable(steps))
    assert len(said) == len(steps)
    assert not private & {reason.code for reason in said}


@given(CONDITIONS)
def test_it_is_agreed_exactly_when_no_condition_is_unmet(found: Conditions) -> None:
    assert is_agreed(decide(found, ANYWHERE)) is (unmet(found) == [])


def test_case_22_first_paid_on_10_january_it_is_reviewed_by_10_july() -> None:
    assert review_by(date(2026, 1, 10), ANYWHERE) == date(2026, 7, 10)
    assert months_after(date(2026, 8, 31), 6) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("relative", "may"),
    [
        (Relative(Relation.CHILD, True, necessary=True, has_reasons=True), True),
        (Relative(Relation.CHILD, True, necessary=True), False),
        (Relative(Relation.CHILD, True), False),
        (Relative(Relation.SIBLING, True, Task.ADMINISTRATION, necessary=True, has_reasons=True), False),
        (Relative(Relation.CHILD, False), False),
    ],
    ids=["necessary, with reasons", "no reasons", "not necessary", "administers only", "lives elsewhere"],
)
def test_case_19_care_by_close_family_is_paid_only_by_a_finding_about_care(relative: Relative, may: bool) -> None:
    """SI 2014/2871 reg 3, as quoted at forum.carersuk.org/63556. Who lives elsewhere is no close family, so no such finding."""
    assert may_pay_for_care((relative,)) is may
