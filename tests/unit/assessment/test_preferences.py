"""A wish about who comes is lawful, a skill, set aside or refused; the need is never touched. PEERS.md (b) 10."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.assessment.rules.preferences import (
    INTIMATE,
    NOT_PROTECTED,
    SKILLS,
    Answer,
    AskedBy,
    Characteristic,
    Ground,
    Task,
    Wish,
    WishUnclear,
    be_clear,
    be_decided,
    decide,
    on_the_line,
)
from shared.contracts.base import Preference
from tests.unit.assessment.test_plans import line

LINE = UUID(int=1)


def wish(characteristic: str = "sex", **more: Any) -> Wish:
    said = {"wanted": "female", "task": "intimate_care", "ground": "privacy_decency", "asked_by": "person", **more}
    return Wish(
        said.get("line_id", LINE),
        Characteristic(characteristic),
        said["wanted"],
        Task(said["task"]),
        Ground(said["ground"]),
        AskedBy(said["asked_by"]),
    )


@pytest.mark.parametrize(
    ("one", "answer", "code"),
    [
        (wish(), "lawful", "sex_for_intimate_care_is_lawful"),
        (wish(wanted="male"), "lawful", "sex_for_intimate_care_is_lawful"),
        (wish(task="household"), "refused", "sex_matters_for_intimate_care_only"),
        (wish(ground="none_given"), "refused", "sex_needs_privacy_or_decency"),
        (wish("language", wanted="bn", ground="communication"), "skill", "what_one_can_do_is_a_skill"),
        (wish("practice", wanted="halal_kitchen", task="meals"), "skill", "what_one_can_do_is_a_skill"),
        (wish("familiar_worker", wanted="w-7", ground="continuity"), "lawful", "nothing_protected_is_asked"),
        (wish("familiar_worker", asked_by="relative"), "set_aside", "relatives_wish_is_not_the_persons"),
        (wish(asked_by="relative"), "set_aside", "relatives_wish_is_not_the_persons"),
        (wish("sexual_orientation", asked_by="relative"), "refused", "protected_characteristic_of_the_worker"),
    ],
)
def test_a_wish_is_decided_by_what_it_is_about_what_it_is_for_and_who_asks(one: Wish, answer: str, code: str) -> None:
    """Equality Act 2010 ss.4, 39, 111 and Sch 9 para 1."""
    decided = decide(one)
    assert (decided.answer, decided.because.code) == (answer, code)
    assert decided.step.effect == (answer in ("lawful", "skill"))


PROTECTED = set(Characteristic) - SKILLS - NOT_PROTECTED - {Characteristic.SEX}


@pytest.mark.parametrize("characteristic", sorted(PROTECTED))
@given(task=st.sampled_from(Task), ground=st.sampled_from(Ground), asked_by=st.sampled_from(AskedBy))
def test_no_task_ground_or_voice_makes_another_protected_characteristic_lawful(
    characteristic: Characteristic, task: Task, ground: Ground, asked_by: AskedBy
) -> None:
    """ "No foreign carers" is refused whoever asks, for whatever (PEERS.md (b) 10)."""
    assert decide(Wish(LINE, characteristic, "any", task, ground, asked_by)).answer is Answer.REFUSED


@given(task=st.sampled_from(Task), ground=st.sampled_from(Ground))
def test_a_sex_is_lawful_for_intimate_care_on_privacy_or_decency_alone(task: Task, ground: Ground) -> None:
    lawful = decide(wish(task=task, ground=ground)).answer is Answer.LAWFUL
    assert lawful is (task in INTIMATE and ground is Ground.PRIVACY_DECENCY)


def test_what_is_lawful_goes_on_its_own_line_and_what_is_refused_leaves_the_line_as_it_was() -> None:
    wishes = [wish(), wish("language", wanted="bn"), wish("race"), wish("animals", line_id=UUID(int=9))]
    decided = [(one, decide(one).answer) for one in wishes]
    before, after = line(), on_the_line(line(), decided)
    assert after.skills == ("language:bn",)
    assert [one.characteristic for one in after.preferences] == ["sex"]
    assert after.model_copy(update={"skills": (), "preferences": ()}) == before
    assert on_the_line(after, decided) == after


def test_a_preference_that_nobody_decided_is_refused_on_the_line() -> None:
    asked = Preference(characteristic="race", wanted="x", task="any", ground="none_given")
    with pytest.raises(WishUnclear) as refused:
        be_decided([line(), line(preferences=(asked,))], [])
    assert [(one.field, one.rule) for one in refused.value.failures] == [("lines[1].preferences[0]", "WISH-3")]


def test_a_wish_about_no_line_or_no_sex_is_said_with_its_place() -> None:
    with pytest.raises(WishUnclear) as refused:
        be_clear([wish(line_id=UUID(int=5)), wish(wanted="young")], [line()])
    assert [(one.field, one.rule) for one in refused.value.failures] == [
        ("wishes[0].line_id", "WISH-1"),
        ("wishes[1].wanted", "WISH-2"),
    ]
