"""Does one team do what its peers do not: send people to one route or one supplier, or cut budgets?

A team is compared with the others of its council in the same quarter. Small numbers are not compared, and no alert
carries one: thresholds are our own (policy/thresholds.yaml).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_high
from uuid import UUID

from services.safeguarding.rules.alerts import Finding, Kind, Owner, known_id
from services.safeguarding.rules.thresholds import Thresholds
from shared.contracts.base import Reason
from shared.explain import because


@dataclass(frozen=True, slots=True)
class Chosen:
    """One plan's route, or one order's supplier, and the team whose it is."""

    team: str
    what: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A week's budget as indicated and as it was finally agreed, in pence, and the team whose it is."""

    team: str
    indicated_pence: int
    final_pence: int


@dataclass(frozen=True, slots=True)
class Share:
    """How much of a team's goes one way, and how much of its peers', in whole percent."""

    team: str
    what: str
    percent: int
    others: int


def quarter_of(day: date) -> date:
    """The first day of a day's quarter."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def channelled_to_route(
    council: str, quarter: date, chosen: Iterable[Chosen], thresholds: Thresholds
) -> Iterator[Finding]:
    """Plans of one team go to one route far more often than the others' (DOMAIN.md; our own threshold)."""
    for one in apart(chosen, thresholds):
        reason = because("channelled_to_route", team=one.team, route=one.what, percent=one.percent, others=one.others)
        yield _about_team(council, quarter, reason, one.team, one.what)


def channelled_to_supplier(
    council: str, quarter: date, chosen: Iterable[Chosen], thresholds: Thresholds
) -> Iterator[Finding]:
    """Orders of one team go to one supplier far more often than the others' (DOMAIN.md; our own threshold)."""
    for one in apart(chosen, thresholds):
        reason = because("channelled_to_supplier", team=one.team, percent=one.percent, others=one.others)
        yield _about_team(council, quarter, reason, one.team, one.what, UUID(one.what))


def apart(chosen: Iterable[Chosen], thresholds: Thresholds) -> Iterator[Share]:
    """The shares that stand apart: large, far above the peers', and of enough (our own thresholds)."""
    counts = _large_enough(_by_team(chosen), thresholds)
    for team, what in sorted((team, what) for team, whats in counts.items() for what in whats):
        shares = {one: 100 * whats[what] // whats.total() for one, whats in counts.items()}
        others = _peers(shares, team, thresholds)
        far = others is not None and shares[team] - others >= thresholds.channelled_above_others_points
        if others is not None and far and shares[team] >= thresholds.channelled_from_percent:
            yield Share(team, what, shares[team], others)


def _by_team(chosen: Iterable[Chosen]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for one in chosen:
        counts[one.team][one.what] += 1
    return counts


def _large_enough(counts: dict[str, Counter[str]], thresholds: Thresholds) -> dict[str, Counter[str]]:
    """Only teams with enough: of few nothing can be said, and it would say too much about those few."""
    return {team: whats for team, whats in counts.items() if whats.total() >= thresholds.compared_at_least}


def _peers(percents: Mapping[str, int], team: str, thresholds: Thresholds) -> int | None:
    """The middle (the upper of two) of the other teams' percents: one extreme peer makes nobody else look extreme.
    None where there are too few peers to compare with."""
    others = [percent for one, percent in percents.items() if one != team]
    return median_high(others) if len(others) >= thresholds.peers_at_least else None


def cut_above_others(
    council: str, quarter: date, settled: Iterable[Settled], thresholds: Thresholds
) -> Iterator[Finding]:
    """One team's final budgets fall far further below what was indicated than its peers' (our own threshold)."""
    by_team: dict[str, list[Settled]] = defaultdict(list)
    for one in settled:
        by_team[one.team].append(one)
    cuts = {team: _cut(known) for team, known in by_team.items() if len(known) >= thresholds.compared_at_least}
    for team in sorted(cuts):
        others = _peers(cuts, team, thresholds)
        if others is not None and cuts[team] - others >= thresholds.cut_above_others_points:
            reason = because("cut_above_others", team=team, percent=cuts[team], others=others)
            yield _about_team(council, quarter, reason, team)


def _cut(settled: Sequence[Settled]) -> int:
    """In whole percent of what was indicated; below nothing where budgets rose."""
    indicated = sum(one.indicated_pence for one in settled)
    return 100 * (indicated - sum(one.final_pence for one in settled)) // indicated if indicated else 0


def _about_team(
    council: str, quarter: date, reason: Reason, team: str, what: str = "", supplier_id: UUID | None = None
) -> Finding:
    """Once a quarter, team and matter; its evidence is the comparison itself."""
    known = known_id(council, reason.code, quarter.isoformat(), team, what)
    return Finding(known, Kind.COMPLIANCE, Owner.COMMISSIONER, supplier_id, reason, (known,))
