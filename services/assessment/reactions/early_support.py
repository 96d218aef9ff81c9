"""What does assessment do when urgent support or reablement reaches its last day, and when it hears what was bought for it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from services.assessment.models import EarlyOrder, EarlySupport
from services.assessment.reminders import EarlySupportEnds
from services.assessment.rules.states import EARLY_MOVES, EarlyState, OrderedState
from shared.contracts.marketplace import OrderCancelled, OrderEnded, OrderPlaced, SupportStarted
from shared.runtime.loads import by_key
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork


@due(EarlySupportEnds, wants=(by_key(EarlySupport, "early_id"),))
def ask_what_comes_next(fell: Due[EarlySupportEnds], work: UnitOfWork) -> None:
    """A person decides; until then support goes on."""
    early = work.one(EarlySupport, fell.reminder.early_id)
    if early.state is EarlyState.AGREED and fell.today >= early.until:
        work.put(replace(early, state=EARLY_MOVES.move(early.state, "reach_last_day")))


Ordered = OrderPlaced | SupportStarted | OrderEnded | OrderCancelled


@on(OrderPlaced, SupportStarted, OrderEnded, OrderCancelled, wants=(by_key(EarlySupport, "plan_id"),))
def note_order(heard: Heard[Ordered], work: UnitOfWork) -> None:
    """An order for early support names that where others name their plan."""
    fact = heard.fact
    early = work.get(EarlySupport, fact.plan_id)
    if early is None:
        return
    state, day = _became(fact, heard.today)
    others = tuple(one for one in early.orders if one.order_id != fact.order_id)
    work.put(replace(early, orders=(*others, EarlyOrder(fact.order_id, fact.supplier_id, state, day))))


def _became(fact: Ordered, today: date) -> tuple[OrderedState, date]:
    """What the order is now, and since which day; of a placed one, from which day it is to run."""
    match fact:
        case OrderPlaced():
            return OrderedState.PLACED, fact.starts_on
        case SupportStarted():
            return OrderedState.STARTED, fact.started_on
        case OrderEnded():
            return OrderedState.ENDED, fact.last_day
        case OrderCancelled():
            return OrderedState.CANCELLED, today
