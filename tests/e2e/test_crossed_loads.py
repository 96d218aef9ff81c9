"""Workers see all councils' rows, so every load joins on the council: the demo's ids, asked for by another, give nothing."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from care.demo.council import COUNCIL
from care.local.place import SERVICES
from shared.db import Tx, make_engine, transaction
from shared.runtime.loads import ByKey, ByMatch, Everywhere, by_key, by_match
from shared.runtime.rows import Key, Row
from shared.runtime.unit_of_work import UnitOfWork
from shared.testing.decisions import decisions_of
from tests.e2e.conftest import Played

pytestmark = pytest.mark.xdist_group("stack")

OTHER = "E99999995"
MOST = 50
DOORS = {("safeguarding", "look_elsewhere", "notice"), ("safeguarding", "tell_others", "supplier")}
"""All that looks across councils: timers of workers. `tests/integration/safeguarding/test_telling.py` says what comes of it."""


def loads_of(service: str) -> set[tuple[str, ...]]:
    """Every load as (kind, columns it asks by), the council left out."""
    found = set()
    for load in (load for decision in decisions_of(service) for load in decision.wants):
        assert isinstance(load, ByKey | ByMatch), f"{load} is written out: cross its ids in a test of its own"
        columns = load.columns if isinstance(load, ByMatch) else load.kind.key[:-1]
        found.add((load.kind.name, *columns))
    return found


def rows_by_name(service: str) -> dict[str, type[Row]]:
    return {load.kind.name: load.kind.row for decision in decisions_of(service) for load in decision.wants}


async def fetched(tx: Tx, row: type[Row], columns: tuple[str, ...], values: list[Key], council: str) -> int:
    """How many rows a load by these columns gives a message of this council."""
    asked: Any = values
    load: Any = by_match(row, *columns, of=lambda message, work: asked)
    if columns == row.kind.key[:-1]:
        load = by_key(row, lambda message, work: asked)
    work = UnitOfWork()
    await load.fetch(tx, [SimpleNamespace(council=council)], work)
    return sum(one is not None for one in work.rows.get(row.kind, {}).values())


async def crossed(played: Played, service: str) -> list[tuple[tuple[str, ...], int, int]]:
    """Every load with how many rows it gives the council whose they are, and how many another."""
    engine = make_engine(played.stack.database_url(service, "worker"), pool_size=1, application="test")
    known, told = rows_by_name(service), []
    async with transaction(engine) as tx:
        for name, *columns in sorted(loads_of(service)):
            listed = ", ".join(f'"{column}"' for column in columns)
            found = await tx.rows(f'select distinct {listed} from "{name}" where council_id = $1 limit {MOST}', COUNCIL)
            values = [tuple(row) for row in found]
            own, other = [
                await fetched(tx, known[name], tuple(columns), values, council) for council in (COUNCIL, OTHER)
            ]
            told.append(((name, *columns), own, other))
    await engine.dispose()
    return told


def test_only_what_is_listed_looks_across_councils() -> None:
    found = {
        (service, decision.decide.__name__, load.kind.name)
        for service in SERVICES
        for decision in decisions_of(service)
        for load in decision.wants
        if isinstance(load, Everywhere)
    }
    assert found == DOORS


@pytest.mark.parametrize("service", SERVICES)
def test_no_load_gives_a_row_to_another_council(played: Played, service: str) -> None:
    told = asyncio.run(crossed(played, service))
    assert [load for load, _, other in told if other] == []
    assert sum(own > 0 for _, own, _ in told) >= len(told) // 2, "the demo left rows to ask for"
