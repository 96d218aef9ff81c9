"""What may budget know of a person's needs? Points, minutes and what willing carers give: never which outcome.

The scoring is SYNTHETIC: no council's complete scoring is public (RULES.md §2.2), so nothing here is anybody's real
table. Every outcome scores the same, because the outcomes have no hierarchy and no weight (SCIE); a score therefore
cannot say which outcome it came from. Versioned with the synthetic allocation table of budget.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from services.assessment.rules.outcomes import OutcomeFinding, unable
from shared.contracts.assessment import Needs

POINTS_AN_OUTCOME = 10
POINTS_A_FURTHER_GROUND = 5


@dataclass(frozen=True, slots=True)
class CarerHelp:
    """What one unpaid carer gives. Only help they are both willing and able to give counts (Care Act s.10)."""

    weekly_minutes: int
    willing: bool
    able: bool


def derive_needs(
    findings: Iterable[OutcomeFinding], estimated_minutes: int, carers: Iterable[CarerHelp], area: str
) -> Needs:
    """The contract's Needs: minutes are the assessor's estimate of all support a week, carers' help included.

    Carers cannot take more off than there is: their minutes are capped at the estimate (DOMAIN.md, carer).
    """
    return Needs(
        points=score(findings),
        weekly_minutes=estimated_minutes,
        carer_weekly_minutes=min(willing_minutes(carers), estimated_minutes),
        area=area,
    )


def score(findings: Iterable[OutcomeFinding]) -> int:
    """SYNTHETIC: 10 points for each outcome not achieved and 5 for each ground after the first; 0 to 250."""
    return sum(
        POINTS_AN_OUTCOME + POINTS_A_FURTHER_GROUND * max(len(finding.grounds) - 1, 0) for finding in unable(findings)
    )


def willing_minutes(carers: Iterable[CarerHelp]) -> int:
    """Minutes a week from carers who are willing and able (Care Act s.10, from memory; DOMAIN.md, carer)."""
    return sum(carer.weekly_minutes for carer in carers if carer.willing and carer.able)
