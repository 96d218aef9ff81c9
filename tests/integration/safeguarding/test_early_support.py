"""Urgent support or reablement was to be bought and nobody has come: noticed within days, not weeks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from shared.contracts.assessment import ReablementStarted, UrgentSupportAgreed, UrgentSupportEnded
from shared.contracts.base import Basis, Fact, Route, Slot, SupplierKind, Support, ToBuy
from shared.contracts.marketplace import OrderPlaced, SupportStarted, VisitMissed
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running
from tests.integration.safeguarding.heard import ANN, FIRM, alerts, line, sweep
from tests.integration.sweeping import sweep_at

EARLY, ORDER = UUID(int=900), UUID(int=901)
SLOTS = tuple(Slot(weekday=day, starts="08:00", minutes=60, time_critical=True) for day in range(7))
WANTED = ToBuy(support=Support.HOME_CARE, weekly_minutes=420, pattern=SLOTS, area="north")
SAID = datetime(2024, 6, 3, 9, tzinfo=UTC)
OF_BOTH: dict[str, Any] = {"person_id": ANN, "starts_on": date(2024, 6, 4), "until": date(2024, 6, 30), "team": "north"}
URGENT = UrgentSupportAgreed(urgent_id=EARLY, support=Support.HOME_CARE, weekly_minutes=420, to_buy=WANTED, **OF_BOTH)
REABLEMENT = ReablementStarted(reablement_id=EARLY, to_buy=WANTED, **OF_BOTH)
PLACED = OrderPlaced(
    order_id=ORDER, requirement_id=uuid5(ORDER, "requirement"), plan_id=EARLY, budget_id=EARLY, person_id=ANN,
    supplier_id=FIRM, supplier_kind=SupplierKind.PROVIDER, line=line(0), route=Route.COUNCIL_MANAGED, hourly_pence=2400,
    weekly_minutes=420, weekly_pence=16800, starts_on=date(2024, 6, 4), ends_on=date(2024, 6, 30), basis=Basis.URGENT,
)  # fmt: skip
STARTED = SupportStarted(
    order_id=ORDER, plan_id=EARLY, line_id=EARLY, person_id=ANN, supplier_id=FIRM, started_on=date(2024, 6, 4)
)


async def found(safeguarding: Running) -> list[dict[str, Any]]:
    return await alerts(safeguarding.as_("safeguarding_practitioner"))


@pytest.mark.parametrize("begun", [URGENT, REABLEMENT])
async def test_two_days_after_its_first_day_the_team_is_told_that_nobody_came(
    safeguarding: Running, begun: Fact
) -> None:
    speaker = Speaker()
    await hear(safeguarding, speaker.say(begun, now=SAID))
    await hear(safeguarding, Speaker().say(PLACED, now=SAID))
    assert await sweep_at(safeguarding, date(2024, 6, 5)) == 0
    assert await sweep_at(safeguarding, date(2024, 6, 6)) == 1
    (alert,) = await found(safeguarding)
    assert (alert["rule"], alert["owner"], alert["evidence"]) == ("early_support_not_started", "team", [str(EARLY)])
    told = "Urgent support or reablement was to start on 2024-06-04; 2 days on nobody has come."
    assert alert["explanation"] == told


@pytest.mark.parametrize("first", ["begun", "started"])
async def test_whoever_came_is_no_alert_whatever_is_heard_first(safeguarding: Running, first: str) -> None:
    begun, started = Speaker().say(URGENT, now=SAID), Speaker().say(STARTED, now=SAID)
    for record in (begun, started) if first == "begun" else (started, begun):
        await hear(safeguarding, record)
    assert await sweep_at(safeguarding, date(2024, 6, 6)) == 1
    assert await found(safeguarding) == []


async def test_what_is_over_or_not_bought_here_is_not_looked_at(safeguarding: Running) -> None:
    speaker = Speaker()
    over = UrgentSupportEnded(
        urgent_id=EARLY, person_id=ANN, ended_on=date(2024, 6, 4), outcome="support_needed", team="north"
    )
    elsewhere = URGENT.model_copy(update={"urgent_id": UUID(int=902), "to_buy": None})
    await hear(safeguarding, [speaker.say(fact, now=SAID) for fact in (URGENT, elsewhere, over)])
    assert await sweep_at(safeguarding, date(2024, 6, 10)) == 0
    assert await found(safeguarding) == []


async def test_its_visits_are_watched_as_any(safeguarding: Running) -> None:
    market = Speaker()
    missed = VisitMissed(
        visit_id=uuid5(ORDER, "visit"), order_id=ORDER, person_id=ANN, supplier_id=FIRM,
        planned_at=SAID + timedelta(days=1), time_critical=True, because="no_care_worker",
    )  # fmt: skip
    await hear(safeguarding, [market.say(fact) for fact in (PLACED, STARTED, missed)])
    await sweep(safeguarding)
    rules = {one["rule"] for one in await found(safeguarding)}
    assert rules == {"time_critical_visit_missed", "claims_stopped"}


async def test_no_line_of_a_plan_is_made_of_it_when_teams_are_compared(safeguarding: Running) -> None:
    await hear(safeguarding, Speaker().say(PLACED, now=SAID))
    assert await safeguarding.rows("select * from watch") == []
