"""B6: safeguarding's tables and alerts made anew from all that was ever said to it, beside the eventsourcing library's own
log through the same rules; both must come to what a reader made live."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from care.local.servers import Servers
from services.safeguarding.models import Alert, Delivered, Miss, WelfareCheck
from shared.clock import LONDON
from shared.contracts.base import Fact
from shared.contracts.marketplace import VisitMissed, VisitRecorded
from shared.runtime.envelope import Envelope
from shared.runtime.relay import make_producer, publish
from tests.bench.books import await_all, value
from tests.bench.builds import PRODUCT, product_environment
from tests.bench.ground import HOME, Site, site
from tests.bench.libraries import rebuild as library
from tests.bench.results import Gate, Plan, Result, middle_cpu
from tests.bench.world import AHEAD, COUNCILS, envelope_of, headers_of, known, today

LIBRARY, READER = "eventsourcing", "a reader, live"
FACTS = {True: 20_000, False: 200_000}
"""How many, in the quick and in the full form, ten of a person's order each, where nobody said another number."""
EACH = 10
CHUNK = 5_000
PATIENCE, SLOWEST = 100, 1_000
"""Seconds at least, and facts a second that anybody must come to: a slower build is given up."""
STATE = (Alert, Delivered, Miss, WelfareCheck)


@dataclass
class Round:
    build: str
    facts: int
    seconds: float
    cpu: dict[str, float]
    hashed: str
    faults: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return 0.0 if self.faults else self.facts / self.seconds

    def micros(self) -> dict[str, float]:
        return {name: used * 1e6 / self.facts for name, used in self.cpu.items()}


