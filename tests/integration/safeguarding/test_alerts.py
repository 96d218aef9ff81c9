"""Who sees an alert, who acts on it, and what its state allows."""

from __future__ import annotations

from typing import Any

import pytest

from shared.testing.facts import Speaker, hear
from shared.testing.harness import Caller, Running, an_id
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.safeguarding.heard import DAN, FIRM, OTHER_FIRM, agreed, alerts, missed, pattern_of_three, sweep

REASON = {"reason": "Synthetic: rang the person, all is well."}


async def one_alert_of_each(safeguarding: Running) -> dict[str, dict[str, Any]]:
    """One of the team's and one of the commissioner's."""
    await pattern_of_three(safeguarding)
    return {one["owner"]: one for one in await alerts(safeguarding.as_("safeguarding_practitioner"))}


@pytest.fixture
async def staff(safeguarding: Running) -> Caller:
    return safeguarding.as_("safeguarding_practitioner")


@pytest.fixture
async def commissioner(safeguarding: Running) -> Caller:
    return safeguarding.as_("commissioner")


async def test_a_commissioner_sees_the_commissioners_alerts_and_no_others(
    safeguarding: Running, staff: Caller, commissioner: Caller
) -> None:
    both = await one_alert_of_each(safeguarding)
    assert len(await alerts(staff)) == 4
    assert [one["alert_id"] for one in await alerts(commissioner)] == [both["commissioner"]["alert_id"]]
    assert await alerts(commissioner, owner="team") == []
    assert (await commissioner.get(f"/v1/alerts/{both['team']['alert_id']}")).status_code == 404
    assert (await commissioner.post(f"/v1/alerts/{both['team']['alert_id']}/acknowledge")).status_code == 404


async def test_whose_alert_it_is_acts_on_it(safeguarding: Running, staff: Caller, commissioner: Caller) -> None:
    both = await one_alert_of_each(safeguarding)
    theirs = f"/v1/alerts/{both['commissioner']['alert_id']}/acknowledge"
    refused = await staff.post(theirs)
    assert (refused.status_code, refused.json()["needs"]) == (403, ["market:commission"])
    assert (await commissioner.done(theirs))["acknowledged_by"] == "commissioner"
    assert (await staff.done(f"/v1/alerts/{both['team']['alert_id']}/acknowledge"))["state"] == "acknowledged"


@pytest.mark.parametrize("role", ["practitioner", "supplier", "broker_app", "ops", "finance"])
async def test_nobody_else_sees_alerts(safeguarding: Running, role: str) -> None:
    both = await one_alert_of_each(safeguarding)
    caller = safeguarding.as_(role, supplier_id=FIRM)
    assert (await caller.get("/v1/alerts")).status_code == 403
    assert (await caller.get(f"/v1/alerts/{both['commissioner']['alert_id']}")).status_code == 403


async def test_another_councils_alert_is_not_there(safeguarding: Running) -> None:
    both = await one_alert_of_each(safeguarding)
    for role, owner in (("safeguarding_practitioner", "team"), ("commissioner", "commissioner")):
        stranger, where = safeguarding.as_(role, council=OTHER_COUNCIL), f"/v1/alerts/{both[owner]['alert_id']}"
        assert (await stranger.read("/v1/alerts"))["items"] == []
        assert (await stranger.get(where)).status_code == 404
        assert (await stranger.post(f"{where}/acknowledge")).status_code == 404


async def test_an_alert_is_acknowledged_before_it_is_closed(safeguarding: Running, staff: Caller) -> None:
    where = f"/v1/alerts/{(await one_alert_of_each(safeguarding))['team']['alert_id']}"
    refused = await staff.post(f"{where}/close", REASON)
    assert (refused.status_code, refused.json()["state"], refused.json()["allowed"]) == (
        409,
        "open",
        ["acknowledge", "extend"],
    )
    await staff.done(f"{where}/acknowledge")
    closed = await staff.done(f"{where}/close", REASON)
    assert (closed["state"], closed["closed_by"]) == ("closed", "safeguarding_practitioner")
    assert (await staff.post(f"{where}/acknowledge")).status_code == 409
    assert [note["text"] for note in (await staff.read(where))["history"]] == ["", REASON["reason"]]


@pytest.mark.parametrize("body", [{}, {"reason": " "}, {"reason": "x" * 4001}, {"reason": "x", "state": "closed"}])
async def test_an_alert_is_closed_with_a_reason_and_nothing_else(
    safeguarding: Running, staff: Caller, body: dict[str, str]
) -> None:
    where = f"/v1/alerts/{(await one_alert_of_each(safeguarding))['team']['alert_id']}"
    await staff.done(f"{where}/acknowledge")
    assert (await staff.post(f"{where}/close", body)).status_code == 422


async def test_who_read_an_older_alert_cannot_act_on_it(safeguarding: Running, staff: Caller) -> None:
    where = f"/v1/alerts/{(await one_alert_of_each(safeguarding))['team']['alert_id']}"
    seen = (await staff.get(where)).headers["ETag"]
    await staff.done(f"{where}/acknowledge", headers={"If-Match": seen})
    assert (await staff.post(f"{where}/close", REASON, headers={"If-Match": seen})).status_code == 412


async def test_lists_are_filtered_and_paged(safeguarding: Running, staff: Caller) -> None:
    market = Speaker()
    await one_alert_of_each(safeguarding)
    await hear(safeguarding, [market.say(missed(DAN, 0, OTHER_FIRM, critical=True)), Speaker().say(agreed())])
    await sweep(safeguarding)
    rules = {one["rule"] for one in await alerts(staff, kind="operational")}
    assert rules == {"nothing_started"}
    assert {one["rule"] for one in await alerts(staff, supplier_id=str(FIRM))} == {"visits_missed_by_supplier"}
    assert await alerts(staff, supplier_id=str(OTHER_FIRM)) == []
    assert len(await alerts(staff, owner="team", state="open")) == 5
    seen, cursor = [], None
    while cursor is not None or not seen:
        page = await staff.read("/v1/alerts", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [one["alert_id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen == sorted({one["alert_id"] for one in await alerts(staff)})
    assert (await staff.get("/v1/alerts", state="asleep")).status_code == 422


async def test_every_look_is_noted(safeguarding: Running, staff: Caller) -> None:
    unknown = an_id()
    assert (await staff.get(f"/v1/alerts/{unknown}")).status_code == 404
    where = (await one_alert_of_each(safeguarding))["team"]["alert_id"]
    looks = await safeguarding.rows("select sub, purpose from access_log where subject = $1", where)
    assert looks == [{"sub": "safeguarding_practitioner", "purpose": "read_alert"}]
