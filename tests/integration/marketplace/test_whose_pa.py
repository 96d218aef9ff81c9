"""A PA whom a person or a nominee employs is theirs: nobody else is shown, offered or told of them."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.base import Route, SupplierKind
from shared.testing.facts import hear
from shared.testing.harness import Caller
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.marketplace.journey import EMPLOYER, Market, a_line, a_plan
from tests.integration.marketplace.test_consent import given

LINE = a_line(kind_wanted=SupplierKind.PA, route=Route.DIRECT_PAYMENT)
TEAM = "older-people-north"


async def a_pa(market: Market, **more: Any) -> dict[str, Any]:
    pa = await market.a_supplier(kind="pa", **{"employer": "person", "name": "Synthetic Robin"} | more)
    return await market.a_listing(pa)


def places(listing: dict[str, Any]) -> tuple[str, ...]:
    supplier = f"/v1/suppliers/{listing['supplier_id']}"
    return (f"/v1/listings/{listing['listing_id']}", supplier)


def kept(listing: dict[str, Any]) -> tuple[str, ...]:
    supplier = f"/v1/suppliers/{listing['supplier_id']}"
    return (f"{supplier}/evidence", f"{supplier}/insurance", f"{supplier}/injuries")


async def finds(caller: Caller, *paths: str) -> set[int]:
    return {(await caller.get(path)).status_code for path in paths}


async def listed(caller: Caller) -> tuple[int, int]:
    return len((await caller.read("/v1/suppliers"))["items"]), len((await caller.read("/v1/listings"))["items"])


async def test_who_is_not_entitled_to_the_person_finds_no_trace_of_their_pa(market: Market) -> None:
    pa, other = await a_pa(market), await market.a_listing()
    await market.a_requirement(a_plan(LINE))
    strangers = (
        market.service.as_("practitioner", team="another-team"),
        market.service.as_("broker_app"),
        market.supplier(other["supplier_id"]),
    )
    for stranger in strangers:
        assert await finds(stranger, *places(pa), *kept(pa)) == {404}
        assert await listed(stranger) == (1, 1)
    elsewhere = market.service.as_("commissioner", council=OTHER_COUNCIL)
    assert (await finds(elsewhere, *places(pa), *kept(pa)), await listed(elsewhere)) == ({404}, (0, 0))


async def test_the_persons_team_their_app_the_pa_and_the_commissioner_find_them(market: Market) -> None:
    pa = await a_pa(market)
    await market.a_requirement(a_plan(LINE))
    own = (market.service.as_("practitioner", team=TEAM), market.supplier(pa["supplier_id"]), market.commissioner)
    for one in own:
        assert (await finds(one, *places(pa), *kept(pa)), await listed(one)) == ({200}, (1, 1))
    app = market.service.as_("broker_app")
    await hear(market.service, market.assessment.say(given(str(EMPLOYER))))
    assert (await finds(app, *places(pa)), await listed(app)) == ({200}, (1, 1))
    assert await finds(app, *kept(pa)) == {404}


async def test_a_pa_of_the_pool_is_there_for_everybody(market: Market) -> None:
    pa = await a_pa(market, employer="pool")
    for one in (market.service.as_("practitioner", team="another-team"), market.service.as_("broker_app")):
        assert await finds(one, *places(pa)) == {200}


async def test_another_persons_pa_is_neither_ranked_nor_offered_nor_chosen(market: Market) -> None:
    other_person = uuid4()
    pa, theirs = await a_pa(market), await a_pa(market, for_person_id=str(other_person))
    requirement = await market.a_requirement(a_plan(LINE))
    where = f"/v1/requirements/{requirement['requirement_id']}"
    found = await market.broker.read(f"{where}/matches")
    assert [one["listing_id"] for one in found["ranked"] + found["excluded"]] == [pa["listing_id"]]
    offer = {"listing_id": theirs["listing_id"], "price_pence": 1, "hours_to_answer": 1}
    choice = {"listing_id": theirs["listing_id"], "reason": "Synthetic."}
    for path, body in ((f"{where}/offers", offer), (f"{where}/choose", choice)):
        refused = await market.broker.post(path, body)
        assert (refused.status_code, [one["code"] for one in refused.json()["reasons"]]) == (
            409,
            ["employed_for_another"],
        )
    assert await market.said("offer_made") == await market.said("order_placed") == []


async def test_an_app_that_asks_for_another_persons_pa_is_not_told_they_exist(market: Market) -> None:
    theirs = await a_pa(market, for_person_id=str(uuid4()))
    requirement = await market.a_requirement(a_plan(LINE))
    await hear(market.service, market.assessment.say(given(str(EMPLOYER))))
    app, where = market.service.as_("broker_app"), f"/v1/requirements/{requirement['requirement_id']}"
    body = {"listing_id": theirs["listing_id"], "price_pence": 1, "hours_to_answer": 1}
    answers = [
        await app.post(f"{where}/offers", body),
        await app.post(f"{where}/choose", {"listing_id": theirs["listing_id"], "reason": "Synthetic."}),
    ]
    assert {each.status_code for each in answers} == {404}


@pytest.mark.parametrize(
    ("more", "rule"),
    [({"for_person_id": None}, "SUPPLIER-5"), ({"employer": "pool", "for_person_id": str(EMPLOYER)}, "SUPPLIER-6")],
)
async def test_whose_pa_it_is_must_be_said(market: Market, more: dict[str, Any], rule: str) -> None:
    body = {"name": "Synthetic", "kind": "pa", "employer": "person", "synthetic": True} | more
    answer = await market.commissioner.post("/v1/suppliers", body)
    assert answer.status_code == 422
    assert [(each["field"], each["rule"]) for each in answer.json()["errors"]] == [("for_person_id", rule)]


async def test_a_persons_own_pa_stands_on_no_framework_and_says_for_whom_they_are_listed(market: Market) -> None:
    pa = await a_pa(market)
    assert [one["for_person_id"] for one in await market.said("listing_published")] == [str(EMPLOYER)]
    body = {"support": "home_care", "suppliers": [pa["supplier_id"]], "ranking": "by_score", "obliged": True}
    refused = await market.commissioner.post("/v1/frameworks", body | {"first": "2024-01-01", "last": "2034-01-01"})
    assert [(each["field"], each["rule"]) for each in refused.json()["errors"]] == [("suppliers", "FRAME-3")]
