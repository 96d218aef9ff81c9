"""A practitioner's team sees what is bought for its own people, and nothing of others'."""

from __future__ import annotations

import pytest

from tests.integration.marketplace.journey import Market

TEAM, ANOTHER = "older-people-north", "learning-disability"


@pytest.mark.parametrize("what", ["requirements", "offers", "orders"])
async def test_what_is_bought_for_another_team_s_people_is_not_there(market: Market, what: str) -> None:
    order = await market.a_started_order()
    where = f"/v1/{what}/{order[f'{what[:-1]}_id']}"
    ours, theirs = market.service.as_("practitioner", team=TEAM), market.service.as_("practitioner", team=ANOTHER)
    assert (await ours.get(where)).status_code == 200
    assert (await theirs.get(where)).status_code == 404
    assert len((await ours.read(f"/v1/{what}"))["items"]) == 1
    assert (await theirs.read(f"/v1/{what}"))["items"] == []
