"""What may be asked about frameworks: to set one up."""

from __future__ import annotations

from collections.abc import Generator
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.marketplace.actions.listings import OnlyInTheDirectory
from services.marketplace.models import Framework, Supplier
from services.marketplace.rules.frameworks import Ranking, be_sound
from shared.contracts.base import Fact, Support
from shared.fields import Day
from shared.refusals import refuse_unless
from shared.runtime.loads import Hold, by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class SetUpFramework(Command):
    """Suppliers for a kind of support, in the order in which they are called off or whoever scores best; `obliged` ones
    take the order, others are asked."""

    support: Support
    suppliers: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]
    ranking: Ranking
    first: Day
    last: Day
    obliged: bool


NAMED = by_key(Supplier, lambda asked, work: list(asked.body.suppliers), hold=Hold.RELY)


@command(wants=(NAMED,))
def set_up_framework(asked: Asked[SetUpFramework], work: UnitOfWork) -> Generator[Fact, None, Framework]:
    body = asked.body
    suppliers = [work.one(Supplier, each) for each in body.suppliers]
    be_sound(body.suppliers, body.first, body.last, any(each.for_person_id for each in suppliers))
    for supplier in suppliers:
        refuse_unless(not supplier.imported, OnlyInTheDirectory())
    framework = Framework(
        council_id=asked.council, framework_id=work.new_id(), set_up_by=asked.caller.sub, **dict(body)
    )
    yield from ()
    return work.put(framework)
