"""Who would gain and who would lose by a new allocation policy? The same needs, decided again, group by group.

Source: RULES §2.2 (recalibrate to what is known) and guidance 11.24 (transparency). A group of fewer than five is never
shown, nor is the one group that could then be told from the others' sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.budget.rules.allocation import NO_FIGURE, indicate
from services.budget.rules.policies import InForce
from shared.contracts.assessment import Needs

SMALLEST = 5
POINTS_A_BAND = 20


@dataclass(frozen=True, slots=True)
class Case:
    """One indicative budget of the past: its needs, and what they came to, pence a week. Nobody's name."""

    needs: Needs
    old_pence: int


@dataclass(frozen=True, slots=True)
class Change:
    """One case under the new policy; `new_pence` is None where the policy has no figure for it."""

    case: Case
    new_pence: int | None

    @property
    def pence(self) -> int:
        return 0 if self.new_pence is None else self.new_pence - self.case.old_pence


@dataclass(frozen=True, slots=True)
class Group:
    """How many gain, lose, stay, or get no figure, and by how much a week in all; `suppressed` shows none of it."""

    by: str
    name: str
    people: int | None
    gain: int | None
    lose: int | None
    same: int | None
    no_figure: int | None
    gained_pence: int | None
    lost_pence: int | None

    @property
    def suppressed(self) -> bool:
        return self.people is None


def decide_again(case: Case, policy: InForce) -> Change:
    """What the needs come to by the new policy (guidance 11.24); no figure is made up."""
    try:
        return Change(case, indicate(case.needs, policy).weekly_pence)
    except NO_FIGURE:
        return Change(case, None)


def by_group(changes: Iterable[Change]) -> tuple[Group, ...]:
    """All together, then by points band and by area; small groups suppressed."""
    every = tuple(changes)
    parts: list[Group] = list(_shown("all", {"all": every}))
    for by in (points_band, area):
        found: dict[str, list[Change]] = {}
        for change in every:
            found.setdefault(by(change.case.needs), []).append(change)
        parts += _shown(by.__name__, found)
    return tuple(parts)


def points_band(needs: Needs) -> str:
    """`040-059`: twenty points a band, so that names sort as numbers do."""
    first = needs.points // POINTS_A_BAND * POINTS_A_BAND
    return f"{first:03d}-{first + POINTS_A_BAND - 1:03d}"


def area(needs: Needs) -> str:
    """As it was assessed."""
    return needs.area


def _shown(by: str, groups: Mapping[str, Sequence[Change]]) -> list[Group]:
    hidden = too_small({name: len(changes) for name, changes in groups.items()})
    return [_hidden(by, name) if name in hidden else _group(by, name, groups[name]) for name in sorted(groups)]


def too_small(sizes: Mapping[str, int]) -> frozenset[str]:
    """The groups not to be shown: under five, and the next smallest where one alone could be told from the sum."""
    small = {name for name, size in sizes.items() if size < SMALLEST}
    if len(small) == 1 and len(sizes) > 1:
        small.add(min(sizes.keys() - small, key=lambda name: (sizes[name], name)))
    return frozenset(small)


def _group(by: str, name: str, changes: Sequence[Change]) -> Group:
    figures = [change.pence for change in changes if change.new_pence is not None]
    return Group(
        by=by,
        name=name,
        people=len(changes),
        gain=sum(pence > 0 for pence in figures),
        lose=sum(pence < 0 for pence in figures),
        same=sum(pence == 0 for pence in figures),
        no_figure=len(changes) - len(figures),
        gained_pence=sum(max(pence, 0) for pence in figures),
        lost_pence=-sum(min(pence, 0) for pence in figures),
    )


def _hidden(by: str, name: str) -> Group:
    return Group(by, name, None, None, None, None, None, None, None)
