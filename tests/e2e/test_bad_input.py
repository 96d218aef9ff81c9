"""Every way of sending something wrong is refused by field and rule, and what was sent is never repeated."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from joserfc import jwt

from care.clockwork import Clockwork
from care.demo.market import UNIT_COSTS, read
from care.demo.pattern import visit_file
from care.demo.story import UPLOAD
from care.generated.files import all_services
from care.generated.pages import OURS
from care.local.place import ROOT
from care.local.tokens import AUDIENCE, new_key
from shared.problems import MEDIA_TYPE, PAGES
from shared.refusals import REFUSALS
from tests.e2e.asking import token_of
from tests.e2e.conftest import Played

pytestmark = pytest.mark.xdist_group("stack")

ELSEWHERE = "E99999997"
"""A council nobody else uses: what is really made is made there."""
WORD = "Zebedee"
"""Stands wherever something wrong is said; no problem may repeat it."""
NOTHING = "00000000-0000-4000-8000-000000000000"
MEGABYTE = b"x" * 1_000_000
SPEAKER = {"role": "family", "name": WORD, "contact": WORD, "first": "2024-02-01"}
VISIT = {"planned_at": "2024-06-17T06:30:00Z", "outcome": "recorded"}
CONCERN = {"category": "physical", "location": "own_home", "source_of_risk": "service_provider", "what": WORD}
PERSON = {"team": "north", "given_name": f"{WORD}-1", "family_name": f"{WORD}-2"}


@dataclass
class Sender:
    """Sends anything to the running services, as anybody."""

    played: Played
    client: httpx2.Client = field(default_factory=lambda: httpx2.Client(timeout=60))

    def send(
        self,
        service: str,
        path: str,
        body: Any = None,
        *,
        role: str = "",
        key: str | None = None,
        headers: dict[str, str] | None = None,
        content: Any = None,
        **claims: Any,
    ) -> httpx2.Response:
        said = {"Authorization": f"Bearer {token_of(self.played.stack.place, role, **claims)}"}
        said |= {"Idempotency-Key": key or str(uuid4()), "Content-Type": "application/json"} | (headers or {})
        sent = json.dumps(body or {}) if content is None else content
        return self.client.post(self.played.stack.place.url(service) + path, headers=said, content=sent)

    def look(self, service: str, path: str, **claims: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {token_of(self.played.stack.place, **claims)}"}
        return self.client.get(self.played.stack.place.url(service) + path, headers=headers)

    def upload(self, service: str, path: str, file: Any, **claims: Any) -> httpx2.Response:
        return self.send(service, path, content=file, headers={"Content-Type": "text/csv"}, **claims)


@pytest.fixture
def sender(played: Played) -> Iterator[Sender]:
    made = Sender(played)
    yield made
    made.client.close()


def problem(answer: httpx2.Response, status: int, name: str) -> dict[str, Any]:
    """The problem, which is the one expected, has a page, and repeats nothing."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert WORD not in answer.text
    assert "4711" not in answer.text
    found: dict[str, Any] = answer.json()
    assert (found["type"], found["status"]) == (PAGES + name, status)
    assert (ROOT / "docs" / "problems" / f"{name}.md").exists()
    return found


def faults(answer: httpx2.Response, name: str = "invalid") -> list[tuple[str, str]]:
    """The fields at fault, each with its rule."""
    return [(each["field"], each["rule"]) for each in problem(answer, 422, name)["errors"]]


