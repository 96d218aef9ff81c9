"""A mini-competition: several are asked at once, answer with a price by a deadline, and a broker awards with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.marketplace.journey import Market, sweep

WHY = "She answered a little dearer, and comes from the same street."


async def a_competition(market: Market, *prices: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """As many suppliers as prices; None of them has answered."""
    listings = [await market.a_listing(hourly_pence=pence) for pence in prices]
    requirement = await market.a_requirement()
    body = {"listings": [each["listing_id"] for each in listings], "hours_to_answer": 48}
    where = f"/v1/requirements/{requirement['requirement_id']}/competitions"
    competition: dict[str, Any] = await market.broker.done(where, body)
    page = await market.broker.read("/v1/offers", requirement_id=requirement["requirement_id"])
    by_listing = {each["listing_id"]: each for each in page["items"]}
    return competition, [by_listing[each["listing_id"]] for each in listings]


async def answer(market: Market, offer: dict[str, Any], price_pence: int) -> Any:
    supplier = market.supplier(offer["supplier_id"])
    return await supplier.post(f"/v1/offers/{offer['offer_id']}/answer", {"price_pence": price_pence})


async def close(market: Market, competition: dict[str, Any]) -> None:
    after = datetime.fromisoformat(competition["deadline"]) + timedelta(minutes=1)
    await market.service.as_("ops").done("/sandbox/clock", {"to": after.isoformat()})
    await sweep(market)


async def award(market: Market, competition: dict[str, Any], offer: dict[str, Any]) -> Any:
    body = {"offer_id": offer["offer_id"], "reason": WHY}
    return await market.broker.post(f"/v1/competitions/{competition['competition_id']}/award", body)


async def test_answers_are_ranked_with_reasons_and_the_broker_awards_with_one(market: Market) -> None:
    competition, (first, second, third) = await a_competition(market, 2300, 2500, 2600)
    assert [one["price_pence"] for one in await market.said("offer_made")] == [2300, 2500, 2600]
    assert (await answer(market, first, 2200)).json()["state"] == "answered"
    assert (await answer(market, second, 2400)).status_code == 200
    early = await award(market, competition, first)
    assert (early.status_code, early.json()["type"].rpartition("/")[2]) == (409, "verb-not-allowed")
    await close(market, competition)
    where = f"/v1/competitions/{competition['competition_id']}"
    ranked = (await market.broker.read(f"{where}/answers"))["ranked"]
    assert [(one["listing_id"], one["hourly_pence"]) for one in ranked] == [
        (first["listing_id"], 2200),
        (second["listing_id"], 2400),
    ]
    assert all(one["score"] == sum(step["effect"] for step in one["steps"]) for one in ranked)
    order = (await award(market, competition, second)).json()
    assert (order["hourly_pence"], order["offer_id"], order["state"]) == (2400, second["offer_id"], "placed")
    assert [one["offer_id"] for one in await market.said("offer_expired")] == [third["offer_id"]]
    assert [(one["offer_id"], one["because"]) for one in await market.said("offer_withdrawn")] == [
        (first["offer_id"], "another_chosen")
    ]
    read = await market.broker.read(where)
    assert (read["state"], read["reason"], read["order_id"]) == ("awarded", WHY, order["order_id"])
    assert WHY not in str(await market.service.outbox())
    again = await award(market, competition, second)
    assert again.status_code == 409


async def test_an_answer_is_given_once_within_the_published_price_by_who_was_asked(market: Market) -> None:
    _, (first, second) = await a_competition(market, 2300, 2500)
    dear = await answer(market, first, 2301)
    assert [one["code"] for one in dear.json()["reasons"]] == ["above_published_price"]
    taken = await market.supplier(first["supplier_id"]).post(f"/v1/offers/{first['offer_id']}/accept")
    assert (taken.status_code, taken.json()["type"].rpartition("/")[2]) == (409, "asked-beside-others")
    other = market.supplier(second["supplier_id"])
    assert (await other.post(f"/v1/offers/{first['offer_id']}/answer", {"price_pence": 1})).status_code == 404
    assert (await answer(market, first, 2300)).status_code == 200
    assert (await answer(market, first, 2200)).status_code == 409


async def test_where_nobody_answers_the_requirement_is_open_again(market: Market) -> None:
    competition, offers = await a_competition(market, 2300, 2500)
    await close(market, competition)
    assert len(await market.said("offer_expired")) == len(offers)
    read = await market.broker.read(f"/v1/competitions/{competition['competition_id']}")
    requirement = await market.broker.read(f"/v1/requirements/{competition['requirement_id']}")
    assert (read["state"], requirement["state"]) == ("abandoned", "open")


async def test_a_competition_is_abandoned_with_a_reason_and_all_hear_of_it(market: Market) -> None:
    competition, (first, second) = await a_competition(market, 2300, 2500)
    await answer(market, first, 2200)
    where = f"/v1/competitions/{competition['competition_id']}"
    assert (await market.broker.done(f"{where}/abandon", {"reason": WHY}))["state"] == "abandoned"
    said = await market.said("offer_withdrawn")
    assert {one["offer_id"] for one in said} == {first["offer_id"], second["offer_id"]}
    assert {one["because"] for one in said} == {"competition_abandoned"}
    requirement = await market.broker.read(f"/v1/requirements/{competition['requirement_id']}")
    assert requirement["state"] == "open"


async def test_nobody_competes_alone_and_who_is_not_entitled_finds_no_competition(market: Market) -> None:
    requirement, listing = await market.a_requirement(), await market.a_listing()
    body = {"listings": [listing["listing_id"]], "hours_to_answer": 48}
    refused = await market.broker.post(f"/v1/requirements/{requirement['requirement_id']}/competitions", body)
    assert [(one["field"], one["rule"]) for one in refused.json()["errors"]] == [("listings", "COMPETE-1")]
    competition, (first, _) = await a_competition(market, 2300, 2500)
    where = f"/v1/competitions/{competition['competition_id']}"
    strangers = (
        market.supplier(first["supplier_id"]),
        market.service.as_("broker_app"),
        market.service.as_("practitioner", team="another-team"),
        market.service.as_("broker", council=OTHER_COUNCIL),
    )
    for stranger in strangers:
        assert {(await stranger.get(path)).status_code for path in (where, f"{where}/answers")} == {404}


# ── sealed ────────────────────────────────────────────────────────────────────────────────────────────────────────
async def prices_seen(market: Market, competition: dict[str, Any]) -> dict[str, int | None]:
    """What the broker sees of each offer, wherever offers are read; both ways must agree."""
    items = (await market.broker.read("/v1/offers", requirement_id=competition["requirement_id"]))["items"]
    for each in items:
        assert (await market.broker.read(f"/v1/offers/{each['offer_id']}"))["price_pence"] == each["price_pence"]
    return {each["offer_id"]: each["price_pence"] for each in items}


async def test_until_the_deadline_nobody_sees_a_price_but_who_answered_it(market: Market) -> None:
    competition, (first, second) = await a_competition(market, 2300, 2500)
    assert (await answer(market, first, 2211)).json()["price_pence"] == 2211
    where = f"/v1/competitions/{competition['competition_id']}"
    for role in ("broker", "commissioner", "finance"):
        refused = await market.service.as_(role).get(f"{where}/answers")
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "answers-sealed")
        assert "2211" not in refused.text
    assert set((await prices_seen(market, competition)).values()) == {None}
    own = market.supplier(first["supplier_id"])
    assert (await own.read(f"/v1/offers/{first['offer_id']}"))["price_pence"] == 2211
    other = market.supplier(second["supplier_id"])
    assert (await other.get(f"/v1/offers/{first['offer_id']}")).status_code == 404
    assert "2211" not in str(await market.service.outbox())
    await close(market, competition)
    assert (await prices_seen(market, competition))[first["offer_id"]] == 2211
    ranked = (await market.broker.read(f"{where}/answers"))["ranked"]
    assert [(one["hourly_pence"], bool(one["steps"])) for one in ranked] == [(2211, True)]


async def test_a_competition_called_off_early_or_an_offer_taken_back_opens_no_answer(market: Market) -> None:
    competition, (first, _) = await a_competition(market, 2300, 2500)
    await answer(market, first, 2211)
    taken = await market.broker.done(f"/v1/offers/{first['offer_id']}/withdraw")
    assert (taken["state"], taken["price_pence"]) == ("withdrawn", None)
    where = f"/v1/competitions/{competition['competition_id']}"
    await market.broker.done(f"{where}/abandon", {"reason": WHY})
    assert (await market.broker.get(f"{where}/answers")).status_code == 409
    assert set((await prices_seen(market, competition)).values()) == {None}


async def test_an_offer_outside_a_competition_shows_its_price_to_whoever_made_it(market: Market) -> None:
    offer = await market.an_offer(await market.a_requirement(), await market.a_listing())
    assert (await market.broker.read(f"/v1/offers/{offer['offer_id']}"))["price_pence"] == 2300
    assert (await market.broker.done(f"/v1/offers/{offer['offer_id']}/withdraw"))["price_pence"] == 2300
