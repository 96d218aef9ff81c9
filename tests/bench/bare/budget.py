"""Budget's rows, without its rules. An order that comes before its plan waits in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic_core import to_json

from services.budget.rules.commitments import commitment_pence, commitment_period
from shared.money import financial_year_start
from tests.bench.bare.events import Event, Said, columns, say

HEARS = ("assessment", "marketplace")
SQL = """,
funded as (insert into funding (plan_id, council_id, budget_id, person_id, agreed, revision, team, weekly_pence,
    person_pence, lines, starts_on, version) select plan_id, council_id, budget_id, person_id, true, 1, team,
    weekly_pence, 0, lines, starts_on, 0 from unnest($15::uuid[], $16::text[], $17::uuid[], $18::uuid[], $19::text[],
    $20::bigint[], $21::text[], $22::date[]) as k(plan_id, council_id, budget_id, person_id, team, weekly_pence, lines,
    starts_on)),
purses as (insert into purse (budget_id, year, council_id, person_id, allocated, contribution, available, committed,
    delivered, disputed, paid, accounted_for, reserved, returned, journals, version) select budget_id, year, council_id,
    person_id, allocated, 0, available, committed, 0, 0, 0, 0, 0, 0, journals, 0 from unnest($23::uuid[], $24::date[],
    $25::text[], $26::uuid[], $27::bigint[], $28::bigint[], $29::bigint[], $30::bigint[], $31::bigint[])
    as k(budget_id, year, council_id, person_id, allocated, available, committed, delivered, journals)
    where delivered = 0 and available >= 0),
moved as (update purse t set available = t.available + k.available, committed = t.committed + k.committed,
    delivered = t.delivered + k.delivered, journals = t.journals + k.journals, version = t.version + 1
    from unnest($23::uuid[], $24::date[], $25::text[], $26::uuid[], $27::bigint[], $28::bigint[], $29::bigint[],
    $30::bigint[], $31::bigint[]) as k(budget_id, year, council_id, person_id, allocated, available, committed,
    delivered, journals) where (k.delivered > 0 or k.available < 0) and t.budget_id = k.budget_id and t.year = k.year
    and t.council_id = k.council_id),
posted as (insert into journal (budget_id, year, number, council_id, verb, at, by, order_id, about, allocated,
    contribution, available, committed, delivered, disputed, paid, accounted_for, reserved, returned, version)
    select budget_id, year, number, council_id, verb, at, 'system', order_id, about, allocated, 0, available, committed,
    delivered, 0, 0, 0, 0, 0, 0 from unnest($32::uuid[], $33::date[], $34::bigint[], $35::text[], $36::text[],
    $37::timestamptz[], $38::uuid[], $39::uuid[], $40::bigint[], $41::bigint[], $42::bigint[], $43::bigint[])
    as k(budget_id, year, number, council_id, verb, at, order_id, about, allocated, available, committed, delivered)),
committed as (insert into commitment (order_id, council_id, budget_id, person_id, state, plan_id, supplier_id,
    weekly_pence, first, last, short_pence, owner_team, held, version) select order_id, council_id, budget_id, person_id,
    'committed', plan_id, supplier_id, weekly_pence, first, last, 0, 'team-a', '[]', 0 from unnest($44::uuid[],
    $45::text[], $46::uuid[], $47::uuid[], $48::uuid[], $49::uuid[], $50::bigint[], $51::date[], $52::date[])
    as k(order_id, council_id, budget_id, person_id, plan_id, supplier_id, weekly_pence, first, last)),
stand as (insert into position (order_id, year, council_id, budget_id, committed, delivered, disputed, paid, version)
    select order_id, year, council_id, budget_id, committed, delivered, 0, 0, 0 from unnest($53::uuid[], $54::date[],
    $55::text[], $56::uuid[], $57::bigint[], $58::bigint[]) as k(order_id, year, council_id, budget_id, committed,
    delivered) where committed > 0),
stood as (update position t set committed = t.committed + k.committed, delivered = t.delivered + k.delivered,
    version = t.version + 1 from unnest($53::uuid[], $54::date[], $55::text[], $56::uuid[], $57::bigint[], $58::bigint[])
    as k(order_id, year, council_id, budget_id, committed, delivered)
    where k.committed <= 0 and t.order_id = k.order_id and t.year = k.year and t.council_id = k.council_id),
timed as (insert into due (name, key, council_id, subject, at, body, cause, correlation) select 'CommitmentEnds',
    order_id::text, council_id, person_id::text, last::timestamptz, '{}', order_id, order_id from unnest($44::uuid[],
    $45::text[], $47::uuid[], $52::date[]) as k(order_id, council_id, person_id, last))
update listing_copy t set room_minutes = k.room_minutes, version = t.version + 1
    from unnest($59::uuid[], $60::text[], $61::bigint[]) as k(listing_id, council_id, room_minutes)
    where t.listing_id = k.listing_id and t.council_id = k.council_id
