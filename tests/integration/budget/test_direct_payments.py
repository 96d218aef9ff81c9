"""A request for a direct payment is decided by its conditions, kept, and said without what is confidential."""

from __future__ import annotations

from typing import Any

from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.budget.journey import TEAM, Person, World

FOUND: dict[str, Any] = {
    "has_capacity": True,
    "requested": True,
    "paid_to": "person",
    "can_manage": True,
    "appropriate": True,
    "reasons": "Synthetic: she wants to choose who comes, and the payroll service helps.",
}


def decisions(person: Person) -> str:
    return f"/v1/budgets/{person.budget_id}/direct-payment-decisions"


async def decided(world: World, person: Person, **found: Any) -> dict[str, Any]:
    done: dict[str, Any] = await world.budget.as_("budget_officer").done(decisions(person), FOUND | found)
    return done


async def test_an_agreed_request_is_kept_with_each_condition_in_words_and_said(world: World) -> None:
    person = await world.indicated(Person())
    made = await decided(world, person)
    assert (made["state"], made["paid_to"], made["number"]) == ("agreed", "person", 1)
    words = {one["rule"]: one["because"] for one in made["conditions"]}
    assert words["DP-2"] == "It was asked for."
    kind, fact = await world.last()
    assert (kind, fact["agreed"], fact["decision_id"]) == (
        "budget.direct_payment_decided.v1",
        True,
        made["decision_id"],
    )
    assert fact["review_by"] is None


async def test_a_refusal_is_kept_and_said_without_what_is_confidential(world: World) -> None:
    person = await world.indicated(Person())
    made = await decided(world, person, treatment_requirement=True)
    assert made["state"] == "refused"
    assert [one["code"] for one in made["conditions"] if not one["met"]] == ["treatment_requirement"]
    _, fact = await world.last()
    assert not fact["agreed"]
    assert {"code": "unmet_in_confidence", "params": {"rule": "DP-5"}} in fact["because"]
    assert "treatment" not in str(fact)


async def test_a_later_decision_replaces_the_one_before(world: World) -> None:
    person = await world.indicated(Person())
    await decided(world, person, can_manage=False)
    await decided(world, person, paid_to="nominee", agrees=True)
    listed = await world.budget.as_("budget_officer").read(decisions(person))
    assert {one["number"]: one["state"] for one in listed["items"]} == {1: "replaced", 2: "agreed"}


async def test_who_only_reads_sees_that_it_was_decided_and_not_the_private_reasons(world: World) -> None:
    person = await world.indicated(Person())
    await decided(world, person, treatment_requirement=True)
    shown = (await world.budget.as_("practitioner", team=TEAM).read(decisions(person)))["items"][0]
    assert shown["reasons"] is None
    assert [one["code"] for one in shown["conditions"] if not one["met"]] == ["unmet_in_confidence"]


async def test_a_daughter_of_the_household_needs_necessity_and_reasons(world: World) -> None:
    """RULES §9 case 19, SI 2014/2871 reg 3."""
    person = await world.indicated(Person())
    daughter = {"relation": "child", "same_household": True, "necessary": True}
    assert (await decided(world, person, relatives=[daughter]))["state"] == "refused"
    necessary = daughter | {"reasons": "Synthetic: nobody else speaks her language."}
    assert (await decided(world, person, relatives=[necessary]))["state"] == "agreed"


async def test_another_council_team_or_supplier_finds_no_budget_and_nobody_decides_without_the_scope(
    world: World,
) -> None:
    person = await world.indicated(Person())
    where, officer = decisions(person), "budget_officer"
    for claims in ({"council": OTHER_COUNCIL}, {"team": "south"}, {"supplier_id": person.supplier_id}):
        assert (await world.budget.as_(officer, **claims).post(where, FOUND)).status_code == 404
        assert (await world.budget.as_(officer, **claims).get(where)).status_code == 404
    assert (await world.budget.as_("finance").post(where, FOUND)).status_code == 403


async def test_a_finding_that_is_no_yes_or_no_is_refused_by_field(world: World) -> None:
    person = await world.indicated(Person())
    answer = await world.budget.as_("budget_officer").post(decisions(person), FOUND | {"has_capacity": "perhaps"})
    assert answer.status_code == 422
    assert [(one["field"], one["rule"]) for one in answer.json()["errors"]] == [("has_capacity", "bool_type")]
