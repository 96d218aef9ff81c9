"""Does any row show itself to another council? Every table, read whole (no `where`) as a command's role reads it, by councils
that have nothing there."""

from __future__ import annotations

import asyncio
import random

import asyncpg

from tests.chaos.torture.accountant import SERVICES
from tests.chaos.torture.ground import Ground

AT_ONCE = 20_000
TABLES = """
select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'council_id'
where c.relkind = 'r' and has_table_privilege(c.oid, 'select') order by 1
"""
READ = """
do $$
declare seen bigint; one text; stranger text; tables text[] := {tables};
begin
  perform setseed({seed});
  for n in 1..{reads} loop
    stranger := 'E' || lpad(floor(random() * 90000000)::text, 8, '0');
    one := tables[1 + floor(random() * array_length(tables, 1))];
    perform set_config('app.council', stranger, true);
    execute format('select count(*) from %I', one) into seen;
    if seen > 0 then raise exception '% shows % rows to %', one, seen, stranger; end if;
  end loop;
end $$
"""


class Shown(AssertionError):
    """A table showed rows to a council that has none; the text names it."""


async def look_as_strangers(ground: Ground, reads: int, seed: int, role: str = "http") -> int:
    """So many reads, spread over the four services; gives how many were made. Raises Shown at the first row seen."""
    each = -(-reads // len(SERVICES))
    await asyncio.gather(*(_look_at(ground, service, role, each, seed) for service in SERVICES))
    return each * len(SERVICES)


async def _look_at(ground: Ground, service: str, role: str, reads: int, seed: int) -> None:
    lots = random.Random(f"strangers/{seed}/{service}")
    connection = await asyncpg.connect(ground.database_url(service, role))
    try:
        tables = [row[0] for row in await connection.fetch(TABLES)]
        for begun in range(0, reads, AT_ONCE):
            await _look(connection, tables, min(AT_ONCE, reads - begun), lots.uniform(-1, 1))
    finally:
        await connection.close()


async def _look(connection: asyncpg.Connection, tables: list[str], reads: int, seed: float) -> None:
    names = "array[" + ", ".join(f"'{table}'" for table in tables) + "]"
    try:
        await connection.execute(READ.format(tables=names, reads=reads, seed=seed))
    except asyncpg.RaiseError as error:
        raise Shown(str(error)) from error