# ── fields ────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("body", "fault"),
    [
        (PERSON | {"nickname": WORD}, ("nickname", "extra_forbidden")),
        (PERSON | {f"{WORD} is ill": True}, ("(unknown)", "extra_forbidden")),
        ({"team": "north", "given_name": WORD}, ("family_name", "missing")),
        (PERSON | {"given_name": 4711}, ("given_name", "string_type")),
        (PERSON | {"given_name": "  "}, ("given_name", "string_too_short")),
        (PERSON | {"contact": WORD * 100}, ("contact", "string_too_long")),
        (PERSON | {"contact": f"{WORD}\x00"}, ("contact", "string_pattern_mismatch")),
        (PERSON | {"team": f"{WORD} und Co."}, ("team", "string_pattern_mismatch")),
        (PERSON | {"date_of_birth": f"{WORD}-02-30"}, ("date_of_birth", "date_from_datetime_parsing")),
        (PERSON | {"date_of_birth": "2023-02-29"}, ("date_of_birth", "date_from_datetime_parsing")),
        (PERSON | {"date_of_birth": "1066-10-14"}, ("date_of_birth", "greater_than_equal")),
        ([PERSON], ("body", "model_attributes_type")),
    ],
)
def test_an_unknown_missing_or_mistyped_field_is_named_with_its_rule(
    sender: Sender, body: Any, fault: tuple[str, str]
) -> None:
    assert faults(sender.send("assessment", "/v1/people", body, role="practitioner")) == [fault]


def test_everything_that_is_wrong_is_named_at_once(sender: Sender) -> None:
    body = {
        "period": {"first": WORD},
        "lines": [{"planned_at": "2024-06-17T06:30:00", "minutes": "60", "pence": -4711}],
    }
    answer = sender.send("marketplace", f"/v1/orders/{NOTHING}/claims", body, role="supplier")
    assert set(faults(answer)) >= {
        ("period.first", "date_from_datetime_parsing"),
        ("period.last", "missing"),
        ("lines[0].planned_at", "timezone_aware"),
        ("lines[0].minutes", "int_type"),
        ("lines[0].pence", "greater_than_equal"),
    }


@pytest.mark.parametrize(
    ("pence", "rule"),
    [
        (-4711, "greater_than_equal"),
        (47.11, "int_type"),
        ("4711", "int_type"),
        (True, "int_type"),
        (10**20, "less_than_equal"),
        (None, "int_type"),
    ],
)
def test_pence_are_whole_and_not_below_nothing(sender: Sender, pence: Any, rule: str) -> None:
    budget = sender.played.story.ada.ids["budget"]
    where = f"/v1/budgets/{budget}/contribution"
    assert faults(sender.send("budget", where, {"person_pence": pence}, role="budget_officer")) == [
        ("person_pence", rule)
    ]


def test_days_out_of_order_are_refused(sender: Sender) -> None:
    person = sender.played.story.ada.ids["person"]
    body = SPEAKER | {"last": "2024-01-31"}
    answer = sender.send("assessment", f"/v1/people/{person}/speakers", body, role="practitioner")
    assert faults(answer, "days-out-of-order") == [("last", "DAYS-1")]


def test_a_window_of_days_out_of_order_is_refused(sender: Sender) -> None:
    order = sender.played.story.ada.ids["order"]
    answer = sender.look("marketplace", f"/v1/orders/{order}/visits?first=2024-07-01&last=2024-06-01", role="broker")
    assert faults(answer) == [("last", "window")]


@pytest.mark.parametrize(
    ("service", "path", "fault", "body"),
    [
        ("marketplace", "/v1/suppliers", ("kind", "enum"), {"name": WORD, "kind": WORD, "synthetic": True}),
        (
            "marketplace",
            f"/v1/suppliers/{NOTHING}/listings",
            ("support", "enum"),
            {"support": WORD, "areas": ["north"], "hourly_pence": 1, "room_minutes": 1},
        ),
        ("marketplace", f"/v1/orders/{NOTHING}/visits", ("outcome", "enum"), VISIT | {"outcome": WORD}),
        ("safeguarding", "/v1/concerns", ("category", "enum"), CONCERN | {"category": WORD}),
        ("assessment", f"/v1/people/{NOTHING}/speakers", ("role", "enum"), SPEAKER | {"role": WORD}),
        (
            "assessment",
            f"/v1/people/{NOTHING}/consents",
            ("client_id", "string_pattern_mismatch"),
            {"client_id": f"{WORD}!"},
        ),
    ],
)
def test_an_unknown_code_is_refused(
    sender: Sender, service: str, path: str, fault: tuple[str, str], body: dict[str, Any]
) -> None:
    assert faults(sender.send(service, path, body)) == [fault]


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (f"/v1/people/{WORD}", ("person_id", "uuid_parsing")),
        ("/v1/people?limit=4711", ("limit", "less_than_equal")),
        ("/v1/people?limit=0", ("limit", "greater_than_equal")),
        (f"/v1/people?limit={WORD}", ("limit", "int_parsing")),
        (f"/v1/people?cursor={WORD}", ("cursor", "cursor")),
        (f"/v1/people?cursor={WORD * 20}", ("cursor", "string_too_long")),
    ],
)
def test_what_stands_wrong_in_an_address_is_named(sender: Sender, path: str, fault: tuple[str, str]) -> None:
    assert faults(sender.look("assessment", path, role="practitioner")) == [fault]


