"""Whatever stands on the log, one record's trouble is its own: it is parked, and the reader goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.runtime.loads import by_key
from shared.runtime.records import Record, read_record
from shared.runtime.relay import make_producer
from shared.runtime.service import Decision
from shared.runtime.topics import WATERMARKS
from shared.runtime.watermarks import Tide, Watermark
from shared.testing.facts import Speaker
from shared.testing.harness import eventually
from tests.integration.runtime.conftest import hear, missed, person, reader, requested
from tests.integration.runtime.log import topics
from tests.integration.runtime.toy import Tally, Toy, bump, count_request, spoke


def with_header(record: Record, name: str, value: bytes | None) -> Record:
    headers: Any = [(said, value if said == name else text) for said, text in record.headers]
    return read_record(record.topic, record.partition, record.offset, headers, record.payload)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_council", None),
        ("ce_sequence", b"9223372036854775808"),
        ("ce_subject", b"s" * 4000),
        ("ce_type", b"t" * 4000),
        ("ce_source", b"s" * 4000),
        ("ce_time", b"0001-01-01T00:00:00+14:00"),
        ("ce_subject", b"a\x00b"),
    ],
)
async def test_a_hostile_envelope_is_parked_and_the_next_is_heard(toy: Toy, name: str, value: bytes | None) -> None:
    speaker = Speaker()
    await hear(toy, [with_header(speaker.say(requested(1)), name, value), speaker.say(requested(2))])
    assert await toy.rows("select person_id from tally") == [(person(2),)]
    assert await toy.rows("select count(*) from parked") == [(1,)]


def reacting(toy: Toy, decide: Any, *wants: Any) -> Toy:
    """The same toy, doing something else about requests."""
    reactions = {**toy.service.reactions, "assessment.support_requested.v1": [Decision(decide, wants)]}
    return replace(toy, service=replace(toy.service, reactions=reactions))


async def test_a_load_that_breaks_on_one_message_parks_that_message_only(toy: Toy) -> None:
    def key(heard: Any, work: Any) -> UUID:
        return {"r": heard.fact.person_id}[heard.fact.route_of_access]  # type: ignore[no-any-return]

    other, speaker = reacting(toy, count_request, by_key(Tally, key)), Speaker()
    await hear(other, [speaker.say(requested(1)), speaker.say(requested(2, "odd")), speaker.say(requested(3))])
    assert await toy.rows("select person_id from tally order by 1") == [(person(1),), (person(3),)]
    assert await toy.rows("select code, detail from parked") == [("rule_raised", "NotLoaded")]


async def test_a_fact_over_64_kib_is_not_said_and_its_cause_is_parked(toy: Toy) -> None:
    """In bytes: 30,000 of these characters are 90,000 bytes."""

    def decide(heard: Any, work: Any) -> Any:
        bump(work, heard.fact.person_id, heard.council, "a")
        yield spoke(heard, 1).model_copy(update={"team": "€" * int(heard.fact.route_of_access)})

    wants = toy.service.reactions["assessment.support_requested.v1"][0].wants
    other, speaker = reacting(toy, decide, *wants), Speaker()
    await hear(other, [speaker.say(requested(1, "30000")), speaker.say(requested(2, "20000"))])
    assert await toy.rows("select person_id from tally") == [(person(2),)]
    assert await toy.rows("select code, detail from parked") == [("rule_raised", "FactTooLarge")]
    assert await toy.rows("select count(*) from outbox") == [(1,)]


async def test_a_reader_ignores_fields_it_does_not_know(toy: Toy) -> None:
    record = Speaker().say(requested(1))
    await hear(toy, [replace(record, payload=record.payload[:-1] + b', "later": {"more": [1]}}')])
    assert await toy.rows("select count from tally") == [(1,)]
    assert await toy.rows("select 1 from parked") == []


async def test_many_bad_facts_among_good_ones_are_not_many_in_a_row(toy: Toy) -> None:
    speaker, consumer = Speaker(), reader(toy)
    await consumer.attempt([speaker.say(missed(n, "raise" if n % 2 else "late")) for n in range(60)])
    assert not await consumer.is_paused()
    await consumer.attempt([speaker.say(missed(n, "raise")) for n in range(100, 119)])
    assert await consumer.is_paused()


async def test_what_is_no_watermark_stops_no_timers_and_the_last_one_said_counts(toy: Toy) -> None:
    """The clock of an empty sandbox may be set back: then a later watermark is of an earlier time, and the one before
    knows nothing of what has been said since."""
    now = datetime.now(UTC)
    stale = Watermark(service="assessment", at=now, ends={0: 0})
    early = Watermark(service="assessment", at=now - timedelta(days=900), ends={0: 5})
    async with topics(toy.bootstrap) as prefix:
        producer = make_producer(toy.bootstrap)
        await producer.start()
        for payload in (stale.model_dump_json().encode(), b"{", None, early.model_dump_json().encode()):
            await producer.send_and_wait(prefix + WATERMARKS, payload, key=b"assessment")
        tide = Tide(toy.bootstrap, prefix)
        await tide.start()

        async def risen() -> bool:
            await tide.read()
            return tide.latest.get("assessment") == early

        await eventually(risen)
        await tide.stop()
        await producer.stop()
