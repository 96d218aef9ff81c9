"""Whom may a caller see? A practitioner with a team sees that team's people; what they may not see is not there."""

from __future__ import annotations

from typing import Protocol, TypeVar

from shared.refusals import NotFound, refuse_unless
from shared.runtime.messages import Caller


class OfATeam(Protocol):
    @property
    def team(self) -> str: ...


T = TypeVar("T", bound=OfATeam)


def seen_by(caller: Caller, thing: T) -> T:
    """The thing, if the caller's team may see it; NotFound otherwise, as if it were not there."""
    refuse_unless(caller.team in (None, thing.team), NotFound())
    return thing