@pytest.mark.parametrize("content", [f'{{"{WORD}"', "{", f'{{"a": {WORD}}}', b"\xff\xfe", f"{WORD}=1"])
def test_a_body_that_is_no_json_is_refused(sender: Sender, content: Any) -> None:
    assert faults(sender.send("assessment", "/v1/people", content=content)) == [("body", "json_invalid")]


@pytest.mark.parametrize("content", ["[" * 100_000, f'{{"team": {"4711" * 2000}}}'])
def test_a_body_nobody_can_take_apart_is_refused(sender: Sender, content: str) -> None:
    problem(sender.send("assessment", "/v1/people", content=content), 400, "body-unreadable")


def test_a_method_that_is_not_there_is_refused_and_says_which_are(sender: Sender) -> None:
    answer = sender.client.delete(f"{sender.played.stack.place.url('assessment')}/v1/people")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"]


def test_a_route_that_is_not_there_is_not_found(sender: Sender) -> None:
    problem(sender.look("budget", f"/v1/{WORD}"), 404, "not-found")


# ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_another_councils_id_and_an_id_of_nothing_look_the_same(sender: Sender) -> None:
    plan = sender.played.story.ada.ids["plan"]
    theirs = sender.look("assessment", f"/v1/plans/{plan}", role="practitioner", council=ELSEWHERE)
    nothing = sender.look("assessment", f"/v1/plans/{NOTHING}", role="practitioner", council=ELSEWHERE)
    assert problem(theirs, 404, "not-found") == problem(nothing, 404, "not-found")
    assert sender.look("assessment", f"/v1/plans/{plan}", role="practitioner").status_code == 200


def test_another_suppliers_offer_and_an_offer_of_nobody_look_the_same(sender: Sender) -> None:
    offer, alder = sender.played.story.ada.order["offer_id"], sender.played.story.suppliers[0].supplier_id
    answers = [
        sender.send("marketplace", f"/v1/offers/{one}/accept", role="supplier", supplier_id=alder)
        for one in (offer, NOTHING)
    ]
    assert problem(answers[0], 404, "not-found") == problem(answers[1], 404, "not-found")


def test_a_supplier_token_that_names_no_supplier_sees_nothing(sender: Sender) -> None:
    offer = sender.played.story.ada.order["offer_id"]
    problem(sender.look("marketplace", f"/v1/offers/{offer}", role="supplier"), 404, "not-found")
    assert sender.look("marketplace", "/v1/orders", role="supplier").json()["items"] == []


def test_another_teams_person_is_not_there(sender: Sender) -> None:
    person = sender.played.story.ada.ids["person"]
    answer = sender.look("assessment", f"/v1/people/{person}", role="practitioner", team="another-team")
    problem(answer, 404, "not-found")


