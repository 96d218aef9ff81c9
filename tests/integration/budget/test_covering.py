"""Somebody comes in the place of a PA, and is paid out of the same budget: set aside for those days alone, and given back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.base import ClaimKind, Employer, PlanLine, Route, Slot, SupplierKind
from shared.contracts.marketplace import OrderEnded, OrderPlaced
from tests.integration.budget.journey import NOW, STARTS, YEAR, Person, World, a_line, sweep

DAILY = tuple(Slot(weekday=day, starts="08:00", minutes=60) for day in range(7))
LAST = STARTS + timedelta(days=6)
HOUR, POOL = 2469, 1900
A_WEEK = 7 * POOL


def a_pa_line(**more: Any) -> PlanLine:
    return a_line(420, HOUR, kind_wanted=SupplierKind.PA, pattern=DAILY, **more)


async def funded(world: World, line: PlanLine, weekly: int = 7 * HOUR) -> Person:
    """A PA comes every day for an hour."""
    person = Person(lines=(line,))
    await world.indicated(person)
    await world.finalised(person, weekly)
    await world.says(person.agreed())
    return person


def ordered(person: Person, employer: Employer) -> OrderPlaced:
    return person.ordered(supplier_kind=SupplierKind.PA, employer=employer)


def covering(person: Person, first: date = STARTS, last: date = LAST, price: int = POOL) -> OrderPlaced:
    """Somebody of the pool, for some days."""
    said = person.ordered(
        order_id=uuid4(), supplier_id=uuid4(), supplier_kind=SupplierKind.PA, employer=Employer.POOL, hourly_pence=price,
        weekly_pence=7 * price, starts_on=first, ends_on=last, covers_order_id=person.order_id,
    )  # fmt: skip
    return said.model_copy(update={"route": Route.COUNCIL_MANAGED})


def ended(cover: OrderPlaced, last_day: date) -> OrderEnded:
    named = ("order_id", "plan_id", "budget_id", "person_id", "supplier_id")
    return OrderEnded(
        **{name: getattr(cover, name) for name in named}, last_day=last_day, because="cover_over", need_remains=True
    )


async def set_aside(world: World, person: Person, order_id: UUID) -> int:
    positions = (await world.ledger(person))["positions"]
    return sum(one["committed"] for one in positions if one["order_id"] == str(order_id))


async def commitment(world: World, person: Person, order_id: UUID) -> dict[str, Any]:
    every = (await world.ledger(person))["commitments"]
    found: dict[str, Any] = next(one for one in every if one["order_id"] == str(order_id))
    return found


async def test_what_waits_for_visits_is_lent_to_whoever_covers_and_given_back(world: World) -> None:
    """Either comes, never both: an order that is paid by its visits does without those of the days when nobody comes."""
    person = await funded(world, a_pa_line())
    await world.says(ordered(person, Employer.POOL))
    whole, free = await set_aside(world, person, person.order_id), (await world.purse(person))["available"]
    cover = covering(person)
    await world.says(cover)
    kind, fact = await world.last()
    assert (kind, fact["pence"], fact["period"]["last"]) == ("budget.funds_committed.v1", A_WEEK, str(LAST))
    assert await set_aside(world, person, cover.order_id) == A_WEEK
    assert await set_aside(world, person, person.order_id) == whole - A_WEEK
    assert (await world.purse(person))["available"] == free
    await world.says(ended(cover, STARTS + timedelta(days=1)))
    assert await set_aside(world, person, cover.order_id) == 2 * POOL
    assert await set_aside(world, person, person.order_id) == whole - 2 * POOL
    await world.says(ended(cover, STARTS))
    assert await set_aside(world, person, cover.order_id) == POOL
    assert await set_aside(world, person, person.order_id) == whole - POOL


async def test_whoever_covers_at_a_dearer_price_needs_what_that_is_more(world: World) -> None:
    person = await funded(world, a_pa_line(), weekly=7 * HOUR + 1000)
    await world.says(ordered(person, Employer.POOL))
    whole, free = await set_aside(world, person, person.order_id), (await world.purse(person))["available"]
    cover = covering(person, price=HOUR + 100)
    await world.says(cover)
    assert await set_aside(world, person, cover.order_id) == 7 * (HOUR + 100)
    assert await set_aside(world, person, person.order_id) == whole - 7 * HOUR
    assert (await world.purse(person))["available"] == free - 700


async def test_an_order_that_ends_while_somebody_covers_keeps_the_money_of_its_own_days(world: World) -> None:
    """The end of whoever covered is told a moment later: what was lent is not released a second time."""
    person = await funded(world, a_pa_line())
    await world.says(ordered(person, Employer.POOL))
    cover = covering(person, STARTS + timedelta(days=3), LAST + timedelta(days=7))
    last_day = STARTS + timedelta(days=6)
    gone = person.ended(1)
    await world.says(cover, gone, ended(cover, last_day))
    assert gone.last_day == last_day
    assert await set_aside(world, person, cover.order_id) == 4 * POOL
    assert await set_aside(world, person, person.order_id) == 7 * HOUR - 4 * POOL


async def test_a_direct_payment_goes_on_beside_whoever_covers(world: World) -> None:
    """An employer owes sick pay, and what employing costs, whether or not the PA comes (RULES §4.2): nothing is taken."""
    person = await funded(world, a_pa_line(route=Route.DIRECT_PAYMENT), weekly=40000)
    await world.says(ordered(person, Employer.PERSON))
    whole, free = await set_aside(world, person, person.order_id), (await world.purse(person))["available"]
    cover = covering(person)
    await world.says(cover)
    assert await set_aside(world, person, person.order_id) == whole
    assert (await world.purse(person))["available"] == free - A_WEEK
    assert (await commitment(world, person, cover.order_id))["covers_order_id"] == str(person.order_id)
    assert (await world.ledger(person))["deployed"] == "direct_payment"


async def test_what_is_short_is_said_of_the_cover_and_its_visits_are_posted_and_paid(world: World) -> None:
    """Support does not wait for the money, whoever came is paid, and the rest has an owner and a date."""
    person = await funded(world, a_pa_line(route=Route.ISF))
    await world.says(ordered(person, Employer.POOL))
    cover = covering(person, price=9000)
    await world.says(cover)
    kind, short = await world.last()
    assert (kind, short["covers_order_id"]) == ("budget.funds_short.v1", str(person.order_id))
    found = await commitment(world, person, cover.order_id)
    assert (found["state"], found["owner_team"], found["recost_by"]) == ("short", "older-people-north", "2050-01-17")
    of_cover = {"order_id": cover.order_id, "supplier_id": cover.supplier_id}
    claim = person.accepted(9000, 9000, kind=ClaimKind.INTERNAL_RECHARGE, **of_cover)
    await world.says(person.visited(9000, **of_cover), claim)
    assert "liability_disputed" in await world.kinds()
    paid = await world.budget.as_("finance").done(f"/v1/claims/{claim.claim_id}/pay")
    assert paid["state"] == "paid"
    purse = await world.purse(person, YEAR)
    assert (purse["paid"], purse["disputed"]) == (9000, 9000)


async def test_a_cover_over_the_end_of_the_year_has_each_year_s_money_for_its_own_days(world: World) -> None:
    """Rolled with the order it covers for, and no further than its last day."""
    person = await funded(world, a_pa_line())
    await world.says(ordered(person, Employer.POOL))
    cover = covering(person, date(2050, 3, 30), date(2050, 4, 3))
    await world.says(cover)
    assert await set_aside(world, person, cover.order_id) == 2 * POOL
    await sweep(world, NOW.replace(month=3, day=31))
    found = await commitment(world, person, cover.order_id)
    assert (found["first"], found["last"], found["until"]) == ("2050-04-01", "2050-04-03", "2050-04-03")
    assert await set_aside(world, person, cover.order_id) == 5 * POOL
    await world.says(ended(cover, date(2050, 4, 1)))
    assert await set_aside(world, person, cover.order_id) == 3 * POOL
