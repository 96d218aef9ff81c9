"""Who may be asked, who may answer, and what happens to an offer that nobody answers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.marketplace.reminders import OfferLapses
from shared.contracts.base import SupplierKind, Support
from shared.contracts.safeguarding import Level, RestrictionKept, RestrictionLifted, RestrictionPlaced
from shared.db import transaction
from shared.explain import because
from shared.testing.facts import hear
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.marketplace.journey import Market, a_line, a_plan, sweep, today


def restricted(supplier_id: str, level: Level = Level.NO_NEW_PLACEMENTS, *supports: Support) -> RestrictionPlaced:
    return RestrictionPlaced(
        restriction_id=uuid4(),
        supplier_id=UUID(supplier_id),
        level=level,
        supports=supports,
        review_on=today(),
        because=because("missed_visits"),
    )


def lifted(placed: RestrictionPlaced) -> RestrictionLifted:
    return RestrictionLifted(restriction_id=placed.restriction_id, supplier_id=placed.supplier_id)


def an_offer_of(listing: dict[str, Any], price_pence: int = 2300) -> dict[str, Any]:
    return {"listing_id": listing["listing_id"], "price_pence": price_pence, "hours_to_answer": 48}


async def state_of(market: Market, kind: str, thing: dict[str, Any]) -> str:
    read = await market.broker.read(f"/v1/{kind}s/{thing[f'{kind}_id']}")
    return str(read["state"])


# ── matches ───────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_matches_are_explained_in_words_and_the_same_each_time(market: Market) -> None:
    dear, cheap = await market.a_listing(hourly_pence=2500), await market.a_listing(hourly_pence=2300)
    away = await market.a_listing(areas=["south"])
    full = await market.a_listing(room_minutes=60)
    requirement = await market.a_requirement()
    where = f"/v1/requirements/{requirement['requirement_id']}/matches"
    found = await market.broker.read(where)
    assert [one["listing_id"] for one in found["ranked"]] == [cheap["listing_id"], dear["listing_id"]]
    assert found["ranked"][0]["steps"][0]["because"] == "£23.00 an hour is within the planned £24.00."
    assert sum(step["effect"] for step in found["ranked"][0]["steps"]) == found["ranked"][0]["score"]
    why = {one["listing_id"]: [each["detail"] for each in one["reasons"]] for one in found["excluded"]}
    assert why == {
        away["listing_id"]: ["The supplier does not work in north."],
        full["listing_id"]: ["There is room for 1 hours a week; 7 hours are needed."],
    }
    assert await market.broker.read(where) == found


async def test_a_supplier_who_supports_the_person_already_is_ranked_for_it(market: Market) -> None:
    person = uuid4()
    known, new = await market.a_listing(), await market.a_listing()
    first = await market.a_requirement(a_plan(person_id=person))
    offer = await market.an_offer(first, known)
    order = await market.supplier(known["supplier_id"]).done(f"/v1/offers/{offer['offer_id']}/accept")
    await market.commit(order)
    await hear(market.service, market.assessment.say(a_plan(person_id=person)))
    page = await market.broker.read("/v1/requirements", person_id=str(person), state="open")
    found = await market.broker.read(f"/v1/requirements/{page['items'][0]['requirement_id']}/matches")
    assert [one["listing_id"] for one in found["ranked"]] == [known["listing_id"], new["listing_id"]]
    assert found["ranked"][0]["steps"][2]["code"] == "supports_already"


async def test_suppliers_do_not_see_one_anothers_matches(market: Market) -> None:
    listing, requirement = await market.a_listing(), await market.a_requirement()
    supplier = market.supplier(listing["supplier_id"])
    where = f"/v1/requirements/{requirement['requirement_id']}"
    assert (await supplier.get(f"{where}/matches")).status_code == 404
    assert (await supplier.get(where)).status_code == 404
    await market.an_offer(requirement, listing)
    assert (await supplier.get(where)).status_code == 200
    assert (await supplier.get(f"{where}/matches")).status_code == 404


# ── making one ────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("listing", "price", "code"),
    [
        ({}, 2301, "above_published_price"),
        ({"areas": ["south"]}, 2300, "area_not_served"),
        ({"room_minutes": 419}, 2300, "no_room"),
        ({"support": "day_service"}, 2300, "support_not_offered"),
    ],
)
async def test_an_offer_is_refused_with_its_reasons(
    market: Market, listing: dict[str, Any], price: int, code: str
) -> None:
    published, requirement = await market.a_listing(**listing), await market.a_requirement()
    where = f"/v1/requirements/{requirement['requirement_id']}/offers"
    refused = await market.broker.post(where, an_offer_of(published, price))
    assert refused.status_code == 409
    assert [each["code"] for each in refused.json()["reasons"]] == [code]
    assert await market.said("offer_made") == []


async def test_a_listing_is_asked_once_at_a_time(market: Market) -> None:
    listing, requirement = await market.a_listing(), await market.a_requirement()
    await market.an_offer(requirement, listing)
    again = await market.broker.post(f"/v1/requirements/{requirement['requirement_id']}/offers", an_offer_of(listing))
    assert (again.status_code, again.json()["type"]) == (409, "/problems/offer-stands")


async def test_a_supplier_known_from_a_directory_alone_gets_no_listing(market: Market) -> None:
    header = "name,cqc_id,type,postcode,provider,inspection_date,area_name,area_code"
    row = "Real Home,1-123456789,Homecare agencies,M41 5BU,Real Ltd,2023-05-31,Trafford,E08000009"
    sent = {"content": f"{header}\n{row}\n".encode(), "headers": {"Content-Type": "text/csv"}}
    await market.commissioner.done("/v1/supplier-imports", **sent)
    (supplier,) = (await market.broker.read("/v1/suppliers"))["items"]
    body = {"support": "home_care", "areas": ["north"], "hourly_pence": 2300, "room_minutes": 100}
    refused = await market.commissioner.post(f"/v1/suppliers/{supplier['supplier_id']}/listings", body)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/only-in-the-directory")
    assert await market.said("listing_published") == []


# ── answering one ─────────────────────────────────────────────────────────────────────────────────────────────────
async def test_another_suppliers_offer_is_not_there_whatever_the_verb(market: Market) -> None:
    listing, other = await market.a_listing(), await market.a_listing()
    offer = await market.an_offer(await market.a_requirement(), listing)
    where, stranger = f"/v1/offers/{offer['offer_id']}", market.supplier(other["supplier_id"])
    all_scopes = market.supplier(other["supplier_id"], scope="market:read market:request market:offer")
    answers = [
        await stranger.get(where),
        await stranger.post(f"{where}/accept"),
        await stranger.post(f"{where}/refuse", {"because": "full"}),
        await all_scopes.post(f"{where}/withdraw"),
        await market.service.as_("supplier").post(f"{where}/accept"),
        await market.service.as_("broker", council=OTHER_COUNCIL).get(where),
        await market.service.as_("broker", council=OTHER_COUNCIL).post(f"{where}/withdraw"),
    ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert (await stranger.read("/v1/offers"))["items"] == []
    assert (await market.service.as_("supplier").read("/v1/offers"))["items"] == []
    assert await state_of(market, "offer", offer) == "made"


async def test_accepting_one_offer_withdraws_the_others(market: Market) -> None:
    one, other = await market.a_listing(), await market.a_listing()
    requirement = await market.a_requirement()
    chosen, left = await market.an_offer(requirement, one), await market.an_offer(requirement, other)
    await market.supplier(one["supplier_id"]).done(f"/v1/offers/{chosen['offer_id']}/accept")
    (withdrawn,) = await market.said("offer_withdrawn")
    assert (withdrawn["offer_id"], withdrawn["because"]) == (left["offer_id"], "another_accepted")
    late = await market.supplier(other["supplier_id"]).post(f"/v1/offers/{left['offer_id']}/accept")
    assert (late.status_code, late.json()["state"]) == (409, "withdrawn")
    assert await state_of(market, "requirement", requirement) == "filled"


async def test_a_requirement_is_open_again_when_everybody_said_no(market: Market) -> None:
    one, other = await market.a_listing(), await market.a_listing()
    requirement = await market.a_requirement()
    first, second = await market.an_offer(requirement, one), await market.an_offer(requirement, other)
    refused = {"because": "no_staff"}
    await market.supplier(one["supplier_id"]).done(f"/v1/offers/{first['offer_id']}/refuse", refused)
    assert await state_of(market, "requirement", requirement) == "offered"
    await market.broker.done(f"/v1/offers/{second['offer_id']}/withdraw")
    assert await state_of(market, "requirement", requirement) == "open"
    assert [one["because"] for one in await market.said("offer_refused")] == ["no_staff"]


async def test_nobody_accepts_the_offer_they_made(market: Market) -> None:
    listing, requirement = await market.a_listing(), await market.a_requirement()
    both = market.supplier(listing["supplier_id"], scope="market:read market:request market:offer")
    where = f"/v1/requirements/{requirement['requirement_id']}/offers"
    offer = await both.done(where, an_offer_of(listing))
    refused = await both.post(f"/v1/offers/{offer['offer_id']}/accept")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/own-work")


async def test_an_offer_cannot_be_accepted_after_its_last_instant_even_before_its_timer_spoke(market: Market) -> None:
    listing = await market.a_listing()
    offer = await market.an_offer(await market.a_requirement(), listing, hours=1)
    ops, later = market.service.as_("ops"), datetime.now(UTC) + timedelta(hours=1, minutes=1)
    await ops.done("/sandbox/clock", {"to": later.isoformat()})
    late = await market.supplier(listing["supplier_id"]).post(f"/v1/offers/{offer['offer_id']}/accept")
    assert late.status_code == 409
    assert [each["code"] for each in late.json()["reasons"]] == ["offer_expired"]
    assert await market.said("order_placed") == []


async def test_an_offer_nobody_answers_expires_and_the_requirement_is_open_again(market: Market) -> None:
    requirement = await market.a_requirement()
    offer = await market.an_offer(requirement, await market.a_listing(), hours=1)
    later = datetime.now(UTC) + timedelta(hours=1, minutes=1)
    await market.service.as_("ops").done("/sandbox/clock", {"to": later.isoformat()})
    assert await sweep(market) == 1
    assert [one["offer_id"] for one in await market.said("offer_expired")] == [offer["offer_id"]]
    assert await state_of(market, "requirement", requirement) == "open"
    assert await sweep(market) == 0


async def test_the_timer_of_an_answered_offer_is_forgotten_and_harmless_if_it_speaks(market: Market) -> None:
    order = await market.an_order()
    assert await market.service.rows("select * from due where name = 'OfferLapses'") == []
    lapses = OfferLapses(offer_id=order["offer_id"], requirement_id=order["requirement_id"])
    async with transaction(market.service.worker) as tx:
        await tx.run(
            "insert into due (name, key, council_id, subject, at, body, cause, correlation) "
            "values ('OfferLapses', $1, 'E99999999', 'x', now(), $2, $3, $3)",
            order["offer_id"], lapses.model_dump_json(), uuid4(),
        )  # fmt: skip
    assert await sweep(market) == 1
    assert await market.said("offer_expired") == []
    assert (await market.broker.read(f"/v1/requirements/{order['requirement_id']}"))["state"] == "filled"


# ── restrictions ──────────────────────────────────────────────────────────────────────────────────────────────────
async def test_no_offer_goes_to_a_restricted_supplier_until_the_restriction_is_lifted(market: Market) -> None:
    listing, requirement = await market.a_listing(), await market.a_requirement()
    placed = restricted(listing["supplier_id"])
    await hear(market.service, market.safeguarding.say(placed))
    where = f"/v1/requirements/{requirement['requirement_id']}/offers"
    refused = await market.broker.post(where, an_offer_of(listing))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/supplier-restricted")
    assert refused.json()["supplier_id"] == listing["supplier_id"]
    kept = RestrictionKept(
        restriction_id=placed.restriction_id, supplier_id=placed.supplier_id, review_on=today() + timedelta(days=9)
    )
    await hear(market.service, market.safeguarding.say(kept))
    assert (await market.broker.post(where, an_offer_of(listing))).status_code == 409
    await hear(market.service, market.safeguarding.say(lifted(placed)))
    assert (await market.broker.post(where, an_offer_of(listing))).status_code == 201


@pytest.mark.parametrize(
    ("level", "supports", "state"),
    [
        (Level.NO_NEW_PLACEMENTS, (), "withdrawn"),
        (Level.SUSPENSION, (Support.HOME_CARE,), "withdrawn"),
        (Level.SUSPENSION, (Support.DAY_SERVICE,), "made"),
        (Level.ADVICE, (), "made"),
    ],
)
async def test_open_offers_in_the_scope_of_a_restriction_no_longer_stand(
    market: Market, level: Level, supports: tuple[Support, ...], state: str
) -> None:
    listing, other = await market.a_listing(), await market.a_listing()
    requirement = await market.a_requirement()
    offer, elsewhere = await market.an_offer(requirement, listing), await market.an_offer(requirement, other)
    record = market.safeguarding.say(restricted(listing["supplier_id"], level, *supports))
    await hear(market.service, [record, record])
    assert await state_of(market, "offer", offer) == state
    assert await state_of(market, "offer", elsewhere) == "made"
    assert await state_of(market, "requirement", requirement) == "offered"
    codes = [one["because"] for one in await market.said("offer_withdrawn")]
    assert codes == (["supplier_restricted"] if state == "withdrawn" else [])


async def test_two_restrictions_are_lifted_one_by_one(market: Market) -> None:
    listing, requirement = await market.a_listing(), await market.a_requirement()
    one, two = restricted(listing["supplier_id"]), restricted(listing["supplier_id"], Level.SUSPENSION)
    say = market.safeguarding.say
    await hear(market.service, [say(one), say(two), say(lifted(one))])
    where = f"/v1/requirements/{requirement['requirement_id']}/offers"
    assert (await market.broker.post(where, an_offer_of(listing))).status_code == 409
    await hear(market.service, say(lifted(two)))
    assert (await market.broker.post(where, an_offer_of(listing))).status_code == 201


async def test_running_support_goes_on_under_a_restriction(market: Market) -> None:
    order = await market.a_started_order()
    await hear(market.service, market.safeguarding.say(restricted(order["supplier_id"], Level.SUSPENSION)))
    assert await state_of(market, "order", order) == "started"
    assert (await market.a_visit(order, 1))["outcome"] == "recorded"


async def test_an_acceptance_that_comes_after_the_restriction_is_refused(market: Market) -> None:
    listing = await market.a_listing()
    offer = await market.an_offer(await market.a_requirement(), listing)
    await hear(market.service, market.safeguarding.say(restricted(listing["supplier_id"])))
    late = await market.supplier(listing["supplier_id"]).post(f"/v1/offers/{offer['offer_id']}/accept")
    assert (late.status_code, late.json()["state"]) == (409, "withdrawn")


async def test_the_kind_the_person_wants_is_kept_to(market: Market) -> None:
    listing = await market.a_listing()
    plan = a_plan(a_line(kind_wanted=SupplierKind.IN_HOUSE))
    requirement = await market.a_requirement(plan)
    where = f"/v1/requirements/{requirement['requirement_id']}/offers"
    refused = await market.broker.post(where, an_offer_of(listing))
    assert [each["code"] for each in refused.json()["reasons"]] == ["kind_not_wanted"]


async def test_no_offer_slips_past_a_restriction_placed_at_the_same_moment(market: Market) -> None:
    listings = [await market.a_listing() for _ in range(6)]
    requirement = await market.a_requirement()
    where = f"/v1/requirements/{requirement['requirement_id']}/offers"
    asking = [market.broker.post(where, an_offer_of(listing)) for listing in listings]
    records = [market.safeguarding.say(restricted(listing["supplier_id"])) for listing in listings]
    placing = [hear(market.service, record) for record in records]
    await asyncio.gather(*(one for pair in zip(asking, placing, strict=True) for one in pair), return_exceptions=True)
    for record in records:  # what lost a race is read again, as the consumer would
        await hear(market.service, record)
    page = await market.broker.read("/v1/offers", state="made")
    assert page["items"] == []
