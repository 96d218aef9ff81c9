"""How is a claim lowered that was accepted, and perhaps paid? Line by line, never above what it was.

A supplier sends a credit note, or the council asks for its money: the visit was not made, support had ended the day before,
the price was lower (our own rule, after a council's brokerage system that keeps refunds by version: PEERS.md (b2)).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from services.marketplace.rules.claims import ClaimLine
from services.marketplace.rules.failures import Failure, NotSo
from services.marketplace.rules.visits import as_param
from shared.contracts.base import Reason
from shared.explain import because


class ClaimNotLowered(NotSo):
    """A line is not of the claim, would be raised, or nothing is left to give back."""

    title = "The claim cannot be lowered so"


@dataclass(frozen=True, slots=True)
class Revision:
    """What a claim came to from its `number`-th form on, and what it had come to; each line that was lowered, as said by
    `by` on behalf of the supplier or the council, with a code that others hear and a `reason` that stays in this service."""

    number: int
    before_pence: int
    pence: int
    lowered: tuple[Reason, ...]
    because: str
    reason: str
    by: str
    asked_by_council: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Lowered:
    """The claim's lines as they ought to have been, and what it comes to."""

    lines: tuple[ClaimLine, ...]
    pence: int
    lowered: tuple[Reason, ...]


def lower(lines: Sequence[ClaimLine], said: Sequence[ClaimLine], pence: int) -> Lowered:
    """`pence` is what the claim came to; where it was settled for less than its lines, only what falls below that comes back.
    Raises ClaimNotLowered, naming each line."""
    known = {line.at: line for line in lines}
    if found := tuple(_against(known, said)):
        raise ClaimNotLowered(found)
    now = {line.at: line for line in said}
    after = tuple(now.get(line.at, line) for line in lines)
    least = min(pence, sum(line.pence for line in after))
    if least == pence:
        raise ClaimNotLowered((Failure("lines", "LOWER-3", because("nothing_to_give_back", pence=pence)),))
    return Lowered(after, least, tuple(_lowered(known, said)))


def _against(known: dict[datetime, ClaimLine], said: Sequence[ClaimLine]) -> Iterator[Failure]:
    for place, line in enumerate(said):
        before = known.get(line.at)
        if before is None:
            yield Failure(f"lines[{place}].planned_at", "LOWER-1", because("line_not_claimed", at=as_param(line.at)))
        elif line.pence > before.pence or line.minutes > before.minutes:
            yield Failure(f"lines[{place}]", "LOWER-2", because("line_raised", at=as_param(line.at)))


def _lowered(known: dict[datetime, ClaimLine], said: Sequence[ClaimLine]) -> Iterator[Reason]:
    for line in sorted(said, key=lambda one: one.at):
        before = known[line.at]
        yield because("line_lowered", at=as_param(line.at), before_pence=before.pence, after_pence=line.pence)


def next_number(revisions: Sequence[Revision]) -> int:
    """As it was accepted, a claim is its first."""
    return len(revisions) + 2


def as_lines(lines: Sequence[ClaimLine]) -> tuple[ClaimLine, ...]:
    """The same start said twice is one line, the last that was said."""
    return tuple({line.at: replace(line) for line in lines}.values())
