"""B1, B2 and B5: the whole chain, from an agreed plan to a confirmed order, at full speed and at half of it; then visits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from care.local.servers import Servers
from tests.bench import visits
from tests.bench.books import await_all, chain_faults
from tests.bench.builds import BARE, CHAIN, PRODUCT, START, TEXTBOOK
from tests.bench.ground import Site, site
from tests.bench.measure import middle, percentile
from tests.bench.results import Gate, Plan, Result, middle_cpu
from tests.bench.world import Feed, Journey, seed_all

CONFIRMED = """select count(*) from "order" where state = 'confirmed'"""
WATCHED = "select count(*) from watch"
WARM = {PRODUCT: 300, TEXTBOOK: 10, BARE: 500}
MOST = {PRODUCT: 12_000, TEXTBOOK: 2_000, BARE: 30_000}
"""Journeys there are budgets for."""


@dataclass
class Round:
    """What one build did in one round."""

    build: str
    journeys: int = 0
    seconds: float = 0
    cpu: dict[str, float] = field(default_factory=dict)
    end_to_end: list[float] = field(default_factory=list)
    """Seconds from an agreed plan on the log to its order confirmed, at half load."""
    hops: list[float] = field(default_factory=list)
    """Seconds from marketplace's commit to budget's, at half load."""
    faults: list[str] = field(default_factory=list)

    visits: int = 0
    visit_seconds: float = 0
    visit_cpu: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Journeys a second; wrong books count as none."""
        return 0.0 if self.faults or not self.seconds else self.journeys / self.seconds

    def micros(self) -> dict[str, float]:
        """CPU microseconds a journey, by process."""
        return {name: used * 1e6 / max(self.journeys, 1) for name, used in self.cpu.items()}

    @property
    def visit_rate(self) -> float:
        return 0.0 if self.faults or not self.visit_seconds else self.visits / self.visit_seconds

    def visit_micros(self) -> dict[str, float]:
        return {name: used * 1e6 / max(self.visits, 1) for name, used in self.visit_cpu.items()}


