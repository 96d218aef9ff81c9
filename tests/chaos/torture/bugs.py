"""Which mistakes are planted? Each replaces something of the runtime while its scene plays; the product has no trace."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import asyncpg
import pytest
from asyncpg import PostgresError

from shared import money
from shared.db import Tx, transaction
from shared.runtime import answers, batches, perform, relay, speaking
from shared.runtime.consume import Consumer
from shared.runtime.hearing import Hearing
from shared.runtime.inbox import Inbox, Standing, Verdict
from shared.runtime.perform import Performer, _Attempt
from shared.runtime.relay import Relay, partition_of, publish
from shared.runtime.timers import Timers
from shared.runtime.trouble import Trouble, sort_trouble
from tests.chaos.torture import scenarios
from tests.integration.runtime.toy import Toy

Patch = pytest.MonkeyPatch


@dataclass(frozen=True)
class Bug:
    """A mistake, how it is planted, and the scene that must show it."""

    name: str
    plant: Callable[[Patch], None]
    scene: scenarios.Scene
    on_database: str = ""


def reach(module: ModuleType, point: str) -> None:
    """As the module would, whose points a scene may have taken over."""
    vars(module)["crash_point"](point)


def offset_before_effect(patch: Patch) -> None:
    right = Consumer.attempt

    async def attempt(self: Consumer, records: Sequence[Any], condemned: Any = None) -> None:
        async with transaction(self.engine) as tx:
            await Inbox(tx, self.reader).finish({(one.topic, one.partition): one.offset + 1 for one in records})
        await right(self, records, condemned)

    patch.setattr(Consumer, "attempt", attempt)


def no_inbox(patch: Patch) -> None:
    patch.setattr(Standing, "verdict", lambda self, place: Verdict.APPLY)


def repeat_inside_a_batch(patch: Patch) -> None:
    """What was heard is looked up once, before the batch."""

    async def take(self: Hearing, record: Any) -> None:
        standing = self.inbox.of(record)
        before = self.__dict__.setdefault("before", {})
        if record.place > before.setdefault(record.line, standing.last):
            standing.last = max(standing.last, record.place)
            await self._apply(record)

    patch.setattr(Hearing, "_take", take)


def queued_subject_overtaken(patch: Patch) -> None:
    def verdict(self: Standing, place: int) -> Verdict:
        return Verdict.DROP if place <= self.last else Verdict.APPLY

    patch.setattr(Standing, "verdict", verdict)


def grouped_by_type(patch: Patch) -> None:
    async def decide(self: Hearing, records: Sequence[Any]) -> None:
        await self.prepare(records)
        for record in sorted(records, key=lambda one: one.envelope.type):
            self.inbox.of(record).last = max(self.inbox.of(record).last, record.place)
            await self._apply(record)

    patch.setattr(Hearing, "decide", decide)


def trouble_by_class(patch: Patch) -> None:
    def by_class(error: BaseException) -> Trouble:
        return Trouble.GUILTY if isinstance(error, PostgresError) else sort_trouble(error)

    patch.setattr(batches, "sort_trouble", by_class)


def inbox_locked_only_where_it_exists(patch: Patch) -> None:
    """What is missing is made at the end, by whoever heard it."""
    right = Hearing.decide

    async def lock(self: Inbox, lines: Any) -> None:
        for line in sorted(set(lines)):
            rows = await self.tx.rows(f"{_STANDING} for update", self.reader, *line)
            self.standings[line] = Standing(*rows[0]) if rows else Standing(0, 0, False, 0)

    async def decide(self: Hearing, records: Sequence[Any]) -> None:
        await right(self, records)
        for line in self.inbox.standings:
            await self.tx.run(_MAKE_ONE, self.inbox.reader, *line)

    patch.setattr(Inbox, "lock", lock)
    patch.setattr(Hearing, "decide", decide)


_STANDING = """
select last, open_at, held, gaps from inbox where reader = $1 and source = $2 and council_id = $3 and subject = $4
"""
_MAKE_ONE = """
insert into inbox (reader, source, council_id, subject) values ($1, $2, $3, $4) on conflict do nothing
"""


def timers_that_do_not_wait(patch: Patch) -> None:
    async def heard_until(self: Timers, tx: Tx) -> dict[str, Any]:
        return dict.fromkeys(self.service.timers, tx.now)

    patch.setattr(Timers, "_heard_until", heard_until)


def later_than_the_last(patch: Patch) -> None:
    """The relay remembers the last id it published."""
    last = 0

    async def publish_once(self: Relay, producer: Any) -> int:
        nonlocal last
        async with transaction(self.engine) as tx:
            rows = await tx.rows(f"{_ROWS} where seq > $1 order by seq", last)
        await publish(producer, self.prefix, rows)
        last = max([last, *(row[0] for row in rows)])
        return len(rows)

    patch.setattr(Relay, "publish_once", publish_once)


_ROWS = "select seq, topic, key, headers, payload from outbox"


def delete_before_acknowledge(patch: Patch) -> None:
    async def publish_once(self: Relay, producer: Any) -> int:
        async with transaction(self.engine) as tx:
            rows = await tx.rows(f"{_ROWS} order by seq")
            await tx.run("delete from outbox where seq = any($1::bigint[])", [row[0] for row in rows])
        reach(relay, "relay.claimed")
        await publish(producer, self.prefix, rows)
        return len(rows)

    patch.setattr(Relay, "publish_once", publish_once)


def place_without_the_lock(patch: Patch) -> None:
    """The last place is looked up, and what follows is written."""
    patch.setattr(speaking, "_PLACES", _SET_PLACES)


_SET_PLACES = """
insert into place as p (council_id, subject, last)
select k.council_id, k.subject, k.more + coalesce(t.last, 0)
from unnest($1::text[], $2::text[], $3::bigint[]) as k(council_id, subject, more)
left join place t on t.council_id = k.council_id and t.subject = k.subject order by 1, 2
on conflict (council_id, subject) do update set last = excluded.last
returning council_id, subject, last
"""


def snapshot_gate(patch: Patch) -> None:
    gate = "xmin::text::bigint < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
    patch.setattr(relay, "_UNPUBLISHED", f"{_ROWS} where {gate} order by seq limit $1")


def next_batch_before_the_last_acknowledgement(patch: Patch) -> None:
    async def send(producer: Any, where: tuple[str, int], rows: Sequence[Any]) -> None:
        sent, left = [], list(rows)
        while left:
            batch, taken = producer.create_batch(), 0
            for _, _, key, headers, payload in left:
                pairs = [(name, value.encode()) for name, value in json.loads(headers)]
                if batch.append(key=key.encode(), value=payload.encode(), timestamp=None, headers=pairs) is None:
                    break
                taken += 1
            sent.append(await producer.send_batch(batch, where[0], partition=partition_of(rows[0][2])))
            left = left[taken:]
        await asyncio.gather(*sent)

    patch.setattr(relay, "_send_in_order", send)


def answer_stored_after_the_reply(patch: Patch) -> None:
    right = answers.store_answers

    async def attempt(self: Performer, batch: Sequence[Any], condemned: Any) -> None:
        council = batch[0].asked.council
        async with transaction(self.engine, council) as tx:
            one = _Attempt(tx, self.service, batch, condemned)
            found = await one.answers()
        reach(perform, "perform.committed")
        for request, answer in found:
            request.answer.set_result(answer)
        async with transaction(self.engine, council) as tx:
            await tx.together(right([(request.asked, answer) for request, answer in one.made]))

    def store_nothing(made: Any) -> list[Any]:
        return []

    patch.setattr(perform, "store_answers", store_nothing)
    patch.setattr(Performer, "_attempt", attempt)


def float_money(patch: Patch) -> None:
    patch.setattr(money, "price_of", lambda minutes, hourly: round(minutes * (hourly / 60)))


def nothing(patch: Patch) -> None:
    """The mistake is in the database."""


BUGS = (
    Bug("offset before effect", offset_before_effect, scenarios.a_reader_dies_before_its_commit),
    Bug("no inbox", no_inbox, scenarios.a_reader_dies_after_its_commit),
    Bug("repeat inside a batch", repeat_inside_a_batch, scenarios.a_fact_comes_twice_in_one_batch),
    Bug("queued subject overtaken", queued_subject_overtaken, scenarios.facts_queue_behind_a_bad_one),
    Bug("grouped by type before folding", grouped_by_type, scenarios.one_subject_is_spoken_of_in_several_ways),
    Bug("trouble sorted by exception class", trouble_by_class, scenarios.a_row_is_locked_for_a_while),
    Bug(
        "inbox rows locked only where they exist",
        inbox_locked_only_where_it_exists,
        scenarios.two_readers_hear_a_subject_s_first_fact,
    ),
    Bug(
        "timers that do not wait for watermarks",
        timers_that_do_not_wait,
        scenarios.a_timer_looks_while_a_fact_is_on_its_way,
    ),
    Bug("`id > last` relay", later_than_the_last, scenarios.a_transaction_that_began_first_commits_last),
    Bug("delete before acknowledge", delete_before_acknowledge, scenarios.a_relay_dies_everywhere),
    Bug("place assigned without the lock", place_without_the_lock, scenarios.two_speak_of_one_person_at_once),
    Bug("snapshot gate before the relay", snapshot_gate, scenarios.who_began_first_speaks_second),
    Bug(
        "partition's next batch before the last acknowledgement",
        next_batch_before_the_last_acknowledgement,
        scenarios.a_batch_is_lost_on_the_way,
    ),
    Bug(
        "idempotent answer stored after the reply",
        answer_stored_after_the_reply,
        scenarios.a_service_dies_before_its_answer_is_sent,
    ),
    Bug("float money", float_money, scenarios.prices_are_counted_out),
    Bug(
        "http role owning the tables",
        nothing,
        scenarios.two_councils_share_a_table,
        "alter table thing owner to toy_http; alter table thing no force row level security; "
        "grant select, insert, update, delete on thing to toy_worker",
    ),
)


async def caught(bug: Bug, toy: Toy) -> list[str]:
    """What the scene shows with the bug in it."""
    if bug.on_database:
        connection = await asyncpg.connect(toy.admin_url)
        await connection.execute(bug.on_database)
        await connection.close()
    with pytest.MonkeyPatch.context() as patch:
        bug.plant(patch)
        found: list[str] = await bug.scene(toy)
    return found
