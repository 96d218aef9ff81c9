"""Whom does a closure reach, who else has room for them, and may it be decided?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.marketplace.rules.cover import FOR_COVER, first_of
from services.marketplace.rules.failures import Failure, NotSo
from services.marketplace.rules.matching import Candidate, Wanted, rank
from shared.explain import because
from shared.money import price_of


class ClosureUnsound(NotSo):
    """The closure cannot go on as asked: its day has come, or somebody was not heard."""

    title = "The closure cannot go on so"


@dataclass(frozen=True, slots=True)
class Consulted:
    """A party that was asked; the answer in words, which stays in this service."""

    party: str
    answer: str | None = None
    answered_on: date | None = None


@dataclass(frozen=True, slots=True)
class Affected:
    """What besides orders goes with the service, as the commissioner says it: unpaid carers of those who come (people),
    journeys and meals (a week), posts (people employed there) and their hours (a week)."""

    carers: int
    journeys_a_week: int
    meals_a_week: int
    posts: int
    post_hours_a_week: int


@dataclass(frozen=True, slots=True)
class Reached:
    """An order there: what is wanted, and what it costs a week now, in pence."""

    order_id: UUID
    person_id: UUID
    wanted: Wanted
    weekly_pence: int


@dataclass(frozen=True, slots=True)
class Replacement:
    """Where an order could go, and what it would cost a week there, in pence; neither where nobody has room."""

    order_id: UUID
    person_id: UUID
    listing_id: UUID | None
    weekly_pence: int | None


@dataclass(frozen=True, slots=True)
class Impact:
    """`now_pence` is what all orders cost a week; `replacing_pence` what those that have somewhere to go would cost there,
    and `replaced_pence` what these cost now."""

    people: int
    unplaced: int
    now_pence: int
    replaced_pence: int
    replacing_pence: int
    replacements: tuple[Replacement, ...]


def impact(reached: Sequence[Reached], candidates: Iterable[Candidate]) -> Impact:
    """Each order in turn takes the room of the best that could have it, so that no room is counted twice."""
    left = {each.listing_id: each for each in candidates}
    replacements = tuple(_replace(one, left) for one in sorted(reached, key=lambda each: str(each.order_id)))
    costs = {one.order_id: one.weekly_pence for one in reached}
    placed = [one for one in replacements if one.listing_id is not None]
    return Impact(
        people=len({one.person_id for one in reached}),
        unplaced=len({one.person_id for one in replacements if one.listing_id is None}),
        now_pence=sum(costs.values()),
        replaced_pence=sum(costs[one.order_id] for one in placed),
        replacing_pence=sum(one.weekly_pence or 0 for one in placed),
        replacements=replacements,
    )


def _replace(one: Reached, left: dict[UUID, Candidate]) -> Replacement:
    best = first_of(rank(one.wanted, left.values(), constraints=FOR_COVER))
    if best is None:
        return Replacement(one.order_id, one.person_id, None, None)
    it, minutes = best.candidate, one.wanted.line.weekly_minutes
    left[it.listing_id] = replace(it, room_minutes=it.room_minutes - minutes)
    return Replacement(one.order_id, one.person_id, it.listing_id, price_of(minutes, it.hourly_pence))


def close_on_a_day_ahead(closes_on: date, today: date) -> None:
    """Nothing closes before anybody was asked (our own rule). Raises ClosureUnsound."""
    if closes_on <= today:
        raise ClosureUnsound((Failure("closes_on", "CLOSE-1", because("day_is_over")),))


def is_still_there(last_day: date | None, closes_on: date) -> bool:
    """On the closing day: an order that was not ended, or whose last day is not before the service is gone."""
    return last_day is None or last_day >= closes_on


def is_reviewed(held_on: date | None, decided_on: date | None) -> bool:
    """A review comes before support is withdrawn at a closure: one held since that was decided (Care Act 2014 s.27)."""
    return held_on is not None and (decided_on is None or held_on >= decided_on)


def be_counted(affected: Affected) -> None:
    """Posts have hours, and hours posts (our own rule: a number left out reads as nobody). Raises ClosureUnsound."""
    if bool(affected.posts) != bool(affected.post_hours_a_week):
        raise ClosureUnsound((Failure("affected", "CLOSE-5", because("posts_and_hours_differ")),))


def be_heard(consulted: Sequence[Consulted]) -> None:
    """Decided once somebody was consulted and everybody named has answered, or is noted not to (our own rule; a public
    body consults while proposals are formative). Raises ClosureUnsound."""
    silent = [each.party for each in consulted if each.answer is None]
    if not consulted:
        raise ClosureUnsound((Failure("parties", "CLOSE-2", because("nobody_consulted")),))
    if silent:
        reason = because("party_not_heard", party=silent[0], silent=len(silent))
        raise ClosureUnsound((Failure("parties", "CLOSE-3", reason),))


def heard(consulted: Sequence[Consulted], party: str, answer: str, today: date) -> tuple[Consulted, ...]:
    """With this party's answer. Raises ClosureUnsound for one that was not named."""
    if party not in {each.party for each in consulted}:
        raise ClosureUnsound((Failure("party", "CLOSE-4", because("party_not_named", party=party)),))
    return tuple(Consulted(party, answer, today) if each.party == party else each for each in consulted)


def named(consulted: Sequence[Consulted], parties: Iterable[str]) -> tuple[Consulted, ...]:
    """With these parties, each once; who answered already stays as they are."""
    known = {each.party for each in consulted}
    return (*consulted, *(Consulted(party) for party in sorted(set(parties) - known)))
