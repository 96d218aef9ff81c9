"""How a budget is indicated, measured and made final, and what a caller may read of why."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.assessment import Needs
from shared.contracts.base import Route, SupplierKind
from shared.contracts.marketplace import ListingWithdrawn
from shared.testing.facts import Speaker
from shared.testing.harness import Running
from shared.testing.tokens import COUNCIL, OTHER_COUNCIL
from tests.integration.budget.journey import (
    AREA,
    COSTS,
    FORTY_HOURS,
    INDICATED,
    NOW,
    REASON,
    SHORT,
    TEAM,
    Person,
    World,
    a_line,
    a_listing,
)

RBKC = "E09000020"


def errors(answer: Any) -> list[tuple[str, str]]:
    return [(each["field"], each["rule"]) for each in answer.json()["errors"]]


async def test_savva_s_award_above_the_table_is_refused_without_reasons_and_stands_with_them(budget: Running) -> None:
    """R (Savva) v RBKC [2010] EWCA Civ 1209, with that council's own 2009 figures."""
    world = World(budget, Speaker(RBKC, NOW))
    few, many = (Person(points=points, lines=(a_line(hourly_pence=3214, minutes=300),)) for points in (16, 22))
    day = date(2009, 6, 1)
    await world.says(*(a_listing(3214),), few.assessed(completed_on=day), many.assessed(completed_on=day))
    said = [fact for kind, fact in await world.said() if kind == "budget.indicated.v1"]
    assert [(fact["weekly_pence"], fact["policy"]["verified"]) for fact in said] == [(8291, True), (11221, True)]

    await world.says(many.proposed())
    assert (await world.last())[1]["short_pence"] == 16070 - 11221
    officer = budget.as_("budget_officer", council=RBKC)
    (shown,) = (await officer.read("/v1/budgets", person_id=many.person_id))["items"]
    where = f"/v1/budgets/{shown['budget_id']}"
    for empty in ("", "   "):
        refused = await officer.post(f"{where}/finalise", world.figure(many, 17045, reason=empty))
        assert (refused.status_code, errors(refused)) == (422, [("reason", "FINAL-2")])
    assert (await officer.read(where))["state"] == "short"

    final = await officer.done(f"{where}/finalise", world.figure(many, 17045, reason="Synthetic: nights alone."))
    assert (final["state"], final["weekly_pence"], final["indicated_pence"]) == ("final", 17045, 11221)
    assert [entry["reason"] for entry in final["history"]] == ["Synthetic: nights alone."]
    told = await officer.read(f"{where}/explanation", rerun=True)
    assert told["same"] is True
    assert [(step["rule"], step["effect"]) for step in told["steps"]] == [
        ("ALLOC-1", 11221),
        ("FINAL-1", 11221),
        ("FINAL-2", 5824),
        ("FINAL-3", 0),
    ]


async def test_500_pounds_with_67_71_from_the_person_leave_432_29_to_the_council_and_nothing_else_adds_up(
    world: World,
) -> None:
    person = await world.indicated(Person(lines=(a_line(minutes=600, hourly_pence=5000),)), a_listing(5000))
    officer, where = world.budget.as_("budget_officer"), f"/v1/budgets/{person.budget_id}"
    await officer.done(f"{where}/contribution", {"person_pence": 6771})
    off = await officer.post(f"{where}/finalise", world.figure(person, 50000, 6770))
    assert (off.status_code, errors(off)) == (422, [("person_pence", "FINAL-5")])
    body = world.figure(person, 50000, 6771, council_pence=43228)
    off = await officer.post(f"{where}/finalise", body)
    assert (off.status_code, errors(off)) == (422, [("weekly_pence", "FINAL-3")])
    final = await world.finalised(person, 50000, person_pence=6771)
    assert (final["council_pence"], final["person_pence"]) == (43229, 6771)


async def test_the_same_needs_and_policy_give_the_same_pounds_more_points_never_less_and_the_policy_is_named(
    world: World,
) -> None:
    people = [Person(points=points) for points in (0, 10, 80, 80, 150, 1000)]
    await world.says(*(person.assessed() for person in people))
    budgets = [await world.the_budget_of(person) for person in people]
    pence = [each["indicated_pence"] for each in budgets]
    assert pence == sorted(pence)
    assert pence[0] == 0
    assert pence[2] == pence[3] == INDICATED
    (policy,) = {(each["policy"]["name"], each["policy"]["version"], each["policy"]["digest"]) for each in budgets}
    assert policy[:2] == ("allocation", "demo-2024-25")
    for person in people:
        told = await world.budget.as_("practitioner").read(f"/v1/budgets/{person.budget_id}/explanation", rerun=True)
        assert told["same"] is True


