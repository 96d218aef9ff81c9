"""What a person can pay is found from their means, explained, and counts when the budget is made final."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.testing.facts import Speaker
from shared.testing.harness import Running
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.budget.journey import COSTS, Person, World

JOAN = {
    "capital_pence": 0,
    "income": [{"kind": "pension", "weekly_pence": 30560}, {"kind": "earnings", "weekly_pence": 9999}],
    "age": 80,
    "pension_age": True,
    "disability_pence": 500,
}
KEPT_2024 = 22870
"""The minimum income guarantee of a single person of pension age (RULES §3.2)."""
ABLE = 30560 - KEPT_2024 - 500


@pytest.fixture
async def in_2024(budget: Running) -> World:
    """The clock stands in the latest year for which every figure used here is published."""
    day = datetime(2024, 6, 3, 12, tzinfo=UTC)
    assert (await budget.as_("ops").post("/sandbox/clock", {"to": day.isoformat()})).status_code == 200
    return World(budget, Speaker(now=day))


async def assess(world: World, person: Person, **more: Any) -> Any:
    where = f"/v1/budgets/{person.budget_id}/financial-assessments"
    return await world.budget.as_("budget_officer").post(where, JOAN | more)


async def test_what_a_person_can_pay_is_explained_and_becomes_their_part_of_the_final_budget(in_2024: World) -> None:
    person = await in_2024.indicated(Person())
    made = await assess(in_2024, person)
    assert (made.status_code, made.json()["asked_pence"], made.json()["able_pence"]) == (201, ABLE, ABLE)
    assert [(step["rule"], step["effect"]) for step in made.json()["steps"]] == [
        ("CHARGE-1", 40559),
        ("CHARGE-2", -9999),
        ("CHARGE-5", -KEPT_2024),
        ("CHARGE-6", -500),
    ]
    where, officer = f"/v1/budgets/{person.budget_id}/finalise", in_2024.budget.as_("budget_officer")
    other = await officer.post(where, in_2024.figure(person, person_pence=ABLE + 1))
    assert [each["rule"] for each in other.json()["errors"]] == ["FINAL-5"]
    assert (await officer.post(where, in_2024.figure(person, person_pence=ABLE))).status_code == 200


async def test_above_the_upper_limit_the_person_pays_all_of_it_whatever_it_comes_to(in_2024: World) -> None:
    person = await in_2024.indicated(Person())
    made = (await assess(in_2024, person, capital_pence=2_325_001)).json()
    assert (made["full_cost"], made["able_pence"]) == (True, 0)
    final = await in_2024.budget.as_("budget_officer").post(
        f"/v1/budgets/{person.budget_id}/finalise", in_2024.figure(person, person_pence=COSTS)
    )
    assert (final.status_code, final.json()["council_pence"], final.json()["pays_full_cost"]) == (200, 0, True)


async def test_all_assessments_are_kept_and_the_last_one_counts(in_2024: World) -> None:
    person = await in_2024.indicated(Person())
    await assess(in_2024, person, capital_pence=10**9)
    await assess(in_2024, person)
    officer = in_2024.budget.as_("budget_officer")
    kept = (await officer.read(f"/v1/budgets/{person.budget_id}/financial-assessments"))["items"]
    assert sorted(one["full_cost"] for one in kept) == [False, True]
    shown = await officer.read(f"/v1/budgets/{person.budget_id}")
    assert (shown["contribution_pence"], shown["pays_full_cost"]) == (ABLE, False)


async def test_nothing_is_made_up_where_a_figure_is_not_published(world: World) -> None:
    """In 2050."""
    refused = await assess(world, await world.indicated(Person()))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/no-figure-published")
    assert refused.json()["figure"] == "mig_pension_age"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"capital_pence": -1}, "capital_pence"),
        ({"income": [{"kind": "luck", "weekly_pence": 1}]}, "income[0].kind"),
        ({"housing_pence": 1.5}, "housing_pence"),
        ({"age": 17}, "age"),
    ],
)
async def test_means_that_cannot_be_so_are_refused_by_field(in_2024: World, wrong: dict[str, Any], field: str) -> None:
    answer = await assess(in_2024, await in_2024.indicated(Person()), **wrong)
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (422, [field])


async def test_means_are_nobody_s_to_read_but_those_who_assess_them_and_nothing_of_them_travels(in_2024: World) -> None:
    person = await in_2024.indicated(Person())
    before = len(await in_2024.said())
    await assess(in_2024, person, capital_pence=1_234_567)
    assert len(await in_2024.said()) == before
    where = f"/v1/budgets/{person.budget_id}/financial-assessments"
    for role, status in (("broker", 403), ("practitioner", 403), ("finance", 403), ("budget_officer", 200)):
        assert (await in_2024.budget.as_(role).get(where)).status_code == status, role
    assert (await in_2024.budget.as_("budget_officer", council=OTHER_COUNCIL).get(where)).status_code == 404
    assert (await in_2024.budget.as_("budget_officer", team="another").get(where)).status_code == 404


async def test_a_deferred_payment_and_notional_capital_are_explained_with_the_assessment_and_marked_unverified(
    in_2024: World,
) -> None:
    """RULES §9 cases 11 and 12: the limit, what is left of it and a warning; week by week less of what was given away."""
    person = await in_2024.indicated(Person())
    home = {"value_pence": 16_500_000, "standing": "counted", "deferred_pence": 10_000_000}
    made = (await assess(in_2024, person, home=home)).json()
    assert made["full_cost"] is True
    assert made["deferred_payment"] == {
        "limit_pence": 13_425_000, "deferred_pence": 10_000_000, "left_pence": 3_425_000, "near": True,
    }  # fmt: skip
    capital = [step for step in made["steps"] if step["rule"].startswith("CAPITAL")]
    assert [(step["rule"], step["verified"]) for step in capital] == [
        ("CAPITAL-2", False),
        ("CAPITAL-3", False),
        ("CAPITAL-4", False),
    ]
    assert (
        capital[2]["because"] == "70 % of that is deferred or more: £34,250.00 is left, so it is to be looked at again."
    )
    lived_in = (await assess(in_2024, person, home=home | {"standing": "lived_in"})).json()
    assert (lived_in["deferred_payment"], lived_in["able_pence"]) == (None, ABLE)

    given_away = {"pence": 3_000_000, "since": "2024-05-06"}
    gone = (await assess(in_2024, person, notional=given_away)).json()
    falls = gone["asked_pence"] - ABLE  # above the upper limit all of it is paid, where ABLE would be
    left = 3_000_000 - 4 * falls
    assert gone["notional_capital"] == {"left_pence": left, "weeks": 4, "falls_pence": falls}
    assert gone["full_cost"] is True
    kept = await in_2024.budget.as_("budget_officer").read(f"/v1/budgets/{person.budget_id}/financial-assessments")
    assert len([one for one in kept["items"] if one["notional_capital"]]) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"home": {"value_pence": 1, "standing": "haunted"}}, "home.standing"),
        ({"notional": {"pence": -1, "since": "2024-05-06"}}, "notional.pence"),
        ({"notional": {"pence": 1, "since": "tomorrow"}}, "notional.since"),
    ],
)
async def test_a_home_or_notional_capital_that_cannot_be_so_is_refused_by_field(
    in_2024: World, wrong: dict[str, Any], field: str
) -> None:
    answer = await assess(in_2024, await in_2024.indicated(Person()), **wrong)
    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (422, [field])
