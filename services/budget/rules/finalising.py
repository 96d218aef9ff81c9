"""May the final budget be this figure, and who pays which part?

Sources: Care Act 2014 s.26 (the budget is the council's part plus the person's, each stated); R (Savva) v RBKC [2010]
EWCA Civ 1209 (a figure that departs from the indicative one needs adequate reasons).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.budget.rules.failures import Failure, NotSo
from shared.contracts.base import Reason
from shared.explain import Source, Step, because

SHARES = Source("Care Act 2014 s.26 (proceduresonline.com, personal budgets)")
SAVVA = Source("R (Savva) v RBKC [2010] EWCA Civ 1209 (landmarkchambers.co.uk)")


@dataclass(frozen=True, slots=True)
class FinalFigure:
    """What somebody wants to make final, a week. `reason` is their written reason; it never travels.

    `contribution_pence` is what was entered beforehand as the person's to pay; None where nobody entered anything.
    """

    weekly_pence: int
    council_pence: int
    person_pence: int
    reason: str = ""
    contribution_pence: int | None = None


class FinalBudgetUnsound(NotSo):
    """The figure lacks its reason, or its parts do not make the whole."""

    title = "The final figure does not hold together"


def finalise(indicated_pence: int, final: FinalFigure) -> tuple[Step, ...]:
    """The steps of a final budget (s.26; Savva). Raises FinalBudgetUnsound with everything found."""
    if failures := tuple(failures_in(indicated_pence, final)):
        raise FinalBudgetUnsound(failures)
    change = final.weekly_pence - indicated_pence
    return (
        Step("FINAL-1", because("from_indicative", indicated_pence=indicated_pence), indicated_pence, SAVVA),
        *((Step("FINAL-2", because("changed_with_reason", change_pence=change), change, SAVVA),) if change else ()),
        Step("FINAL-3", shares_of(final), 0, SHARES),
    )


def shares_of(final: FinalFigure) -> Reason:
    """Who pays what (s.26). A person's part of 0 that nobody ever entered is said to be just that."""
    if final.contribution_pence is None and not final.person_pence:
        return because("shares_none_entered", council_pence=final.council_pence)
    return because("shares", council_pence=final.council_pence, person_pence=final.person_pence)


def failures_in(indicated_pence: int, final: FinalFigure) -> Iterator[Failure]:
    """Everything that keeps the figure from being final (s.26; Savva)."""
    for rule in RULES:
        yield from rule(indicated_pence, final)


def give_a_reason_for_a_change(indicated_pence: int, final: FinalFigure) -> Iterator[Failure]:
    """Nobody changes a figure without a recorded reason (Savva)."""
    if final.weekly_pence != indicated_pence and not final.reason.strip():
        change = final.weekly_pence - indicated_pence
        yield Failure("reason", "FINAL-2", because("no_reason_for_change", change_pence=change))


def add_up_the_shares(indicated_pence: int, final: FinalFigure) -> Iterator[Failure]:
    """Total = council's part + person's part (Care Act s.26)."""
    total = final.council_pence + final.person_pence
    if total != final.weekly_pence:
        reason = because("shares_differ", shares_pence=total, weekly_pence=final.weekly_pence)
        yield Failure("weekly_pence", "FINAL-3", reason)


def keep_shares_from_going_below_zero(indicated_pence: int, final: FinalFigure) -> Iterator[Failure]:
    """Neither part is below 0 (Care Act s.26)."""
    if final.council_pence < 0:
        yield Failure("council_pence", "FINAL-4", because("council_share_below_zero", share_pence=final.council_pence))
    if final.person_pence < 0:
        yield Failure("person_pence", "FINAL-4", because("person_share_below_zero", share_pence=final.person_pence))


def keep_to_the_contribution_entered(indicated_pence: int, final: FinalFigure) -> Iterator[Failure]:
    """What the person pays is what was entered for them, never more than the support costs (Care Act s.26)."""
    if final.contribution_pence is None:
        return
    _, person = share(final.weekly_pence, final.contribution_pence)
    if final.person_pence != person:
        reason = because("person_share_not_as_entered", person_pence=final.person_pence, entered_pence=person)
        yield Failure("person_pence", "FINAL-5", reason)


RULES = (
    give_a_reason_for_a_change,
    add_up_the_shares,
    keep_shares_from_going_below_zero,
    keep_to_the_contribution_entered,
)


def share(weekly_pence: int, contribution_pence: int) -> tuple[int, int]:
    """(council's part, person's part) of a week: the person pays what was assessed, never more than it costs (s.26)."""
    person = min(contribution_pence, weekly_pence)
    return weekly_pence - person, person