async def test_a_council_without_a_policy_has_a_budget_without_a_figure_that_says_why(budget: Running) -> None:
    world = World(budget, Speaker(OTHER_COUNCIL, NOW))
    person = Person()
    await world.says(a_listing(), person.assessed())
    assert await world.said() == []
    officer = budget.as_("budget_officer", council=OTHER_COUNCIL)
    (shown,) = (await officer.read("/v1/budgets"))["items"]
    assert (shown["state"], shown["indicated_pence"]) == ("unindicated", None)
    assert shown["refusal"]["code"] == "no_policy_in_force"

    await world.says(person.proposed())
    assert (await world.last())[1]["short_pence"] == COSTS
    where = f"/v1/budgets/{shown['budget_id']}/finalise"
    final = await officer.done(where, world.figure(person))
    assert (final["state"], final["reason"]) == ("final", REASON)


async def test_points_the_council_s_table_says_nothing_about_are_refused_not_guessed(budget: Running) -> None:
    world = World(budget, Speaker(RBKC, NOW))
    await world.says(Person(points=17).assessed(completed_on=date(2009, 6, 1)))
    (shown,) = (await budget.as_("budget_officer", council=RBKC).read("/v1/budgets"))["items"]
    assert shown["refusal"]["because"] == "The council's table says nothing about 17 points."


async def test_needs_that_are_not_eligible_have_no_budget(world: World) -> None:
    await world.says(Person().assessed(eligible=False))
    assert (await world.budget.as_("budget_officer").read("/v1/budgets"))["items"] == []


async def test_a_figure_still_short_of_today_s_prices_is_refused_naming_the_shortage(world: World) -> None:
    person = await world.indicated(Person())
    where = f"/v1/budgets/{person.budget_id}/finalise"
    refused = await world.budget.as_("budget_officer").post(where, world.figure(person, COSTS - 1))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/still-short")
    assert (refused.json()["short_pence"], refused.json()["weekly_cost_pence"]) == (1, COSTS)


async def test_prices_that_moved_count_when_the_figure_is_made_final_again(world: World) -> None:
    listing = a_listing()
    person = await world.indicated(Person(), listing)
    await world.finalised(person)
    await world.says(listing.model_copy(update={"hourly_pence": 2600}))
    where = f"/v1/budgets/{person.budget_id}/finalise"
    refused = await world.budget.as_("budget_officer").post(where, world.figure(person))
    assert refused.json()["short_pence"] == 104000 - COSTS
    assert (await world.the_budget_of(person))["state"] == "final"
    final = await world.finalised(person, 104000)
    assert [entry["weekly_pence"] for entry in final["history"]] == [COSTS, 104000]


async def test_a_new_revision_is_measured_against_the_figure_that_stands_and_keeps_its_reason(world: World) -> None:
    person = await world.indicated(Person())
    await world.finalised(person)
    await world.says(person.proposed(revision=2))
    kind, fact = await world.last()
    assert (kind, fact["revision"], fact["weekly_pence"]) == ("budget.finalised.v1", 2, COSTS)
    shown = await world.the_budget_of(person)
    assert (shown["reason"], shown["decided_by"]) == (REASON, "system")
    await world.says(person.proposed(revision=3, lines=(a_line(minutes=3000),)))
    assert (await world.last())[1]["short_pence"] == 123450 - COSTS


async def test_an_earlier_revision_that_comes_late_changes_nothing(world: World) -> None:
    person = Person()
    await world.says(a_listing(), person.assessed(), person.proposed(revision=2), person.proposed(revision=1))
    assert await world.kinds() == ["indicated", "inadequate"]


async def test_only_live_listings_of_the_area_set_the_price(world: World) -> None:
    dear, cheap, elsewhere = a_listing(), a_listing(1300), a_listing(1000, areas=("south",))
    moved = cheap.model_copy(update={"areas": ("south", "west")})
    await world.says(dear, cheap, elsewhere, moved)
    gone = ListingWithdrawn(listing_id=elsewhere.listing_id, supplier_id=elsewhere.supplier_id)
    await world.says(gone)
    left = await world.budget.rows("select listing_id, area from listing_copy order by area, listing_id")
    assert [(row["listing_id"], row["area"]) for row in left] == [
        (dear.listing_id, AREA),
        (cheap.listing_id, "south"),
        (cheap.listing_id, "west"),
    ]
    person = Person()
    await world.says(person.assessed(), person.proposed())
    assert (await world.last())[1]["short_pence"] == SHORT


