"""Every route, every role, every way of not being entitled: a table says what narrows a route, OpenAPI which routes are.

A route that stands in OpenAPI and not in the table fails, so that nobody adds one without saying who may see what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx2
import pytest

from care.clockwork import Clockwork
from care.demo.people import TEAM as OURS
from care.local.place import SERVICES
from shared.roles import ROLES
from tests.e2e.asking import bearer, ids_by_noun, noun_of
from tests.e2e.conftest import Played
from tests.e2e.routes import (
    AFFECTED,
    ANY_OF,
    APP,
    BODIES,
    CONSENT,
    COUNCIL,
    NARROWED,
    NEVER_MADE,
    NOT_FOR,
    SUPPLIER,
    TEAM,
)

pytestmark = pytest.mark.xdist_group("stack")

NOBODYS = str(UUID(int=78))

Claims = dict[str, Any]


@dataclass(frozen=True)
class Route:
    """One operation of a service, as OpenAPI says it. `scopes` are all needed; where it says none, one of ANY_OF."""

    service: str
    method: str
    path: str
    scopes: frozenset[str]

    @property
    def has_id(self) -> bool:
        return "{" in self.path

    @property
    def narrowed(self) -> frozenset[str]:
        return NARROWED[self.service][self.path]


@dataclass
class Ground:
    """The running services, the ids of things that exist, and a body for each route that takes one."""

    played: Played
    client: httpx2.Client
    routes: list[Route] = field(default_factory=list)
    known: dict[str, list[str]] = field(default_factory=dict)

    def read_routes(self) -> None:
        for service in SERVICES:
            document = self.client.get(f"{self.played.stack.place.url(service)}/openapi.json").json()
            for path, verbs in document["paths"].items():
                if path.startswith("/v1/"):
                    self.routes += [Route(service, verb.upper(), path, _scopes(what)) for verb, what in verbs.items()]

    def ids(self, route: Route) -> list[str]:
        """Of things there are; one that is not where the demo makes none."""
        noun = noun_of(route.path)
        return self.known.get(noun) or ids_by_noun(self.played.council).get(noun, [NOBODYS])

    def body(self, route: Route) -> Any:
        pattern = re.compile(re.sub(r"\{\w+\}", "[^/]+", route.path) + "$")
        sent = (one for one in self.played.council.asked if one.service == route.service and one.method == route.method)
        demo = next((one.body for one in sent if pattern.match(one.path)), None)
        return demo or BODIES.get(route.path, {})

    def status(self, route: Route, one: str, role: str, claims: Claims) -> int:
        place = self.played.stack.place
        url = place.url(route.service) + re.sub(r"\{\w+\}", one, route.path)
        headers = bearer(place, role, **claims) | {"Idempotency-Key": f"isolation-{url}-{role}-{sorted(claims)}"}
        if route.method == "GET":
            return self.client.get(url, headers=headers).status_code
        return self.client.request(route.method, url, headers=headers, json=self.body(route)).status_code


def _scopes(operation: dict[str, Any]) -> frozenset[str]:
    return frozenset(scope for each in operation.get("security", ()) for scope in next(iter(each.values())))


@pytest.fixture(scope="module")
def ground(played: Played) -> Iterator[Ground]:
    with httpx2.Client(timeout=60) as client:
        made = Ground(played, client)
        made.read_routes()
        _consent(made)
        made.known["frameworks"] = [_framework(made)]
        made.known["closures"] = [_closure(made)]
        yield made


def _consent(ground: Ground) -> None:
    """Ada, and Hugo who chose for himself, consent to one app, so that an app may see something."""
    place, story = ground.played.stack.place, ground.played.story
    for journey in (story.ada, story.lanes["Hugo"].journey):
        where = f"{place.url('assessment')}/v1/people/{journey.ids['person']}/consents"
        headers = bearer(place, "practitioner") | {"Idempotency-Key": f"isolation-consent-{journey.name}"}
        assert ground.client.post(where, headers=headers, json={"client_id": APP}).status_code == 200
    Clockwork(ground.played.sandbox).settle()


def _framework(ground: Ground) -> str:
    """One that was in force on a day long gone, so that nothing is called off it."""
    place, supplier = ground.played.stack.place, ground.played.story.suppliers[1].supplier_id
    headers = bearer(place, "commissioner") | {"Idempotency-Key": "isolation-framework"}
    days = {"first": "2020-01-01", "last": "2020-01-01"}
    body = {"support": "home_care", "suppliers": [supplier], "ranking": "by_score", "obliged": True, **days}
    answer = ground.client.post(f"{place.url('marketplace')}/v1/frameworks", headers=headers, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["framework_id"])


def _closure(ground: Ground) -> str:
    """One that is proposed and goes no further: nobody is reached by it."""
    place, supplier = ground.played.stack.place, ground.played.story.suppliers[2].supplier_id
    headers = bearer(place, "commissioner") | {"Idempotency-Key": "isolation-closure"}
    where, body = (
        f"{place.url('marketplace')}/v1/suppliers/{supplier}/closures",
        {"closes_on": "2030-01-01", "reason": "r", "affected": AFFECTED},
    )
    answer = ground.client.post(where, headers=headers, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["closure_id"])


def strangers(route: Route, role: str) -> Iterator[tuple[str, Claims]]:
    """The ways in which a holder of this role, with the route's scopes, is not entitled to what it shows."""
    yield COUNCIL, {"council": "E99999996"}
    if role == "practitioner" and TEAM in route.narrowed:
        yield TEAM, {"team": "another-team"}
    if role == "supplier" and SUPPLIER in route.narrowed:
        yield SUPPLIER, {"supplier_id": str(UUID(int=77))}
        yield SUPPLIER, {}
    if role == "broker_app" and CONSENT in route.narrowed:
        yield CONSENT, {"client_id": "an-app-nobody-consented-to"}


