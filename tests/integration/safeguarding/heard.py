"""What safeguarding hears, as tests say it; and how they let its timers speak."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from shared.contracts.assessment import PlanAgreed
from shared.contracts.base import PlanLine, Route, Slot, SupplierKind, Support
from shared.contracts.marketplace import SupplierRegistered, SupportStarted, VisitMissed
from shared.runtime.timers import Timers
from shared.runtime.watermarks import Watermark
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Caller, Running

MONDAY = datetime(2024, 6, 3, 8, tzinfo=UTC)
ANN, BEN, CAT, DAN = (UUID(int=number) for number in (1, 2, 3, 4))
FIRM, OTHER_FIRM = UUID(int=100), UUID(int=101)
PLAN = UUID(int=200)


def missed(person: UUID, day: int, supplier: UUID = FIRM, *, critical: bool = False) -> VisitMissed:
    """One visit a day for each person and supplier, so that equal misses are the same visit."""
    return VisitMissed(
        visit_id=uuid5(person, f"visit/{supplier}/{day}"),
        order_id=uuid5(person, f"order/{supplier}"),
        person_id=person,
        supplier_id=supplier,
        planned_at=MONDAY + timedelta(days=day),
        time_critical=critical,
        because="no_care_worker",
    )


PATTERN_OF_THREE = [missed(person, day) for person in (ANN, BEN, CAT) for day in (0, 2)]


def line(number: int) -> PlanLine:
    return PlanLine(
        line_id=uuid5(PLAN, f"line/{number}"),
        support=Support.HOME_CARE,
        kind_wanted=SupplierKind.PROVIDER,
        route=Route.COUNCIL_MANAGED,
        pattern=(Slot(weekday=0, starts="08:00", minutes=60),),
        weekly_minutes=60,
        hourly_pence=2469,
        weekly_pence=2469,
    )


def agreed(lines: int = 2, *, starts_on: date = date(2024, 6, 10)) -> PlanAgreed:
    """Ann's plan, agreed on 3 June 2024: the day to look is 1 July."""
    return PlanAgreed(
        plan_id=PLAN,
        revision=1,
        assessment_id=uuid5(PLAN, "assessment"),
        budget_id=uuid5(PLAN, "budget"),
        person_id=ANN,
        area="north",
        lines=tuple(line(number) for number in range(lines)),
        weekly_pence=2469 * lines,
        starts_on=starts_on,
        agreed_on=date(2024, 6, 3),
        team="older-people-north",
        first_review_from=date(2024, 7, 15),
        first_review_by=date(2024, 7, 29),
    )


def started(number: int = 0, on: date = date(2024, 6, 10)) -> SupportStarted:
    return SupportStarted(
        order_id=uuid5(PLAN, f"order/{number}"),
        plan_id=PLAN,
        line_id=line(number).line_id,
        person_id=ANN,
        supplier_id=FIRM,
        started_on=on,
    )


def registered(supplier: UUID = FIRM) -> SupplierRegistered:
    return SupplierRegistered(supplier_id=supplier, kind=SupplierKind.PROVIDER, synthetic=True)


async def a_supplier(safeguarding: Running, supplier: UUID = FIRM) -> str:
    """Safeguarding knows it; gives its id as it is sent."""
    await hear(safeguarding, Speaker().say(registered(supplier)))
    return str(supplier)


async def sweep(service: Running) -> int:
    """Let its timers speak that are due, as if everything said by others had been heard; gives how many did."""
    timers = Timers(service.worker, service.app.state.service, service.settings.kafka_bootstrap)
    heard = datetime(2100, 1, 1, tzinfo=UTC)
    timers.tide.latest = {name: Watermark(service=name, at=heard, ends={}) for name in ("assessment", "marketplace")}
    return await timers.sweep()


async def pattern_of_three(service: Running) -> None:
    """Three people of one supplier, two missed visits each: heard, and the supplier looked at."""
    market = Speaker()
    await hear(service, [market.say(fact) for fact in PATTERN_OF_THREE])
    await sweep(service)


async def alerts(caller: Caller, **wanted: Any) -> list[dict[str, Any]]:
    """The alerts a caller sees, each whole."""
    listed = (await caller.read("/v1/alerts", **wanted))["items"]
    return [await caller.read(f"/v1/alerts/{one['alert_id']}") for one in listed]
