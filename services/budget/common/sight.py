"""Whom may a caller see? A team's practitioner that team's people; a supplier no budget at all."""

from __future__ import annotations

from typing import Protocol, TypeVar

from shared.refusals import NotFound, refuse_unless
from shared.runtime.messages import Caller


class OfATeam(Protocol):
    @property
    def team(self) -> str: ...


T = TypeVar("T", bound=OfATeam)


def seen_by(caller: Caller, thing: T) -> T:
    """The thing, if the caller may see it; NotFound otherwise, as if it were not there."""
    refuse_unless(caller.supplier_id is None and caller.team in (None, thing.team), NotFound())
    return thing
