"""What may be asked about the pay of those who work for a supplier: to say it."""

from __future__ import annotations

from collections.abc import Generator
from typing import Annotated

from pydantic import Field

from services.marketplace.actions.listings import OnlyInTheDirectory
from services.marketplace.models import PayOfWorkers, Supplier
from services.marketplace.rules.conditions import be_paid_by_the_hour
from shared.contracts.base import Fact
from shared.fields import Day
from shared.refusals import refuse_unless
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class SayPay(Command):
    """What an hour is paid from a day on, in pence, and whether the way from one visit to the next is paid like one."""

    holds_from: Day
    hourly_pence: Annotated[int, Field(gt=0, le=100_000, strict=True)]
    way_is_paid: bool


SAID_BEFORE = by_key(PayOfWorkers, lambda asked, work: (asked.target, asked.body.holds_from))


@command(wants=(by_key(Supplier, hold=Hold.GLANCE), SAID_BEFORE))
def say_pay(asked: Asked[SayPay], work: UnitOfWork) -> Generator[Fact, None, PayOfWorkers]:
    """Said again of the same day it takes the place of what was said. No other service needs to know."""
    yield from ()
    supplier = work.one(Supplier, asked.target)
    refuse_unless(not supplier.imported, OnlyInTheDirectory())
    be_paid_by_the_hour(supplier.employer)
    said_by, terms = asked.caller.sub, dict(asked.body)
    return work.put(PayOfWorkers(council_id=asked.council, supplier_id=supplier.supplier_id, said_by=said_by, **terms))
