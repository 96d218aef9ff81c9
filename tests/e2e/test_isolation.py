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

pytestmark = pytest.mark.xdist_group("stack")

TEAM, SUPPLIER, CONSENT = "another team", "another supplier", "no consent"
COUNCIL = "another council"
APP = "isolation-app"
"""A brokerage app to which two people consent, for this test."""

PERSON = frozenset({TEAM})
BOUGHT = frozenset({TEAM, SUPPLIER, CONSENT})
OWN = frozenset({SUPPLIER})
OPEN: frozenset[str] = frozenset()

NARROWED: dict[str, dict[str, frozenset[str]]] = {
    "assessment": {
        "/v1/people": PERSON,
        "/v1/people/{person_id}": PERSON,
        "/v1/people/{person_id}/speakers": PERSON,
        "/v1/people/{person_id}/consents": PERSON,
        "/v1/people/{person_id}/consents/withdraw": PERSON,
        "/v1/people/{person_id}/requests": PERSON,
        "/v1/people/{person_id}/routes": PERSON,
        "/v1/people/{person_id}/carer-assessments": PERSON,
        "/v1/people/{person_id}/carer-assessments/approve": PERSON,
        "/v1/people/{person_id}/challenges": PERSON,
        "/v1/people/{person_id}/challenges/answer": PERSON,
        "/v1/people/{person_id}/unmet-needs": PERSON,
        "/v1/people/{person_id}/urgent-support": PERSON,
        "/v1/people/{person_id}/reablement": PERSON,
        "/v1/people/{person_id}/early-support": PERSON,
        "/v1/people/{person_id}/early-support/end": PERSON,
        "/v1/practitioners": PERSON,
        "/v1/requests/{request_id}": PERSON,
        "/v1/requests/{request_id}/assessment": PERSON,
        "/v1/assessments/{assessment_id}": PERSON,
        "/v1/assessments/{assessment_id}/amend": PERSON,
        "/v1/assessments/{assessment_id}/own-account": PERSON,
        "/v1/assessments/{assessment_id}/assure": PERSON,
        "/v1/assessments/{assessment_id}/involvement": PERSON,
        "/v1/assessments/{assessment_id}/submit": PERSON,
        "/v1/assessments/{assessment_id}/return": PERSON,
        "/v1/assessments/{assessment_id}/approve": PERSON,
        "/v1/assessments/{assessment_id}/explanation": PERSON,
        "/v1/assessments/{assessment_id}/plan": PERSON,
        "/v1/plans/{plan_id}": PERSON,
        "/v1/plans/{plan_id}/propose-again": PERSON,
        "/v1/plans/{plan_id}/return": PERSON,
        "/v1/plans/{plan_id}/withdraw": PERSON,
        "/v1/plans/{plan_id}/agree": PERSON,
        "/v1/plans/{plan_id}/switch-route": PERSON,
        "/v1/plans/{plan_id}/unmet-needs": PERSON,
        "/v1/reviews": PERSON,
        "/v1/reviews/{review_id}": PERSON,
        "/v1/reviews/{review_id}/hold": PERSON,
        "/v1/welfare-checks": PERSON,
        "/v1/welfare-checks/{check_id}/make": PERSON,
    },
    "budget": {
        "/v1/budgets": PERSON,
        "/v1/budgets/{budget_id}": PERSON,
        "/v1/budgets/{budget_id}/explanation": PERSON,
        "/v1/budgets/{budget_id}/ledger": PERSON,
        "/v1/budgets/{budget_id}/contribution": PERSON,
        "/v1/budgets/{budget_id}/finalise": PERSON,
        "/v1/budgets/{budget_id}/financial-assessments": PERSON,
        "/v1/budgets/{budget_id}/direct-payment-decisions": PERSON,
        "/v1/budgets/{budget_id}/stop-direct-payment": PERSON,
        "/v1/budgets/{budget_id}/surplus": PERSON,
        "/v1/budgets/{budget_id}/return-surplus": PERSON,
        "/v1/plans/{plan_id}/adequacy": PERSON,
        "/v1/claims": PERSON,
        "/v1/claims/{claim_id}/pay": PERSON,
        "/v1/policies": OPEN,
        "/v1/indications": PERSON,
        "/v1/unit-costs": OPEN,
    },
    "marketplace": {
        "/v1/suppliers": OPEN,
        "/v1/suppliers/{supplier_id}": OPEN,
        "/v1/suppliers/{supplier_id}/listings": OPEN,
        "/v1/supplier-imports": OPEN,
        "/v1/suppliers/{supplier_id}/evidence": OWN,
        "/v1/suppliers/{supplier_id}/injuries": OWN,
        "/v1/suppliers/{supplier_id}/insurance": OWN,
        "/v1/suppliers/{supplier_id}/closures": OPEN,
        "/v1/closures": OPEN,
        "/v1/closures/{closure_id}": OPEN,
        "/v1/closures/{closure_id}/consult": OPEN,
        "/v1/closures/{closure_id}/answers": OPEN,
        "/v1/closures/{closure_id}/decide": OPEN,
        "/v1/closures/{closure_id}/close": OPEN,
        "/v1/closures/{closure_id}/drop": OPEN,
        "/v1/listings": OPEN,
        "/v1/listings/{listing_id}": OPEN,
        "/v1/listings/{listing_id}/change": OPEN,
        "/v1/listings/{listing_id}/withdraw": OPEN,
        "/v1/frameworks": OPEN,
        "/v1/frameworks/{framework_id}": OPEN,
        "/v1/requirements": BOUGHT,
        "/v1/requirements/{requirement_id}": BOUGHT,
        "/v1/requirements/{requirement_id}/matches": BOUGHT,
        "/v1/requirements/{requirement_id}/award": BOUGHT,
        "/v1/requirements/{requirement_id}/offers": BOUGHT,
        "/v1/requirements/{requirement_id}/competitions": BOUGHT,
        "/v1/competitions/{competition_id}": BOUGHT,
        "/v1/competitions/{competition_id}/answers": BOUGHT,
        "/v1/competitions/{competition_id}/award": BOUGHT,
        "/v1/competitions/{competition_id}/abandon": BOUGHT,
        "/v1/offers/{offer_id}/answer": BOUGHT,
        "/v1/offers": BOUGHT,
        "/v1/offers/{offer_id}": BOUGHT,
        "/v1/offers/{offer_id}/accept": BOUGHT,
        "/v1/offers/{offer_id}/refuse": BOUGHT,
        "/v1/offers/{offer_id}/withdraw": BOUGHT,
        "/v1/orders": BOUGHT,
        "/v1/orders/{order_id}": BOUGHT,
        "/v1/orders/{order_id}/start": BOUGHT,
        "/v1/orders/{order_id}/cancel": BOUGHT,
        "/v1/orders/{order_id}/end": BOUGHT,
        "/v1/orders/{order_id}/readiness": BOUGHT,
        "/v1/orders/{order_id}/choice": BOUGHT,
        "/v1/requirements/{requirement_id}/choose": BOUGHT,
        "/v1/orders/{order_id}/continuity": BOUGHT,
        "/v1/orders/{order_id}/absences": BOUGHT,
        "/v1/orders/{order_id}/covers": BOUGHT,
        "/v1/covers/{cover_id}": BOUGHT,
        "/v1/covers/{cover_id}/look-again": BOUGHT,
        "/v1/orders/{order_id}/visits": BOUGHT,
        "/v1/orders/{order_id}/claims": BOUGHT,
        "/v1/visit-uploads": BOUGHT,
        "/v1/unmatched-visits": BOUGHT,
        "/v1/claims": BOUGHT,
        "/v1/claims/{claim_id}": BOUGHT,
        "/v1/claims/{claim_id}/settle": BOUGHT,
    },
    "safeguarding": {
        "/v1/alerts": OPEN,
        "/v1/alerts/{alert_id}": OPEN,
        "/v1/alerts/{alert_id}/acknowledge": OPEN,
        "/v1/alerts/{alert_id}/close": OPEN,
        "/v1/concerns": OPEN,
        "/v1/concerns/{concern_id}": OPEN,
        "/v1/concerns/{concern_id}/decide": OPEN,
        "/v1/concerns/{concern_id}/conclude": OPEN,
        "/v1/concerns/{concern_id}/close": OPEN,
        "/v1/enquiry-counts": OPEN,
        "/v1/restrictions": OPEN,
        "/v1/restrictions/{restriction_id}": OPEN,
        "/v1/restrictions/{restriction_id}/place": OPEN,
        "/v1/restrictions/{restriction_id}/decline": OPEN,
        "/v1/restrictions/{restriction_id}/keep": OPEN,
        "/v1/restrictions/{restriction_id}/lift": OPEN,
    },
}
"""What narrows a route within a council, for whoever holds its scope. Another council never sees anything."""

