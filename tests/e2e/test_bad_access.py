"""What is not theirs nobody sees or changes; what was sent twice acts once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from joserfc import jwt

from care.local.tokens import AUDIENCE, new_key
from tests.e2e.asking import token_of
from tests.e2e.sending import ELSEWHERE, NOTHING, PERSON, WORD, Sender, problem

pytestmark = pytest.mark.xdist_group("stack")


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