@pytest.mark.parametrize(
    ("service", "path", "role", "needs"),
    [
        ("assessment", "/v1/people", "supplier", ["assessment:write"]),
        ("marketplace", "/v1/suppliers", "broker", ["market:write"]),
        ("budget", f"/v1/claims/{NOTHING}/pay", "practitioner", ["claims:decide"]),
        ("safeguarding", f"/v1/alerts/{NOTHING}/close", "practitioner", ["market:commission", "safeguarding:write"]),
        ("budget", "/sandbox/clock", "broker", ["ops:write"]),
    ],
)
def test_a_token_without_the_scope_is_refused_naming_it(
    sender: Sender, service: str, path: str, role: str, needs: list[str]
) -> None:
    """Before the body is judged: who may not ask learns nothing of what could be asked."""
    body = {"to": "2024-06-03T09:00:00Z"} if path == "/sandbox/clock" else {}
    assert problem(sender.send(service, path, body, role=role), 403, "forbidden")["needs"] == needs


def unsigned(token: str) -> str:
    """The same claims under `alg: none`."""
    return f"eyJhbGciOiJub25lIn0.{token.split('.')[1]}."


@pytest.mark.parametrize(
    "claims",
    [
        {"lifetime": -1},
        {"aud": "another-market"},
        {"aud": [f"not-{AUDIENCE}"]},
        {"iss": "https://issuer.invalid"},
        {"council": WORD},
        {"council": None},
        {"exp": None},
        {"sub": None},
        {"exp": WORD},
        {"supplier_id": WORD},
        {"limit_pence": WORD},
    ],
    ids=str,
)
def test_a_token_that_does_not_hold_opens_nothing(sender: Sender, claims: dict[str, Any]) -> None:
    answer = sender.look("assessment", "/v1/people", role="practitioner", **claims)
    problem(answer, 401, "unauthenticated")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_no_token_another_scheme_and_a_forged_token_open_nothing(sender: Sender) -> None:
    good = token_of(sender.played.stack.place, "practitioner")
    forger = new_key()
    forged = jwt.encode(
        {"alg": "ES256", "kid": forger.kid}, {"aud": AUDIENCE, "sub": WORD}, forger, algorithms=["ES256"]
    )
    bad = (
        f"Basic {good}",
        "Bearer",
        f"Bearer {WORD}",
        f"Bearer {forged}",
        f"Bearer {unsigned(good)}",
        f"Bearer {good}x",
    )
    url = f"{sender.played.stack.place.url('assessment')}/v1/people"
    answers = [sender.client.get(url), *(sender.client.get(url, headers={"Authorization": one}) for one in bad)]
    for answer in answers:
        problem(answer, 401, "unauthenticated")
    assert sender.client.get(url, headers={"Authorization": f"Bearer {good}"}).status_code == 200


# ── what may be done ──────────────────────────────────────────────────────────────────────────────────────────────
def test_nobody_sends_back_or_approves_their_own_assessment(sender: Sender) -> None:
    where = f"/v1/assessments/{sender.played.story.ada.ids['assessment']}/return"
    found = problem(
        sender.send("assessment", where, {"note": WORD}, role="approver", sub="priya"), 409, "approval-not-allowed"
    )
    assert found["errors"][0]["rule"]


def test_nobody_settles_their_own_claim(sender: Sender) -> None:
    claim = next(asked for asked in sender.played.council.asked if asked.path.endswith("/settle")).path
    answer = sender.send("marketplace", claim, {"pence": 1, "reason": WORD}, role="finance", sub="birch")
    problem(answer, 409, "own-work")


def test_a_state_that_does_not_allow_the_verb_is_named_with_what_it_allows(sender: Sender) -> None:
    story = sender.played.story
    agreed = sender.send("assessment", f"/v1/plans/{story.ada.ids['plan']}/agree", role="approver", limit_pence=10**9)
    found = problem(agreed, 409, "verb-not-allowed")
    assert (found["state"], found["verb"], "agree" in found["allowed"]) == ("agreed", "agree", False)
    assert "agreed" in found["detail"]
    begun = sender.send("assessment", f"/v1/requests/{story.ada.ids['request']}/assessment", {"area": "north"})
    assert problem(begun, 409, "verb-not-allowed")["state"] == "assessed"


