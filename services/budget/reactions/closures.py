"""What does budget do when a closure reaches a person? It looks whether their budget buys the plan without that supplier."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from services.budget.common.judging import as_inadequate, asked_of, open_to, verdict_again
from services.budget.models import Budget, ListingCopy, PlanCheck, RestrictionCopy
from services.budget.rules.adequacy import without_a_supplier
from services.budget.rules.states import BUDGET_MOVES
from shared.contracts.base import Fact
from shared.contracts.supply import ClosureReachesPerson
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork

CHECK = by_key(PlanCheck, "plan_id")


def _asked_of(heard: Heard[ClosureReachesPerson], work: UnitOfWork) -> list[Any]:
    check = work.get(PlanCheck, heard.fact.plan_id)
    return [] if check is None else asked_of(check.inputs.lines, check.inputs.area)


def _left(heard: Heard[ClosureReachesPerson], work: UnitOfWork) -> list[ListingCopy]:
    copies = [copy for wanted in _asked_of(heard, work) for copy in work.all(FOR_SALE, *wanted)]
    return [copy for copy in copies if copy.supplier_id != heard.fact.supplier_id]


FOR_SALE = by_match(ListingCopy, "area", "support", of=_asked_of, hold=Hold.GLANCE, stage=1)
RESTRICTED = by_match(
    RestrictionCopy,
    "supplier_id",
    of=lambda heard, work: [(copy.supplier_id,) for copy in _left(heard, work)],
    hold=Hold.GLANCE,
    stage=2,
)


@on(ClosureReachesPerson, wants=(by_key(Budget, "budget_id"), CHECK, FOR_SALE, RESTRICTED))
def measure_without_it(heard: Heard[ClosureReachesPerson], work: UnitOfWork) -> Iterator[Fact]:
    """Guidance 11.24: enough at what the market charges once the supplier is gone. The money of running orders stays as it
    is; what is short is somebody's question before anything is withdrawn."""
    said, check = heard.fact, work.get(PlanCheck, heard.fact.plan_id)
    budget = work.get(Budget, said.budget_id)
    if check is None or budget is None:
        return
    copies = open_to(work, said.person_id, _left(heard, work), RESTRICTED)
    ground = without_a_supplier(said.closes_on)
    check = work.put(verdict_again(check, budget.standing_pence, copies, heard.today, ground, said.supplier_id))
    if not check.adequate:
        work.put(replace(budget, state=BUDGET_MOVES.move(budget.state, "find_short")))
        yield as_inadequate(check)