def said(facts: int, about: str = "rebuilt") -> Iterator[tuple[Envelope, Fact]]:
    """Ten visits of each order: eight made, two missed, every other one of those critical. Ids follow from `about`."""
    for n in range(facts // EACH):
        council = COUNCILS[n % len(COUNCILS)]
        for place, fact in enumerate(_of_order(about, n), 1):
            yield envelope_of(fact, council, place), fact


def _of_order(about: str, n: int) -> Iterator[Fact]:
    whose: dict[str, UUID] = {name: known(about, name, n) for name in ("order_id", "person_id", "supplier_id")}
    first = datetime.combine(today() + AHEAD, datetime.min.time(), LONDON) + timedelta(hours=8)
    for day in range(EACH):
        visit_id, at = known(whose["order_id"], day), first + timedelta(days=day)
        if day % 5 == 4:
            yield VisitMissed(**whose, visit_id=visit_id, planned_at=at, time_critical=n % 2 == 0, because="no_staff")
        else:
            yield VisitRecorded(
                **whose, visit_id=visit_id, budget_id=whose["order_id"], pence=2000, minutes=60, started_at=at
            )


async def tell(where: Site, facts: int, log: str) -> None:
    """Every fact on the product's log, and in the library's."""
    producer, app = make_producer(where.servers.bootstrap), library.make_app(log)
    await producer.start()
    waiting: list[tuple[Envelope, Fact]] = []
    for one in said(facts):
        waiting.append(one)
        if len(waiting) == CHUNK:
            await _tell(producer, app, where.prefix, waiting)
            waiting = []
    await _tell(producer, app, where.prefix, waiting)
    await producer.stop()


async def _tell(producer: Any, app: Any, prefix: str, many: Sequence[tuple[Envelope, Fact]]) -> None:
    if not many:
        return
    rows = [(0, "marketplace.events", e.subject, headers_of(e), fact.model_dump_json()) for e, fact in many]
    await publish(producer, prefix, rows)
    events = [
        library.FactSaid(
            originator_id=e.id, originator_version=1, timestamp=e.time, council=e.council, said_at=e.time,
            correlation=e.correlation, type=e.type, payload=row[4],
        )
        for (e, _), row in zip(many, rows, strict=True)
    ]  # fmt: skip
    app.recorder.insert_events([app.mapper.to_stored_event(event) for event in events])


async def hash_of(where: Site) -> str:
    """One figure for all that follows from the facts, whatever order rows were written in; `version` counts batches."""
    parts = []
    for row in STATE:
        names = ", ".join(f'"{column.name}"' for column in row.kind.columns if column.name != "version")
        parts.append(await value(where, "safeguarding", _hashed(f'select {names} from "{row.kind.name}"')))
    timers = "select name, key, council_id, subject, at, body, cause, correlation from due"
    parts.append(await value(where, "safeguarding", _hashed(timers)))
    return "/".join(parts)


def _hashed(rows: str) -> str:
    return f"select count(*) || ':' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') from ({rows}) t"


@asynccontextmanager
async def empty(servers: Servers, build: str) -> AsyncIterator[Site]:
    async with site(servers, build, ["safeguarding"]) as where:
        yield where


async def heard_live(where: Site, facts: int) -> Round:
    """A reader as it always reads."""
    parts = {"CARE_PARTS": "consumer"}
    where.launch("safeguarding", ["shared.serve"], product_environment(where, "safeguarding", **parts))
    first = "select coalesce(sum(last), 0)::bigint from inbox"
    await await_all(where, {"safeguarding": (first, 1)}, 60)
    begun, before, began = await value(where, "safeguarding", first), where.cpu(), asyncio.get_running_loop().time()
    await await_all(where, {"safeguarding": (first, facts)}, patience(facts))
    seconds, after = asyncio.get_running_loop().time() - began, where.cpu()
    cpu = {name: after[name] - before[name] for name in after}
    return Round(READER, facts - begun, seconds, cpu, await hash_of(where))


def patience(facts: int) -> float:
    return PATIENCE + facts / SLOWEST


async def rebuilt(where: Site, build: str, heard: Site, log: str, facts: int) -> Round:
    """As a program of its own, by its own account of how long it took."""
    before = where.cpu()
    if build == PRODUCT:
        told = product_environment(where, "safeguarding", CARE_TOPIC_PREFIX=heard.prefix)
        where.launch("rebuild", ["shared.ops", "rebuild"], told)
    else:
        async with where.admin("safeguarding") as db:
            await db.execute(library.MADE)
        told = {"BENCH_DATABASE_URL": where.url("safeguarding"), "BENCH_LOG": log}
        where.launch("rebuild", ["tests.bench.libraries.rebuild"], told)
    account, ours = await _ended(where, build, patience(facts))
    after = where.cpu()
    cpu = {name: after[name] - before[name] for name in after if name != "ours"}
    return Round(build, account["facts_heard"], account["seconds"], {"ours": ours, **cpu}, await hash_of(where))


async def _ended(where: Site, build: str, seconds: float) -> tuple[dict[str, Any], float]:
    """What it printed, and the CPU it used."""
    process, used = where.processes["rebuild"], 0.0
    async with asyncio.timeout(seconds):
        while process.poll() is None:
            used = max(used, where.cpu()["ours"])
            await asyncio.sleep(0.05)
    printed = (HOME / "logs" / f"{build}-rebuild.log").read_text()
    if process.returncode:
        raise RuntimeError(printed[-500:])
    account: dict[str, Any] = json.loads(printed[printed.index("{") :])
    return account, used


async def measure(servers: Servers, plan: Plan, wanted: set[str], tell_of: Callable[[str], None]) -> Sequence[Result]:
    facts, log = plan.facts or FACTS[plan.quick], str(HOME / "library.db")
    (HOME / "library.db").unlink(missing_ok=True)
    rounds: list[Round] = []
    async with empty(servers, PRODUCT) as heard:
        await tell(heard, facts, log)
        live = await heard_live(heard, facts)
        heard.stop()
        tell_of(f"{READER}: {live.rate:.0f} facts/s")
        for number in range(plan.rounds):
            for build in (PRODUCT, LIBRARY):
                async with empty(servers, build) as where:
                    done = await rebuilt(where, build, heard, log, facts)
                done.faults = _faults(done, live, facts)
                rounds.append(done)
                tell_of(f"round {number + 1}, {build}: {done.rate:.0f} facts/s, {done.micros()} {done.faults}")
    return [_result(rounds, live, facts)]


def _faults(done: Round, live: Round, facts: int) -> list[str]:
    heard = [] if done.facts == facts else [f"{done.facts} of {facts} heard"]
    return heard if done.hashed == live.hashed else [*heard, f"its tables are not those made live: {done.hashed}"]


def _result(rounds: Sequence[Round], live: Round, facts: int) -> Result:
    result = Result("B6", f"safeguarding's tables made anew from {facts:,} facts", "facts a second")
    result.faults = [f"{one.build}: {fault}" for one in rounds for fault in one.faults]
    for build in (PRODUCT, LIBRARY):
        mine = [one for one in rounds if one.build == build]
        result.rates[build], result.cpu[build] = [one.rate for one in mine], middle_cpu([one.micros() for one in mine])
    result.gates = [Gate(f"product by {LIBRARY}", result.ratio(PRODUCT, LIBRARY), 3, at_least=True, binding=False)]
    result.notes = [
        f"all tables are equal, by a hash, to those that a reader made live, at {live.rate:,.0f} facts a second",
        "the library keeps all it knows in memory and writes a page's changes with its position; the product loads what each"
        " batch needs, keeps an inbox row for every subject, parks what it cannot apply, and can be read on from",
    ]
    return result
