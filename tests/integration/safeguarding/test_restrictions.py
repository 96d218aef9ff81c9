"""One proposes, a commissioner decides; the market hears what it must act on, and the review is not forgotten."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from shared.clock import civil_date, start_of
from shared.testing.harness import Running, an_id
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.safeguarding.heard import FIRM, OTHER_FIRM, a_supplier, alerts, sweep

REASON = {"reason": "Synthetic: the visit on site showed it."}


def in_days(days: int) -> date:
    return civil_date(datetime.now(UTC)) + timedelta(days=days)


def terms(**more: Any) -> dict[str, Any]:
    return {
        "supplier_id": str(FIRM),
        "level": "no_new_placements",
        "supports": ["home_care"],
        "because": "visits_missed",
        "reasons": "Synthetic: six visits missed in a week, no answer from the manager.",
        "review_on": str(in_days(28)),
        **more,
    }


async def proposed(safeguarding: Running, **more: Any) -> str:
    """The path of a restriction that sam proposed."""
    await a_supplier(safeguarding)
    made = await safeguarding.as_("safeguarding_practitioner", sub="sam").done("/v1/restrictions", terms(**more))
    return f"/v1/restrictions/{made['restriction_id']}"


async def placed(safeguarding: Running, **more: Any) -> str:
    where = await proposed(safeguarding, **more)
    await safeguarding.as_("commissioner").done(f"{where}/place")
    return where


async def test_a_proposal_changes_nothing_until_a_commissioner_places_it(safeguarding: Running) -> None:
    where = await proposed(safeguarding)
    assert await safeguarding.outbox() == []
    commissioner = safeguarding.as_("commissioner")
    assert (await commissioner.read(where))["reasons"].startswith("Synthetic")
    answer = await commissioner.done(f"{where}/place")
    assert (answer["state"], answer["decided_by"], answer["proposed_by"]) == ("placed", "commissioner", "sam")
    ((kind, fact),) = await safeguarding.outbox()
    assert kind == "safeguarding.restriction_placed.v1"
    assert fact == {
        "restriction_id": answer["restriction_id"],
        "supplier_id": str(FIRM),
        "level": "no_new_placements",
        "supports": ["home_care"],
        "review_on": str(in_days(28)),
        "because": {"code": "visits_missed", "params": {}},
    }


async def test_nobody_decides_what_they_proposed(safeguarding: Running) -> None:
    where = await proposed(safeguarding)
    same = safeguarding.as_("commissioner", sub="sam")
    for verb, body in (("place", {}), ("decline", REASON)):
        refused = await same.post(f"{where}/{verb}", body)
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/own-work")
    assert await safeguarding.outbox() == []


async def test_who_proposes_cannot_place_and_who_places_cannot_propose(safeguarding: Running) -> None:
    where = await proposed(safeguarding)
    assert (await safeguarding.as_("safeguarding_practitioner").post(f"{where}/place")).status_code == 403
    assert (await safeguarding.as_("commissioner").post("/v1/restrictions", terms())).status_code == 403
    assert (await safeguarding.as_("supplier", supplier_id=FIRM).get(where)).status_code == 403


async def test_a_restriction_is_kept_and_lifted_and_the_market_hears_of_it(safeguarding: Running) -> None:
    where, commissioner = await placed(safeguarding), safeguarding.as_("commissioner")
    kept = await commissioner.done(f"{where}/keep", {**REASON, "review_on": str(in_days(56))})
    assert (kept["state"], kept["review_on"]) == ("kept", str(in_days(56)))
    lifted = await commissioner.done(f"{where}/lift", REASON)
    assert lifted["state"] == "lifted"
    assert [kind for kind, _ in await safeguarding.outbox()] == [
        "safeguarding.restriction_placed.v1",
        "safeguarding.restriction_kept.v1",
        "safeguarding.restriction_lifted.v1",
    ]
    assert "Synthetic" not in str(await safeguarding.outbox())
    assert await safeguarding.rows("select 1 from due") == []
    assert [note["verb"] for note in lifted["history"]] == ["place", "keep", "lift"]


async def test_a_declined_proposal_is_never_said(safeguarding: Running) -> None:
    where, commissioner = await proposed(safeguarding), safeguarding.as_("commissioner")
    assert (await commissioner.done(f"{where}/decline", REASON))["state"] == "declined"
    assert (await commissioner.post(f"{where}/place")).status_code == 409
    assert await safeguarding.outbox() == []


@pytest.mark.parametrize("verb", ["keep", "lift"])
async def test_what_is_only_proposed_can_be_neither_kept_nor_lifted(safeguarding: Running, verb: str) -> None:
    where = await proposed(safeguarding)
    body = REASON | ({"review_on": str(in_days(5))} if verb == "keep" else {})
    refused = await safeguarding.as_("commissioner").post(f"{where}/{verb}", body)
    assert (refused.status_code, refused.json()["state"]) == (409, "proposed")
    assert refused.json()["allowed"] == ["decline", "place"]


async def test_placing_twice_says_it_once(safeguarding: Running) -> None:
    where, commissioner = await proposed(safeguarding), safeguarding.as_("commissioner")
    first = await commissioner.done(f"{where}/place", key="once")
    assert await commissioner.done(f"{where}/place", key="once") == first
    assert (await commissioner.post(f"{where}/place")).status_code == 409
    assert len(await safeguarding.outbox()) == 1


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"review_on": str(date(2024, 1, 1))}, "RESTRICT-3"),
        ({"review_on": "2100-12-31"}, "RESTRICT-4"),
        ({"supports": ["home_care", "home_care"]}, "RESTRICT-2"),
    ],
)
async def test_terms_that_do_not_hold_are_refused(safeguarding: Running, more: dict[str, Any], rule: str) -> None:
    await a_supplier(safeguarding)
    refused = await safeguarding.as_("safeguarding_practitioner").post("/v1/restrictions", terms(**more))
    assert refused.status_code == 422
    assert [error["rule"] for error in refused.json()["errors"]] == [rule]


@pytest.mark.parametrize(
    "more",
    [
        {"level": "closure"},
        {"because": "Mrs Smith said so"},
        {"because": "physical"},  # a category of abuse never travels
        {"reasons": ""},
        {"review_on": "9999-12-31"},
        {"supplier_id": "firm"},
        {"supports": ["home_care"] * 21},
        {"state": "placed"},
    ],
)
async def test_bad_fields_are_refused(safeguarding: Running, more: dict[str, Any]) -> None:
    await a_supplier(safeguarding)
    refused = await safeguarding.as_("safeguarding_practitioner").post("/v1/restrictions", terms(**more))
    assert refused.status_code == 422


async def test_a_supplier_nobody_knows_cannot_be_restricted(safeguarding: Running) -> None:
    """Otherwise a mistyped id would look like a restriction and protect nobody."""
    await a_supplier(safeguarding)
    staff = safeguarding.as_("safeguarding_practitioner")
    assert (await staff.post("/v1/restrictions", terms(supplier_id=str(OTHER_FIRM)))).status_code == 404
    assert (await staff.post("/v1/restrictions", terms(concern_id=str(an_id())))).status_code == 404
    stranger = safeguarding.as_("safeguarding_practitioner", council=OTHER_COUNCIL)
    assert (await stranger.post("/v1/restrictions", terms())).status_code == 404


async def test_another_councils_restriction_is_not_there(safeguarding: Running) -> None:
    where = await proposed(safeguarding)
    stranger = safeguarding.as_("commissioner", council=OTHER_COUNCIL)
    assert (await stranger.get(where)).status_code == 404
    assert (await stranger.read("/v1/restrictions"))["items"] == []
    bodies = {"place": {}, "decline": REASON, "keep": {**REASON, "review_on": str(in_days(5))}, "lift": REASON}
    for verb, body in bodies.items():
        assert (await stranger.post(f"{where}/{verb}", body)).status_code == 404


async def test_lists_are_filtered(safeguarding: Running) -> None:
    where, commissioner = await placed(safeguarding), safeguarding.as_("commissioner")
    await proposed(safeguarding)
    (one,) = (await commissioner.read("/v1/restrictions", state="placed"))["items"]
    assert where.endswith(one["restriction_id"])
    assert len((await commissioner.read("/v1/restrictions", supplier_id=str(FIRM)))["items"]) == 2
    assert (await commissioner.read("/v1/restrictions", supplier_id=str(OTHER_FIRM)))["items"] == []


async def leap_to(safeguarding: Running, day: date) -> None:
    to = start_of(day) + timedelta(hours=1)
    await safeguarding.as_("ops").done("/sandbox/clock", {"to": to.isoformat()})


async def test_the_day_of_review_is_an_alert_to_the_commissioner_and_the_restriction_holds_on(
    safeguarding: Running,
) -> None:
    where, commissioner = await placed(safeguarding), safeguarding.as_("commissioner")
    assert await sweep(safeguarding) == 0
    await leap_to(safeguarding, in_days(28))
    assert await sweep(safeguarding) == 1
    (alert,) = await alerts(commissioner)
    assert (alert["rule"], alert["kind"], alert["owner"]) == ("restriction_review_due", "operational", "commissioner")
    assert (alert["supplier_id"], [where]) == (str(FIRM), [f"/v1/restrictions/{alert['evidence'][0]}"])
    assert alert["explanation"] == f"The restriction is to be reviewed on {in_days(28)}."
    assert (await commissioner.read(where))["state"] == "placed"
    assert len(await safeguarding.outbox()) == 1


async def test_a_review_that_was_held_early_moves_the_reminder(safeguarding: Running) -> None:
    where, commissioner = await placed(safeguarding), safeguarding.as_("commissioner")
    await commissioner.done(f"{where}/keep", {**REASON, "review_on": str(in_days(56))})
    await leap_to(safeguarding, in_days(28))
    assert await sweep(safeguarding) == 0
    await leap_to(safeguarding, in_days(56))
    assert await sweep(safeguarding) == 1
    assert len(await alerts(commissioner)) == 1


async def test_terms_that_are_out_of_date_are_proposed_again(safeguarding: Running) -> None:
    where = await proposed(safeguarding)
    await leap_to(safeguarding, in_days(28))
    refused = await safeguarding.as_("commissioner").post(f"{where}/place")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/terms-out-of-date")
