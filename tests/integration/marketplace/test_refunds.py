"""A claim that was accepted is too high: the supplier credits it, or the council asks for it back, revision by revision."""

from __future__ import annotations

from typing import Any

from shared.contracts.budget import ClaimPaid
from shared.testing.facts import hear
from tests.integration.marketplace.journey import Market, at, today
from tests.integration.marketplace.test_claims import a_claim, submit

REASON = "Synthetic: nobody came that day; the log was filled in later."


def as_it_was(days_ago: int, pence: int = 0, minutes: int = 0) -> dict[str, Any]:
    line = {"planned_at": at(days_ago).isoformat(), "minutes": minutes, "pence": pence}
    return {"lines": [line], "because": "visit_not_made", "reason": REASON}


async def accepted(market: Market) -> tuple[dict[str, Any], dict[str, Any]]:
    order = await market.a_started_order()
    await market.a_visit(order, 2)
    await market.a_visit(order, 1)
    claim = await submit(market, order, a_claim(2, 1))
    assert claim["state"] == "accepted"
    return order, claim


async def pays(market: Market, claim: dict[str, Any]) -> None:
    of_claim = {name: claim[name] for name in ("claim_id", "order_id", "person_id", "supplier_id")}
    await hear(market.service, market.budget.say(ClaimPaid(**of_claim, pence=claim["pence"], paid_on=today())))


async def test_the_council_asks_back_what_was_paid_for_a_visit_that_was_not_made(market: Market) -> None:
    _, claim = await accepted(market)
    await pays(market, claim)
    shown = await market.service.as_("finance").done(f"/v1/claims/{claim['claim_id']}/ask-back", as_it_was(2))
    assert (shown["state"], shown["pence"], shown["claimed_pence"]) == ("paid", 2300, 4600)
    (revision,) = shown["revisions"]
    assert (revision["number"], revision["before_pence"], revision["pence"]) == (2, 4600, 2300)
    assert (revision["asked_by_council"], revision["by"], revision["reason"]) == (True, "finance", REASON)
    assert revision["lowered"][0]["detail"].endswith("£23.00 was claimed.")
    (said,) = await market.said("claim_lowered")
    assert (said["pence"], said["before_pence"], said["revision"]) == (2300, 4600, 2)
    assert (said["because"], said["asked_by_council"]) == ("visit_not_made", True)
    assert REASON not in str(await market.service.outbox())


async def test_the_supplier_credits_its_own_claim_before_it_is_paid_and_again_after(market: Market) -> None:
    order, claim = await accepted(market)
    supplier, where = market.supplier(order["supplier_id"]), f"/v1/claims/{claim['claim_id']}/credit"
    shown = await supplier.done(where, as_it_was(2, 1150, 30))
    assert (shown["state"], shown["pence"]) == ("accepted", 3450)
    await pays(market, shown)
    shown = await supplier.done(where, as_it_was(2))
    assert (shown["state"], shown["pence"], [one["number"] for one in shown["revisions"]]) == ("paid", 2300, [2, 3])
    assert [one["before_pence"] for one in shown["revisions"]] == [4600, 3450]


async def test_a_claim_is_never_raised_so_and_each_line_is_named(market: Market) -> None:
    _, claim = await accepted(market)
    finance, where = market.service.as_("finance"), f"/v1/claims/{claim['claim_id']}/ask-back"
    body = as_it_was(2, 2301, 60)
    body["lines"].append(as_it_was(5)["lines"][0])
    refused = await finance.post(where, body)
    assert refused.status_code == 422
    assert [(one["field"], one["rule"]) for one in refused.json()["errors"]] == [
        ("lines[0]", "LOWER-2"),
        ("lines[1].planned_at", "LOWER-1"),
    ]
    same = await finance.post(where, as_it_was(2, 2300, 60))
    assert [one["rule"] for one in same.json()["errors"]] == ["LOWER-3"]


async def test_only_what_falls_below_a_settlement_comes_back(market: Market) -> None:
    """Settled for less than its lines: a line lowered within that gives nothing back."""
    order = await market.a_started_order()
    await market.a_visit(order, 2)
    claim = await submit(market, order, a_claim(2, 1))
    finance, where = market.service.as_("finance"), f"/v1/claims/{claim['claim_id']}"
    await finance.done(f"{where}/settle", {"pence": 3000, "reason": "Synthetic: half of the second."})
    refused = await finance.post(f"{where}/ask-back", as_it_was(1, 1000, 60))
    assert [one["rule"] for one in refused.json()["errors"]] == ["LOWER-3"]
    assert (await finance.done(f"{where}/ask-back", as_it_was(1)))["pence"] == 2300


async def test_nobody_lowers_what_is_not_decided_and_nobody_another_s(market: Market) -> None:
    order = await market.a_started_order()
    disputed = await submit(market, order, a_claim(1))
    where = f"/v1/claims/{disputed['claim_id']}"
    early = await market.service.as_("finance").post(f"{where}/ask-back", as_it_was(1))
    assert (early.status_code, early.json()["state"]) == (409, "disputed")
    order, claim = await accepted(market)
    where, other = f"/v1/claims/{claim['claim_id']}", await market.a_listing()
    own = market.supplier(order["supplier_id"], scope="claims:decide")
    assert (await own.post(f"{where}/ask-back", as_it_was(1))).json()["type"] == "/problems/own-work"
    stranger = market.supplier(other["supplier_id"])
    assert (await stranger.post(f"{where}/credit", as_it_was(1))).status_code == 404
    assert (await market.service.as_("practitioner").post(f"{where}/ask-back", as_it_was(1))).status_code == 403