def test_a_change_decided_on_an_older_version_is_refused_naming_the_current_one(sender: Sender) -> None:
    where = f"/v1/plans/{sender.played.story.ada.ids['plan']}"
    read_at = sender.look("assessment", where).headers["etag"]
    stale = sender.send("assessment", f"{where}/withdraw", {"note": WORD}, headers={"If-Match": '"0"'})
    assert f'"{problem(stale, 412, "stale")["current"]}"' == read_at
    current = sender.send("assessment", f"{where}/withdraw", {"note": WORD}, headers={"If-Match": read_at})
    problem(current, 409, "verb-not-allowed")


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"If-Match": WORD}, "header-unreadable"),
        ({"Idempotency-Key": WORD * 50}, "header-unreadable"),
        ({"Idempotency-Key": ""}, "key-missing"),
    ],
)
def test_a_header_that_cannot_be_read_is_refused(sender: Sender, headers: dict[str, str], name: str) -> None:
    problem(sender.send("assessment", "/v1/people", PERSON, headers=headers), 400, name)


def test_a_post_without_a_key_is_refused(sender: Sender) -> None:
    headers = {"Authorization": f"Bearer {token_of(sender.played.stack.place)}"}
    url = f"{sender.played.stack.place.url('assessment')}/v1/people"
    problem(sender.client.post(url, json=PERSON, headers=headers), 400, "key-missing")


# ── sent twice ────────────────────────────────────────────────────────────────────────────────────────────────────
def people_called(sender: Sender, name: str) -> int:
    page = sender.look("assessment", "/v1/people?limit=200", role="practitioner", council=ELSEWHERE).json()
    return sum(one["family_name"] == name for one in page["items"])


def test_a_repeated_key_with_another_body_is_refused_and_changes_nothing(sender: Sender) -> None:
    key, name = str(uuid4()), f"{WORD}-{uuid4()}"
    first = sender.send("assessment", "/v1/people", PERSON | {"family_name": name}, key=key, council=ELSEWHERE)
    assert first.status_code == 201
    other = sender.send("assessment", "/v1/people", PERSON | {"family_name": "Other"}, key=key, council=ELSEWHERE)
    problem(other, 422, "key-reused")
    elsewhere = sender.send(
        "assessment",
        f"/v1/people/{first.json()['person_id']}/consents",
        {"client_id": "app"},
        key=key,
        council=ELSEWHERE,
    )
    problem(elsewhere, 422, "key-reused")
    again = sender.send("assessment", "/v1/people", PERSON | {"family_name": name}, key=key, council=ELSEWHERE)
    assert (again.status_code, again.json()) == (201, first.json())
    assert people_called(sender, name) == 1


def test_the_same_request_sent_by_many_at_once_acts_once(sender: Sender) -> None:
    key, name = str(uuid4()), f"{WORD}-{uuid4()}"

    def send(_: int) -> httpx2.Response:
        return sender.send("assessment", "/v1/people", PERSON | {"family_name": name}, key=key, council=ELSEWHERE)

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(8)))
    done = [answer.json() for answer in answers if answer.status_code == 201]
    assert done
    assert all(one == done[0] for one in done)
    for answer in answers:
        if answer.status_code != 201:
            problem(answer, 409, "in-progress")
    assert send(0).json() == done[0]
    assert people_called(sender, name) == 1


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_good_rows_of_a_visit_file_are_kept_and_bad_ones_told_by_number_and_reason(sender: Sender) -> None:
    birch, order = sender.played.story.suppliers[1].supplier_id, sender.played.story.others[1].ids["order"]
    file = visit_file(
        UPLOAD,
        [
            (order, "2024-07-01T08:00:00Z", "2024-07-01T08:05:00Z", "4711 and a bit", "delivered", ""),
            (order, WORD, "2024-07-01T08:05:00Z", 60, "delivered", ""),
            (order, "2024-07-01T08:00:00Z", "2024-07-01T08:05:00Z", 60, WORD, ""),
            (order, "2024-07-01T08:00:00Z", "2024-07-01T08:05:00Z", 60, "delivered", ""),
            (order, "2924-07-01T08:00:00Z", "2024-07-01T08:05:00Z", 60, "delivered", ""),
        ],
    )
    answer = sender.upload("marketplace", "/v1/visit-uploads", file, role="supplier", supplier_id=birch)
    report = answer.json()
    assert (answer.status_code, report["read"], report["new"]) == (200, 5, 1)
    assert [(row["row"], row["field"]) for row in report["rejected"]] == [
        (2, "minutes"),
        (3, "planned_start"),
        (4, "outcome"),
        (6, "planned_start"),
    ]
    assert all(row["rule"] for row in report["rejected"])
    assert WORD not in answer.text
    assert "4711" not in answer.text
    Clockwork(sender.played.stack.place).settle()


