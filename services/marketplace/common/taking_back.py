"""What happens to whoever was asked, or waits to start, when something is not looked for any more? Pure."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import replace

from services.marketplace.common.asking import end_offer
from services.marketplace.common.ending import BEFORE_THE_START, free_room
from services.marketplace.models import Competition, Offer, Order
from services.marketplace.reminders import CompetitionCloses
from services.marketplace.rules.states import COMPETITIONS, ORDERS, STANDING, OrderState
from shared.contracts.base import Fact
from shared.runtime.unit_of_work import UnitOfWork


def take_back_offers(work: UnitOfWork, offers: Iterable[Offer], because: str) -> Iterator[Fact]:
    for offer in offers:
        if offer.state in STANDING:
            yield end_offer(work, offer, "withdraw", because).as_withdrawn()


def take_back_competitions(work: UnitOfWork, competitions: Iterable[Competition], because: str) -> None:
    for competition in competitions:
        if (competition.state, "abandon") in COMPETITIONS:
            work.forget(CompetitionCloses, key=competition.competition_id)
            work.put(replace(competition, state=COMPETITIONS.move(competition.state, "abandon"), reason=because))


def cancel_unstarted(work: UnitOfWork, orders: Iterable[Order], because: str) -> Generator[Fact, None, Order | None]:
    """Of these orders, all of one requirement, gives the one that runs and has no last day yet."""
    running: Order | None = None
    for order in orders:
        if order.state in BEFORE_THE_START:
            cancelled = work.put(replace(order, state=ORDERS.move(order.state, "cancel")))
            yield cancelled.as_cancelled(because, need_remains=False)
            yield from free_room(work, cancelled)
        running = order if order.state is OrderState.STARTED and order.last_day is None else running
    return running
