"""The demo, end to end: what each service says in the end, and that what must stay in a service stayed there."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from care.clockwork import Clockwork, unsettled_in
from care.demo.journal import Said, hops_of
from care.demo.story import PERSON_PENCE, WEEKS
from care.generated.files import CONTRACTS
from care.local.place import SERVICES
from shared.contracts.base import FACTS
from shared.contracts.schema import schema_of
from shared.db import make_engine, transaction
from tests.e2e.conftest import Played

pytestmark = pytest.mark.xdist_group("stack")


@pytest.fixture(scope="session")
def journal(played: Played) -> list[Said]:
    return played.journal


def rows(played: Played, service: str, sql: str) -> list[tuple[Any, ...]]:
    async def read() -> list[tuple[Any, ...]]:
        engine = make_engine(played.stack.database_url(service, "worker"), pool_size=1, application="test")
        try:
            async with transaction(engine) as tx:
                return [tuple(row) for row in await tx.rows(sql)]
        finally:
            await engine.dispose()

    return asyncio.run(read())


def test_the_plan_was_short_by_437_60_a_week(played: Played) -> None:
    verdict = played.story.found["adequacy"]
    assert (verdict["weekly_budget_pence"], verdict["weekly_cost_pence"], verdict["short_pence"]) == (
        55000,
        98760,
        43760,
    )


def test_the_ledger_ends_where_it_must(played: Played) -> None:
    ledger = played.story.found["ledger"]
    purse = ledger["purses"][0]
    assert purse["paid"] == 197528 - 2469 * 2 - 4938
    assert purse["delivered"] == purse["disputed"] == 0
    assert purse["allocated"] + purse["contribution"] == purse["available"] + purse["committed"] + purse["paid"]
    assert all(sum(entry["pence"] for entry in journal["entries"]) == 0 for journal in ledger["journals"])
    assert purse["contribution"] * 98760 // (purse["allocated"] + purse["contribution"]) in (
        PERSON_PENCE,
        PERSON_PENCE - 1,
    )


def test_every_fact_is_as_its_schema_says(journal: list[Said]) -> None:
    for said in journal:
        jsonschema.validate(said.body, schema_of(FACTS[said.type]))


def test_the_whole_lane_was_said(journal: list[Said]) -> None:
    assert {said.type for said in journal} == set(FACTS) - ELSEWHERE


ELSEWHERE = {
    "budget.direct_payment_stopped.v1", "budget.liability_disputed.v1", "budget.payment_withheld.v1",
    "budget.surplus_returned.v1",
    "marketplace.cover_not_found.v1", "marketplace.offer_expired.v1", "marketplace.offer_withdrawn.v1",
    "marketplace.order_continued.v1", "safeguarding.lifting_told.v1", "marketplace.cover_ended.v1",
    "marketplace.person_left_at_closing.v1", "marketplace.wage_below_floor.v1", "safeguarding.restriction_kept.v1",
    "safeguarding.restriction_told.v1",
}  # fmt: skip
"""What the demo does not play; the services' own tests do."""


def test_each_visit_was_said_once(journal: list[Said], played: Played) -> None:
    ada = [said for said in journal if said.subject == played.story.ada.ids["person"]]
    assert sum(said.name == "VisitRecorded" for said in ada) == 29 * (WEEKS + 9) - 3
    assert sum(said.name == "VisitMissed" for said in ada) == 3


def test_every_hop_leads_from_one_service_to_another(journal: list[Said]) -> None:
    assert len(hops_of(journal)) >= 20
    assert len({said.id for said in journal}) == len(journal)


def test_places_are_contiguous_for_every_subject_and_source(played: Played) -> None:
    for service in SERVICES:
        for source, subject, last in rows(played, service, "select source, subject, last from inbox"):
            assert (subject, last) in rows(
                played, source, f"select subject, last from place where subject = '{subject}'"
            )


def test_nothing_is_parked_left_over_or_held(played: Played) -> None:
    assert unsettled_in(Clockwork(played.sandbox).read()) == []
    for service in SERVICES:
        assert rows(played, service, "select code, detail, type from parked") == []
        assert rows(played, service, "select name, parked_code from due where parked_code is not null") == []


def canaries(played: Played) -> set[str]:
    """Everything a person wrote into a request: names, addresses, contacts, reasons, notes."""
    found = {text for body in played.council.sent for text in _texts(json.loads(body)) if _is_written(text)}
    suppliers = {supplier.name for supplier in (*played.story.suppliers, *played.story.own.values())}
    return found - suppliers


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
    elif isinstance(part, str):
        yield part


def _is_written(text: str) -> bool:
    """Codes, ids, days and instants are no person's words."""
    code = re.fullmatch(r"[a-z0-9_.:+-]+|[0-9T:+Z.-]+", text)
    return bool(text) and not code and len(text) > 6


def leaks(where: str, text: str, played: Played) -> list[str]:
    return [f"{where}: {canary}" for canary in canaries(played) if canary in text]


def test_what_people_wrote_never_left_its_service(played: Played, journal: list[Said]) -> None:
    assert len(canaries(played)) > 15
    found = [leak for said in journal for leak in leaks(said.type, json.dumps(said.body, ensure_ascii=False), played)]
    found += leaks("logs", played.logs(), played)
    found += [leak for problem in played.council.problems for leak in leaks("problem", problem, played)]
    found += leaks("report.html", played.report.read_text(), played)
    for path in (Path(CONTRACTS) / "examples").glob("*.json"):
        found += leaks(path.name, path.read_text(), played)
    assert found == []


def test_dates_of_birth_and_nhs_numbers_are_nowhere_else(played: Played, journal: list[Said]) -> None:
    everything = played.logs() + played.report.read_text() + json.dumps([said.body for said in journal], default=str)
    assert "1941-05-02" not in everything
    assert "999 000 0018" not in everything


@pytest.mark.parametrize("service", [name for name in SERVICES if name != "assessment"])
def test_no_other_service_remembers_identity(played: Played, service: str) -> None:
    tables = rows(played, service, "select tablename from pg_tables where schemaname = 'public'")
    for (table,) in tables:
        for (row,) in rows(played, service, f'select to_jsonb(t)::text from "{table}" t'):
            assert "Person-Ada" not in row
            assert "1941-05-02" not in row


def test_the_report_needs_no_network(played: Played) -> None:
    text = played.report.read_text()
    assert not re.search(r'(src|href)="https?:', text)
    assert text.count("<svg") == 6
    assert "synthetic" in text
