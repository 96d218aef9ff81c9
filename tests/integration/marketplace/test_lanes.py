"""Every lane is claimed and accounted for through one matching; who came is kept under a pseudonym."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.base import Route
from tests.integration.marketplace.journey import Market, a_visit, at, today
from tests.integration.marketplace.test_claims import a_claim, submit
from tests.integration.marketplace.test_readiness import FOR_A_PA

REGISTERED = ("registration", "employers_liability")


@pytest.mark.parametrize(
    ("route", "form", "shown", "kind"),
    [
        (Route.COUNCIL_MANAGED, {"kind": "in_house"}, REGISTERED, "internal_recharge"),
        (Route.COUNCIL_MANAGED, {"kind": "provider"}, REGISTERED, "invoice"),
        (Route.ISF, {"kind": "provider"}, REGISTERED, "isf_statement"),
        (Route.DIRECT_PAYMENT, {"kind": "pa", "employer": "person"}, FOR_A_PA, "payroll_return"),
        (Route.DIRECT_PAYMENT, {"kind": "provider"}, REGISTERED, "statement"),
    ],
)
async def test_each_lane_claims_in_its_own_kind_through_the_same_steps(
    market: Market, route: Route, form: dict[str, str], shown: tuple[str, ...], kind: str
) -> None:
    order = await market.a_started_order_of(route, *shown, **form)
    await market.a_visit(order, 1)
    claim = await submit(market, order, a_claim(1))
    assert (claim["kind"], claim["state"]) == (kind, "accepted")
    assert [one["kind"] for one in await market.said("claim_submitted")] == [kind]
    assert [one["kind"] for one in await market.said("claim_accepted")] == [kind]


EMPLOYING = [{"item": "employer_ni", "pence": 210}, {"item": "pension", "pence": 55}, {"item": "holiday", "pence": 0}]


async def test_a_payroll_return_says_what_employing_cost_besides_the_wages_line_by_line(market: Market) -> None:
    order = await market.a_started_order_of(Route.DIRECT_PAYMENT, *FOR_A_PA, kind="pa", employer="person")
    await market.a_visit(order, 1)
    claim = await submit(market, order, a_claim(1) | {"employing": EMPLOYING})
    assert (claim["state"], claim["pence"], claim["employing"]) == ("accepted", 2300, EMPLOYING)
    (said,) = await market.said("claim_accepted")
    assert (said["pence"], said["employing"]) == (2300, EMPLOYING)


@pytest.mark.parametrize(
    ("employing", "field", "rule"),
    [
        ([EMPLOYING[0], EMPLOYING[0]], "employing[1].item", "CLAIM-5"),
        ([{"item": "tips", "pence": 1}], "employing[0].item", None),
        ([{"item": "pension", "pence": -1}], "employing[0].pence", None),
        ([{"item": "pension", "pence": 1.5}], "employing[0].pence", None),
        ([{"item": "pension"}], "employing[0].pence", None),
    ],
)
async def test_a_line_of_a_payroll_return_that_cannot_be_is_named_with_its_rule(
    market: Market, employing: list[dict[str, Any]], field: str, rule: str | None
) -> None:
    order = await market.a_started_order_of(Route.DIRECT_PAYMENT, *FOR_A_PA, kind="pa", employer="person")
    await market.a_visit(order, 1)
    where = f"/v1/orders/{order['order_id']}/claims"
    refused = await market.supplier(order["supplier_id"]).post(where, a_claim(1) | {"employing": employing})
    assert refused.headers["Content-Type"] == "application/problem+json"
    (error,) = refused.json()["errors"]
    assert error["field"] == field
    assert rule in (None, error["rule"])
    assert await market.said("claim_accepted") == []


async def test_an_invoice_says_nothing_of_what_employing_cost(market: Market) -> None:
    order = await market.a_started_order()
    await market.a_visit(order, 1)
    where = f"/v1/orders/{order['order_id']}/claims"
    refused = await market.supplier(order["supplier_id"]).post(where, a_claim(1) | {"employing": EMPLOYING})
    assert [(one["field"], one["rule"]) for one in refused.json()["errors"]] == [
        (f"employing[{at}]", "CLAIM-4") for at in range(3)
    ]


async def test_who_came_is_said_under_a_pseudonym_and_counted(market: Market) -> None:
    order = await market.a_started_order()
    for days_ago, worker in ((6, "cw-1"), (5, "cw-1"), (4, "cw-2"), (3, "cw-3"), (2, "cw-4"), (1, None)):
        await market.a_visit(order, days_ago, **({"worker": worker} if worker else {}))
    said = [one["worker"] for one in await market.said("visit_recorded")]
    assert said == ["cw-1", "cw-1", "cw-2", "cw-3", "cw-4", None]
    where = f"/v1/orders/{order['order_id']}/continuity"
    figure = await market.broker.read(where)
    del figure["order_id"]
    assert figure == {"visits": 6, "known": 5, "workers": 4, "by_few": 4, "share_percent": 80}
    other = market.supplier((await market.a_supplier())["supplier_id"])
    assert (await other.get(where)).status_code == 404


async def test_another_worker_for_a_recorded_visit_is_another_record(market: Market) -> None:
    order = await market.a_started_order()
    first = await market.a_visit(order, 1, worker="cw-1")
    assert (await market.a_visit(order, 1, worker="cw-1"))["visit_id"] == first["visit_id"]
    where = f"/v1/orders/{order['order_id']}/visits"
    refused = await market.supplier(order["supplier_id"]).post(where, a_visit(1) | {"worker": "cw-2"})
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "already-recorded")


async def test_a_file_says_who_came_too(market: Market) -> None:
    order = await market.a_started_order()
    planned = at(1).isoformat()
    rows = [
        f"{order['order_id']},{planned},{planned},60,recorded,cw-7",
        f"{order['order_id']},{at(2).isoformat()},,,missed,cw-7",
    ]
    file = "\n".join(["order_reference,planned_start,actual_start,minutes,outcome,worker", *rows])
    supplier = market.supplier(order["supplier_id"])
    sent = await supplier.post("/v1/visit-uploads", content=file, headers={"Content-Type": "text/csv"})
    assert [(one["field"], one["rule"]) for one in sent.json()["rejected"]] == [("worker", "worker_without_visit")]
    (said,) = await market.said("visit_recorded")
    assert (said["worker"], said["minutes"]) == ("cw-7", 60)
    days = {"first": str(today() - timedelta(days=3)), "last": str(today())}
    visits = await supplier.read(f"/v1/orders/{order['order_id']}/visits", **days)
    assert [one["worker"] for one in visits["items"]] == ["cw-7"]
