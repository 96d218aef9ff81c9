"""Whatever order the services are heard in, and however often, the end is the same."""

from __future__ import annotations

from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.assessment import ConsentGiven
from shared.contracts.base import Support
from shared.contracts.safeguarding import Level, RestrictionPlaced
from shared.explain import because
from shared.testing.facts import Speaker, hear
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.marketplace.journey import Market, a_plan, committed, today

SOURCES = ("assessment", "budget", "safeguarding")


async def end_state(market: Market) -> list[dict[str, Any]]:
    sql = """select 'order' as kind, state from "order" union all select 'requirement', state from requirement
        union all select 'offer', state from offer union all select 'consent', withdrawn::text from consent
        union all select 'restriction', (placed <> '[]')::text from restriction order by 1, 2"""
    return await market.service.rows(sql)


@pytest.mark.parametrize("heard_first", list(permutations(SOURCES)))
async def test_topics_in_any_order_and_twice_give_the_same_end(market: Market, heard_first: tuple[str, ...]) -> None:
    order, requirement, listing = await market.an_order(), await market.a_requirement(), await market.a_listing()
    await market.an_offer(requirement, listing)
    placed = RestrictionPlaced(
        restriction_id=uuid4(),
        supplier_id=UUID(listing["supplier_id"]),
        level=Level.SUSPENSION,
        supports=(Support.HOME_CARE,),
        review_on=today(),
        because=because("missed_visits"),
    )
    consent = ConsentGiven(consent_id=uuid4(), person_id=UUID(order["person_id"]), client_id="app")
    records = {
        "assessment": [market.assessment.say(a_plan(person_id=order["person_id"])), market.assessment.say(consent)],
        "budget": [market.budget.say(committed(order))],
        "safeguarding": [market.safeguarding.say(placed)],
    }
    for source in (*heard_first, *heard_first):
        await hear(market.service, records[source])
    assert [(row["kind"], row["state"]) for row in await end_state(market)] == [
        ("consent", "false"),
        ("offer", "accepted"),
        ("offer", "withdrawn"),
        ("order", "confirmed"),
        ("requirement", "filled"),
        ("requirement", "open"),
        ("requirement", "open"),
        ("restriction", "false"),
        ("restriction", "true"),
    ]
    assert await market.service.rows("select code from parked") == []


async def test_a_restriction_heard_before_the_supplier_is_known_here_is_kept(market: Market) -> None:
    placed = RestrictionPlaced(
        restriction_id=uuid4(), supplier_id=uuid4(), level=Level.ADVICE, review_on=today(), because=because("advice")
    )
    record = market.safeguarding.say(placed)
    await hear(market.service, [record, record])
    (row,) = await market.service.rows("select supplier_id, placed from restriction")
    assert (row["supplier_id"], str(placed.restriction_id) in row["placed"]) == (placed.supplier_id, True)


async def test_a_fact_of_another_council_about_the_same_order_touches_nothing_here(market: Market) -> None:
    order = await market.an_order()
    await hear(market.service, Speaker(OTHER_COUNCIL).say(committed(order)))
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["state"] == "placed"
    assert [row["code"] for row in await market.service.rows("select code from parked")] == ["rule_raised"]


async def test_an_agreed_revision_withdraws_what_the_earlier_one_still_looked_for(market: Market) -> None:
    plan = a_plan()
    await market.a_requirement(plan)
    later = a_plan(plan_id=plan.plan_id, person_id=plan.person_id, revision=2)
    await hear(market.service, [market.assessment.say(later), market.assessment.say(plan)])
    page = await market.broker.read("/v1/requirements", person_id=str(plan.person_id))
    assert sorted(one["state"] for one in page["items"]) == ["open", "withdrawn"]