READS, ACTS = ("safeguarding:read", "market:commission"), ("safeguarding:write", "market:commission")
ANY_OF = {
    "/v1/alerts": READS,
    "/v1/alerts/{alert_id}": READS,
    "/v1/alerts/{alert_id}/acknowledge": ACTS,
    "/v1/alerts/{alert_id}/close": ACTS,
    "/v1/restrictions": READS,
    "/v1/restrictions/{restriction_id}": READS,
    "/v1/orders/{order_id}/absences": ("visits:write", "market:request"),
}
"""Routes that want one of several scopes: OpenAPI has no way to say that, so it stands here."""

NOT_FOR = {
    "supplier": ("/frameworks", "/matches", "/choice", "/competitions"),
    "broker_app": ("/evidence", "/injuries", "/insurance"),
}
"""Routes that show a supplier who else is there, or an app what is between a supplier and the council: not there for them."""
NEVER_MADE = ("/award", "/{cover_id}", "/{competition_id}", "/{competition_id}/answers")
"""The demo calls nothing off a framework and holds no competition; its covers are of other suppliers and people than those
who ask below."""

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


BODIES: dict[str, Any] = {
    "/v1/people/{person_id}/carer-assessments": {
        "cares_for": str(UUID(int=77)),
        "necessary_care": True,
        "health_at_risk": True,
        "wellbeing_impact": True,
        "reasons": "r",
    },
    "/v1/people/{person_id}/carer-assessments/approve": {"assessment_id": str(UUID(int=77))},
    "/v1/assessments/{assessment_id}/own-account": {"account": "a"},
    "/v1/assessments/{assessment_id}/assure": {"note": "n"},
    "/v1/assessments/{assessment_id}/involvement": {"difficulties": []},
    "/v1/people/{person_id}/challenges": {"matter": "plan", "matter_id": str(UUID(int=77)), "what": "w"},
    "/v1/people/{person_id}/challenges/answer": {"challenge_id": str(UUID(int=77)), "upheld": False, "answer": "a"},
    "/v1/people/{person_id}/urgent-support": {
        "support": "home_care",
        "weekly_minutes": 60,
        "starts_on": "2024-06-17",
        "until": "2024-06-30",
        "reasons": "r",
    },
    "/v1/people/{person_id}/reablement": {"starts_on": "2024-06-17", "until": "2024-06-30", "reasons": "r"},
    "/v1/people/{person_id}/early-support/end": {"early_id": str(UUID(int=77)), "outcome": "support_needed"},
    "/v1/plans/{plan_id}/unmet-needs": {"weekly_minutes": 60, "because": "nobody_in_area", "reasons": "r"},
    "/v1/people/{person_id}/consents": {"client_id": APP},
    "/v1/people/{person_id}/consents/withdraw": {"client_id": APP},
    "/v1/people/{person_id}/speakers": {"role": "family", "name": "A", "contact": "B", "first": "2024-02-01"},
    "/v1/plans/{plan_id}/propose-again": {"lines": [], "weekly_pence": 0, "starts_on": "2024-06-17"},
    "/v1/plans/{plan_id}/return": {"note": "again"},
    "/v1/plans/{plan_id}/withdraw": {"note": "no longer"},
    "/v1/plans/{plan_id}/switch-route": {
        "line_id": str(UUID(int=77)),
        "route": "isf",
        "until": "2024-12-01",
        "because": "too_ill",
        "reasons": "r",
    },
    "/v1/budgets/{budget_id}/contribution": {"person_pence": 1},
    "/v1/budgets/{budget_id}/financial-assessments": {"capital_pence": 0, "income": [], "age": 80, "pension_age": True},
    "/v1/budgets/{budget_id}/stop-direct-payment": {"because": "person_asked", "reasons": "r", "cover": "c"},
    "/v1/budgets/{budget_id}/return-surplus": {"pence": 1},
    "/v1/budgets/{budget_id}/direct-payment-decisions": {
        "has_capacity": True,
        "requested": True,
        "paid_to": "person",
        "can_manage": True,
        "appropriate": True,
        "reasons": "r",
    },
    "/v1/listings/{listing_id}/change": {"hourly_pence": 1, "room_minutes": 1},
    "/v1/suppliers/{supplier_id}/injuries": {"happened_on": "2024-06-17", "what_happened": "w"},
    "/v1/requirements/{requirement_id}/choose": {"listing_id": str(UUID(int=1)), "reason": "r"},
    "/v1/suppliers/{supplier_id}/closures": {"closes_on": "2030-01-01", "reason": "r"},
    "/v1/closures/{closure_id}/consult": {"parties": ["carers"]},
    "/v1/closures/{closure_id}/answers": {"party": "carers", "answer": "a"},
    "/v1/closures/{closure_id}/decide": {"reason": "r"},
    "/v1/closures/{closure_id}/drop": {"reason": "r"},
    "/v1/orders/{order_id}/absences": {"first": "2024-06-17", "last": "2024-06-18"},
    "/v1/concerns/{concern_id}/decide": {"needs": True, "abuse": True, "unable_to_protect": True, "reasons": "r"},
    "/v1/alerts/{alert_id}/close": {"reason": "r"},
    "/v1/concerns/{concern_id}/close": {"reason": "r"},
    "/v1/concerns/{concern_id}/conclude": {
        "risk": "no_risk_and_no_action_taken",
        "wishes": "not_asked",
        "capacity": "had",
        "advocate": "nobody",
        "reasons": "r",
    },
    "/v1/restrictions/{restriction_id}/decline": {"reason": "r"},
    "/v1/restrictions/{restriction_id}/keep": {"reason": "r", "review_on": "2024-12-01"},
    "/v1/orders/{order_id}/cancel": {"because": "changed"},
    "/v1/orders/{order_id}/end": {"because": "changed", "last_day": "2024-06-30"},
    "/v1/orders/{order_id}/visits": {"planned_at": "2024-06-17T06:30:00Z", "outcome": "missed"},
    "/v1/offers/{offer_id}/refuse": {"because": "no_room"},
    "/v1/offers/{offer_id}/answer": {"price_pence": 1},
    "/v1/requirements/{requirement_id}/competitions": {"listings": [str(UUID(int=77))], "hours_to_answer": 1},
    "/v1/competitions/{competition_id}/award": {"offer_id": str(UUID(int=77)), "reason": "r"},
    "/v1/competitions/{competition_id}/abandon": {"reason": "r"},
}
"""For routes that the demo sends nothing to."""


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
        {"closes_on": "2030-01-01", "reason": "r"},
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
