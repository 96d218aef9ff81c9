"""Every way of sending something wrong is refused by field and rule, and what was sent is never repeated."""

from __future__ import annotations

import json
from typing import Any

import pytest

from care.clockwork import Clockwork
from care.demo.market import UNIT_COSTS, read
from care.demo.pattern import visit_file
from care.demo.story import UPLOAD
from care.generated.files import all_services
from care.generated.pages import OURS
from care.local.place import ROOT
from shared.problems import PAGES
from shared.refusals import REFUSALS
from tests.e2e.conftest import Played
from tests.e2e.sending import ELSEWHERE, NOTHING, PERSON, WORD, Sender, faults, problem

pytestmark = pytest.mark.xdist_group("stack")

MEGABYTE = b"x" * 1_000_000
SPEAKER = {"role": "family", "name": WORD, "contact": WORD, "first": "2024-02-01"}
VISIT = {"planned_at": "2024-06-17T06:30:00Z", "outcome": "recorded"}
CONCERN = {"category": "physical", "location": "own_home", "source_of_risk": "service_provider", "what": WORD}


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


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_good_rows_of_a_visit_file_are_kept_and_bad_ones_told_by_number_and_reason(sender: Sender) -> None:
    birch, order = sender.played.story.suppliers[1].supplier_id, sender.played.story.others[0].ids["order"]
    file = visit_file(
        UPLOAD,
        [
            (order, "2024-09-02T08:00:00Z", "2024-09-02T08:05:00Z", "4711 and a bit", "delivered", ""),
            (order, WORD, "2024-09-02T08:05:00Z", 60, "delivered", ""),
            (order, "2024-09-02T08:00:00Z", "2024-09-02T08:05:00Z", 60, WORD, ""),
            (order, "2024-09-02T08:00:00Z", "2024-09-02T08:05:00Z", 60, "delivered", ""),
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
    Clockwork(sender.played.sandbox).settle()


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