"""


class Purses:
    """What is posted in a batch. `numbers` counts each purse's journals, in memory."""

    def __init__(self) -> None:
        self.numbers: dict[UUID, int] = {}
        self.early: dict[UUID, Event] = {}

    def decide(self, events: Sequence[Event]) -> tuple[str, list[Any], Said]:
        self.said: Said = []
        self.funded: list[Any] = []
        self.moves: dict[tuple[UUID, date], list[Any]] = {}
        self.journals: list[Any] = []
        self.orders: list[Any] = []
        self.positions: dict[UUID, list[Any]] = {}
        self.rooms: dict[UUID, Any] = {}
        for event in events:
            self._take(event)
        rooms = list(self.rooms.values())
        return SQL, [
            *columns(self.funded, 8), *columns(list(self.moves.values()), 9), *columns(self.journals, 12),
            *columns(self.orders, 9), *columns(list(self.positions.values()), 6), *columns(rooms, 3),
        ], self.said  # fmt: skip

    def _take(self, event: Event) -> None:
        kind, _, council, subject, body = event
        if kind == "assessment.plan_agreed.v1":
            self._fund(council, subject, body)
            early = self.early.pop(UUID(body["budget_id"]), None)
            if early:
                self._take(early)
        elif kind == "marketplace.order_placed.v1":
            if UUID(body["budget_id"]) not in self.numbers:
                self.early[UUID(body["budget_id"])] = event
            else:
                self._commit(council, subject, body)
        elif kind == "marketplace.visit_recorded.v1":
            self._deliver(council, subject, body)
        elif kind == "marketplace.listing_published.v1":
            listing = UUID(body["listing_id"])
            self.rooms[listing] = (listing, council, body["room_minutes"])

    def _fund(self, council: str, subject: str, body: Any) -> None:
        budget, starts = UUID(body["budget_id"]), date.fromisoformat(body["starts_on"])
        pence = commitment_pence(body["weekly_pence"], commitment_period(starts))
        lines = to_json([line["weekly_pence"] for line in body["lines"]]).decode()
        self.funded.append(
            (UUID(body["plan_id"]), council, budget, UUID(subject), body["team"], body["weekly_pence"], lines, starts)
        )
        self._post(council, subject, budget, starts, "allocate", None, UUID(body["plan_id"]), -pence, pence, 0, 0)

    def _commit(self, council: str, subject: str, body: Any) -> None:
        budget, order = UUID(body["budget_id"]), UUID(body["order_id"])
        starts = date.fromisoformat(body["starts_on"])
        period = commitment_period(starts)
        pence = commitment_pence(body["weekly_pence"], period)
        self._post(council, subject, budget, starts, "commit", order, None, 0, -pence, pence, 0)
        self.orders.append(
            (order, council, budget, UUID(subject), UUID(body["plan_id"]), UUID(body["supplier_id"]),
             body["weekly_pence"], period.first, period.last)
        )  # fmt: skip
        self._stand(council, budget, order, starts, pence, 0)
        committed = {"order_id": order, "budget_id": budget, "person_id": subject, "pence": pence,
                     "period": {"first": period.first, "last": period.last}}  # fmt: skip
        say(self.said, "budget.funds_committed.v1", council, subject, to_json(committed).decode())

    def _deliver(self, council: str, subject: str, body: Any) -> None:
        budget, order, pence = UUID(body["budget_id"]), UUID(body["order_id"]), body["pence"]
        day = date.fromisoformat(body["started_at"][:10])
        self._post(council, subject, budget, day, "deliver", order, UUID(body["visit_id"]), 0, 0, -pence, pence)
        self._stand(council, budget, order, day, -pence, pence)

    def _stand(self, council: str, budget: UUID, order: UUID, day: date, committed: int, delivered: int) -> None:
        row = self.positions.setdefault(order, [order, financial_year_start(day), council, budget, 0, 0])
        row[4] += committed
        row[5] += delivered

    def _post(
        self, council: str, subject: str, budget: UUID, day: date, verb: str, order: UUID | None, about: UUID | None,
        allocated: int, available: int, committed: int, delivered: int,
    ) -> None:  # fmt: skip
        year, number = financial_year_start(day), self.numbers.get(budget, 0) + 1
        self.numbers[budget] = number
        row = self.moves.setdefault((budget, year), [budget, year, council, UUID(subject), 0, 0, 0, 0, 0])
        for n, pence in ((4, -allocated), (5, available), (6, committed), (7, delivered), (8, 1)):
            row[n] += pence
        self.journals.append(
            (budget, year, number, council, verb, datetime.now(UTC), order, about, allocated, available, committed,
             delivered)
        )  # fmt: skip


async def prepare(pool: asyncpg.Pool) -> Any:
    return Purses().decide