async def test_adequacy_says_in_words_what_is_short_and_what_else_has_room(world: World) -> None:
    own = a_listing(2400, supplier_kind=SupplierKind.IN_HOUSE)
    person = await world.indicated(Person(), a_listing(), own)
    told = await world.budget.as_("practitioner").read(f"/v1/plans/{person.plan_id}/adequacy")
    assert (told["adequate"], told["short_pence"]) == (False, SHORT)
    assert told["in_words"] == (
        "The budget of £550.00 a week does not buy the plan, which costs £987.60 at the prices of 2050-01-03: "
        "£437.60 a week is missing."
    )
    assert (
        told["shortfalls"][0]["because"]
        == "The cheapest listed with room charges £24.69 an hour and has 100 hours a week."
    )
    assert [each["in_words"] for each in told["alternatives"]] == [
        "The council's own service with room for 100 hours, at £960.00 a week."
    ]


async def test_case_20_no_figure_buys_the_council_s_own_service_week_by_week_with_a_direct_payment(
    world: World,
) -> None:
    """TLAP, Paying for in-house services with a direct payment: the plan is not agreed so; council-managed it is."""
    own, cheap = SupplierKind.IN_HOUSE, a_listing(100, supplier_kind=SupplierKind.IN_HOUSE)
    line = a_line(hourly_pence=100, kind_wanted=own, route=Route.DIRECT_PAYMENT)
    person = await world.indicated(Person(lines=(line,)), cheap)
    kind, said = await world.last()
    assert (kind, said["short_pence"]) == ("budget.inadequate.v1", 0)
    assert [each["because"]["code"] for each in said["shortfalls"]] == ["inhouse_not_by_direct_payment"]
    told = await world.budget.as_("practitioner").read(f"/v1/plans/{person.plan_id}/adequacy")
    assert (told["adequate"], told["in_words"]) == (
        False,
        "The council does not let direct payments buy this of its own services week by week. "
        "The plan costs £40.00 at the prices of 2050-01-03.",
    )
    where = f"/v1/budgets/{person.budget_id}/finalise"
    refused = await world.budget.as_("budget_officer").post(where, world.figure(person))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-by-direct-payment")
    assert (refused.json()["line_ids"], refused.json()["policy"]) == ([str(line.line_id)], "one_off")
    managed = a_line(hourly_pence=100, kind_wanted=own)
    await world.says(person.proposed(revision=2, lines=(managed,)))
    assert (await world.last())[0] == "budget.finalised.v1"


async def test_a_team_sees_its_own_people_s_budgets_and_a_supplier_none(world: World) -> None:
    person = await world.indicated(Person())
    where = f"/v1/budgets/{person.budget_id}"
    seen = {
        "own": world.budget.as_("practitioner", team=TEAM),
        "other": world.budget.as_("practitioner", team="south"),
        "supplier": world.budget.as_("practitioner", supplier_id=uuid4()),
    }
    assert {name: (await caller.get(where)).status_code for name, caller in seen.items()} == {
        "own": 200,
        "other": 404,
        "supplier": 404,
    }
    assert (await seen["other"].read("/v1/budgets"))["items"] == []
    other = world.budget.as_("budget_officer", team="south")
    assert (await other.post(f"{where}/finalise", world.figure(person))).status_code == 404


async def test_a_plan_of_another_budget_is_not_found(world: World) -> None:
    person, other = await world.indicated(Person()), await world.indicated(Person())
    officer = world.budget.as_("budget_officer")
    for plan_id in (other.plan_id, uuid4()):
        body = world.figure(person, plan_id=str(plan_id))
        assert (await officer.post(f"/v1/budgets/{person.budget_id}/finalise", body)).status_code == 404


