"""A brokerage app sees people who consented, for as long as they did, and acts for nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from shared.contracts.assessment import ConsentGiven, ConsentWithdrawn
from shared.contracts.base import Fact
from shared.testing.facts import hear
from shared.testing.harness import Caller
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.marketplace.journey import Market, today

APP = "broker_app-app"


def given(person_id: str, **more: Any) -> ConsentGiven:
    return ConsentGiven(**{"consent_id": uuid4(), "person_id": UUID(person_id), "client_id": APP} | more)


def withdrawn(consent: ConsentGiven) -> ConsentWithdrawn:
    return ConsentWithdrawn(consent_id=consent.consent_id, person_id=consent.person_id, client_id=consent.client_id)


async def looks(app: Caller, order: dict[str, Any]) -> set[int]:
    paths = (
        f"/v1/requirements/{order['requirement_id']}",
        f"/v1/requirements/{order['requirement_id']}/matches",
        f"/v1/offers/{order['offer_id']}",
        f"/v1/orders/{order['order_id']}",
        f"/v1/orders/{order['order_id']}/visits",
    )
    return {(await app.get(path)).status_code for path in paths}


async def lists(app: Caller) -> set[int]:
    return {len((await app.read(f"/v1/{kind}"))["items"]) for kind in ("requirements", "offers", "orders")}


async def test_an_app_sees_and_lists_only_what_consent_opens(market: Market) -> None:
    order, app = await market.an_order(), market.service.as_("broker_app")
    assert (await looks(app, order), await lists(app)) == ({404}, {0})
    consent = given(order["person_id"])
    await hear(market.service, market.assessment.say(consent))
    assert (await looks(app, order), await lists(app)) == ({200}, {1})
    stranger = market.service.as_("broker_app", client_id="another-app")
    assert (await looks(stranger, order), await lists(stranger)) == ({404}, {0})
    elsewhere = market.service.as_("broker_app", council=OTHER_COUNCIL)
    assert (await looks(elsewhere, order), await lists(elsewhere)) == ({404}, {0})
    await hear(market.service, market.assessment.say(withdrawn(consent)))
    assert (await looks(app, order), await lists(app)) == ({404}, {0})
    await hear(market.service, market.assessment.say(given(order["person_id"])))
    assert await looks(app, order) == {200}


async def test_consent_ends_after_its_last_day(market: Market) -> None:
    order, app = await market.an_order(), market.service.as_("broker_app")
    await hear(market.service, market.assessment.say(given(order["person_id"], until=today())))
    assert await looks(app, order) == {200}
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await market.service.as_("ops").done("/sandbox/clock", {"to": tomorrow.isoformat()})
    assert (await looks(app, order), await lists(app)) == ({404}, {0})


def _none(person_id: str) -> list[Fact]:
    return []


def _withdrawn(person_id: str) -> list[Fact]:
    consent = given(person_id)
    return [consent, withdrawn(consent)]


def _expired(person_id: str) -> list[Fact]:
    return [given(person_id, until=today() - timedelta(days=1))]


def _of_another_app(person_id: str) -> list[Fact]:
    return [given(person_id, client_id="another-app")]


@pytest.mark.parametrize("facts", [_none, _withdrawn, _expired, _of_another_app])
async def test_an_app_asks_nobody_and_takes_nothing_back_without_consent(market: Market, facts: Any) -> None:
    listing, requirement = await market.a_listing(), await market.a_requirement()
    app = market.service.as_("broker_app")
    for fact in facts(requirement["person_id"]):
        await hear(market.service, market.assessment.say(fact))
    where = f"/v1/requirements/{requirement['requirement_id']}/offers"
    body = {"listing_id": listing["listing_id"], "price_pence": 2300, "hours_to_answer": 48}
    assert (await app.post(where, body)).status_code == 404
    offer = await market.an_offer(requirement, listing)
    assert (await app.post(f"/v1/offers/{offer['offer_id']}/withdraw")).status_code == 404
    await hear(market.service, market.assessment.say(given(requirement["person_id"], until=today())))
    assert (await app.post(f"/v1/offers/{offer['offer_id']}/withdraw")).status_code == 200
    assert (await app.post(where, body)).status_code == 201


async def test_an_app_and_a_team_see_no_unmatched_visits(market: Market) -> None:
    order = await market.a_started_order()
    row = "A-1,2024-06-03T08:00,2024-06-03T08:00,60,delivered"
    header = "order_reference,planned_start,actual_start,minutes,outcome"
    sent = {"content": f"{header}\n{row}".encode(), "headers": {"Content-Type": "text/csv"}}
    await market.supplier(order["supplier_id"]).done("/v1/visit-uploads", **sent)
    await hear(market.service, market.assessment.say(given(order["person_id"])))
    assert len((await market.broker.read("/v1/unmatched-visits"))["items"]) == 1
    assert (await market.service.as_("broker_app").read("/v1/unmatched-visits"))["items"] == []
    assert (await market.service.as_("practitioner", team="any").read("/v1/unmatched-visits"))["items"] == []
