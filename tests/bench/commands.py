"""B4: a durable command on one core: POST with key, authorisation, rule, access log and outbox; beside a hello world."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from care.local.servers import Servers
from shared.testing.tokens import ISSUER, token
from tests.bench.builds import OUTBOX, PRODUCT, TEXTBOOK, product_environment
from tests.bench.clients import JWKS, Make, closed_loop, fresh_key, issuer, open_loop, post
from tests.bench.ground import Site, await_ready, site
from tests.bench.measure import middle, percentile
from tests.bench.results import Gate, Plan, Result, middle_cpu
from tests.bench.world import COUNCILS, SUPPLIERS, market_rows, seed, supplier_ids

HELLO = "hello world"
CLIENTS = 32
ASKING = COUNCILS[:1]
SEEDED = len(COUNCILS) * SUPPLIERS
BODY = json.dumps({"support": "home_care", "areas": ["north"], "hourly_pence": 2300, "room_minutes": 600}).encode()


@dataclass
class Round:
    build: str
    seconds: float = 0
    answered: int = 0
    cpu: dict[str, float] = field(default_factory=dict)
    taken: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return 0.0 if self.faults else self.answered / self.seconds

    def micros(self) -> dict[str, float]:
        return {name: used * 1e6 / self.answered for name, used in self.cpu.items()}


def publishing() -> Make:
    """The n-th request: a listing of a supplier, all of one council, under a key of its own."""
    bearers = {council: f"Bearer {token('commissioner', council=council)}" for council in ASKING}
    suppliers = {council: supplier_ids(council) for council in ASKING}

    def make(n: int) -> bytes:
        council = ASKING[n % len(ASKING)]
        path = f"/v1/suppliers/{suppliers[council][n % 20]}/listings"
        return post(path, BODY, Authorization=bearers[council], Idempotency_Key=fresh_key())

    return make


def saying_hello() -> Make:
    request = post("/hello", b"{}")
    return lambda n: request


async def start(where: Site, build: str, keys: str) -> int:
    """On the first processor alone; gives its port."""
    port = where.servers.place.port("marketplace")
    if build == PRODUCT:
        more = {"CARE_PARTS": "http", "CARE_JWKS_URL": keys, "CARE_ISSUER": ISSUER}
        where.launch("marketplace", ["shared.serve"], product_environment(where, "marketplace", **more), cpu="0")
    else:
        told = {"BENCH_DATABASE_URL": where.url("marketplace", "http"), "BENCH_PORT": str(port), "BENCH_JWKS": JWKS}
        where.launch("marketplace", ["tests.bench.textbook.http"], told, cpu="0")
    await await_ready([f"http://127.0.0.1:{port}/health/ready"])
    return port


async def one_round(servers: Servers, build: str, seconds: float, open_rate: float, keys: str) -> Round:
    done = Round(build)
    async with site(servers, "hello" if build == HELLO else build, ["marketplace"]) as where:
        async with where.admin("marketplace") as db:
            await seed(db, list(market_rows()))
        port, make = await start(where, build, keys), saying_hello() if build == HELLO else publishing()
        warm = len(await closed_loop(port, CLIENTS, seconds / 4, make))
        before, began = where.cpu(), time.monotonic()
        closed = len(await closed_loop(port, CLIENTS, seconds, make))
        done.seconds, done.answered, after = time.monotonic() - began, closed, where.cpu()
        done.cpu = {name: after[name] - before[name] for name in ("ours", "postgres")}
        opened = 0
        if build != HELLO:
            done.taken = await open_loop(port, open_rate or 0.7 * done.rate, seconds, make)
            opened = len(done.taken)
            done.faults = await _faults(where, build, warm + closed + opened)
    return done


async def _faults(where: Site, build: str, answered: int) -> list[str]:
    """One listing, one fact, one kept answer and one line of the access log for every request."""
    async with where.admin("marketplace") as db:
        listings = await db.fetchval("select count(*) from listing") - SEEDED
        rest = [await db.fetchval(f"select count(*) from {name}") for name in (OUTBOX[build], "answer", "access_log")]
    counts = {listings, *rest}
    return [] if counts == {answered} else [f"{answered} answered; {listings}, {rest} kept"]


async def measure(servers: Servers, plan: Plan, wanted: set[str], tell: Callable[[str], None]) -> Sequence[Result]:
    rounds: list[Round] = []
    with issuer() as keys:
        for number in range(plan.rounds):
            rate = 0.0
            for build in (TEXTBOOK, PRODUCT, HELLO):
                done = await one_round(servers, build, plan.seconds / 2, rate, keys)
                rate = 0.7 * done.rate if build == TEXTBOOK else rate
                rounds.append(done)
                slow = percentile(done.taken, 0.99) * 1000
                tell(
                    f"round {number + 1}, {build}: {done.rate:.0f}/s, {done.micros()}, open p99 {slow:.0f} ms {done.faults}"
                )
    return [_result(rounds)]


def _result(rounds: Sequence[Round]) -> Result:
    result = Result("B4", "durable command on one core, 32 clients", "requests a second")
    result.faults = [f"{one.build}: {fault}" for one in rounds for fault in one.faults]
    slow = {}
    for build in (PRODUCT, TEXTBOOK, HELLO):
        mine = [one for one in rounds if one.build == build]
        result.rates[build], result.cpu[build] = [one.rate for one in mine], middle_cpu([one.micros() for one in mine])
        slow[build] = middle([percentile(one.taken, 0.99) * 1000 for one in mine])
    by_hello = result.cpu[PRODUCT]["ours"] / result.cpu[HELLO]["ours"]
    result.gates = [
        Gate("product by textbook", result.ratio(PRODUCT, TEXTBOOK), 8, at_least=True),
        Gate("the server's CPU by hello world's", by_hello, 2.5, at_least=False),
        Gate(
            "open loop at 70 % of the textbook's most, p99 by its own",
            slow[PRODUCT] / slow[TEXTBOOK],
            0.2,
            at_least=False,
            binding=False,
        ),
    ]
    both = f"product {slow[PRODUCT]:.0f} ms, textbook {slow[TEXTBOOK]:.0f} ms"
    result.notes = [f"open loop, both at 70 % of the textbook's most, p99: {both}"]
    return result
