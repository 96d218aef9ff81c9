"""What a batch leaves behind is what its messages would have left one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from shared.runtime.loads import by_key
from shared.testing.facts import Speaker
from tests.integration.runtime.conftest import hear, reader, requested
from tests.integration.runtime.test_poison import reacting
from tests.integration.runtime.toy import Thing, Toy

ONE, OTHER = UUID(int=1), UUID(int=2)
BOTH = by_key(Thing, lambda heard, work: [ONE, OTHER])


def put_or_remove(heard: Any, work: Any) -> None:
    """`route_of_access` tells what to do: put one red, remove it, or hand its colour over to the other."""
    what, red = (
        heard.fact.route_of_access,
        Thing(council_id=heard.council, thing_id=ONE, colour="red", size=heard.place),
    )
    if what == "put":
        work.put(replace(held, size=heard.place) if (held := work.get(Thing, ONE)) else red)
    if what in ("remove", "handover") and (held := work.get(Thing, ONE)):
        work.remove(held)
    if what == "handover":
        work.put(Thing(council_id=heard.council, thing_id=OTHER, colour="red"))


@pytest.mark.parametrize("whole", [True, False])
async def test_a_row_removed_and_put_anew_is_the_new_row_however_the_log_is_cut(toy: Toy, whole: bool) -> None:
    other, speaker = reacting(toy, put_or_remove, BOTH), Speaker()
    first, second, *rest = (
        speaker.say(requested(1, what)) for what in ("put", "put", "remove", "put", "remove", "put")
    )
    for batch in ([first], [second], rest) if whole else [[record] for record in (first, second, *rest)]:
        await reader(other).attempt(batch)
    assert await toy.rows("select thing_id, size from thing") == [(ONE, 6)]
    assert await toy.rows("select 1 from parked") == []


async def test_a_unique_value_may_be_handed_over_within_one_batch(toy: Toy) -> None:
    admin = await asyncpg.connect(toy.admin_url)
    await admin.execute("create unique index on thing (colour, council_id)")
    await admin.close()
    other, speaker = reacting(toy, put_or_remove, BOTH), Speaker()
    await hear(other, [speaker.say(requested(1, "put"))])
    await hear(other, [speaker.say(requested(1, "handover"))])
    assert await toy.rows("select thing_id, colour from thing") == [(OTHER, "red")]
    assert await toy.rows("select 1 from parked") == []
