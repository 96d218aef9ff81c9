"""Which of several suppliers asked at once answered best, and why?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.marketplace.rules.failures import Failure, NotSo, those
from services.marketplace.rules.matching import Candidate, Match, Wanted, rank
from services.marketplace.rules.offers import has_expired, stay_within_published_price
from shared.contracts.base import Reason
from shared.explain import because

LEAST = 2
"""Nobody competes alone (our own rule)."""


class CompetitionUnsound(NotSo):
    """The competition cannot be opened as asked."""

    title = "The competition cannot be opened so"


def be_a_competition(listings: Sequence[UUID], suppliers: Sequence[UUID]) -> None:
    """Two suppliers at least, each asked once (our own rules). Raises CompetitionUnsound."""
    alone = Failure("listings", "COMPETE-1", because("nobody_to_compete_with", least=LEAST))
    twice = Failure("listings", "COMPETE-2", because("supplier_twice"))
    found = those(
        (
            alone if len(set(suppliers)) < LEAST else None,
            twice if len(set(suppliers)) < len(listings) else None,
        )
    )
    if found:
        raise CompetitionUnsound(found)


def are_sealed(deadline: datetime, now: datetime) -> bool:
    """Until its deadline nobody but who answered knows a price, whatever became of the competition: or somebody could be told
    what to beat, and a broker could call one off to look (our own rule, as sealed tenders are opened together)."""
    return not has_expired(deadline, now)


def rank_answers(wanted: Wanted, answers: Iterable[tuple[Candidate, int]]) -> tuple[Match, ...]:
    """Answers as the market is ranked, each at the price answered, in pence an hour: best first, whom a hard constraint
    excludes by now last. To choose from, never the choice."""
    return rank(wanted, [replace(candidate, hourly_pence=price) for candidate, price in answers])


def why_not_answered(candidate: Candidate, price_pence: int, deadline: datetime, now: datetime) -> tuple[Reason, ...]:
    """Every reason against this answer: nobody asks more than they publish, or after the deadline (our own rules)."""
    late = because("offer_expired") if has_expired(deadline, now) else None
    reasons = (late, stay_within_published_price(price_pence, candidate))
    return tuple(reason for reason in reasons if reason is not None)
