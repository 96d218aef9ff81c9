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
    LISTS_OF_PAS,
    NARROWED,
    NEVER_MADE,
    NOT_FOR,
    OF_A_PA,
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


# ── PAs whom people employ ────────────────────────────────────────────────────────────────────────────────────────
PAS = {"Gita": 0, "Iris": 1}
"""Who employs one in the demo, and which of their orders is the PA's."""


def of_the_pa(ground: Ground, name: str) -> dict[str, str]:
    """The ids of all that there is of one."""
    share = ground.played.story.lanes[name].shares[PAS[name]]
    order, claim = share.purchase.order, share.purchase.claim
    ids = {"listing_id": share.supplier.listing_id, "claim_id": claim["claim_id"]}
    return ids | {one: order[one] for one in ("supplier_id", "order_id", "requirement_id")}


def not_entitled(ground: Ground, name: str) -> Iterator[tuple[str, Claims]]:
    """Each holds what the role holds, and is somebody of the council's: but not of this person. The pool is not among them: it
    covered for both PAs, and sees those covers."""
    others = [of_the_pa(ground, other)["supplier_id"] for other in PAS if other != name]
    for other in (*others, ground.played.story.suppliers[1].supplier_id, ground.played.story.own["home"].supplier_id):
        yield "supplier", {"supplier_id": other}
    yield "supplier", {}
    yield "practitioner", {"team": "another-team"}
    yield "broker_app", {"client_id": APP}  # to whom others have consented
    for role in ROLES:
        yield role, {"council": "E99999996"}


@pytest.mark.parametrize("name", PAS)
def test_a_pa_whom_somebody_employs_is_not_there_for_who_is_not_entitled_to_them(ground: Ground, name: str) -> None:
    """Nor can anybody do anything there: asking and acting are refused alike."""
    wrong, tried, ids = [], 0, of_the_pa(ground, name)
    for route in (one for one in ground.routes if one.service == "marketplace" and one.path in OF_A_PA):
        for role, claims in not_entitled(ground, name):
            if not holds(role, route):
                continue
            tried += 1
            if (status := ground.status(route, ids[OF_A_PA[route.path]], role, claims)) != 404:
                wrong.append((route.method, route.path, role, claims, status))
    assert not wrong, "\n".join(map(str, wrong))
    assert tried > 100


@pytest.mark.parametrize("name", PAS)
def test_no_list_names_a_pa_to_who_is_not_entitled_to_whom_they_work_for(ground: Ground, name: str) -> None:
    ids = of_the_pa(ground, name)
    for path, field_of in LISTS_OF_PAS.items():
        route = next(
            one for one in ground.routes if (one.service, one.method, one.path) == ("marketplace", "GET", path)
        )
        entitled = next(role for role in ("broker", "commissioner", "finance") if holds(role, route))
        assert ids[field_of] in _listed(ground, path, entitled, {}), path
        for role, claims in not_entitled(ground, name):
            if holds(role, route):
                assert ids[field_of] not in _listed(ground, path, role, claims), (path, role, claims)


@pytest.mark.parametrize("name", PAS)
def test_the_pa_themselves_and_the_persons_team_find_them(ground: Ground, name: str) -> None:
    """And of other people's PAs nothing: what is theirs is all they see of their kind."""
    ids = of_the_pa(ground, name)
    own = [("supplier", {"supplier_id": ids["supplier_id"]}), ("practitioner", {"team": OURS}), ("commissioner", {})]
    for path in ("/v1/suppliers/{supplier_id}", "/v1/suppliers/{supplier_id}/evidence", "/v1/listings/{listing_id}"):
        route = next(
            one for one in ground.routes if (one.service, one.method, one.path) == ("marketplace", "GET", path)
        )
        for role, claims in own:
            assert ground.status(route, ids[OF_A_PA[path]], role, claims) == 200, (path, role)


def _listed(ground: Ground, path: str, role: str, claims: Claims) -> str:
    """All pages, as they were sent."""
    place, texts, after = ground.played.stack.place, "", None
    while True:
        asked = {"limit": "200"} | ({"cursor": after} if after else {})
        url = place.url("marketplace") + path
        answer = ground.client.get(url, headers=bearer(place, role, **claims), params=asked)
        assert answer.status_code == 200, answer.text
        texts, after = texts + answer.text, answer.json()["next_cursor"]
        if not after:
            return texts
