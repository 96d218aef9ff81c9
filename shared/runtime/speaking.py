"""How is something said? A place under the subject's row lock, then a row in the outbox; reminders go to `due`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID, uuid5

from shared.contracts.base import Fact, topic_of
from shared.db import Tx
from shared.runtime.crash import crash_point
from shared.runtime.envelope import Envelope
from shared.runtime.messages import Spoken
from shared.runtime.unit_of_work import UnitOfWork, Wish

Subject = tuple[str, str]
"""(council, subject)"""

# Places are drawn in the order of (council, subject) and their rows stay locked until commit: so a place is visible
# only once its predecessors are. Never draw `seq` before the place, because the relay publishes by `seq`.
_PLACES = """
insert into place as p (council_id, subject, last)
select * from unnest($1::text[], $2::text[], $3::bigint[]) as k(council_id, subject, more) order by 1, 2
on conflict (council_id, subject) do update set last = p.last + excluded.last
returning council_id, subject, last
"""
_OUTBOX = """
insert into outbox (council_id, topic, key, headers, payload, said_at)
select council_id, topic, key, headers, payload, said_at
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
     with ordinality as k(council_id, topic, key, headers, payload, said_at, n) order by n
"""
_FORGET = """
delete from due d using unnest($1::text[], $2::text[], $3::text[]) as k(name, key, council_id)
where d.name = k.name and d.key = k.key and d.council_id = k.council_id
"""
_REMIND = """
insert into due (name, key, council_id, subject, at, body, cause, correlation)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::text[], $7::uuid[], $8::uuid[])
order by 1, 2, 3
on conflict (name, key, council_id) do update
set at = excluded.at, body = excluded.body, cause = excluded.cause, correlation = excluded.correlation,
    parked_code = null, parked_detail = null
"""


def id_of(service: str, spoken: Spoken) -> UUID:
    """A fact's id follows from its cause, who speaks and its ordinal: said again after a restore, it is recognised; and
    what two services say about one cause are two facts, to whoever hears both and makes ids of theirs."""
    return uuid5(spoken.message.cause, f"fact/{service}/{spoken.ordinal}")


async def speak(tx: Tx, service: str, work: UnitOfWork) -> None:
    """Write the timers this batch sets and everything it says. Says nothing twice after a restore.

    Timers before places, as where timers speak: locks taken in another order there would wait for each other.
    """
    await set_timers(tx, work.wishes)
    crash_point("fold.timed")
    said = await _not_said_before(tx, service, work.spoken)
    if said:
        await _publishable(tx, service, said)


async def _not_said_before(tx: Tx, service: str, spoken: Sequence[Spoken]) -> list[Spoken]:
    if not spoken:
        return []
    ids = [id_of(service, one) for one in spoken]
    before = {row[0] for row in await tx.rows("select id from already_said where id = any($1::uuid[])", ids)}
    return [one for one, id_ in zip(spoken, ids, strict=True) if id_ not in before]


async def _publishable(tx: Tx, service: str, said: Sequence[Spoken]) -> None:
    places = await _draw_places(tx, said)
    crash_point("fold.placed")
    rows = []
    for one in said:
        subject = (one.message.council, one.subject)
        places[subject] += 1
        rows += [
            _outbox_row(service, one, fact, payload, places[subject])
            for fact, payload in zip(one.versions, one.payloads, strict=True)
        ]
    await tx.run(_OUTBOX, *map(list, zip(*rows, strict=True)))


async def _draw_places(tx: Tx, said: Sequence[Spoken]) -> dict[Subject, int]:
    """For each subject, the place before the first of the new ones."""
    more: dict[Subject, int] = {}
    for one in said:
        subject = (one.message.council, one.subject)
        more[subject] = more.get(subject, 0) + 1
    ordered = sorted(more)
    rows = await tx.rows(_PLACES, [c for c, _ in ordered], [s for _, s in ordered], [more[key] for key in ordered])
    return {(council, subject): last - more[council, subject] for council, subject, last in rows}


def _outbox_row(service: str, spoken: Spoken, fact: Fact, payload: str, place: int) -> tuple[object, ...]:
    message = spoken.message
    envelope = Envelope(
        id=id_of(service, spoken),
        type=fact.type_name(),
        source=service,
        time=message.now,
        subject=spoken.subject,
        council=message.council,
        place=place,
        correlation=message.correlation,
        causation=message.cause,
        traceparent=message.traceparent,
    )
    headers = json.dumps(envelope.said())
    return message.council, topic_of(service), spoken.subject, headers, payload, message.now


async def set_timers(tx: Tx, wishes: Sequence[Wish]) -> None:
    last = {(wish.name, wish.key, wish.council): wish for wish in wishes}
    ordered = [last[key] for key in sorted(last)]
    gone = [wish for wish in ordered if wish.at is None]
    kept = [wish for wish in ordered if wish.at is not None]
    if gone:
        await tx.run(_FORGET, [w.name for w in gone], [w.key for w in gone], [w.council for w in gone])
    if kept:
        rows = [(w.name, w.key, w.council, w.subject, w.at, w.body, w.cause, w.correlation) for w in kept]
        await tx.run(_REMIND, *map(list, zip(*rows, strict=True)))
