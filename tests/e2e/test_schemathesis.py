"""Whatever is sent to any route of any service, the answer is one that is documented: schemathesis tries.

`CARE_FUZZ=500` tries for long; the usual few examples a route are the same on every run.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from uuid import uuid4

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from care.clockwork import Clockwork
from care.demo.market import DIRECTORY, UNIT_COSTS, read
from care.demo.people import TEAM
from care.demo.story import UPLOAD
from care.local.place import SERVICES
from shared.roles import ROLES
from tests.e2e.asking import ID, ids_by_noun, noun_of, token_of
from tests.e2e.conftest import Played
from tests.e2e.test_lane import rows

pytestmark = pytest.mark.xdist_group("stack")

EXAMPLES = int(os.environ.get("CARE_FUZZ", "4"))
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
TRY = settings(
    max_examples=EXAMPLES,
    derandomize="CARE_FUZZ" not in os.environ,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
EVERYTHING = ""
"""No role, and every scope there is."""
HEADS = {
    "/v1/visit-uploads": ",".join(UPLOAD).encode(),
    "/v1/supplier-imports": read(*DIRECTORY).partition(b"\n")[0],
    "/v1/unit-costs": b"\n".join(read(*UNIT_COSTS).split(b"\n")[:8]),
}
"""How the files begin that these routes read."""


@dataclass(repr=False)
class Api:
    """One running service as its document describes it, and what was found out about it."""

    played: Played
    service: str
    session: requests.Session = field(default_factory=requests.Session)
    tokens: dict[str, str] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    seen: Counter[tuple[str, int]] = field(default_factory=Counter)

    def __repr__(self) -> str:
        """Short: Hypothesis writes it out at every draw, and would go through all that was played."""
        return f"Api({self.service})"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))

    @property
    def url(self) -> str:
        return self.played.stack.place.url(self.service)

    @cached_property
    def operations(self) -> list[Any]:
        schema = schemathesis.openapi.from_url(f"{self.url}/openapi.json")
        return [found.ok() for found in schema.get_all_operations()]

    @cached_property
    def known(self) -> dict[str, list[str]]:
        return ids_by_noun(self.played.council)

    def bodies_for(self, path: str) -> list[dict[str, Any]]:
        """What the demo sent there."""
        pattern = re.sub(r"\{\w+\}", ID.pattern, path)
        return [asked.body for asked in self.played.council.asked if asked.body and re.fullmatch(pattern, asked.path)]

    def ids_for(self, path: str) -> list[str]:
        return self.known.get(noun_of(path), self.known[""])

    def header(self, role: str) -> dict[str, str]:
        """Who asks; a supplier is the one with the orders, a practitioner of the demo's team."""
        claims: dict[str, Any] = {"limit_pence": 10**9}
        claims |= {"supplier_id": self.played.story.suppliers[1].supplier_id} if role == "supplier" else {}
        claims |= {"team": TEAM} if role == "practitioner" else {}
        if role not in self.tokens:
            self.tokens[role] = token_of(self.played.stack.place, role, sub=f"fuzz-{role}", **claims)
        return {"Authorization": f"Bearer {self.tokens[role]}"}

    def send(self, case: Case, role: str) -> int:
        """Send it and note what is not as documented."""
        answer = case.call(base_url=self.url, session=self.session, headers=self.header(role))
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as found:
            for one in found.exceptions:
                self.troubles.setdefault(f"{case.operation.label}: {one.title}: {answer.status_code}", str(found))
        self.seen[case.operation.label, answer.status_code] += 1
        return int(answer.status_code)


@pytest.fixture(params=SERVICES)
def api(played: Played, request: pytest.FixtureRequest) -> Iterator[Api]:
    made = Api(played, request.param)
    days = st.dates(date(2024, 6, 1), date(2025, 3, 31))
    schemathesis.openapi.format("uuid", st.sampled_from(made.known[""]) | st.uuids().map(str))
    schemathesis.openapi.format("date", (days | st.dates()).map(str))
    schemathesis.openapi.format("date-time", (days | st.dates()).map(lambda day: f"{day}T06:30:00Z"))
    yield made
    made.session.close()


