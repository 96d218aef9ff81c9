"""Marketplace's rows, without its rules: each line of a plan goes to the first listing of its council."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import asyncpg
from pydantic_core import to_json

from tests.bench.bare.events import Event, Said, columns, counted, say

HEARS = ("assessment", "budget")
SQL = """,
room as (update listing t set room_minutes = t.room_minutes - k.minutes, version = t.version + 1
    from unnest($15::uuid[], $16::text[], $17::bigint[]) as k(listing_id, council_id, minutes)
    where t.listing_id = k.listing_id and t.council_id = k.council_id),
wanted as (insert into requirement (requirement_id, council_id, plan_id, revision, budget_id, person_id, area, line,
    team, starts_on, state, version) select requirement_id, council_id, plan_id, 1, budget_id, person_id, area, line,
    'team-a', starts_on, 'filled', 0 from unnest($18::uuid[], $19::text[], $20::uuid[], $21::uuid[], $22::uuid[], $23::text[],
    $24::text[], $25::date[]) as k(requirement_id, council_id, plan_id, budget_id, person_id, area, line, starts_on)),
given as (insert into award (requirement_id, council_id, framework_id, listing_id, order_id, steps, considered, version)
    select requirement_id, council_id, framework_id, listing_id, order_id, steps, considered, 0
    from unnest($18::uuid[], $19::text[], $26::uuid[], $27::uuid[], $28::uuid[], $29::text[], $30::text[])
    as k(requirement_id, council_id, framework_id, listing_id, order_id, steps, considered)),
ordered as (insert into "order" (order_id, council_id, requirement_id, plan_id, budget_id, person_id, supplier_id,
    supplier_kind, line, route, hourly_pence, weekly_minutes, weekly_pence, starts_on, state, framework_id, listing_id,
    version)
    select order_id, council_id, requirement_id, plan_id, budget_id, person_id, supplier_id, 'provider', line,
    'council_managed', hourly_pence, weekly_minutes, weekly_pence, starts_on, 'placed', framework_id, listing_id, 0
    from unnest($28::uuid[], $19::text[], $18::uuid[], $20::uuid[], $21::uuid[], $22::uuid[], $31::uuid[], $24::text[],
    $32::bigint[], $33::bigint[], $34::bigint[], $25::date[], $26::uuid[], $27::uuid[]) as k(order_id, council_id, requirement_id,
    plan_id, budget_id, person_id, supplier_id, line, hourly_pence, weekly_minutes, weekly_pence, starts_on,
    framework_id, listing_id)),
confirmed as (update "order" t set state = 'confirmed', version = t.version + 1
    from unnest($35::uuid[], $36::text[], $37::text[]) as k(order_id, council_id, headers)
    where t.order_id = k.order_id and t.council_id = k.council_id
    returning t.order_id, t.person_id, t.supplier_id, t.council_id, k.headers)
insert into book_outbox (topic, key, headers, payload) select 'marketplace.events', person_id::text, headers,
    format('{"order_id":"%s","person_id":"%s","supplier_id":"%s"}', order_id, person_id, supplier_id) from confirmed
"""
STEPS = to_json([{"rule": "MATCH-PRICE", "because": {"code": "price_within_planned", "params": {}}, "effect": 50}] * 3)


class Rooms:
    """The first listing of each council, and its room: read once."""

    def __init__(self, rows: Sequence[asyncpg.Record], framework: dict[str, UUID]) -> None:
        self.framework = framework
        self.first: dict[str, Any] = {}
        self.room: dict[UUID, int] = {}
        self.considered: dict[str, str] = {}
        by_council: dict[str, list[Any]] = {}
        for row in rows:
            by_council.setdefault(row["council_id"], []).append(row)
            self.room[row["listing_id"]] = row["room_minutes"]
        for council, many in by_council.items():
            self.first[council] = many[0]
            self.considered[council] = to_json([{**dict(one), "score": 60, "excluded": []} for one in many]).decode()

    def decide(self, events: Sequence[Event]) -> tuple[str, list[Any], Said]:
        said: Said = []
        orders, confirmed, taken = [], [], []
        for kind, _, council, subject, body in events:
            if kind == "assessment.plan_agreed.v1":
                orders.append(self._order(council, subject, body, said))
                taken.append((orders[-1][9], council, body["lines"][0]["weekly_minutes"]))
            elif kind == "budget.funds_committed.v1":
                confirmed.append((UUID(body["order_id"]), council, _confirmed(council)))
        rooms = [(*where, many * 420) for where, many in counted([(one[0], one[1]) for one in taken]).items()]
        return SQL, [*columns(rooms, 3), *columns(orders, 17), *columns(confirmed, 3)], said

    def _order(self, council: str, subject: str, body: Any, said: Said) -> tuple[Any, ...]:
        listing, line, framework = self.first[council], body["lines"][0], self.framework[council]
        requirement, order = uuid4(), uuid4()
        minutes, price = line["weekly_minutes"], listing["hourly_pence"]
        weekly = minutes * price // 60
        self.room[listing["listing_id"]] -= minutes
        text = to_json(line).decode()
        opened = {"requirement_id": requirement, "plan_id": body["plan_id"], "person_id": subject, "line": line,
                  "starts_on": body["starts_on"]}  # fmt: skip
        say(said, "marketplace.requirement_opened.v1", council, subject, to_json(opened).decode())
        published = {**dict(listing), "room_minutes": self.room[listing["listing_id"]], "areas": ["north"]}
        del published["council_id"]
        say(said, "marketplace.listing_published.v1", council, str(listing["supplier_id"]), to_json(published).decode())
        placed = {**opened, "order_id": order, "budget_id": body["budget_id"], "supplier_id": listing["supplier_id"],
                  "supplier_kind": "provider", "route": "council_managed", "hourly_pence": price, "weekly_minutes": minutes,
                  "weekly_pence": weekly, "framework_id": framework}  # fmt: skip
        say(said, "marketplace.order_placed.v1", council, subject, to_json(placed).decode())
        return (
            requirement, council, UUID(body["plan_id"]), UUID(body["budget_id"]), UUID(subject), body["area"], text,
            date.fromisoformat(body["starts_on"]), framework, listing["listing_id"], order, STEPS.decode(),
            self.considered[council], listing["supplier_id"], price, minutes, weekly,
        )  # fmt: skip


def _confirmed(council: str) -> str:
    said: Said = []
    say(said, "marketplace.order_confirmed.v1", council, "", "")
    return said[0][3]


async def prepare(pool: asyncpg.Pool) -> Any:
    rows = await pool.fetch(
        """select listing_id, supplier_id, council_id, supplier_kind, support, hourly_pence, room_minutes from listing
        order by council_id, hourly_pence"""
    )
    framework = {row[0]: row[1] for row in await pool.fetch("select council_id, framework_id from framework")}
    return Rooms(rows, framework).decide
