"""What may be asked about the conditions of those who come? What they are paid, and what is left of it after the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, timedelta
from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import pay as actions
from services.marketplace.api.callers import Publisher, Reader
from services.marketplace.api.evidence import theirs
from services.marketplace.api.visits import Window, window
from services.marketplace.models import Supplier
from services.marketplace.policy import in_force
from services.marketplace.rules.conditions import Conditions, Limits, Pay, conditions
from services.marketplace.rules.suppliers import PRIVATE
from services.marketplace.rules.wages import WageBand
from services.marketplace.rules.words import WORDS
from shared.clock import civil_date, start_of
from shared.db import Tx
from shared.http import Asking, Looking, Page, answers
from shared.views import StepView, View, explain

router = APIRouter(tags=["conditions"], prefix="/v1")


class PayView(View):
    """Pence an hour from a day on; `way_is_paid`: the time from one visit to the next is paid like the visits."""

    supplier_id: UUID
    holds_from: date
    hourly_pence: int
    way_is_paid: bool


class ConditionsView(View):
    """Of visits made from `first` to `last` by somebody named, on days whose pay is known. `short` ones are under half an hour.
    `split_days`, of all the care workers' `days`, had a break between two turns. `hourly_pence` is what an hour with its ways
    was paid; `below_floor` of the `workers` were paid less than the lowest lawful wage from 21. All is null or 0 where nothing
    is known. The steps, in pence, add up to `paid_pence`."""

    supplier_id: UUID
    first: date
    last: date
    visits: int
    short: int
    workers: int
    days: int
    split_days: int
    contact_minutes: int
    way_minutes: int
    paid_pence: int
    hourly_pence: int | None
    floor_pence: int
    below_floor: int
    steps: list[StepView]


@router.post("/suppliers/{supplier_id}/pay", status_code=201, response_model=PayView, **answers())
async def say_pay(supplier_id: UUID, body: actions.SayPay, who: Publisher, ask: Asking) -> Response:
    """Say what those who work for a supplier are paid from a day on. Said again of the same day, it is corrected."""
    return await ask(actions.say_pay, who, body, target=supplier_id, show=PayView.of, status=201)


@router.get("/suppliers/{supplier_id}/pay", **answers())
async def list_pay(supplier_id: UUID, who: Reader, look: Looking) -> Page[PayView]:
    """All that was said of it, the oldest first; there is little, so the page is the only one."""
    async with look(who, "list_pay", supplier_id) as tx:
        await theirs(tx, who, supplier_id)
        rows = await store.pay(tx, supplier_id)
    return Page(items=[PayView.of(row) for row in rows])


@router.get("/suppliers/{supplier_id}/conditions", **answers())
async def read_conditions(
    supplier_id: UUID, who: Reader, look: Looking, first: Window = None, last: Window = None
) -> ConditionsView:
    """What an hour of work is paid, once the way from one person to the next counts."""
    async with look(who, "read_conditions", supplier_id) as tx:
        supplier = await theirs(tx, who, supplier_id)
        begin, end = window(first, last, civil_date(tx.now))
        pay = await _pay_of(tx, supplier)
        visits = await store.visits_made(tx, supplier_id, start_of(begin), start_of(end + timedelta(days=1)))
    policy = in_force("conditions", who.council, end)
    limits = Limits(policy.figure("longest_way_minutes"), policy.figure("short_visit_minutes"))
    floor = in_force("wage_floor", who.council, end).figure(WageBand.FROM_21.value)
    return _shown(supplier_id, begin, end, conditions(visits, pay, limits, floor) or _nothing(floor))


async def _pay_of(tx: Tx, supplier: Supplier) -> Sequence[Pay]:
    """Whoever a person or a nominee employs goes to that person alone: there is no way, and the wage is the price."""
    if supplier.employer in PRIVATE:
        wage = await store.wage_of(tx, supplier.supplier_id)
        return [] if wage is None else [Pay(date.min, wage, way_is_paid=False)]
    return [row.as_pay() for row in await store.pay(tx, supplier.supplier_id)]


def _nothing(floor: int) -> Conditions:
    return Conditions(0, 0, 0, 0, 0, 0, 0, 0, None, floor, 0, ())


def _shown(supplier_id: UUID, first: date, last: date, found: Conditions) -> ConditionsView:
    figures = {one.name: getattr(found, one.name) for one in fields(found) if one.name != "steps"}
    steps = explain(supplier_id, "conditions", [step.as_line() for step in found.steps], WORDS).steps
    return ConditionsView(supplier_id=supplier_id, first=first, last=last, **figures, steps=steps)