@dataclass
class Chain:
    """One build running, and how many journeys it was fed."""

    site: Site
    feed: Feed
    journeys: Sequence[Journey]
    fed: int = 0
    warm_rate: float = 0
    """Journeys a second while it warmed up: less than it can do."""

    def in_about(self, seconds: float) -> int:
        """How many journeys to take at once so that it lasts about so long."""
        left = len(self.journeys) - self.fed
        return max(20, min(int(self.warm_rate * seconds * 1.5), left * 3 // 5))

    def visited(self, seconds: float) -> Sequence[Journey]:
        """Whose visits are streamed: an order's ten visits cost about what one journey does."""
        return self.journeys[: max(20, min(self.fed, int(self.warm_rate * seconds)))]

    def take(self, many: int) -> Sequence[Journey]:
        taken = self.journeys[self.fed : self.fed + many]
        self.fed += len(taken)
        return taken

    async def settled(self, patience: float) -> None:
        await await_all(
            self.site,
            {"marketplace": (CONFIRMED, self.fed), "safeguarding": (WATCHED, self.fed)},
            patience,
        )

    async def burst(self, many: int, patience: float = 120) -> tuple[float, dict[str, float]]:
        """All at once; seconds until the last order is confirmed, and the CPU used."""
        before, began = self.site.cpu(), time.time()
        await self.feed.send(self.take(many))
        await self.settled(patience)
        after = self.site.cpu()
        return time.time() - began, {name: after[name] - before[name] for name in after}

    async def paced(self, rate: float, seconds: float) -> list[Journey]:
        """So many a second, evenly."""
        began, sent = time.monotonic(), []
        while (gone := time.monotonic() - began) < seconds:
            if due := self.take(int(gone * rate) - len(sent)):
                await self.feed.send(due)
                sent += due
            await asyncio.sleep(0.004)
        await self.settled(60)
        return sent


@asynccontextmanager
async def running(servers: Servers, build: str) -> AsyncIterator[Chain]:
    """A build on fresh databases, warm."""
    journeys = [Journey.numbered(n) for n in range(MOST[build])]
    async with site(servers, build, CHAIN) as where:
        await seed_all(where.admin, journeys)
        await START[build](where)
        feed = Feed(servers.bootstrap, where.prefix)
        await feed.producer.start()
        try:
            chain = Chain(where, feed, journeys)
            for _ in range(2):
                seconds, _ = await chain.burst(WARM[build])
                chain.warm_rate = WARM[build] / seconds
            yield chain
        finally:
            await feed.producer.stop()


async def latencies(chain: Chain, sent: Sequence[Journey], into: Round) -> None:
    """By PostgreSQL's own commit times: of the award, of the money set aside, of the order's confirmation."""
    people = [journey.person_id for journey in sent]
    async with chain.site.admin("marketplace") as db:
        rows = await db.fetch(
            """select o.person_id, o.order_id, extract(epoch from pg_xact_commit_timestamp(o.xmin))::float8 as confirmed,
            extract(epoch from pg_xact_commit_timestamp(a.xmin))::float8 as placed
            from "order" o join award a using (requirement_id) where o.person_id = any($1)""",
            people,
        )
    async with chain.site.admin("budget") as db:
        committed = dict(
            await db.fetch("""select order_id, extract(epoch from pg_xact_commit_timestamp(xmin))::float8 from journal
            where verb = 'commit'""")
        )
    for row in rows:
        into.end_to_end.append(row["confirmed"] - chain.feed.sent_at[row["person_id"]])
        into.hops.append(committed[row["order_id"]] - row["placed"])


async def one_round(servers: Servers, build: str, seconds: float) -> Round:
    """A burst that takes about so long, then half its rate for as long, then visits, then the books."""
    done = Round(build)
    async with running(servers, build) as chain:
        done.journeys = chain.in_about(seconds)
        done.seconds, done.cpu = await chain.burst(done.journeys)
        sent = await chain.paced(done.journeys / done.seconds / 2, seconds)
        await latencies(chain, sent, done)
        done.faults = await chain_faults(chain.site, chain.fed)
        done.visits, done.visit_seconds, done.visit_cpu = await visits.stream(chain.site, chain.visited(seconds))
        done.faults += await visits.faults(chain.site, done.visits)
    return done


async def measure(servers: Servers, plan: Plan, wanted: set[str], tell: Callable[[str], None]) -> list[Result]:
    """Every build in every round, by turns."""
    rounds: list[Round] = []
    for number in range(plan.rounds):
        for build in (PRODUCT, TEXTBOOK, BARE):
            done = await one_round(servers, build, plan.seconds)
            rounds.append(done)
            tell(f"round {number + 1}, {summary(done)}")
    made = {"B1": _whole_chain, "B2": _visit_stream, "B5": _one_hop}
    return [make(rounds) for key, make in made.items() if key in wanted]


def _result(key: str, title: str, unit: str, rounds: Sequence[Round]) -> Result:
    return Result(key, title, unit, faults=[f"{one.build}: {fault}" for one in rounds for fault in one.faults])


def _of(rounds: Sequence[Round], build: str) -> list[Round]:
    return [one for one in rounds if one.build == build]


def _whole_chain(rounds: Sequence[Round]) -> Result:
    result = _result("B1", "whole chain, from an agreed plan to a confirmed order", "journeys a second", rounds)
    for build in (PRODUCT, TEXTBOOK, BARE):
        result.rates[build] = [one.rate for one in _of(rounds, build)]
        result.cpu[build] = middle_cpu([one.micros() for one in _of(rounds, build)])
    slow = middle([percentile(one.end_to_end, 0.99) * 1000 for one in _of(rounds, PRODUCT)])
    result.gates = [
        Gate("product by bare", result.ratio(PRODUCT, BARE), 0.35, at_least=True),
        Gate("product by textbook", result.ratio(PRODUCT, TEXTBOOK), 40, at_least=True, binding=False),
        Gate("p99 end to end at half load, ms", slow, 300, at_least=False, binding=False),
    ]
    return result


def _visit_stream(rounds: Sequence[Round]) -> Result:
    result = _result("B2", "visit stream, from marketplace's outbox to budget's journals", "visits a second", rounds)
    for build in (PRODUCT, TEXTBOOK, BARE):
        result.rates[build] = [one.visit_rate for one in _of(rounds, build)]
        result.cpu[build] = middle_cpu([one.visit_micros() for one in _of(rounds, build)])
    result.gates = [
        Gate("product by bare", result.ratio(PRODUCT, BARE), 0.4, at_least=True),
        Gate("product by textbook", result.ratio(PRODUCT, TEXTBOOK), 60, at_least=True),
    ]
    return result


def _one_hop(rounds: Sequence[Round]) -> Result:
    title = "from marketplace's commit to budget's, at half load"
    result = _result("B5", title, "ms at the 99th of a hundred", rounds)
    for build in (PRODUCT, TEXTBOOK, BARE):
        result.rates[build] = [percentile(one.hops, 0.99) * 1000 for one in _of(rounds, build)]
    p50 = middle([percentile(one.hops, 0.5) * 1000 for one in _of(rounds, PRODUCT)])
    result.gates = [
        Gate("product p50, ms", p50, 30, at_least=False, binding=False),
        Gate("product p99, ms", middle(result.rates[PRODUCT]), 150, at_least=False, binding=False),
    ]
    return result


def summary(done: Round) -> str:
    ms = {share: percentile(done.end_to_end, share) * 1000 for share in (0.5, 0.99)}
    hop = {share: percentile(done.hops, share) * 1000 for share in (0.5, 0.99)}
    used = ", ".join(f"{name} {value:.0f}" for name, value in done.micros().items())
    return (
        f"{done.build}: {done.rate:.1f} journeys/s ({done.journeys}); CPU us a journey: {used}; "
        f"end to end p50 {ms[0.5]:.0f} p99 {ms[0.99]:.0f} ms; hop p50 {hop[0.5]:.0f} p99 {hop[0.99]:.0f} ms; "
        f"{done.visit_rate:.0f} visits/s ({done.visits}); {done.faults or 'books right'}"
    )
