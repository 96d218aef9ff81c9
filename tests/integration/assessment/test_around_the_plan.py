"""Challenges with their answers, needs that nobody meets, and support that begins before the assessment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from shared.contracts.base import Basis, PlanLine, Route, SupplierKind, Support
from shared.contracts.marketplace import OrderEnded, OrderPlaced, SupportStarted
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running
from tests.integration.assessment.journey import a_person, a_proposed_plan
from tests.integration.sweeping import sweep_at

MARKER = "Synthetic-marker-51aa: this is not enough for the mornings."


def today() -> date:
    return datetime.now(ZoneInfo("Europe/London")).date()


def said(facts: list[tuple[str, dict[str, Any]]], kind: str) -> list[dict[str, Any]]:
    return [fact for name, fact in facts if name == f"assessment.{kind}.v1"]


async def test_a_challenge_gets_its_answer_from_somebody_else_and_both_are_said_without_their_words(
    assessment: Running,
) -> None:
    person, practitioner = await a_person(assessment), assessment.as_("practitioner", sub="pat")
    where = f"/v1/people/{person['person_id']}/challenges"
    made = await practitioner.done(where, {"matter": "budget", "matter_id": str(uuid4()), "what": MARKER})
    assert made["answer_by"] == str(today() + timedelta(days=28))
    body = {"challenge_id": made["challenge_id"], "upheld": True, "answer": MARKER}
    own = await assessment.as_("approver", sub="pat").post(f"{where}/answer", body)
    assert (own.status_code, own.json()["type"]) == (409, "/problems/approval-not-allowed")
    answered = await assessment.as_("approver", sub="app").done(f"{where}/answer", body)
    assert (answered["state"], answered["answered_by"], answered["upheld"]) == ("answered", "app", True)
    assert (await assessment.as_("approver", sub="app").post(f"{where}/answer", body)).status_code == 409
    (listed,) = (await practitioner.read(where))["items"]
    assert (listed["what"], listed["answer"]) == (MARKER, MARKER)
    facts = await assessment.outbox()
    assert [one["upheld"] for one in said(facts, "challenge_answered")] == [True]
    assert [one["answer_by"] for one in said(facts, "challenge_made")] == [made["answer_by"]]
    assert MARKER not in str(facts)


async def test_a_challenge_of_another_person_or_team_is_not_there(assessment: Running) -> None:
    ann, ben = await a_person(assessment), await a_person(assessment)
    practitioner = assessment.as_("practitioner")
    body = {"matter": "plan", "matter_id": str(uuid4()), "what": MARKER}
    made = await practitioner.done(f"/v1/people/{ann['person_id']}/challenges", body)
    answer = {"challenge_id": made["challenge_id"], "upheld": False, "answer": "No."}
    elsewhere = await assessment.as_("approver").post(f"/v1/people/{ben['person_id']}/challenges/answer", answer)
    assert elsewhere.status_code == 404
    stranger = assessment.as_("practitioner", team="elsewhere")
    for what in ("challenges", "unmet-needs", "early-support"):
        assert (await stranger.get(f"/v1/people/{ann['person_id']}/{what}")).status_code == 404


async def test_a_need_that_nobody_meets_is_kept_as_such(assessment: Running) -> None:
    plan, practitioner = await a_proposed_plan(assessment), assessment.as_("practitioner")
    body = {"weekly_minutes": 120, "because": "nobody_in_area", "reasons": MARKER}
    need = await practitioner.done(f"/v1/plans/{plan['plan_id']}/unmet-needs", body)
    (kept,) = (await practitioner.read(f"/v1/people/{plan['person_id']}/unmet-needs"))["items"]
    assert kept == need
    facts = await assessment.outbox()
    (fact,) = said(facts, "unmet_need_recorded")
    assert (fact["weekly_minutes"], fact["because"]) == (120, "nobody_in_area")
    assert MARKER not in str(facts)
    none = await practitioner.post(f"/v1/plans/{plan['plan_id']}/unmet-needs", {**body, "weekly_minutes": 0})
    assert none.status_code == 422


async def test_urgent_support_before_any_assessment_asks_on_its_last_day_what_comes_next_and_goes_on(
    assessment: Running,
) -> None:
    """Care Act 2014 s.19(3)."""
    person, practitioner = await a_person(assessment), assessment.as_("practitioner")
    where, until = f"/v1/people/{person['person_id']}", today() + timedelta(days=20)
    days = {"starts_on": str(today()), "until": str(until)}
    body = {"support": "home_care", "weekly_minutes": 600, **days, "reasons": MARKER}
    long = await practitioner.post(f"{where}/urgent-support", {**body, "until": str(today() + timedelta(days=28))})
    assert [one["rule"] for one in long.json()["errors"]] == ["EARLY-2"]
    agreed = await practitioner.done(f"{where}/urgent-support", body)
    (fact,) = said(await assessment.outbox(), "urgent_support_agreed")
    assert (fact["urgent_id"], fact["weekly_minutes"], "reasons" in fact) == (agreed["early_id"], 600, False)
    assert await sweep_at(assessment, until - timedelta(days=1)) == 0
    assert await sweep_at(assessment, until) == 1
    (shown,) = (await practitioner.read(f"{where}/early-support"))["items"]
    assert (shown["state"], shown["ended_on"]) == ("last_day", None)
    await practitioner.done(f"{where}/early-support/end", {"early_id": agreed["early_id"], "outcome": "support_needed"})
    (over,) = said(await assessment.outbox(), "urgent_support_ended")
    assert (over["urgent_id"], over["outcome"]) == (agreed["early_id"], "support_needed")


async def test_reablement_comes_first_and_ends_when_somebody_says_so(assessment: Running) -> None:
    """Free and outside the budget for at most six weeks (SI 2014/2672 reg 3(3))."""
    person, practitioner = await a_person(assessment), assessment.as_("practitioner")
    where, until = f"/v1/people/{person['person_id']}", today() + timedelta(days=41)
    body = {"starts_on": str(today()), "until": str(until), "reasons": MARKER}
    started = await practitioner.done(f"{where}/reablement", body)
    end = {"early_id": started["early_id"], "outcome": "support_needed"}
    ended = await practitioner.done(f"{where}/early-support/end", end)
    assert (ended["state"], ended["outcome"]) == ("ended", "support_needed")
    assert (await practitioner.post(f"{where}/early-support/end", end)).status_code == 409
    facts = await assessment.outbox()
    assert [one["until"] for one in said(facts, "reablement_started")] == [str(until)]
    assert [one["outcome"] for one in said(facts, "reablement_ended")] == ["support_needed"]
    assert MARKER not in str(facts)
    assert await sweep_at(assessment, until) == 0


# ── what is bought ────────────────────────────────────────────────────────────────────────────────────────────────
SLOTS = [{"weekday": day, "starts": "08:00", "minutes": 30} for day in range(7)]


def a_purchase(**more: Any) -> dict[str, Any]:
    days = {"starts_on": str(today()), "until": str(today() + timedelta(days=20))}
    buy = {"pattern": SLOTS, "area": "north"}
    return {"support": "home_care", "weekly_minutes": 210, **days, "reasons": MARKER, "buy": buy, **more}


def ordered(early: dict[str, Any], **more: Any) -> OrderPlaced:
    early_id, line_id = UUID(early["early_id"]), uuid4()
    line = PlanLine(
        line_id=line_id, support=Support.HOME_CARE, kind_wanted=SupplierKind.IN_HOUSE, route=Route.COUNCIL_MANAGED,
        pattern=(), weekly_minutes=210, hourly_pence=2400, weekly_pence=8400,
    )  # fmt: skip
    said: dict[str, Any] = {
        "order_id": uuid4(), "requirement_id": uuid4(), "plan_id": early_id, "budget_id": early_id,
        "person_id": UUID(early["person_id"]), "supplier_id": uuid4(), "supplier_kind": SupplierKind.IN_HOUSE, "line": line,
        "route": Route.COUNCIL_MANAGED, "hourly_pence": 2400, "weekly_minutes": 210, "weekly_pence": 8400,
        "starts_on": today(), "basis": Basis.URGENT,
    }  # fmt: skip
    return OrderPlaced(**said | more)


async def test_what_is_to_be_bought_is_said_and_what_came_of_it_is_shown(assessment: Running) -> None:
    person, practitioner = await a_person(assessment), assessment.as_("practitioner")
    where = f"/v1/people/{person['person_id']}"
    agreed = await practitioner.done(f"{where}/urgent-support", a_purchase())
    assert (agreed["to_buy"]["weekly_minutes"], agreed["to_buy"]["kind_wanted"], agreed["orders"]) == (210, None, [])
    (fact,) = said(await assessment.outbox(), "urgent_support_agreed")
    assert (fact["to_buy"]["support"], fact["to_buy"]["area"]) == ("home_care", "north")
    market, placed, of_a_plan = Speaker(), ordered(agreed), ordered(agreed, plan_id=uuid4())
    of_order = {name: getattr(placed, name) for name in ("order_id", "plan_id", "person_id", "supplier_id")}
    started = SupportStarted(**of_order, line_id=placed.line.line_id, started_on=today())
    ended = OrderEnded(**of_order, budget_id=placed.budget_id, last_day=today(), because="replaced", need_remains=False)
    for heard, state in ((placed, "placed"), (started, "started"), (of_a_plan, "started"), (ended, "ended")):
        await hear(assessment, market.say(heard))
        (shown,) = (await practitioner.read(f"{where}/early-support"))["items"]
        assert [(one["order_id"], one["state"]) for one in shown["orders"]] == [(str(placed.order_id), state)]


async def test_reablement_is_bought_as_urgent_support_is(assessment: Running) -> None:
    person, practitioner = await a_person(assessment), assessment.as_("practitioner")
    where = f"/v1/people/{person['person_id']}/reablement"
    body = a_purchase(buy={"pattern": SLOTS, "area": "north", "kind_wanted": "in_house", "hourly_pence": 2800})
    started = await practitioner.done(where, body)
    assert started["to_buy"]["hourly_pence"] == 2800
    (fact,) = said(await assessment.outbox(), "reablement_started")
    assert (fact["to_buy"]["kind_wanted"], MARKER in str(fact)) == ("in_house", False)


@pytest.mark.parametrize(
    ("wrong", "rules"),
    [
        ({"support": None}, ["EARLY-3"]),
        ({"buy": {"pattern": [], "area": "north"}}, ["EARLY-4", "EARLY-5"]),
        ({"weekly_minutes": 200}, ["EARLY-5"]),
        ({"buy": {"pattern": [*SLOTS[:6], SLOTS[0]], "area": "north"}}, ["EARLY-6"]),
    ],
)
async def test_what_is_to_be_bought_says_what_and_when(
    assessment: Running, wrong: dict[str, Any], rules: list[str]
) -> None:
    person, practitioner = await a_person(assessment), assessment.as_("practitioner")
    refused = await practitioner.post(f"/v1/people/{person['person_id']}/reablement", a_purchase(**wrong))
    assert refused.status_code == 422
    assert [one["rule"] for one in refused.json()["errors"]] == rules
