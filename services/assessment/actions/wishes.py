"""What becomes of a wish about who comes: it is decided once, kept with its reason, and said when it is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from services.assessment.models import Plan, WishDecided
from services.assessment.rules.preferences import Answer, Wish, be_clear, decide
from shared.contracts.assessment import PreferenceRefused
from shared.contracts.base import Fact
from shared.runtime.messages import Asked
from shared.runtime.unit_of_work import UnitOfWork


def decide_wishes(asked: Asked[Any], work: UnitOfWork, before: Sequence[WishDecided]) -> tuple[WishDecided, ...]:
    """The wishes that this plan has not decided yet, each with its answer. Raises WishUnclear."""
    wishes: tuple[Wish, ...] = asked.body.wishes
    be_clear(wishes, asked.body.lines)
    known = {one.wish for one in before}
    return tuple(_decided(asked, work, wish) for wish in dict.fromkeys(wishes) if wish not in known)


def _decided(asked: Asked[Any], work: UnitOfWork, wish: Wish) -> WishDecided:
    found = decide(wish)
    return WishDecided(work.new_id(), wish, found.answer, found.because, asked.caller.sub, asked.today)


def refused_wishes(plan: Plan, decided: Iterable[WishDecided]) -> Iterator[Fact]:
    """What was wished of the worker is not said: its kind, its task, who asked, and why not."""
    for one in decided:
        if one.answer is Answer.REFUSED:
            yield PreferenceRefused(
                preference_id=one.preference_id,
                person_id=plan.person_id,
                characteristic=one.wish.characteristic.value,
                task=one.wish.task.value,
                asked_by=one.wish.asked_by.value,
                because=one.because.code,
                team=plan.team,
            )
