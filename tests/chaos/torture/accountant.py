"""Are the books exact? Plain SQL and plain reads of the log against what clients wrote down; no code of the product."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from tests.chaos.torture.clients import Mark
from tests.chaos.torture.log_reading import (
    Entry,
    a_fact_has_one_place,
    a_place_is_one_fact,
    first_tellings,
    last_places,
    places_are_contiguous,
    read_whole,
)

SERVICES = ("assessment", "budget", "marketplace", "safeguarding")
HEARS = {
    "assessment": ("budget", "safeguarding"),
    "budget": ("assessment", "marketplace"),
    "marketplace": ("assessment", "budget", "safeguarding"),
    "safeguarding": ("assessment", "marketplace"),
}
QUIET_SECONDS = 180.0
ACCOUNTS = (
    "allocated", "contribution", "available", "committed", "delivered", "disputed", "paid", "accounted_for",
    "reserved", "returned", "owed_back",
)  # fmt: skip


@dataclass(frozen=True)
class Effect:
    """What an accepted command must have led to, once: a row in a table, or a fact of a type on the log.

    `answered` names the id in the command's answer, `kept` the column or member that holds it.
    """

    service: str
    where: str
    answered: str
    kept: str
    filtered: str = "true"


def row(service: str, table: str, answered: str, kept: str = "", filtered: str = "true") -> Effect:
    return Effect(service, table, answered, kept or answered, filtered)


def fact(kind: str, answered: str, kept: str = "") -> Effect:
    return Effect("", f"{kind}.v1", answered, kept or answered)


EFFECTS: dict[str, tuple[Effect, ...]] = {
    "register": (
        row("marketplace", "supplier", "supplier_id"),
        row("safeguarding", "supplier", "supplier_id"),
        fact("marketplace.supplier_registered", "supplier_id"),
    ),
    "list": (
        row("marketplace", "listing", "listing_id"),
        row("budget", "listing_copy", "listing_id"),
    ),
    "person": (row("assessment", "person", "person_id"),),
    "request": (row("assessment", "request", "request_id"), fact("assessment.support_requested", "request_id")),
    "begin": (row("assessment", "assessment", "assessment_id"),),
    "approve": (
        row("assessment", "assessment", "assessment_id", filtered="state = 'approved'"),
        row("budget", "budget", "assessment_id"),
        fact("assessment.assessment_completed", "assessment_id"),
    ),
    "propose": (
        row("assessment", "plan", "plan_id"),
        row("budget", "plan_check", "plan_id"),
        fact("assessment.plan_proposed", "plan_id"),
        fact("budget.inadequate", "plan_id"),
    ),
    "finalise": (
        row("budget", "budget", "plan_id", filtered="state = 'final'"),
        fact("budget.finalised", "plan_id"),
    ),
    "agree": (
        row("assessment", "plan", "plan_id", filtered="state = 'agreed'"),
        row("budget", "funding", "plan_id", filtered="agreed"),
        row("marketplace", "requirement", "plan_id"),
        row("safeguarding", "watch", "plan_id"),
        fact("assessment.plan_agreed", "plan_id"),
        fact("marketplace.requirement_opened", "plan_id"),
    ),
    "offer": (row("marketplace", "offer", "offer_id"), fact("marketplace.offer_made", "offer_id")),
    "accept": (
        row("marketplace", "order", "order_id", filtered="state = 'confirmed'"),
        row("budget", "commitment", "order_id", filtered="state = 'committed'"),
        row("budget", "journal", "order_id", filtered="verb = 'commit'"),
        fact("marketplace.order_placed", "order_id"),
        fact("budget.funds_committed", "order_id"),
        fact("marketplace.order_confirmed", "order_id"),
    ),
    "restrict": (row("safeguarding", "restriction", "restriction_id"),),
    "place": (
        row("safeguarding", "restriction", "restriction_id", filtered="state <> 'proposed'"),
        row("marketplace", "restriction", "supplier_id", filtered="placed <> '[]'"),
        fact("safeguarding.restriction_placed", "restriction_id"),
    ),
}


@dataclass
class Given:
    """What the accountant is told besides: the clients' journal, what was poisoned (subject -> its readers), and what
    was sent without its answer ever being read (council, client, key)."""

    journal: Sequence[dict[str, Any]]
    poisoned: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unanswered: frozenset[Mark] = frozenset()


@dataclass
class Report:
    """What was found wrong (nothing, if the books are exact), and how much was looked at."""

    wrong: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def note(self, check: str, found: Iterable[str]) -> None:
        several = list(found)
        self.counted["checks"] += 1
        self.wrong += [f"{check}: {one}" for one in several[:5]]
        self.wrong += [f"{check}: and {len(several) - 5} more"] if len(several) > 5 else []


class Accountant:
    """Audits one stack. `url_of` gives the administrator's address of a service's database."""

    def __init__(self, url_of: Callable[[str], str], bootstrap: str, given: Given) -> None:
        self.url_of, self.bootstrap, self.given = url_of, bootstrap, given
        self.report = Report()
        self.entries: list[Entry] = []
        self.ends: dict[Any, int] = {}

    async def audit(self) -> Report:
        """Wait until nothing moves any more, then look at everything."""
        await self.settle()
        self.entries, self.ends = await read_whole(self.bootstrap, [f"{name}.events" for name in SERVICES])
        self.report.counted["records on the log"] = len(self.entries)
        await self.check_log()
        for service in SERVICES:
            async with self.database(service) as connection:
                await self.check_reader(connection, service)
                await self.check_answers(connection, service)
        await self.check_effects()
        async with self.database("budget") as connection:
            await self.check_money(connection)
        return self.report

    @asynccontextmanager
    async def database(self, service: str) -> Any:
        connection = await asyncpg.connect(self.url_of(service), timeout=20)
        try:
            yield connection
        finally:
            await connection.close()

    async def settle(self) -> None:
        """Outboxes empty, everything on the log read by whoever reads it, nothing waiting for a gap."""
        deadline = time.monotonic() + QUIET_SECONDS
        moving = ["not looked yet"]
        while moving and time.monotonic() < deadline:
            try:
                moving = await self._moving()
            except (OSError, asyncpg.PostgresError, TimeoutError) as error:
                moving = [repr(error)]
            await asyncio.sleep(0.3 if moving else 0)
        self.report.note("settled", moving)

    async def _moving(self) -> list[str]:
        ends = await read_ends(self.bootstrap)
        moving = []
        for service in SERVICES:
            async with self.database(service) as connection:
                waiting = await connection.fetchval("select count(*) from outbox")
                moving += [f"{waiting} rows in the outbox of {service}"] if waiting else []
                read = await offsets(connection)
            for source in HEARS[service]:
                behind = [key for key, end in ends.items() if key[0] == f"{source}.events" and read.get(key, 0) < end]
                moving += [f"{service} is behind in {len(behind)} partitions of {source}"] if behind else []
        return moving

    async def check_log(self) -> None:
        good = [one for one in self.entries if one.said("ce_subject") not in self.given.poisoned]
        self.report.note("places contiguous", places_are_contiguous(good))
        self.report.note("a place holds one fact", a_place_is_one_fact(good))
        self.report.note("a fact has one place", a_fact_has_one_place(good))
        said = last_places(good)
        self.report.counted["places"] = sum(said.values())
        for service in SERVICES:
            async with self.database(service) as connection:
                rows = await connection.fetch("select council_id, subject, last from place")
                drawn = {(service, one[0], one[1]): one[2] for one in rows}
                mine = {line: last for line, last in said.items() if line[0] == service}
                self.report.note(f"all that {service} said is on the log", _differ(drawn, mine))

    async def check_reader(self, connection: asyncpg.Connection, service: str) -> None:
        """The last place heard of every subject is the speaker's; offsets are the log's ends; parked is what was poisoned."""
        said = {line: last for line, last in last_places(self.entries).items() if line[0] in HEARS[service]}
        rows = await connection.fetch("select source, council_id, subject, last, gaps, held from inbox")
        heard = {(one[0], one[1], one[2]): one[3] for one in rows if one[0] in HEARS[service]}
        self.report.note(f"{service} heard every place", _differ(said, heard))
        held = {one[2] for one in rows if one["held"] or one["gaps"]}
        wanted = {subject for subject, readers in self.given.poisoned.items() if service in readers}
        self.report.note(f"{service} holds what was poisoned", map(str, held ^ wanted))
        parked = Counter({(one[0], one[1]): one[2] for one in await connection.fetch(_PARKED)})
        expected = Counter({(subject, code): 1 for subject in wanted for code in ("undecodable", "queue")})
        self.report.note(f"{service} parked what was poisoned and what queued behind it", _differ(expected, parked))
        trouble = await connection.fetchval("select count(*) from due where parked_code is not null")
        self.report.note(f"{service} parked no timer", [f"{trouble} timers"] if trouble else [])

    async def check_answers(self, connection: asyncpg.Connection, service: str) -> None:
        """What a client was answered is what is kept, once. What was sent and its answer never read may be kept or not."""
        rows = await connection.fetch("select council_id, client_id, key, status from answer")
        kept = Counter((one["council_id"], one["client_id"], one["key"], one["status"]) for one in rows)
        told = Counter(
            (line["council"], line["client"], line["key"], line["status"])
            for line in self.given.journal
            if line["service"] == service
        )
        self.report.counted["commands"] += sum(told.values())
        self.report.counted["commands whose answer was never read"] = len(self.given.unanswered)
        kept = Counter({one: n for one, n in kept.items() if one[:3] not in self.given.unanswered})
        self.report.note(f"answers of {service}", _differ(told, kept))

    async def check_effects(self) -> None:
        facts: dict[str, list[Entry]] = defaultdict(list)
        for one in first_tellings(self.entries):
            if one.said("ce_subject") not in self.given.poisoned:
                facts[one.said("ce_type")].append(one)
        for step, effects in EFFECTS.items():
            accepted = [line for line in self.given.journal if line["step"] == step and line["status"] < 300]
            for effect in effects:
                wanted = Counter((line["council"], str(line["body"][effect.answered])) for line in accepted)
                found = await self._found(effect, facts)
                self.report.counted["effects"] += sum(wanted.values())
                self.report.note(f"{step} -> {effect.service} {effect.where}", _differ(wanted, found))
        self.check_listings(facts["marketplace.listing_published.v1"])

    def check_listings(self, said: Sequence[Entry]) -> None:
        """A listing is published once, and once more for each order that took room from it."""
        offers = {line["body"]["offer_id"]: line["body"] for line in self.given.journal if line["step"] == "offer"}
        wanted = Counter(
            line["body"]["listing_id"] if line["step"] == "list" else offers[line["body"]["offer_id"]]["listing_id"]
            for line in self.given.journal
            if line["step"] in ("list", "accept")
        )
        self.report.note("listings published", _differ(wanted, Counter(one.body["listing_id"] for one in said)))

    async def _found(self, effect: Effect, facts: dict[str, list[Entry]]) -> Counter[tuple[str, str]]:
        if not effect.service:
            return Counter((one.said("ce_council"), str(one.body[effect.kept])) for one in facts[effect.where])
        async with self.database(effect.service) as connection:
            sql = f'select council_id, {effect.kept} from "{effect.where}" where {effect.filtered}'
            return Counter((one[0], str(one[1])) for one in await connection.fetch(sql))

    async def check_money(self, connection: asyncpg.Connection) -> None:
        """Every journal sums to zero, every purse is the sum of its journals, nothing is committed beyond its funds."""
        total = "+".join(ACCOUNTS)
        wrong = await connection.fetch(f"select budget_id, number from journal where {total} <> 0")
        self.report.note("journals sum to zero", map(str, wrong))
        sums = ", ".join(f"sum({name})::bigint" for name in ACCOUNTS)
        by_journal = await connection.fetch(
            f"select council_id, budget_id, year, {sums}, count(*), max(number) from journal group by 1, 2, 3"
        )
        names = ", ".join(ACCOUNTS)
        purses = await connection.fetch(f"select council_id, budget_id, year, {names}, journals, journals from purse")
        kept, posted = ({tuple(one)[:3]: _unsigned(one) for one in rows} for rows in (purses, by_journal))
        self.report.note("purses are the sum of their journals", _differ(posted, kept))
        beyond = await connection.fetch(
            "select budget_id from purse where available < 0 or available + committed > allocated + contribution"
        )
        self.report.note("no commitment beyond its allocation", map(str, beyond))
        uneven = await connection.fetch(_UNEVEN)
        self.report.note("orders' parts are their purse's commitments", map(str, uneven))
        self.report.counted["journals"] = sum(one["count"] for one in by_journal)


_PARKED = "select subject, code, count(*) from parked group by 1, 2"
_UNEVEN = """
select p.council_id, p.budget_id, p.year from purse p
left join (select council_id, budget_id, year, sum(committed) committed from position group by 1, 2, 3) o
  using (council_id, budget_id, year)
