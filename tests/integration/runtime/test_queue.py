"""One bad or early fact holds its own subject, never a neighbour; it is drained, replayed or dropped, and nothing is lost."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from shared.contracts.assessment import SupportRequested
from shared.contracts.base import FACTS
from shared.operations.parked import listed
from shared.runtime import parking
from shared.runtime.inbox import Line
from shared.runtime.parking import Drain
from shared.runtime.records import Record, read_record
from shared.settings import Settings
from shared.testing.facts import Speaker
from shared.testing.tokens import COUNCIL
from tests.integration.runtime.conftest import hear, missed, person, reader, requested
from tests.integration.runtime.toy import Broken, Toy, count_miss


def line(source: str, n: int) -> Line:
    return source, COUNCIL, str(person(n))


async def trail(toy: Toy, n: int) -> str:
    rows = await toy.rows("select trail from tally where person_id = $1", person(n))
    return str(rows[0][0]).strip() if rows else ""


async def parked(toy: Toy) -> list[tuple[object, ...]]:
    return await toy.rows("select place, code, detail from parked order by place, id")


def settings_of(toy: Toy) -> Settings:
    url = toy.worker.url.set(drivername="postgresql").render_as_string(hide_password=False)
    return Settings(service="toy", worker_database_url=url)


def garbled(record: Record) -> Record:
    return replace(record, payload=b'{"person_id": "not one"}')


async def test_a_gap_queues_its_own_subject_only_and_drains_when_the_missing_fact_comes(toy: Toy) -> None:
    speaker = Speaker()
    first, second, third, fourth = (speaker.say(requested(1)) for _ in range(4))
    neighbour = speaker.say(requested(2))
    await hear(toy, [first, third, fourth, neighbour])
    assert (await trail(toy, 1), await trail(toy, 2)) == ("a1", "a1")
    assert await parked(toy) == [(3, "gap", ""), (4, "gap", "")]
    await hear(toy, [third])
    assert await parked(toy) == [(3, "gap", ""), (4, "gap", "")]
    await hear(toy, [second])
    assert await trail(toy, 1) == "a1 a2 a3 a4"
    assert await parked(toy) == []
    assert await toy.rows("select last, held, gaps from inbox where subject = $1", str(person(1))) == [(4, False, 0)]


async def test_a_gap_that_closed_in_a_crash_is_drained_by_the_sweep(toy: Toy) -> None:
    speaker = Speaker()
    first, second, third = (speaker.say(requested(1)) for _ in range(3))
    await hear(toy, [first, third])
    consumer = reader(toy)
    consumer.drain.drain = _dies  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        await consumer.attempt([second])
    assert await trail(toy, 1) == "a1 a2"
    await reader(toy).drain.drain_closed_gaps()
    assert await trail(toy, 1) == "a1 a2 a3"


async def _dies(line: Line) -> int:
    raise KeyboardInterrupt


async def test_an_undecodable_fact_queues_its_subject_and_no_other(toy: Toy) -> None:
    speaker = Speaker()
    batch = [speaker.say(requested(1)), garbled(speaker.say(requested(1))), speaker.say(requested(1))]
    await hear(toy, [*batch, speaker.say(requested(2))])
    await hear(toy, [speaker.say(requested(1)), speaker.say(requested(2))])
    assert (await trail(toy, 1), await trail(toy, 2)) == ("a1", "a1 a2")
    assert await parked(toy) == [(2, "undecodable", ""), (3, "queue", ""), (4, "queue", "")]


async def test_a_rule_that_raises_takes_back_its_own_changes_only(toy: Toy) -> None:
    speaker = Speaker()
    batch = [speaker.say(missed(1)), speaker.say(missed(1, "raise")), speaker.say(missed(1)), speaker.say(missed(2))]
    await hear(toy, batch)
    assert (await trail(toy, 1), await trail(toy, 2)) == ("m1", "m1")
    assert await parked(toy) == [(2, "rule_raised", "Broken"), (3, "queue", "")]


async def test_a_broken_constraint_is_halved_down_to_its_message(toy: Toy) -> None:
    speaker = Speaker()
    batch = [speaker.say(missed(n, "constraint" if n == 5 else "late")) for n in range(12) for _ in (1, 2)]
    await hear(toy, batch)
    assert await parked(toy) == [(1, "database_refused", "23514 ck_tally_1"), (2, "queue", "")]
    assert (await toy.rows("select count(*), min(count), max(count) from tally"))[0] == (11, 2, 2)


async def test_other_sources_of_a_held_subject_go_on(toy: Toy) -> None:
    speaker = Speaker()
    await hear(toy, [speaker.say(missed(1, "raise")), speaker.say(requested(1)), speaker.say(missed(1))])
    assert await trail(toy, 1) == "a1"


async def test_replay_drains_in_order_once_the_rule_is_mended_while_new_facts_arrive(toy: Toy) -> None:
    speaker = Speaker()
    await hear(toy, [speaker.say(missed(1, "raise")), *(speaker.say(missed(1)) for _ in range(10))])
    drain = Drain(toy.worker, toy.service, "toy")
    assert await drain.drain(line("marketplace", 1)) == 0
    mended = _with_a_mended_rule(toy)
    more = [speaker.say(missed(1)) for _ in range(5)]
    await asyncio.gather(Drain(toy.worker, mended, "toy").drain(line("marketplace", 1)), hear(toy, more))
    await Drain(toy.worker, mended, "toy").drain(line("marketplace", 1))
    assert await trail(toy, 1) == " ".join(f"m{n}" for n in range(1, 17))
    assert await parked(toy) == []


def _with_a_mended_rule(toy: Toy):  # type: ignore[no-untyped-def]
    """The same service, but "raise" no longer raises: the fact is read as one that was merely late."""

    def mended(heard, work):  # type: ignore[no-untyped-def]
        calm = replace(heard, body=heard.fact.model_copy(update={"because": "late"}))
        yield from count_miss(calm, work)

    reactions = dict(toy.service.reactions)
    (decision,) = reactions["marketplace.visit_missed.v1"]
    reactions["marketplace.visit_missed.v1"] = [replace(decision, decide=mended)]
    return replace(toy.service, reactions=reactions)


async def test_drop_gives_one_fact_up_with_a_reason_and_drains_the_rest(toy: Toy) -> None:
    speaker = Speaker()
    await hear(toy, [speaker.say(missed(1, "raise")), speaker.say(missed(1)), speaker.say(missed(1))])
    number = (await toy.rows("select id from parked where code = 'rule_raised'"))[0][0]
    assert await Drain(toy.worker, toy.service, "toy").drop(number, "told twice by hand", "olu") == 2
    assert await trail(toy, 1) == "m2 m3"
    assert await toy.rows("select place, code, reason, dropped_by from dropped") == [
        (1, "rule_raised", "told twice by hand", "olu")
    ]
    await hear(toy, [speaker.say(missed(1))])
    assert await trail(toy, 1) == "m2 m3 m4"


async def test_places_that_never_come_are_given_up_with_a_reason_and_what_waited_beyond_them_drains(toy: Toy) -> None:
    speaker = Speaker()
    first, lost, lost_too, fourth, fifth = (speaker.say(missed(1)) for _ in range(5))
    await hear(toy, [first, fourth, fifth])
    (gap,) = (await listed(settings_of(toy)))["gaps"]
    assert (gap["subject"], gap["missing_from"], gap["missing_to"], gap["waiting"]) == (str(person(1)), 2, 3, 2)
    drain, number = Drain(toy.worker, toy.service, "toy"), gap["id"]
    assert await drain.pass_over(number, "never published", "olu") == 2
    assert await trail(toy, 1) == "m1 m4 m5"
    assert await toy.rows("select place, code, reason, dropped_by from dropped order by place") == [
        (place, "missing", "never published", "olu") for place in (2, 3)
    ]
    await hear(toy, [lost, lost_too, speaker.say(missed(1))])
    assert await trail(toy, 1) == "m1 m4 m5 m6"
    assert await parked(toy) == []
    assert (await listed(settings_of(toy)))["gaps"] == []


async def test_nothing_is_passed_over_where_no_place_is_missing(toy: Toy) -> None:
    speaker = Speaker()
    await hear(toy, [speaker.say(missed(1, "raise")), speaker.say(missed(1))])
    number = (await toy.rows("select max(id) from parked"))[0][0]
    with pytest.raises(LookupError, match="no place is missing"):
        await Drain(toy.worker, toy.service, "toy").pass_over(number, "a slip", "olu")
    assert await toy.rows("select 1 from dropped") == []


async def test_a_constraint_in_a_drain_stops_at_the_guilty_fact(toy: Toy) -> None:
    speaker = Speaker()
    first, *rest = (speaker.say(missed(1, "constraint" if n == 3 else "late")) for n in range(6))
    await hear(toy, rest)
    await hear(toy, [first])
    assert await trail(toy, 1) == "m1 m2 m3"
    assert (await parked(toy))[0] == (4, "database_refused", "23514 ck_tally_1")
    assert await toy.rows("select held from inbox") == [(True,)]


async def test_an_unreadable_envelope_is_parked_by_partition_and_offset(toy: Toy) -> None:
    speaker = Speaker()
    bad = read_record("assessment.events", 3, 17, [("ce_id", b"\xff")], b"?")
    await hear(toy, [bad, speaker.say(requested(1))])
    await hear(toy, [bad])
    rows = await toy.rows('select code, topic, partition, "offset" from parked')
    assert rows == [("envelope_unreadable", "assessment.events", 3, 17)]
    assert await trail(toy, 1) == "a1"


async def test_an_unknown_type_is_skipped_and_its_place_stays_open_to_a_known_version(toy: Toy) -> None:
    speaker = Speaker()
    record = speaker.say(requested(1))
    assert record.envelope is not None
    newer = _retyped(record, "assessment.support_requested.v9")
    await hear(toy, [newer])
    assert await toy.rows("select type, heard from unknown_type") == [("assessment.support_requested.v9", 1)]
    await hear(toy, [newer, record, record, speaker.say(requested(1))])
    assert await trail(toy, 1) == "a1 a2"


def _retyped(record: Record, name: str) -> Record:
    assert record.envelope is not None
    headers = replace(record.envelope, type=name).headers()
    return read_record(record.topic, record.partition, record.offset, headers, record.payload)


async def test_too_many_parked_in_a_row_pause_the_reader_until_it_is_told_to_go_on(toy: Toy) -> None:
    speaker, consumer = Speaker(), reader(toy)
    await consumer.attempt([speaker.say(missed(n, "raise")) for n in range(25)])
    assert await consumer.is_paused()
    assert "25 facts in a row" in consumer.paused_because
    restarted = reader(toy)
    await restarted.load_parked_in_a_row()
    assert await restarted.is_paused()
    await toy.rows("update reader_state set parked_in_a_row = 0 returning 1")
    assert not await restarted.is_paused()


async def test_what_is_parked_holds_codes_and_never_the_text_of_an_error(toy: Toy) -> None:
    speaker = Speaker()
    await hear(
        toy, [speaker.say(SupportRequested(request_id=person(1), person_id=person(1), route_of_access="r", team="t"))]
    )
    await hear(toy, [speaker.say(missed(2, "raise"))])
    for _, code, detail in await parked(toy):
        assert (code, detail) == ("rule_raised", Broken.__name__)


def elsewhere(record: Record) -> Record:
    """The same fact, published again: at another offset."""
    return replace(record, offset=record.offset + 1000)


async def test_an_early_fact_that_comes_again_with_the_missing_one_is_applied_once(toy: Toy) -> None:
    speaker = Speaker()
    first, second, third, fourth = (speaker.say(requested(1)) for _ in range(4))
    await hear(toy, [first, third, elsewhere(third), fourth])
    await hear(toy, [second, elsewhere(third)])
    assert await trail(toy, 1) == "a1 a2 a3 a4"
    assert await parked(toy) == []
    assert await toy.rows("select last, held, gaps from inbox") == [(4, False, 0)]


async def test_an_early_fact_that_was_published_twice_is_applied_once_whatever_page_it_is_on(
    toy: Toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "PAGE", 1)
    speaker = Speaker()
    first, second, third, fourth = (speaker.say(requested(1)) for _ in range(4))
    await hear(toy, [first, third, elsewhere(third), fourth, elsewhere(fourth)])
    await hear(toy, [second])
    assert await trail(toy, 1) == "a1 a2 a3 a4"
    assert await toy.rows("select last, held, gaps from inbox") == [(4, False, 0)]


async def test_an_early_fact_read_again_at_its_own_offset_while_its_subject_is_held_is_not_lost(toy: Toy) -> None:
    """A reader that was rewound reads it again: its one row, parked beyond a gap, then waits behind the guilty fact."""
    speaker = Speaker()
    first, guilty, early = speaker.say(missed(1)), speaker.say(missed(1, "raise")), speaker.say(missed(1))
    await hear(toy, [first, early])
    await hear(toy, [guilty, early])
    assert await parked(toy) == [(2, "rule_raised", "Broken"), (3, "queue", "")]
    assert await Drain(toy.worker, _with_a_mended_rule(toy), "toy").drain(line("marketplace", 1)) == 2
    assert await trail(toy, 1) == "m1 m2 m3"
    assert await parked(toy) == []
    assert await toy.rows("select last, held, gaps from inbox") == [(3, False, 0)]


async def test_a_fact_parked_beyond_a_gap_that_fails_when_it_is_read_again_waits_with_its_code(toy: Toy) -> None:
    """Read again at its own offset once its place is the next: it is the guilty one, no repeat, and holds its subject."""
    speaker = Speaker()
    first, second, guilty = speaker.say(missed(1)), speaker.say(missed(1)), speaker.say(missed(1, "raise"))
    await hear(toy, [first, guilty])
    await hear(toy, [second, guilty, speaker.say(missed(1))])
    assert await parked(toy) == [(3, "rule_raised", "Broken"), (4, "queue", "")]
    await Drain(toy.worker, _with_a_mended_rule(toy), "toy").drain(line("marketplace", 1))
    assert await trail(toy, 1) == "m1 m2 m3 m4"
    assert await parked(toy) == []
    assert await toy.rows("select last, held, gaps from inbox") == [(4, False, 0)]


async def test_a_fact_parked_beyond_a_gap_and_read_again_at_its_own_offset_as_the_next_is_applied_once(
    toy: Toy,
) -> None:
    speaker = Speaker()
    first, second, third, fourth = (speaker.say(missed(1)) for _ in range(4))
    await hear(toy, [first, third])
    await hear(toy, [second, third, fourth])
    assert await trail(toy, 1) == "m1 m2 m3 m4"
    assert await parked(toy) == []
    assert await toy.rows("select last, held, gaps from inbox") == [(4, False, 0)]


@pytest.mark.parametrize("early", [True, False])
async def test_two_versions_said_with_one_place_are_applied_once(toy: Toy, early: bool) -> None:
    """By a reader that knows both, in either order, and also when they came too early."""
    old = "assessment.support_requested.v1"
    both = replace(toy.service, reactions={**toy.service.reactions, f"{old[:-1]}2": toy.service.reactions[old]})
    FACTS[f"{old[:-1]}2"] = FACTS[old]
    try:
        speaker, other = Speaker(), replace(toy, service=both)
        first, second = (speaker.say(requested(1)) for _ in range(2))
        twice = [second, elsewhere(_retyped(second, f"{old[:-1]}2"))]
        for batch in ([*twice], [first]) if early else ([first, *reversed(twice)], twice):
            await hear(other, batch)
    finally:
        del FACTS[f"{old[:-1]}2"]
    assert await trail(toy, 1) == "a1 a2"
    assert await toy.rows("select last, held, gaps from inbox") == [(2, False, 0)]


async def test_an_early_unknown_version_leaves_its_place_open_to_a_known_one(toy: Toy) -> None:
    speaker = Speaker()
    first, second, third = (speaker.say(requested(1)) for _ in range(3))
    unknown = elsewhere(_retyped(second, "assessment.support_requested.v9"))
    await hear(toy, [unknown, second, third])
    await hear(toy, [first])
    assert await trail(toy, 1) == "a1 a2 a3"
    assert await parked(toy) == []


async def test_a_drop_that_died_before_it_drained_is_gone_on_with_by_the_sweep(toy: Toy) -> None:
    """What queued behind has nothing guilty before it any more, and nobody would look for it by hand."""
    speaker = Speaker()
    await hear(toy, [speaker.say(missed(1, "raise")), *(speaker.say(missed(1)) for _ in range(3))])
    drain = Drain(toy.worker, toy.service, "toy")
    drain.drain = _dies  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        await drain.drop((await toy.rows("select min(id) from parked"))[0][0], "r", "olu")
    await reader(toy).drain.drain_closed_gaps()
    assert await trail(toy, 1) == "m2 m3 m4"
    assert await toy.rows("select held, gaps from inbox") == [(False, 0)]


async def test_the_sweep_leaves_a_guilty_fact_to_a_person(toy: Toy) -> None:
    speaker = Speaker()
    await hear(toy, [speaker.say(missed(1, "raise")), speaker.say(missed(1))])
    mended = Drain(toy.worker, _with_a_mended_rule(toy), "toy")
    await mended.drain_closed_gaps()
    assert await trail(toy, 1) == ""
