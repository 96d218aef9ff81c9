"""What is fed to every build alike? 150 synthetic councils with 20 suppliers each, budgets that are final, agreed plans."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import asyncpg
from aiokafka import AIOKafkaProducer

from services.budget.models import Budget, Finalised, ListingCopy
from services.budget.rules.states import BudgetState
from services.marketplace.models import Framework, Listing, Restriction, Supplier
from services.marketplace.rules.frameworks import Ranking
from services.marketplace.rules.states import ListingState
from services.safeguarding.models import Supplier as KnownSupplier
from shared.clock import civil_date
from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import Fact, PlanLine, Route, Slot, SupplierKind, Support, topic_of
from shared.runtime.envelope import Envelope
from shared.runtime.relay import make_producer, publish
from shared.runtime.rows import Row

COUNCILS = tuple(f"E{n:08d}" for n in range(1, 151))
SUPPLIERS = 20
ROOM = 100_000
"""Minutes a week of each listing, to begin with."""
MINUTES, HOURLY, WEEKLY = 420, 2400, 16800
SLOTS = tuple(Slot(weekday=day, starts="08:00", minutes=60, time_critical=day == 0) for day in range(7))
AREA = "north"
AHEAD = timedelta(days=3)


def known(*of: object) -> UUID:
    return uuid5(NAMESPACE_URL, "/".join(("bench", *map(str, of))))


def today() -> date:
    return civil_date(datetime.now(UTC))


def supplier_ids(council: str) -> list[UUID]:
    return [known(council, "supplier", n) for n in range(SUPPLIERS)]


def market_rows() -> Iterator[Row]:
    """Suppliers, their restrictions' rows, listings and a framework, for every council."""
    for council in COUNCILS:
        ids = supplier_ids(council)
        for n, supplier_id in enumerate(ids):
            yield Supplier(
                council_id=council, supplier_id=supplier_id, name=f"Synthetic Care {n}", arms_length=False,
                supplier_kind=SupplierKind.PROVIDER, synthetic=True, imported=False,
            )  # fmt: skip
            yield Restriction(council_id=council, supplier_id=supplier_id)
            yield Listing(
                council_id=council, listing_id=known(supplier_id, "listing"), areas=(AREA,), **_terms(n, supplier_id)
            )
        yield Framework(
            council_id=council, framework_id=known(council, "framework"), support=Support.HOME_CARE, suppliers=tuple(ids),
            ranking=Ranking.BY_SCORE, first=today() - timedelta(days=1), last=today() + timedelta(days=365), obliged=True,
            set_up_by="bench",
        )  # fmt: skip


def _terms(n: int, supplier_id: UUID) -> dict[str, Any]:
    return {
        "supplier_id": supplier_id,
        "supplier_kind": SupplierKind.PROVIDER,
        "support": Support.HOME_CARE,
        "hourly_pence": 2200 + 10 * n,
        "room_minutes": ROOM,
        "state": ListingState.LIVE,
    }


def copies() -> Iterator[Row]:
    """The listings as budget knows them."""
    for row in market_rows():
        if isinstance(row, Listing):
            yield ListingCopy(
                council_id=row.council_id, listing_id=row.listing_id, area=AREA, supplier_id=row.supplier_id,
                supplier_kind=row.supplier_kind, support=row.support, hourly_pence=row.hourly_pence, room_minutes=ROOM,
            )  # fmt: skip