def told(api: Api) -> str:
    return "\n\n".join(f"{title}\n{trouble}" for title, trouble in api.troubles.items())


NOT_PLAYED = (
    "GET /v1/frameworks/{framework_id}",
    "GET /v1/requirements/{requirement_id}/award",
    "GET /v1/competitions/{competition_id}",
    "GET /v1/competitions/{competition_id}/answers",
    "GET /v1/group-purchases/{group_id}",
    "GET /v1/orders/{order_id}/share",
)
"""The demo calls nothing off a framework, holds no competition and buys nothing for a group."""


def test_every_read_shows_what_is_there_as_documented(api: Api) -> None:
    """With the demo's ids: none of the answers below is a 404 alone."""
    unseen = []
    for operation in (one for one in api.operations if one.method == "get"):
        name = next((each.name for each in operation.path_parameters), None)
        cases = [{name: one} for one in api.ids_for(operation.path)] if name else [{}]
        statuses = [api.send(operation.Case(path_parameters=case), EVERYTHING) for case in cases]
        unseen += [operation.label] if 200 not in statuses else []
    assert not api.troubles, told(api)
    assert [label for label in unseen if label not in NOT_PLAYED] == []


def roles_for(operation: Any) -> list[str]:
    """Whoever holds the scopes the document asks for."""
    needed = {scope for each in operation.definition.raw.get("security", []) for scope in each.get("oauth2", [])}
    return [EVERYTHING, *(role for role, scopes in ROLES.items() if needed <= set(scopes))]


@st.composite
def cases(draw: st.DrawFn, api: Api, operation: Any, mode: GenerationMode) -> tuple[Case, str]:
    """Mostly a real id of the right kind and a fresh key, so that it gets past them; and who asks."""
    case = draw(operation.as_strategy(generation_mode=mode))
    for name in list(case.path_parameters or {}):
        if draw(st.integers(0, 3)):
            case.path_parameters[name] = draw(st.sampled_from(api.ids_for(operation.path)))
    if operation.method == "post":
        if draw(st.integers(0, 7)):
            case.headers = {"Idempotency-Key": str(uuid4())}
        case.body = draw(bodies(api, case))
    return case, draw(st.sampled_from(roles_for(operation)))


@st.composite
def bodies(draw: st.DrawFn, api: Api, case: Case) -> Any:
    """What was generated, or one field of it put into what the demo sent; a file begins as such a file does."""
    made, sent = case.body, api.bodies_for(case.operation.path)
    if case.operation.path == "/sandbox/clock":
        return draw(never_later(made))
    if case.media_type == "text/csv" and isinstance(made, str | bytes):
        return HEADS[case.operation.path] + b"\n" + (made.encode(errors="replace") if isinstance(made, str) else made)
    if sent and isinstance(made, dict) and made and draw(st.booleans()):
        name = draw(st.sampled_from(sorted(made)))
        return {**draw(st.sampled_from(sent)), name: made[name]}
    return made


@st.composite
def never_later(draw: st.DrawFn, made: Any) -> Any:
    """The clock of a running stack is not moved by a test that others follow."""
    if isinstance(made, dict) and "to" in made:
        return {**made, "to": draw(st.sampled_from(("yesterday", 0, None, "2024-01-01T00:00:00Z")))}
    return made


def test_whatever_is_sent_is_answered_as_documented(api: Api) -> None:
    for operation in api.operations:
        for mode in GenerationMode:
            attempt(api, operation, mode)
    assert not api.troubles, told(api)


def attempt(api: Api, operation: Any, mode: GenerationMode) -> None:
    if mode is GenerationMode.NEGATIVE and not (list(operation.iter_parameters()) or operation.body):
        return  # nothing can be sent wrongly

    @TRY
    @given(cases(api, operation, mode))
    def send(one: tuple[Case, str]) -> None:
        api.send(*one)

    send()


def test_after_all_that_nothing_is_parked_or_left_over(played: Played) -> None:
    Clockwork(played.sandbox).settle()
    for service in SERVICES:
        assert rows(played, service, "select code, detail, type from parked") == []
        assert rows(played, service, "select name, parked_code from due where parked_code is not null") == []
