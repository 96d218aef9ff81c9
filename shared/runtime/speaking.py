"""How is something said? A place under the subject's row lock, then a row in the outbox; reminders go to `due`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from pydantic_core import to_json

from shared.contracts.base import topic_of
from shared.db import Statement, Tx
from shared.ids import id_from
from shared.runtime.crash import crash_point
from shared.runtime.envelope import Envelope
from shared.runtime.messages import Spoken
from shared.runtime.saving import save
from shared.runtime.unit_of_work import UnitOfWork, Wish

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
    return id_from(spoken.message.cause, f"fact/{service}/{spoken.ordinal}")


async def speak(
    tx: Tx, service: str, work: UnitOfWork, spoken: Sequence[Spoken], also: Sequence[Statement] = ()
) -> None:
    """Save what changed, set timers and say what is to be said, with what is `also` to be written: on two ways to the database,
    because a fact goes with its place; on one where nothing is said.

    Timers before places, as where timers speak: locks taken in another order there would wait for each other.
    """
    said, timers = await _not_said_before(tx, service, spoken), _set_timers(work.wishes)
    if not said:
        await save(tx, work, [*timers, *also])
        crash_point("fold.saved")
        return
    *_, drawn = await save(tx, work, [*timers, _draw_places(said)])
    crash_point("fold.placed")
    await tx.together([_fill_outbox(service, said, drawn), *also])
    crash_point("fold.said")


async def _not_said_before(tx: Tx, service: str, spoken: Sequence[Spoken]) -> list[Spoken]:
    """Nothing is said twice after a restore from a backup."""
    if not (spoken and tx.restored):
        return list(spoken)
    ids = [id_of(service, one) for one in spoken]
    before = {row[0] for row in await tx.rows("select id from already_said where id = any($1::uuid[])", ids)}
    return [one for one, id_ in zip(spoken, ids, strict=True) if id_ not in before]


def _draw_places(said: Sequence[Spoken]) -> Statement:
    """Gives (council, subject, the last of the new places), for each subject that is spoken of."""
    more = Counter((one.message.council, one.subject) for one in said)
    columns = [(*subject, more[subject]) for subject in sorted(more)]
    return Statement(_PLACES, tuple(map(list, zip(*columns, strict=True))), gives_rows=True)


def _fill_outbox(service: str, said: Sequence[Spoken], drawn: Iterable[tuple[str, str, int]]) -> Statement:
    """What is said, each at its place: the last that was said of a subject at the last of those drawn for it."""
    following = {(council, subject): last for council, subject, last in drawn}
    rows: list[tuple[object, ...]] = []
    for one in reversed(said):
        subject = (one.message.council, one.subject)
        rows += [_outbox_row(service, one, n, following[subject]) for n in reversed(range(len(one.versions)))]
        following[subject] -= 1
    return Statement(_OUTBOX, tuple(map(list, zip(*reversed(rows), strict=True))))


def _outbox_row(service: str, spoken: Spoken, version: int, place: int) -> tuple[object, ...]:
    message, fact, payload = spoken.message, spoken.versions[version], spoken.payloads[version]
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
    headers = to_json(envelope.said()).decode()
    return message.council, topic_of(service), spoken.subject, headers, payload, message.now


def _set_timers(wishes: Sequence[Wish]) -> list[Statement]:
    """The last word about each timer counts."""
    last = {(wish.name, wish.key, wish.council): wish for wish in wishes}
    ordered = [last[key] for key in sorted(last)]
    gone = [(wish.name, wish.key, wish.council) for wish in ordered if wish.at is None]
    kept = [
        (wish.name, wish.key, wish.council, wish.subject, wish.at, wish.body, wish.cause, wish.correlation)
        for wish in ordered
        if wish.at is not None
    ]
    return [
        Statement(sql, tuple(map(list, zip(*rows, strict=True))))
        for sql, rows in ((_FORGET, gone), (_REMIND, kept))
        if rows
    ]
