"""What is the end of a run, so that two runs of one journey can be compared?

All rows of all services and all facts on the log. What depends on the order in which independent things happened, and
may, is left out, and nothing else:

* `version`: how many transactions touched a row, not what it says;
* a journal's `number` and `at`, and the ids of the facts that follow where two facts meet in one row: money is
  set aside because of the order or because of the agreed plan, whichever budget hears last (`MEETINGS`);
* a fact's place among the other facts about its subject, where they come from independent sources;
* the room that a listing was published with, or that was said to be left where a budget was short, while several
  people's orders were taking theirs (what it has at the end is compared: it is in the rows);
* what a plan was measured against, beside its verdict, and what suppliers were ranked by, beside who was called off,
  chosen or sent: how much room listings had left by then, and who was known already (`inputs`, `steps`, `considered`,
  `score`, `tried`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from shared.testing.simulation.log import Stored
from shared.testing.simulation.parts import Home
from shared.testing.simulation.world import World

LEFT_OUT = {
    "journal": ("number", "at"), "plan_check": ("inputs",), "award": ("steps", "considered"),
    "choice": ("steps", "score"), "cover": ("steps", "tried"),
}  # fmt: skip
MEETINGS = (
    "budget.funds_committed.v1", "budget.funds_short.v1", "budget.liability_disputed.v1",
    "marketplace.order_confirmed.v1", "marketplace.order_held.v1",
)  # fmt: skip
"""Facts whose id follows from whichever of two facts was heard last. What they say must be the same all the same."""

OF_ROOM = ("marketplace.listing_published.v1", "budget.inadequate.v1")
ROOM = re.compile(r'"room_minutes":\d+')

State = Counter[tuple[str, str]]
"""How often each row and each fact is there: ("budget.purse", its columns), ("fact budget.finalised.v1", its content)."""


def state_of(world: World) -> State:
    state: State = Counter()
    for home in world.homes.values():
        state.update(_rows(home))
        state.update(_due(home))
    state.update(_facts(world))
    return state


def digest_of(state: State) -> str:
    return hashlib.sha256(repr(sorted(state.items())).encode()).hexdigest()


Rows = list[dict[str, Any]]
_ROWS: WeakKeyDictionary[World, dict[tuple[str, str], tuple[int, Rows]]] = WeakKeyDictionary()


def rows(world: World, service: str, table: str) -> Rows:
    """What is committed, by name; made once for as long as nothing else is committed. Nobody changes them."""
    home, kept = world.homes[service], _ROWS.setdefault(world, {})
    committed, found = kept.get((service, table), (-1, []))
    if committed != home.database.committed:
        names = [column.name for column in home.statements.kinds.kinds[table].columns]
        found = [dict(zip(names, values, strict=True)) for values in home.database.rows(table).values()]
        kept[service, table] = home.database.committed, found
    return found


def _rows(home: Home) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for name, kind in home.statements.kinds.kinds.items():
        left_out = ("version", *LEFT_OUT.get(name, ()))
        kept = [n for n, column in enumerate(kind.columns) if column.name not in left_out]
        for row in home.database.rows(name).values():
            found[f"{home.service.name}.{name}", _told(row, kept)] += 1
    return found


_TOLD: dict[int, tuple[Any, Any]] = {}
MOST_TOLD = 50_000


def _once(thing: Any, read: Callable[[Any], Any]) -> Any:
    """What is read of a row or a record, read once: the runs of a journey share those of its calm run, and none changes.
    Each is held here, so that its id stays its own."""
    known = _TOLD.get(id(thing))
    if known is None:
        if len(_TOLD) > MOST_TOLD:
            _TOLD.clear()
        known = _TOLD[id(thing)] = thing, read(thing)
    return known[1]


def _told(row: Any, kept: list[int]) -> str:
    text: str = _once(row, lambda row: repr([str(row[n]) for n in kept]))
    return text


DUE = ("name", "key", "council_id", "subject", "at", "body")


def _due(home: Home) -> Counter[tuple[str, str]]:
    rows = home.database.rows("due").values()
    return Counter((f"{home.service.name} due", repr([str(row[name]) for name in DUE])) for row in rows)


Ident = tuple[str, str, str, int, str]
Facts = dict[Ident, dict[str, Any]]
_READ: WeakKeyDictionary[World, tuple[int, Facts]] = WeakKeyDictionary()


def facts(world: World) -> Facts:
    """Every fact on the log, once: by (source, council, subject, place, type); `payload` as it was sent, `body` what it says.
    Read once for as much as there is."""
    appended, found = _READ.get(world, (-1, {}))
    if appended != world.log.appended:
        found = _read(world)
        _READ[world] = world.log.appended, found
    return found


def _read(world: World) -> Facts:
    records = (record for records in world.log.stored.values() for record in records)
    return dict(_once(record, _fact) for record in records if record.headers)


def _fact(record: Stored) -> tuple[Ident, dict[str, Any]]:
    said: dict[str, Any] = {name: value.decode() for name, value in record.headers}
    ident = (said["ce_source"], said["ce_council"], said["ce_subject"], int(said["ce_sequence"]), said["ce_type"])
    payload = record.value.decode()
    return ident, said | {"payload": payload, "body": json.loads(payload)}


def _facts(world: World) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for (_, council, subject, _, name), said in facts(world).items():
        ident = "" if name in MEETINGS else said["ce_id"]
        payload = ROOM.sub("", said["payload"]) if name in OF_ROOM else said["payload"]
        found[f"fact {name}", json.dumps([council, subject, ident, said["ce_time"], payload])] += 1
    return found


def differences(one: State, other: State) -> list[str]:
    """What the one has and the other has not, and the other way round."""
    missing, surplus = one - other, other - one
    return [f"- {key} {row}" for key, row in sorted(missing)] + [f"+ {key} {row}" for key, row in sorted(surplus)]
