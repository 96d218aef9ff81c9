"""A council with more listings than anybody is shown: whoever could take it on is found among them all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg

from services.marketplace.api.views import MatchesView
from services.marketplace.models import Listing, Requirement, Restriction
from services.marketplace.rules.matching import NO_RECORD, rank
from shared.db import transaction
from shared.runtime.reading import select
from tests.bench.matching import COUNCIL, WANTED, listings
from tests.bench.world import seed
from tests.integration.marketplace.journey import Market

MANY = 3_000


async def filled(market: Market) -> None:
    connection = await asyncpg.connect(market.service.settings.worker_database_url)
    await seed(connection, [*listings(MANY), *WANTED])
    await connection.close()


async def of_all(market: Market, wanted: Requirement) -> Any:
    """The answer as rules give it that look at every single listing."""
    async with transaction(market.service.worker) as tx:
        every = await select(tx, Listing, "t.council_id = $1", COUNCIL)
        restricted = {each.supplier_id: each for each in await select(tx, Restriction, "t.council_id = $1", COUNCIL)}
    candidates = [replace(one.as_candidate(restricted.get(one.supplier_id)), record=NO_RECORD) for one in every]
    assert len(candidates) == MANY
    matches = rank(wanted.as_wanted(frozenset()), candidates)
    return MatchesView.ranking(wanted.requirement_id, matches).model_dump(mode="json")


async def asked(market: Market, requirement_id: UUID, **query: Any) -> Any:
    broker = market.service.as_("broker", council=COUNCIL)
    return await broker.read(f"/v1/requirements/{requirement_id}/matches", **query)


async def test_of_thousands_of_listings_the_answer_is_the_head_of_the_one_that_looks_at_every_one(
    market: Market,
) -> None:
    await filled(market)
    ranked = 0
    for wanted in WANTED[:12]:
        whole, shown = await of_all(market, wanted), await asked(market, wanted.requirement_id, limit=3)
        assert shown["ranked"] == whole["ranked"][:3]
        assert shown["excluded"] == whole["excluded"][:3]
        ranked += len(shown["ranked"])
    assert ranked > 12


async def test_whoever_could_take_it_on_is_ranked_also_where_a_thousand_others_come_first(market: Market) -> None:
    await filled(market)
    for wanted in WANTED[:12]:
        whole, shown = await of_all(market, wanted), await asked(market, wanted.requirement_id)
        assert shown["ranked"] == whole["ranked"]
        assert shown["excluded"] == whole["excluded"][:1000]


async def test_a_listing_that_is_published_is_found_in_every_area_it_serves(market: Market) -> None:
    listing = await market.a_listing(areas=["north", "south", "north"])
    rows = await market.service.rows("select area from served where listing_id = $1 order by 1", listing["listing_id"])
    assert [row["area"] for row in rows] == ["north", "south"]
