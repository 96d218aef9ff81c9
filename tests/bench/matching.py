"""B7: an explained match over 100,000 listings in one council, under row-level security, as a broker asks for it."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from care.local.servers import Servers
from services.marketplace.models import Listing, Placed, Requirement, Restriction, Supplier
from services.marketplace.rules.states import ListingState, RequirementState
from shared.contracts.base import PlanLine, Route, SupplierKind, Support
from shared.contracts.safeguarding import Level
from shared.runtime.rows import Row
from shared.testing.tokens import token
from tests.bench.builds import PRODUCT
from tests.bench.clients import Client, get, issuer
from tests.bench.commands import start
from tests.bench.ground import Site, site
from tests.bench.libraries.matching import TheirMarket
from tests.bench.measure import middle, percentile
from tests.bench.results import Gate, Plan, Result
from tests.bench.world import COUNCILS, HOURLY, MINUTES, SLOTS, known, seed, today

ORM = "ORM objects"
COUNCIL = COUNCILS[0]
LISTINGS, EACH = 100_000, 10
"""Listings in one council, and how many of them are one supplier's."""
AREAS = tuple(f"area-{n:03}" for n in range(300))
SHOWN = 50
"""How many ranked and how many excluded the broker asks for."""
ASKED = {True: 100, False: 1000}
"""Requests a round, in the quick and in the full form; the other build answers a few."""
SQUARES = tuple(f"TQ{n:02}{quarter}" for n in range(0, 100, 7) for quarter in ("NW", "SE"))
SKILLS = ("hoist", "catheter", "language:bn")


@dataclass
class Round:
    build: str
    taken: list[float] = field(default_factory=list)
    """Seconds each answer took."""
    found: Any = None

    def ms(self, share: float) -> float:
        return percentile(self.taken, share) * 1000


def listings(many: int, seed_of: int = 7) -> Iterator[Row]:
    """Suppliers of all kinds, one in twenty restricted, and their listings, some without room, some withdrawn."""
    chance = random.Random(seed_of)
    for n in range(many // EACH):
        kind, supplier_id = chance.choice(list(SupplierKind)), known(COUNCIL, "of many", n)
        yield Supplier(
            council_id=COUNCIL, supplier_id=supplier_id, name=f"Synthetic Care {n}", arms_length=False, supplier_kind=kind,
            synthetic=True, imported=False,
        )  # fmt: skip
        placed = (Placed(known(supplier_id, "placed"), Level.NO_NEW_PLACEMENTS, (), today()),)
        yield Restriction(council_id=COUNCIL, supplier_id=supplier_id, placed=placed if n % 20 == 0 else ())
        for m in range(EACH):
            listing = _listing(chance, known(supplier_id, m), supplier_id, kind)
            yield listing
            yield from listing.as_served()


def _listing(chance: random.Random, listing_id: UUID, supplier_id: UUID, kind: SupplierKind) -> Listing:
    return Listing(
        council_id=COUNCIL,
        listing_id=listing_id,
        supplier_id=supplier_id,
        supplier_kind=kind,
        support=chance.choice(list(Support)),
        areas=tuple(chance.sample(AREAS, chance.randint(1, 3))),
        hourly_pence=chance.randrange(1900, 3100, 5),
        room_minutes=chance.randrange(0, 6000, 30),
        state=ListingState.LIVE if chance.random() < 0.95 else ListingState.WITHDRAWN,
        skills=tuple(chance.sample(SKILLS, chance.randint(0, 3))),
        square=chance.choice((None, *SQUARES)),
    )


def requirement(n: int) -> Requirement:
    """The n-th: an area of its own, every third with a skill."""
    line = PlanLine(
        line_id=known("line of", n), support=Support.HOME_CARE, kind_wanted=SupplierKind.PROVIDER,
        route=Route.COUNCIL_MANAGED, pattern=SLOTS, weekly_minutes=MINUTES, hourly_pence=HOURLY, weekly_pence=16_800,
        skills=SKILLS[:1] if n % 3 == 0 else (),
    )  # fmt: skip
    return Requirement(
        council_id=COUNCIL, requirement_id=known("wanted", n), plan_id=known("plan of", n), revision=1,
        budget_id=known("budget of", n), person_id=known("person of", n), team="team-a", area=AREAS[n % len(AREAS)],
        line=line, starts_on=today() + timedelta(days=3), state=RequirementState.OPEN, square=SQUARES[n % len(SQUARES)],
    )  # fmt: skip


WANTED = tuple(requirement(n) for n in range(60))


async def fill(where: Site) -> None:
    async with where.admin("marketplace") as db:
        await seed(db, [*listings(LISTINGS), *WANTED])
        await db.execute("vacuum analyze")


async def ask_product(port: int, many: int) -> Round:
    """One broker, one question after the other; the first few are not counted."""
    done, bearer = Round(PRODUCT), f"Bearer {token('broker', council=COUNCIL)}"
    async with Client(port) as client:
        for n in range(-20, many):
            wanted = WANTED[n % len(WANTED)]
            path = f"/v1/requirements/{wanted.requirement_id}/matches?limit={SHOWN}"
            began = time.perf_counter()
            status, body = await client.read(get(path, Authorization=bearer))
            done.taken += [time.perf_counter() - began] if n >= 0 else []
            if status != 200:
                raise RuntimeError(f"answered {status}")
            if n == 0:
                done.found = json.loads(body)
    return done


async def ask_theirs(where: Site, many: int) -> Round:
    done, theirs = Round(ORM), TheirMarket(where.url("marketplace", "http"))
    for n in range(many):
        began = time.perf_counter()
        found = await theirs.matches(COUNCIL, WANTED[n % len(WANTED)].requirement_id, SHOWN)
        done.taken.append(time.perf_counter() - began)
        done.found = done.found or found
    await theirs.close()
    return done


def faults(one: Round, other: Round) -> list[str]:
    """Both say the same of the same: who is ranked, with which points for which reasons, and who is excluded, and why."""
    return [] if one.found == other.found else ["the two answers differ"]


async def measure(servers: Servers, plan: Plan, wanted: set[str], tell: Callable[[str], None]) -> Sequence[Result]:
    result = Result(
        "B7", f"an explained match over {LISTINGS:,} listings in one council", "ms at the 99th of a hundred"
    )
    middles: dict[str, list[float]] = {PRODUCT: [], ORM: []}
    with issuer() as keys:
        async with site(servers, PRODUCT, ["marketplace"]) as where:
            await fill(where)
            port = await start(where, PRODUCT, keys)
            for number in range(plan.rounds):
                both = await ask_product(port, ASKED[plan.quick]), await ask_theirs(where, 1 if plan.quick else 3)
                result.faults += faults(*both)
                for done in both:
                    result.rates.setdefault(done.build, []).append(done.ms(0.99))
                    middles[done.build].append(done.ms(0.5))
                    tell(f"round {number + 1}, {done.build}: p50 {done.ms(0.5):.1f} ms, p99 {done.ms(0.99):.1f} ms")
    result.gates = [Gate("product p99, ms", middle(result.rates[PRODUCT]), 20, at_least=False, binding=False)]
    said = ", ".join(f"{build} {middle(values):.1f} ms" for build, values in middles.items())
    shorter = result.ratio(ORM, PRODUCT)
    result.notes = [
        f"p50: {said}; the ORM's p99 is {shorter:,.0f} times the product's",
        f"the product is asked over HTTP, the ORM in its own process; each shows the best {SHOWN} and {SHOWN} excluded",
    ]
    return [result]
