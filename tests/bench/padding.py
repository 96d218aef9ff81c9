"""B8: what does an event cost with many rows behind it, beside few? The product beside itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from care.local.servers import Servers
from tests.bench.builds import PRODUCT
from tests.bench.chain import Round, running
from tests.bench.ground import Site
from tests.bench.measure import middle
from tests.bench.results import Gate, Plan, Result, middle_cpu
from tests.bench.visits import stream

FEW, MANY = "10 thousand rows behind it", "many rows behind it"
ROWS = {True: 1_000_000, False: 10_000_000}
"""How many, in the quick and in the full form, over the four tables that a visit touches in budget and its inbox."""

JOURNAL = """insert into journal (budget_id, year, number, council_id, verb, at, by, allocated, contribution, available,
    committed, delivered, disputed, paid, accounted_for, reserved, returned, version)
    select gen_random_uuid(), '2024-04-01', 1, 'E00000001', 'deliver', now(), 'bench', 0, 0, 0, -5, 5, 0, 0, 0, 0, 0, 0
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
        await db.execute("create index bench_posted on journal (about) where about is not null")
        await db.execute("vacuum analyze")
        await db.execute("checkpoint")


async def measure(servers: Servers, plan: Plan, wanted: set[str], tell: Callable[[str], None]) -> Sequence[Result]:
    rounds: dict[str, list[Round]] = {FEW: [], MANY: []}
    for number in range(plan.rounds):
        for name, rows in ((FEW, 10_000), (MANY, ROWS[plan.quick])):
            done = await one_round(servers, rows)
            rounds[name].append(done)
            tell(f"round {number + 1}, {name}: {done.visit_micros()}")
    result = Result(
        "B8", f"a visit posted, with {ROWS[plan.quick]:,} rows behind it and with 10,000", "visits a second"
    )
    cost: dict[str, list[float]] = {}
    for name, many in rounds.items():
        result.rates[name], result.cpu[name] = (
            [one.visit_rate for one in many],
            middle_cpu([one.visit_micros() for one in many]),
        )
        cost[name] = [one.visit_micros()["ours"] + one.visit_micros()["postgres"] for one in many]
    dearer = middle([many / few for many, few in zip(cost[MANY], cost[FEW], strict=True)])
    result.gates = [Gate("CPU of a visit, many by few", dearer, 1.2, at_least=False, binding=False)]
    return [result]


async def one_round(servers: Servers, rows: int) -> Round:
    done = Round(PRODUCT)
    async with running(servers, PRODUCT) as chain:
        await pad(chain.site, rows)
        await stream(chain.site, chain.journeys[:50])
        done.visits, done.visit_seconds, done.visit_cpu = await stream(chain.site, chain.journeys[50 : chain.fed])
    return done
