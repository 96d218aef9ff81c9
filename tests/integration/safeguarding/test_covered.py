"""A PA is away and somebody else comes: nobody is missed of the PA, and whoever covers is looked at like anybody."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4, uuid5

from shared.contracts.base import Employer, Route, SupplierKind
from shared.contracts.budget import FundsShort
from shared.contracts.marketplace import OrderPlaced, VisitRecorded
from shared.contracts.supply import CoverEnded
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running
from tests.integration.safeguarding.heard import ANN, FIRM, MONDAY, OTHER_FIRM, PLAN, alerts, line, missed

COVERED, COVERING = uuid5(ANN, f"order/{FIRM}"), uuid5(ANN, f"order/{OTHER_FIRM}")


def day(number: int) -> date:
    return MONDAY.date() + timedelta(days=number)


def covering(first: int, last: int) -> OrderPlaced:
    """Somebody of the pool comes in the place of FIRM, who is a PA."""
    wanted = line(0)
    return OrderPlaced(
        order_id=COVERING, requirement_id=uuid4(), plan_id=PLAN, budget_id=uuid4(), person_id=ANN,
        supplier_id=OTHER_FIRM, supplier_kind=SupplierKind.PA, line=wanted, route=Route.COUNCIL_MANAGED,
        hourly_pence=1900, weekly_minutes=wanted.weekly_minutes, weekly_pence=1900, starts_on=day(first),
        employer=Employer.POOL, covers_order_id=COVERED, ends_on=day(last),
    )  # fmt: skip


def back(last_day: int) -> CoverEnded:
    return CoverEnded(
        cover_id=uuid4(), order_id=COVERED, person_id=ANN, supplier_id=FIRM, last_day=day(last_day),
        covering_order_id=COVERING,
    )  # fmt: skip


async def rules(safeguarding: Running) -> list[tuple[str, list[str]]]:
    found = await alerts(safeguarding.as_("safeguarding_practitioner"))
    return sorted((one["rule"], one["evidence"]) for one in found)


async def test_nobody_is_missed_of_a_pa_on_days_that_somebody_covers(safeguarding: Running) -> None:
    market = Speaker()
    await hear(safeguarding, market.say(covering(0, 4)))
    for number in range(5):
        await hear(safeguarding, market.say(missed(ANN, number, critical=True)))
    assert await rules(safeguarding) == []
    assert await safeguarding.outbox() == []
    after = missed(ANN, 5, critical=True)
    await hear(safeguarding, market.say(after))
    assert await rules(safeguarding) == [("time_critical_visit_missed", [str(after.visit_id)])]


async def test_whoever_covers_and_does_not_come_is_missed_like_anybody(safeguarding: Running) -> None:
    market = Speaker()
    await hear(safeguarding, market.say(covering(0, 4)))
    misses = [missed(ANN, number, OTHER_FIRM) for number in (0, 1)]
    for one in misses:
        await hear(safeguarding, market.say(one))
    ((rule, evidence),) = await rules(safeguarding)
    assert (rule, set(evidence)) == ("visits_missed_by_person", {str(one.visit_id) for one in misses})


async def test_a_pa_who_is_back_sooner_is_missed_from_then_on(safeguarding: Running) -> None:
    market = Speaker()
    for fact in (covering(0, 4), back(1), missed(ANN, 1, critical=True), missed(ANN, 2, critical=True)):
        await hear(safeguarding, market.say(fact))
    assert [rule for rule, _ in await rules(safeguarding)] == ["time_critical_visit_missed"]


async def test_a_miss_that_was_said_before_anybody_was_found_stays_one(safeguarding: Running) -> None:
    market = Speaker()
    for fact in (missed(ANN, 0, critical=True), covering(0, 4)):
        await hear(safeguarding, market.say(fact))
    assert [rule for rule, _ in await rules(safeguarding)] == ["time_critical_visit_missed"]


async def test_money_that_is_short_for_a_cover_is_told_to_the_team_and_for_another_order_is_not(
    safeguarding: Running,
) -> None:
    short = FundsShort(order_id=COVERING, budget_id=uuid4(), person_id=ANN, short_pence=14350, recost_by=day(14))
    budget = Speaker()
    await hear(safeguarding, budget.say(short))
    assert await rules(safeguarding) == []
    await hear(safeguarding, budget.say(short.model_copy(update={"covers_order_id": COVERED})))
    (alert,) = await alerts(safeguarding.as_("safeguarding_practitioner"))
    assert (alert["rule"], alert["kind"], alert["owner"]) == ("cover_short", "operational", "team")
    assert "£143.50" in alert["explanation"]


async def test_whoever_covers_came_for_the_order_they_cover_for(safeguarding: Running) -> None:
    """Money that went out ahead for a PA who was away has not gone where nobody came."""
    market = Speaker()
    visit = VisitRecorded(
        visit_id=uuid4(), order_id=COVERING, budget_id=uuid4(), person_id=ANN, supplier_id=OTHER_FIRM,
        started_at=MONDAY, minutes=60, pence=1900,
    )  # fmt: skip
    for fact in (covering(0, 4), visit):
        await hear(safeguarding, market.say(fact))
    rows = await safeguarding.rows("select order_id, days from delivered order by order_id")
    assert {row["order_id"]: row["days"] for row in rows} == {COVERED: 1, COVERING: 1}