async def test_a_decision_made_on_an_older_version_is_refused(world: World) -> None:
    person = await world.indicated(Person())
    officer, where = world.budget.as_("budget_officer"), f"/v1/budgets/{person.budget_id}"
    before = (await officer.get(where)).headers["ETag"]
    await officer.done(f"{where}/contribution", {"person_pence": 0})
    refused = await officer.post(f"{where}/finalise", world.figure(person), headers={"If-Match": before})
    assert refused.status_code == 412


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekly_pence": -1},
        {"weekly_pence": 10**9 + 1},
        {"weekly_pence": "98760"},
        {"reason": "a\x00b"},
        {"reason": "x" * 4001},
        {"surprise": 1},
    ],
    ids=["below nothing", "absurd", "a text", "a NUL", "too long", "an unknown field"],
)
async def test_bad_input_is_refused_by_field_and_changes_nothing(world: World, wrong: dict[str, Any]) -> None:
    person = await world.indicated(Person())
    where = f"/v1/budgets/{person.budget_id}/finalise"
    refused = await world.budget.as_("budget_officer").post(where, world.figure(person) | wrong)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == next(iter(wrong))
    assert (await world.the_budget_of(person))["state"] == "short"


@pytest.mark.parametrize("role", ["practitioner", "finance", "supplier", "approver"])
async def test_only_who_may_write_budgets_makes_them_final(budget: Running, role: str) -> None:
    assert (await budget.as_(role).post(f"/v1/budgets/{uuid4()}/finalise", {})).status_code == 403


async def test_policies_are_listed_with_their_sources_and_no_other_council_s_figures(budget: Running) -> None:
    policies = (await budget.as_("practitioner").read("/v1/policies"))["items"]
    assert [(each["name"], each["version"]) for each in policies] == [
        ("allocation", "demo-2024-25"),
        ("charging", "2026-27"),
        ("direct_payments", "2026-27"),
        ("employment", "2026-27.2"),
        ("employment", "2026-27.3"),
        ("employment", "2026-27"),
        ("prices", "2026-11"),
    ]
    assert {row["council"] for each in policies for row in each["rows"]} == {None, COUNCIL}
    assert all(row["source_title"] for each in policies for row in each["rows"])
    assert policies[0]["verified"] is False


async def test_a_willing_carer_s_hours_come_off_and_the_explanation_says_so(world: World) -> None:
    person = Person()
    needs = Needs(points=100, weekly_minutes=FORTY_HOURS, carer_weekly_minutes=960, area=AREA)
    await world.says(person.assessed(needs=needs))
    await world.the_budget_of(person)
    told = await world.budget.as_("practitioner").read(f"/v1/budgets/{person.budget_id}/explanation")
    assert told["decided"] == "Indicated: £550.00 a week."
    assert told["steps"][1]["because"] == (
        "A carer is willing and able to give 16 hours a week, taken off at £13.75 an hour."
    )
    assert {step["verified"] for step in told["steps"]} == {False}
    assert told["rerun"] is None


async def test_one_penny_above_the_yearly_limit_is_refused_and_the_limit_itself_is_within(world: World) -> None:
    """PEERS b, Hackney's approval limit against 52 weeks of cost."""
    person = await world.indicated(Person())
    where, figure = f"/v1/budgets/{person.budget_id}/finalise", world.figure(person)
    refused = await world.budget.as_("budget_officer", limit_pence=52 * COSTS - 1).post(where, figure)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/above-limit")
    assert (refused.json()["yearly_pence"], refused.json()["limit_pence"]) == (52 * COSTS, 52 * COSTS - 1)
    await world.budget.as_("budget_officer", limit_pence=52 * COSTS).done(where, figure)


async def test_a_listing_without_the_skills_of_a_line_is_no_measure_of_it(world: World) -> None:
    person = Person(lines=(a_line(skills=("language:bn",)),))
    await world.indicated(person, a_listing(1000), a_listing(2600, skills=("language:bn",)))
    kind, fact = await world.last()
    assert (kind, fact["weekly_cost_pence"]) == ("budget.inadequate.v1", 104000)


async def test_the_history_has_needs_and_pence_and_nobody_s_id_and_only_who_sets_budgets_reads_it(world: World) -> None:
    person = await world.indicated(Person())
    answer = await world.budget.as_("budget_officer").get("/v1/indications")
    (one,) = answer.json()["items"]
    assert (one["needs"]["points"], one["indicated_pence"], one["policy"]) == (80, INDICATED, "demo-2024-25")
    assert not {str(person.person_id), str(person.budget_id), str(person.assessment_id)} & set(answer.text.split('"'))
    assert (await world.budget.as_("budget_officer", team="south").read("/v1/indications"))["items"] == []
    assert (await world.budget.as_("practitioner").get("/v1/indications")).status_code == 403
