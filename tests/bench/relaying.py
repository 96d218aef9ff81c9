"""B3: the relay alone: a backlog drains onto the log while 32 writers commit; order and loss are checked at the far end.

Beside it: faststream-outbox with 16 workers, and the textbook's relay, row by row. The library promises no order, so what
it turned round is told and not held against it.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import cycle

import asyncpg

from care.local.servers import Servers
from shared.runtime.log import read_log
from tests.bench.books import value
from tests.bench.builds import OUTBOX, PRODUCT, TEXTBOOK, product_environment
from tests.bench.ground import Site, site
from tests.bench.libraries import relay as library
from tests.bench.measure import middle
from tests.bench.results import Gate, Plan, Result, middle_cpu
from tests.bench.world import COUNCILS, known

WRITERS, COMMITS = 32, 500
"""Writers, and commits a second in all."""
LIBRARY = "faststream-outbox"
BACKLOG = {PRODUCT: (20_000, 100_000), LIBRARY: (1_000, 5_000), TEXTBOOK: (300, 2_000)}
"""Rows, in the quick and in the full form: the others' relays would take minutes for more."""
TABLE = {**OUTBOX, LIBRARY: library.TABLE}
ORDERED_BY = {PRODUCT: "seq", LIBRARY: "id", TEXTBOOK: "id"}
SUBJECTS = 200
BODY = json.dumps({"padding": "x" * 900})
COUNCIL = COUNCILS[0]


@dataclass
class Round:
    build: str
    rows: int = 0
    seconds: float = 0
    cpu: dict[str, float] = field(default_factory=dict)
    turned_round: float = 0
    """The share of facts on the log before one that was said before them."""
    faults: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return 0.0 if self.faults else self.rows / self.seconds

    def micros(self) -> dict[str, float]:
        return {name: used * 1e6 / self.rows for name, used in self.cpu.items()}


ROWS = {
    PRODUCT: (
        "council_id, topic, key, headers, payload, said_at",
        "$1, 'marketplace.events', $2, {headers}, $4, now()",
    ),
    TEXTBOOK: ("topic, key, headers, payload", "'marketplace.events', $2, {headers}, $4"),
    LIBRARY: ("queue, headers, payload", "'events', {headers}::jsonb, convert_to($4, 'utf8')"),
}


def insert(build: str) -> str:
    """One fact: its place under the subject's lock, then its row. $1 council, $2 subject, $3 headers, $4 body."""
    said, values = ROWS[build]
    placed = values.format(headers="replace($3, '@place', lpad(p.last::text, 20, '0'))")
    return f"""with p as (insert into place (council_id, subject, last) values ($1, $2, 1) on conflict (council_id, subject)
        do update set last = place.last + 1 returning last) insert into {TABLE[build]} ({said}) select {placed} from p"""


def headers(build: str, subject: str) -> str:
    said = {
        "ce_id": str(known(subject)), "ce_type": "marketplace.visit_recorded.v1", "ce_source": "marketplace",
        "ce_time": "2026-01-01T00:00:00+00:00", "ce_subject": subject, "ce_sequence": "@place", "ce_council": COUNCIL,
        "ce_correlationid": str(known(subject)), "ce_causationid": str(known(subject)),
    }  # fmt: skip
    return json.dumps(list(said.items()) if build == PRODUCT else said)


async def make_library_table(where: Site) -> None:
    async with where.admin("marketplace") as db:
        for statement in library.statements():
            await db.execute(statement)
        await db.execute(f"grant all on {library.TABLE}, {library.TABLE}_id_seq to marketplace_worker")


async def fill(where: Site, rows: int) -> None:
    """The backlog, fact after fact, in large transactions."""
    connection = await asyncpg.connect(where.url("marketplace"))
    subjects = [str(known("subject", n)) for n in range(SUBJECTS)]
    sent = {subject: headers(where.build, subject) for subject in subjects}
    turns = cycle(subjects)
    for _ in range(0, rows, 1000):
        async with connection.transaction():
            chosen = [next(turns) for _ in range(min(1000, rows))]
            await connection.executemany(insert(where.build), [(COUNCIL, one, sent[one], BODY) for one in chosen])
    await connection.close()


async def write_on(where: Site, stop: asyncio.Event) -> int:
    """32 writers, 500 commits a second between them, until stopped; gives how many."""
    pool = await asyncpg.create_pool(where.url("marketplace"), min_size=WRITERS, max_size=WRITERS)
    pause, done = WRITERS / COMMITS, 0

    async def work(n: int) -> None:
        nonlocal done
        subject = str(known("written", n))
        sent = headers(where.build, subject)
        while not stop.is_set():
            due = time.monotonic() + pause
            await pool.execute(insert(where.build), COUNCIL, subject, sent, BODY)
            done += 1
            await asyncio.sleep(max(0, due - time.monotonic()))

    await asyncio.gather(*(work(n) for n in range(WRITERS)))
    await pool.close()
    return done


