"""B8: what does an event cost with many rows behind it, beside few? The product beside itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from care.local.servers import Servers
from tests.bench.builds import PRODUCT
from tests.bench.chain import Round, running
from tests.bench.ground import Site
from tests.bench.measure import middle
from tests.bench.results import Gate, Plan, Result, middle_cpu
from tests.bench.visits import EACH, stream
from tests.bench.visits import faults as visit_faults
from tests.bench.world import Journey

FEW, MANY = "10 thousand rows behind it", "many rows behind it"
ROWS = {True: 1_000_000, False: 10_000_000}
"""How many, in the quick and in the full form, over the four tables that a visit touches in budget and its inbox."""

JOURNAL = """insert into journal (budget_id, year, number, council_id, verb, at, by, allocated, contribution, available,
    committed, delivered, disputed, paid, accounted_for, reserved, returned, version)
    select gen_random_uuid(), '2024-04-01', 1, 'E00000001', 'deliver', now(), 'bench', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
    from generate_series(1, $1)"""
PURSE = """insert into purse (budget_id, year, council_id, person_id, allocated, contribution, available, committed,
    delivered, disputed, paid, accounted_for, reserved, returned, journals, version) select gen_random_uuid(),
    '2024-04-01', 'E00000001', gen_random_uuid(), 5, 0, 5, 0, 0, 0, 0, 0, 0, 0, 1, 0 from generate_series(1, $1)"""
POSITION = """insert into position (order_id, year, council_id, budget_id, committed, delivered, disputed, paid, version)
    select gen_random_uuid(), '2024-04-01', 'E00000001', gen_random_uuid(), 5, 0, 0, 0, 0 from generate_series(1, $1)"""
INBOX = """insert into inbox (reader, source, council_id, subject, last) select 'budget', 'marketplace', 'E00000001',
    gen_random_uuid()::text, 9 from generate_series(1, $1)"""


async def pad(site: Site, rows: int) -> None:
    """So many rows of other people's, a quarter in each table, as years of use would leave them."""
    async with site.admin("budget") as db:
        for statement in (JOURNAL, PURSE, POSITION, INBOX):
            for begun in range(0, rows // 4, 250_000):
                await db.execute(statement, min(250_000, rows // 4 - begun))
        # so that looking whether all is posted reads what was posted, and not what is behind it
        await db.execute("create index if not exists bench_posted on journal (about) where about is not null")
        await db.execute("vacuum analyze")
        await db.execute("checkpoint")


async def measure(servers: Servers, plan: Plan, wanted: set[str], tell: Callable[[str], None]) -> Sequence[Result]:
    """Rounds with few rows behind them, then as many with many: so much is written once only."""
    rounds: dict[str, list[Round]] = {FEW: [], MANY: []}
    faults: list[str] = []
    async with running(servers, PRODUCT) as chain:
        shares = _shares(chain.journeys[: chain.fed], 2 * plan.rounds + 2)
        for name, rows in ((FEW, 10_000), (MANY, ROWS[plan.quick] - 10_000)):
            await pad(chain.site, rows)
            await stream(chain.site, next(shares))
            for number in range(plan.rounds):
                done = await one_round(chain.site, next(shares))
                rounds[name].append(done)
                tell(f"round {number + 1}, {name}: {done.visit_micros()}")
        faults += await visit_faults(chain.site, EACH * chain.fed)
    return [_result(rounds, faults, plan.quick)]


def _shares(journeys: Sequence[Journey], many: int) -> Iterator[Sequence[Journey]]:
    """Every journey's visits once: so many equal shares of them, and the rest with the last."""
    size = len(journeys) // many
    yield from (journeys[n * size : (n + 1) * size if n < many - 1 else None] for n in range(many))


async def one_round(where: Site, journeys: Sequence[Journey]) -> Round:
    done = Round(PRODUCT)
    done.visits, done.visit_seconds, done.visit_cpu = await stream(where, journeys)
    return done


def _result(rounds: dict[str, list[Round]], faults: list[str], quick: bool) -> Result:
    result = Result("B8", f"a visit posted, with {ROWS[quick]:,} rows behind it and with 10,000", "visits a second")
    result.faults, cost = faults, dict[str, float]()
    for name, many in rounds.items():
        micros = [one.visit_micros() for one in many]
        result.rates[name], result.cpu[name] = [one.visit_rate for one in many], middle_cpu(micros)
        cost[name] = middle([one["ours"] + one["postgres"] for one in micros])
    result.gates = [Gate("CPU of a visit, many by few", cost[MANY] / cost[FEW], 1.2, at_least=False, binding=False)]
    result.notes = ["the rounds with few come first, then those with many, in the same databases"]
    return result