def holds(role: str, route: Route) -> bool:
    if route.scopes:
        return route.scopes <= set(ROLES[role])
    return not set(ANY_OF[route.path]).isdisjoint(ROLES[role])


def test_every_route_says_what_narrows_it(ground: Ground) -> None:
    found = {service: {route.path for route in ground.routes if route.service == service} for service in SERVICES}
    assert found == {service: set(paths) for service, paths in NARROWED.items()}


def test_who_is_not_entitled_finds_nothing(ground: Ground) -> None:
    """404, as if it were not there; nothing that is not the caller's can be told from what does not exist."""
    wrong, tried = [], 0
    for route in (one for one in ground.routes if one.has_id):
        for role in (role for role in ROLES if holds(role, route)):
            for why, claims in strangers(route, role):
                for one in ground.ids(route)[:3]:
                    tried += 1
                    if (status := ground.status(route, one, role, claims)) != 404:
                        wrong.append((route.service, route.method, route.path, role, why, status))
    assert not wrong, "\n".join(map(str, wrong))
    assert tried > 400


def test_who_lacks_a_scope_is_told_so_whoever_they_are(ground: Ground) -> None:
    wrong, tried = [], 0
    for route in (one for one in ground.routes if one.has_id):
        for role in (role for role in ROLES if not holds(role, route)):
            tried += 1
            if (status := ground.status(route, ground.ids(route)[0], role, {})) != 403:
                wrong.append((route.service, route.method, route.path, role, status))
    assert not wrong, "\n".join(map(str, wrong))
    assert tried > 300


def test_who_is_entitled_finds_it(ground: Ground) -> None:
    """Else a route that shows nobody anything would pass."""
    story = ground.played.story
    own = {
        "practitioner": {"team": OURS},
        "supplier": {"supplier_id": story.suppliers[1].supplier_id},
        "broker_app": {"client_id": APP},
    }
    wrong = []
    for route in (one for one in ground.routes if one.has_id and one.method == "GET"):
        if route.path.endswith(NEVER_MADE):
            continue
        for role in (role for role in ROLES if holds(role, route)):
            hidden = any(route.path.endswith(end) or end + "/" in route.path for end in NOT_FOR.get(role, ()))
            seen = {ground.status(route, one, role, own.get(role, {})) for one in ground.ids(route)}
            if (200 in seen) is hidden:
                wrong.append((route.service, route.path, role, seen))
    assert not wrong, "\n".join(map(str, wrong))
