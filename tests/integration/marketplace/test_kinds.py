"""In-house services, providers and personal assistants stand in one list, and what each must bring is the line's."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.base import Preference, Route, SupplierKind
from tests.integration.marketplace.journey import Market, a_line, a_plan

WISH = Preference(characteristic="gender", wanted="woman", task="personal_care", ground="dignity")
FORMS: tuple[dict[str, Any], ...] = (
    {"kind": "in_house", "terms": ["collective_agreement", "guaranteed_hours"]},
    {"kind": "provider"},
    {"kind": "provider", "arms_length": True},
    *({"kind": "pa", "employer": employer} for employer in ("person", "nominee", "pool", "none")),
)


async def test_suppliers_of_every_kind_come_in_by_one_form_and_stand_in_one_list(market: Market) -> None:
    """Each back once, ranked or excluded with the reason: the person's own choice of kind decides which."""
    made = [await market.a_listing(await market.a_supplier(**form)) for form in FORMS]
    line = a_line(kind_wanted=SupplierKind.PA, route=Route.DIRECT_PAYMENT)
    requirement = await market.a_requirement(a_plan(line))
    found = await market.broker.read(f"/v1/requirements/{requirement['requirement_id']}/matches")
    assert {one["employer"] for one in found["ranked"]} == {"person", "nominee", "pool", "none"}
    assert {one["listing_id"] for one in [*found["ranked"], *found["excluded"]]} == {one["listing_id"] for one in made}
    codes = {tuple(each["code"] for each in one["reasons"]) for one in found["excluded"]}
    assert codes == {("kind_not_wanted",), ("kind_not_wanted", "inhouse_not_by_direct_payment")}
    said = await market.said("supplier_registered")
    assert [(one["kind"], one["arms_length"], one["employer"]) for one in said] == [
        (form["kind"], form.get("arms_length", False), form.get("employer")) for form in FORMS
    ]
    assert said[0]["terms"] == ["collective_agreement", "guaranteed_hours"]


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({"kind": "pa"}, ("employer", "SUPPLIER-1")),
        ({"kind": "provider", "employer": "person"}, ("employer", "SUPPLIER-2")),
    ],
)
async def test_a_form_that_does_not_hold_together_is_refused_by_field_and_rule(
    market: Market, form: dict[str, Any], fault: tuple[str, str]
) -> None:
    answer = await market.commissioner.post("/v1/suppliers", {"name": "Synthetic", "synthetic": True, **form})
    assert answer.status_code == 422
    assert [(each["field"], each["rule"]) for each in answer.json()["errors"]] == [fault]


async def test_an_offer_shows_the_skills_and_the_lawful_preferences_of_the_line(market: Market) -> None:
    speaks, mute = await market.a_listing(skills=["language:bn"]), await market.a_listing()
    line = a_line(skills=("language:bn",), preferences=(WISH,))
    requirement = await market.a_requirement(a_plan(line))
    found = await market.broker.read(f"/v1/requirements/{requirement['requirement_id']}/matches")
    assert [one["listing_id"] for one in found["ranked"]] == [speaks["listing_id"]]
    assert found["excluded"][0]["reasons"][0]["code"] == "skill_missing"
    body = {"listing_id": mute["listing_id"], "price_pence": 2300, "hours_to_answer": 48}
    refused = await market.broker.post(f"/v1/requirements/{requirement['requirement_id']}/offers", body)
    assert (refused.status_code, refused.json()["reasons"][0]["code"]) == (409, "skill_missing")
    offer = await market.an_offer(requirement, speaks)
    seen = await market.supplier(speaks["supplier_id"]).read(f"/v1/offers/{offer['offer_id']}")
    assert (seen["skills"], seen["preferences"]) == (["language:bn"], [WISH.model_dump()])


async def test_a_ranking_tells_what_became_of_a_supplier_s_visits_lately_and_of_too_few_makes_nothing(
    market: Market,
) -> None:
    order = await market.a_started_order()
    other = await market.a_listing(hourly_pence=2300)
    for days_ago in range(2, 22):
        await market.a_visit(order, days_ago)
    await market.a_visit(order, 1, outcome="missed", because="no_care_worker", started_at=None, minutes=0)
    requirement = await market.a_requirement(a_plan(a_line()))
    ranked = (await market.broker.read(f"/v1/requirements/{requirement['requirement_id']}/matches"))["ranked"]
    told = {one["supplier_id"]: [step for step in one["steps"] if step["rule"] == "MATCH-RECORD"] for one in ranked}
    assert {supplier: [step["because"] for step in steps] for supplier, steps in told.items()} == {
        order["supplier_id"]: ["Of 21 visits in the last 28 days 1 were missed."],
        other["supplier_id"]: ["0 visits are known of the last weeks: fewer than 20 say nothing."],
    }
    assert ranked[0]["supplier_id"] == other["supplier_id"]
    assert not any(step["verified"] for steps in told.values() for step in steps)


async def test_whoever_starts_out_nearer_is_said_to_be_and_the_square_of_a_person_is_shown_to_nobody(
    market: Market,
) -> None:
    """ADR 22: between squares of the map; of a listing that says none it is not known."""
    near, far, mute = [await market.a_listing(**more) for more in ({"square": "TQ38NW"}, {"square": "TQ48"}, {})]
    requirement = await market.a_requirement(a_plan(a_line(), square="TQ38NE"))
    assert "TQ38NE" not in str(requirement)
    found = await market.broker.read(f"/v1/requirements/{requirement['requirement_id']}/matches")
    assert "TQ38NE" not in str(found)
    told = {
        one["listing_id"]: [(step["code"], step["effect"]) for step in one["steps"] if step["rule"] == "MATCH-DISTANCE"]
        for one in found["ranked"]
    }
    assert told == {
        near["listing_id"]: [("about_so_far", 8)],
        far["listing_id"]: [("about_so_far", 6)],
        mute["listing_id"]: [("distance_not_known", 0)],
    }
    assert found["ranked"][0]["listing_id"] == near["listing_id"]
    assert not [fact for kind, fact in await market.service.outbox() if "square" in fact]
    for finer in ("TQ3080", "TQ305805"):
        body = {"support": "home_care", "areas": ["north"], "hourly_pence": 1, "room_minutes": 1, "square": finer}
        assert (
            await market.commissioner.post(f"/v1/suppliers/{near['supplier_id']}/listings", body)
        ).status_code == 422
