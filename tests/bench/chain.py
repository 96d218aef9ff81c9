"""B1 and B5: the whole chain, from an agreed plan to a confirmed order, at full speed and at half of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from care.local.servers import Servers
from tests.bench.books import await_all, chain_faults
from tests.bench.builds import BARE, CHAIN, PRODUCT, START, TEXTBOOK
from tests.bench.ground import Site, site
from tests.bench.measure import percentile
from tests.bench.world import Feed, Journey, seed_all

CONFIRMED = """select count(*) from "order" where state = 'confirmed'"""
WATCHED = "select count(*) from watch"
WARM = {PRODUCT: 150, TEXTBOOK: 10, BARE: 150}


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

    @property
    def rate(self) -> float:
        """Journeys a second; wrong books count as none."""
        return 0.0 if self.faults or not self.seconds else self.journeys / self.seconds

    def micros(self) -> dict[str, float]:
        """CPU microseconds a journey, by process."""
        return {name: used * 1e6 / max(self.journeys, 1) for name, used in self.cpu.items()}


@dataclass
class Chain:
    """One build running, and how many journeys it was fed."""

    site: Site
    feed: Feed
    journeys: Sequence[Journey]
    fed: int = 0

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
async def running(servers: Servers, build: str, most: int) -> AsyncIterator[Chain]:
    """A build on fresh databases, warm."""
    journeys = [Journey.numbered(n) for n in range(most)]
    async with site(servers, build, CHAIN) as where:
        await seed_all(where.admin, journeys)
        await START[build](where)
        feed = Feed(servers.bootstrap, where.prefix)
        await feed.producer.start()
        try:
            chain = Chain(where, feed, journeys)
            await chain.burst(WARM[build])
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


async def one_round(servers: Servers, build: str, journeys: int, seconds: float) -> Round:
    """A burst, then half its rate for so many seconds, then the books."""
    done = Round(build, journeys)
    async with running(servers, build, WARM[build] + 2 * journeys + 5000) as chain:
        done.seconds, done.cpu = await chain.burst(journeys)
        sent = await chain.paced(done.journeys / done.seconds / 2, seconds)
        await latencies(chain, sent, done)
        done.faults = await chain_faults(chain.site, chain.fed)
    return done


def summary(done: Round) -> str:
    ms = {share: percentile(done.end_to_end, share) * 1000 for share in (0.5, 0.99)}
    hop = {share: percentile(done.hops, share) * 1000 for share in (0.5, 0.99)}
    used = ", ".join(f"{name} {value:.0f}" for name, value in done.micros().items())
    return (
        f"{done.build}: {done.rate:.1f} journeys/s; CPU us a journey: {used}; "
        f"end to end p50 {ms[0.5]:.0f} p99 {ms[0.99]:.0f} ms; "
        f"hop p50 {hop[0.5]:.0f} p99 {hop[0.99]:.0f} ms; {done.faults or 'books right'}"
    )