where p.committed <> coalesce(o.committed, 0)
"""
CREDITS = ("allocated", "contribution", "disputed")
"""Purses keep these without their sign: a journal writes a credit as a negative sum."""


def _unsigned(one: Any) -> tuple[int, ...]:
    sums = zip(ACCOUNTS, list(one)[3 : 3 + len(ACCOUNTS)], strict=True)
    balances = tuple(abs(pence) if name in CREDITS else pence for name, pence in sums)
    return (*balances, *list(one)[3 + len(ACCOUNTS) :])


def _differ(wanted: Any, found: Any) -> list[str]:
    """What is in one and not in the other, or otherwise there."""
    keys = set(wanted) | set(found)
    pairs = ((key, wanted.get(key, 0), found.get(key, 0)) for key in sorted(keys, key=str))
    return [f"{key}: {should} should be, {is_} found" for key, should, is_ in pairs if should != is_]


async def offsets(connection: asyncpg.Connection) -> dict[tuple[str, int], int]:
    rows = await connection.fetch("select topic, partition, next from reader_offset")
    return {(one[0], one[1]): one[2] for one in rows}


async def read_ends(bootstrap: str) -> dict[Any, int]:
    """Where the services' topics end now."""
    kafka = AIOKafkaConsumer(bootstrap_servers=bootstrap, enable_auto_commit=False)
    await kafka.start()
    try:
        parts = [TopicPartition(f"{name}.events", n) for name in SERVICES for n in range(12)]
        ends = await kafka.end_offsets(parts)
    finally:
        await kafka.stop()
    return {(tp.topic, tp.partition): end for tp, end in ends.items()}
