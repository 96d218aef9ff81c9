"""B2: ten visits of every order stand in marketplace's outbox at once; budget posts nine, safeguarding sees one missed."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.clock import LONDON
from shared.contracts.base import Fact
from shared.contracts.marketplace import VisitMissed, VisitRecorded
from tests.bench.books import await_all, value
from tests.bench.builds import PRODUCT, TEXTBOOK
from tests.bench.ground import Site
from tests.bench.world import AHEAD, Journey, as_row, known, today

EACH = 10
"""Visits of an order: the last one is missed."""
PENCE = 2000
DELIVERED = "select count(*) from journal where verb = 'deliver' and about is not null"
MISSED = "select count(*) from miss"


async def stream(site: Site, journeys: Sequence[Journey]) -> tuple[int, float, dict[str, float]]:
    """How many visits, seconds until all are posted and watched, CPU used."""
    rows = [row for order in await _orders(site, journeys) for row in _rows(order)]
    posted = len(rows) * (EACH - 1) // EACH + await value(site, "budget", DELIVERED)
    missed = len(rows) // EACH + await value(site, "safeguarding", MISSED)
    before, began = site.cpu(), time.time()
    await _say(site, rows)
    await await_all(site, {"budget": (DELIVERED, posted), "safeguarding": (MISSED, missed)}, 120)
    seconds, after = time.time() - began, site.cpu()
    return len(rows), seconds, {name: after[name] - before[name] for name in after}


async def _orders(site: Site, journeys: Sequence[Journey]) -> list[Any]:
    """Each order, and the last place marketplace has used for its person."""
    people = [journey.person_id for journey in journeys]
    async with site.admin("marketplace") as db:
        found = await db.fetch(
            """select o.order_id, o.person_id, o.supplier_id, o.budget_id, o.council_id, coalesce(p.last, 0) as last
            from "order" o left join place p on p.council_id = o.council_id and p.subject = o.person_id::text
            where o.person_id = any($1)""",
            people,
        )
    return list(found)


def _rows(order: Any) -> Iterator[tuple[str, str, str, str, str, int]]:
    """(council, topic, key, headers, payload, place)"""
    for n, fact in enumerate(_facts(order), 1):
        place = order["last"] + n
        _, topic, key, headers, payload = as_row(fact, order["council_id"], place)
        yield order["council_id"], topic, key, headers, payload, place


def _facts(order: Any) -> Iterator[Fact]:
    whose = {name: order[name] for name in ("order_id", "person_id", "supplier_id")}
    first = datetime.combine(today() + AHEAD, datetime.min.time(), LONDON) + timedelta(hours=8)
    for n in range(EACH - 1):
        yield VisitRecorded(
            **whose, visit_id=known(order["order_id"], n), budget_id=order["budget_id"], pence=PENCE, minutes=60,
            started_at=first + timedelta(hours=n),
        )  # fmt: skip
    yield VisitMissed(
        **(whose | {"supplier_id": known(order["person_id"], "a supplier of its own")}), visit_id=known(order["order_id"], EACH),
        planned_at=first, time_critical=_is_critical(order["person_id"]), because="no_staff",
    )  # fmt: skip


def _is_critical(person_id: UUID) -> bool:
    return person_id.int % 2 == 0


async def _say(site: Site, rows: Sequence[Any]) -> None:
    """Into the outbox, in one transaction, as the build's own commands would leave them."""
    councils, topics, keys, headers, payloads, places = map(list, zip(*rows, strict=True))
    if site.build == TEXTBOOK:
        headers = [json.dumps(dict(json.loads(one))) for one in headers]
    async with site.admin("marketplace") as db, db.transaction():
        await db.execute(
            """insert into place (council_id, subject, last) select council_id, subject, max(last)
            from unnest($1::text[], $2::text[], $3::bigint[]) as k(council_id, subject, last) group by 1, 2
            on conflict (council_id, subject) do update set last = excluded.last""",
            councils, keys, places,
        )  # fmt: skip
        own = ("outbox", "council_id, ", ", said_at", ", now()")
        table, council, at, now = own if site.build == PRODUCT else ("book_outbox", "", "", "")
        await db.execute(
            f"""insert into {table} ({council}topic, key, headers, payload{at})
            select {council}topic, key, headers, payload{now} from unnest($1::text[], $2::text[], $3::text[], $4::text[],
            $5::text[]) with ordinality as k(council_id, topic, key, headers, payload, n) order by n""",
            councils, topics, keys, headers, payloads,
        )  # fmt: skip


async def faults(site: Site, visits: int) -> list[str]:
    """What is wrong after these visits; empty if nothing is."""
    people, found = visits // EACH, []
    posted = people * (EACH - 1) * PENCE
    async with site.admin("budget") as db:
        purses = await db.fetchval("select sum(delivered) from purse")
        positions = await db.fetchval("select sum(delivered) from position")
        journals = await db.fetchval("select sum(delivered) from journal where verb = 'deliver'")
    if (purses, positions, journals) != (posted,) * 3:
        found.append(f"delivered {purses}, {positions}, {journals} of {posted}")
    if site.build in (PRODUCT, TEXTBOOK):
        async with site.admin("safeguarding") as db:
            alerts = await db.fetchval("select count(*) from alert where rule = 'time_critical_visit_missed'")
            critical = await db.fetchval("select count(*) from miss where time_critical")
        if alerts != critical:
            found.append(f"{alerts} alerts of {critical} critical misses")
    return found
