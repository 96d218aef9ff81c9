"""What was answered before? One row a client and key, written in the transaction of the change."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.db import Statement, Tx
from shared.problems import problem_of
from shared.refusals import Refused
from shared.runtime.messages import Asked

_TRY_LOCKS = """
select n, pg_try_advisory_xact_lock(hashtextextended(client || chr(10) || key || chr(10) || council, 0))
from unnest($1::text[], $2::text[], $3::text[]) with ordinality as k(client, key, council, n) order by n
"""
_FIND = """
select a.client_id, a.key, a.fingerprint, a.status, a.body, a.version
from unnest($1::text[], $2::text[], $3::text[]) as k(client, key, council) cross join lateral (
    select * from answer t where t.client_id = k.client and t.key = k.key and t.council_id = k.council offset 0) a
"""
_STORE = """
insert into answer (client_id, key, council_id, fingerprint, status, body, version)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[])
"""

Ident = tuple[str, str]
"""(client, idempotency key); the council is the transaction's"""


@dataclass(frozen=True, slots=True)
class Answer:
    """A status and a JSON body; `version` becomes the ETag."""

    status: int
    body: str
    version: int | None = None
    fingerprint: str = ""


def refusal_of(refused: Refused) -> Answer:
    return Answer(refused.status, json.dumps(problem_of(refused)))


async def lock_keys(tx: Tx, asked: Sequence[Asked[Any]]) -> set[Ident]:
    """Those of the keys nobody else is working on; they are this transaction's until it ends."""
    rows = await tx.rows(_TRY_LOCKS, *_idents(asked))
    return {_ident(one) for one, row in zip(asked, rows, strict=True) if row[1]}


async def find_answers(tx: Tx, asked: Sequence[Asked[Any]]) -> dict[Ident, Answer]:
    rows = await tx.rows(_FIND, *_idents(asked))
    return {(row[0], row[1]): Answer(row[3], row[4], row[5], row[2]) for row in rows}


def store_answers(made: Sequence[tuple[Asked[Any], Answer]]) -> list[Statement]:
    rows = [(*_one(asked), asked.fingerprint, answer.status, answer.body, answer.version) for asked, answer in made]
    return [Statement(_STORE, tuple(map(list, zip(*rows, strict=True))))] if rows else []


def _one(asked: Asked[Any]) -> tuple[str, str, str]:
    return asked.caller.client_id, asked.key, asked.council


def _ident(asked: Asked[Any]) -> Ident:
    return asked.caller.client_id, asked.key


def _idents(asked: Sequence[Asked[Any]]) -> list[list[str]]:
    return [list(part) for part in zip(*map(_one, asked), strict=True)]