@dataclass(frozen=True)
class Journey:
    """One person's: all ids follow from its number."""

    council: str
    person_id: UUID
    plan_id: UUID
    budget_id: UUID

    @classmethod
    def numbered(cls, n: int) -> Journey:
        return cls(COUNCILS[n % len(COUNCILS)], known("person", n), known("plan", n), known("budget", n))

    def as_budget(self) -> Budget:
        """Final, at the figure the plan was agreed for."""
        final = Finalised(datetime.now(UTC), "system", self.plan_id, 1, WEEKLY, WEEKLY, 0, "")
        return Budget(
            council_id=self.council, budget_id=self.budget_id, assessment_id=known(self.person_id, "assessment"),
            person_id=self.person_id, team="team-a", state=BudgetState.FINAL, indicated_pence=WEEKLY,
            weekly_pence=WEEKLY, council_pence=WEEKLY, person_pence=0, plan_id=self.plan_id, history=(final,),
        )  # fmt: skip

    def as_agreed(self) -> PlanAgreed:
        line = PlanLine(
            line_id=known(self.plan_id, "line"), support=Support.HOME_CARE, kind_wanted=SupplierKind.PROVIDER,
            route=Route.COUNCIL_MANAGED, pattern=SLOTS, weekly_minutes=MINUTES, hourly_pence=HOURLY, weekly_pence=WEEKLY,
        )  # fmt: skip
        return PlanAgreed(
            plan_id=self.plan_id, revision=1, assessment_id=known(self.person_id, "assessment"),
            budget_id=self.budget_id, person_id=self.person_id, area=AREA, lines=(line,), weekly_pence=WEEKLY,
            starts_on=today() + AHEAD, agreed_on=today(), team="team-a",
            first_review_from=today() + timedelta(days=42), first_review_by=today() + timedelta(days=56),
        )  # fmt: skip


def envelope_of(fact: Fact, council: str, place: int) -> Envelope:
    """What the service that says it would write around it."""
    ident = known(council, fact.service, fact.subject, place)
    return Envelope(
        id=ident, type=fact.type_name(), source=fact.service, time=datetime.now(UTC), subject=fact.subject,
        council=council, place=place, correlation=ident, causation=ident,
    )  # fmt: skip


def headers_of(envelope: Envelope) -> str:
    return json.dumps([(name, value.decode()) for name, value in envelope.headers()])


_SEQ = count(1)


def as_row(fact: Fact, council: str, place: int = 1) -> tuple[int, str, str, str, str]:
    """As an outbox holds it: (seq, topic, key, headers, payload)."""
    headers = headers_of(envelope_of(fact, council, place))
    return next(_SEQ), topic_of(fact.service), fact.subject, headers, fact.model_dump_json()


def known_suppliers() -> Iterator[Row]:
    """The suppliers as safeguarding knows them."""
    for council in COUNCILS:
        for one in supplier_ids(council):
            yield KnownSupplier(council_id=council, supplier_id=one, supplier_kind=SupplierKind.PROVIDER)


async def seed(connection: asyncpg.Connection, rows: Sequence[Row]) -> None:
    """Put rows into their tables, as the product's own inserts would leave them."""
    by_kind: dict[Any, list[Row]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row)
    for kind, many in by_kind.items():
        names = ", ".join(f'"{column.name}"' for column in kind.columns)
        unnest = ", ".join(f"${n}::{column.sql_type}[]" for n, column in enumerate(kind.columns, 1))
        await connection.execute(
            f'insert into "{kind.name}" ({names}) select * from unnest({unnest})', *kind.arrays(many, kind.columns)
        )


async def seed_all(admin: Any, journeys: Sequence[Journey]) -> None:
    """`admin(service)` opens a database as its superuser."""
    async with admin("marketplace") as market:
        await seed(market, list(market_rows()))
    async with admin("budget") as budget:
        await seed(budget, [*copies(), *(journey.as_budget() for journey in journeys)])
    async with admin("safeguarding") as safe:
        await seed(safe, list(known_suppliers()))
    for service in ("marketplace", "budget", "safeguarding"):
        async with admin(service) as connection:
            await connection.execute("analyze")


class Feed:
    """Puts facts on the log, at once or at a pace."""

    def __init__(self, bootstrap: str, prefix: str) -> None:
        self.producer: AIOKafkaProducer = make_producer(bootstrap)
        self.prefix = prefix
        self.sent_at: dict[UUID, float] = {}

    async def send(self, journeys: Sequence[Journey]) -> None:
        rows = [as_row(journey.as_agreed(), journey.council) for journey in journeys]
        now = time.time()
        self.sent_at.update({journey.person_id: now for journey in journeys})
        await publish(self.producer, self.prefix, rows)