def launch(where: Site) -> None:
    if where.build == PRODUCT:
        where.launch("marketplace", ["shared.serve"], product_environment(where, "marketplace", CARE_PARTS="relay"))
    else:
        told = {"BENCH_DATABASE_URL": where.url("marketplace"), "BENCH_PREFIX": where.prefix}
        module = "tests.bench.libraries.relay" if where.build == LIBRARY else "tests.bench.relaying"
        where.launch("marketplace", [module], {**told, "BENCH_KAFKA": where.servers.bootstrap})


async def one_round(servers: Servers, build: str, quick: bool) -> Round:
    done = Round(build)
    async with site(servers, build, ["marketplace"]) as where:
        if build == LIBRARY:
            await make_library_table(where)
        await fill(where, backlog := BACKLOG[build][0 if quick else 1])
        oldest = f"select coalesce(min({ORDERED_BY[build]}), 1::bigint << 60) from {TABLE[build]}"
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as writers, where.admin("marketplace") as db:
            writing = writers.create_task(write_on(where, stop))
            launch(where)
            first = await db.fetchval(oldest)
            await _until(lambda: db.fetchval(oldest), first + 1)
            began, before = time.monotonic(), where.cpu()
            left = await db.fetchval(f"select count(*) from {TABLE[build]}")
            await _until(lambda: db.fetchval(oldest), first + backlog)
            done.seconds, after = time.monotonic() - began, where.cpu()
            stop.set()
            written = await writing
            await _until_empty(where)
        done.rows = min(left, backlog)
        done.cpu = {name: after[name] - before[name] for name in after}
        done.faults, done.turned_round = await _faults(where, backlog + written)
    return done


async def _until(look: Callable[[], object], least: int) -> None:
    async with asyncio.timeout(120):
        while await look() < least:  # type: ignore[misc]  # noqa: ASYNC110 - a database tells nobody
            await asyncio.sleep(0.02)


async def _until_empty(where: Site) -> None:
    async with asyncio.timeout(120):
        while await value(where, "marketplace", f"select count(*) from {TABLE[where.build]}"):  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _faults(where: Site, said: int) -> tuple[list[str], float]:
    """Every fact is on the log, each subject's in its order (once said again after a pause is no fault); and the share that
    came before one said before it, which only the library is allowed."""
    heard: dict[str, set[int]] = {}
    early = 0
    async for record in read_log(where.servers.bootstrap, ["marketplace.events"], prefix=where.prefix):
        told = dict(record.headers)
        subject, place = told["ce_subject"].decode(), int(told["ce_sequence"])
        before = heard.setdefault(subject, set())
        early += place > 1 and place - 1 not in before
        before.add(place)
    lost = said - sum(map(len, heard.values()))
    wrong = lost or (early and where.build != LIBRARY)
    return [f"{lost} of {said} lost, {early} out of order"] if wrong else [], early / said


async def measure(servers: Servers, plan: Plan, wanted: set[str], tell: Callable[[str], None]) -> Sequence[Result]:
    rounds: list[Round] = []
    for number in range(plan.rounds):
        for build in BACKLOG:
            done = await one_round(servers, build, plan.quick)
            rounds.append(done)
            tell(f"round {number + 1}, {build}: {done.rate:.0f} rows/s ({done.rows}) {done.micros()} {done.faults}")
    return [_result(rounds)]


def _result(rounds: Sequence[Round]) -> Result:
    result = Result("B3", "relay: a backlog drains while 32 writers commit 500 times a second", "rows a second")
    result.faults = [f"{one.build}: {fault}" for one in rounds for fault in one.faults]
    for build in BACKLOG:
        mine = [one for one in rounds if one.build == build]
        result.rates[build], result.cpu[build] = [one.rate for one in mine], middle_cpu([one.micros() for one in mine])
    turned = middle([one.turned_round for one in rounds if one.build == LIBRARY])
    result.gates = [
        Gate(f"product by {LIBRARY}", result.ratio(PRODUCT, LIBRARY), 50, at_least=True),
        Gate("product by textbook", result.ratio(PRODUCT, TEXTBOOK), 50, at_least=True, binding=False),
    ]
    kept = "the product and the textbook lost none and turned none round"
    result.notes = [
        f"{LIBRARY}, 16 workers, which promise no order: {turned:.0%} came before one said before them; {kept}"
    ]
    return result


if __name__ == "__main__":
    import uvloop

    from tests.bench.textbook.events import make_sessions, relay

    uvloop.run(
        relay(make_sessions(os.environ["BENCH_DATABASE_URL"]), os.environ["BENCH_KAFKA"], os.environ["BENCH_PREFIX"])
    )
