"""What happens to the offers of a competition that is over? Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.marketplace.common.asking import end_offer
from services.marketplace.models import Competition, Offer
from services.marketplace.rules.states import STANDING
from shared.contracts.base import Fact
from shared.runtime.unit_of_work import UnitOfWork


def of_it(competition: Competition, offers: Iterable[Offer]) -> list[Offer]:
    """Those that may still become an order."""
    return [one for one in offers if one.competition_id == competition.competition_id and one.state in STANDING]


def withdraw_all(work: UnitOfWork, offers: Iterable[Offer], because: str) -> Iterator[Fact]:
    for offer in offers:
        yield end_offer(work, offer, "withdraw", because).as_withdrawn()