def test_sound_figures_of_a_cost_file_are_kept_and_the_unsound_told(sender: Sender) -> None:
    file = read(*UNIT_COSTS).replace(b",39.1,", f",{WORD},".encode(), 1)
    answer = sender.upload("budget", "/v1/unit-costs", file, role="budget_officer", council=ELSEWHERE)
    (rejected,) = answer.json()["rejected"]
    assert answer.json()["new"] > 100
    assert rejected["row"] > 1
    assert rejected["rule"] == "not_a_number"
    assert WORD not in answer.text


def test_a_file_without_its_columns_is_refused_whole(sender: Sender) -> None:
    answer = sender.upload("marketplace", "/v1/visit-uploads", f"{WORD},b\n1,2\n".encode(), role="supplier")
    assert {rule for _, rule in faults(answer, "file-not-read")} == {"column_missing"}


@pytest.mark.parametrize(
    ("service", "path", "name"),
    [
        ("marketplace", "/v1/visit-uploads", "not-a-file"),
        ("marketplace", "/v1/supplier-imports", "not-a-file"),
        ("budget", "/v1/unit-costs", "not-csv"),
    ],
)
def test_what_is_not_sent_as_a_file_is_refused(sender: Sender, service: str, path: str, name: str) -> None:
    problem(sender.send(service, path, {"a": WORD}), 415, name)


UPLOADS = [("marketplace", "/v1/visit-uploads"), ("marketplace", "/v1/supplier-imports"), ("budget", "/v1/unit-costs")]


@pytest.mark.parametrize(("service", "path"), UPLOADS)
def test_an_upload_of_50_mb_is_refused_on_its_announcement(sender: Sender, service: str, path: str) -> None:
    found = problem(sender.upload(service, path, MEGABYTE * 50), 413, "too-large")
    assert found["limit_bytes"] == 10_000_000


@pytest.mark.parametrize(("service", "path"), UPLOADS)
def test_an_upload_of_50_mb_that_does_not_announce_its_size_is_refused(sender: Sender, service: str, path: str) -> None:
    problem(sender.upload(service, path, iter([MEGABYTE] * 50)), 413, "too-large")


def test_more_json_than_is_read_is_refused(sender: Sender) -> None:
    content = json.dumps(PERSON | {"address": "x" * 1_000_000})
    problem(sender.send("assessment", "/v1/people", content=content), 413, "too-large")
    problem(sender.send("assessment", "/v1/people", content=iter([content.encode()])), 413, "too-large")


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_refusal_there_is_has_a_page_that_says_its_status_and_what_it_means() -> None:
    all_services()
    assert len(REFUSALS) > 40
    for name, refusal in ((name, one) for name, one in REFUSALS.items() if one.__module__.startswith(OURS)):
        page = (ROOT / "docs" / "problems" / f"{name}.md").read_text()
        assert f"`{refusal.status}` · `{PAGES}{name}`" in page
        assert refusal.__doc__ or "errors" in page, name


def test_every_problem_the_demo_met_has_a_page(played: Played) -> None:
    met = {json.loads(text)["type"].removeprefix(PAGES) for text in played.council.problems}
    assert met
    assert met <= set(REFUSALS)
