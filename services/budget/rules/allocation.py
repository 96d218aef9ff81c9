"""What is the indicative budget, and why? Points become hours, hours become money, willing carers' hours come off.

An indicative budget is a starting point, not an entitlement (R (Savva) v RBKC [2010] EWCA Civ 1209); transparency,
timeliness and sufficiency bind it too (Care and Support Statutory Guidance 11.24). The steps add up to the total.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from services.budget.rules.failures import Failure, NotSo
from services.budget.rules.policies import InForce, NoPolicyInForce, PolicyHasNoRow, Row
from shared.contracts.assessment import Needs
from shared.contracts.base import Reason
from shared.explain import Step, because
from shared.money import price_of, to_pence

MINUTES = "minutes_a_week"
PENCE = "pence_a_week"


@dataclass(frozen=True, slots=True)
class Indication:
    """The reasoning and its sum. `weekly_pence` is always the sum of the steps' effects."""

    steps: tuple[Step, ...]
    weekly_pence: int


class PointsOutsideTable(NotSo):
    """The council's table says nothing about this many points, and nothing may be made up."""

    title = "The table says nothing about this many points"


NO_FIGURE = (PointsOutsideTable, NoPolicyInForce, PolicyHasNoRow)
"""Why no figure can be indicated: `why_no_figure` says which."""


def why_no_figure(trouble: Exception) -> Reason:
    """Kept on the budget, so that the person and the council see it; a figure is never made up instead."""
    if isinstance(trouble, PointsOutsideTable):
        return trouble.failures[0].because
    if isinstance(trouble, NoPolicyInForce):
        return because("no_policy_in_force")
    return because("policy_has_no_row")


def indicate(needs: Needs, policy: InForce) -> Indication:
    """Run the clauses in order (guidance 11.24: explain how it was calculated). Never below 0, monotone in points."""
    steps: tuple[Step, ...] = ()
    for clause in RULES:
        step = clause(needs, policy, sum(step.effect for step in steps))
        steps += (step,) if step else ()
    return Indication(steps, sum(step.effect for step in steps))


def look_up_points(needs: Needs, policy: InForce, so_far: int) -> Step | None:
    """The council's published table in force: points to minutes a week at the local hourly rate, or to pence."""
    table = policy.row("points")
    figure = read_table(table, needs.points)
    if table.unit == PENCE:
        return Step("ALLOC-1", because("points_in_table", points=needs.points), to_pence(figure), table.source)
    minutes, rate = whole(figure), policy.row("hourly_rate")
    reason = because("hours_at_rate", points=needs.points, table_minutes=minutes, rate_pence=whole(rate.figure))
    return Step("ALLOC-1", reason, price_of(minutes, whole(rate.figure)), weaker(table, rate).source)


def take_off_willing_carer(needs: Needs, policy: InForce, so_far: int) -> Step | None:
    """Hours a carer is willing and able to give are not bought (Care Act; DOMAIN.md, carer). Never below 0.

    A table in pence names no hour, so nothing can be taken off by the hour.
    """
    rate = policy.find("hourly_rate")
    if rate is None or not needs.carer_weekly_minutes:
        return None
    worth = min(price_of(needs.carer_weekly_minutes, whole(rate.figure)), so_far)
    reason = because("willing_carer", carer_minutes=needs.carer_weekly_minutes, rate_pence=whole(rate.figure))
    return Step("ALLOC-2", reason, -worth, rate.source)


def say_where_the_estimate_differs(needs: Needs, policy: InForce, so_far: int) -> Step | None:
    """Sufficiency can be challenged (guidance 11.24), so the table's and the assessor's hours are shown together."""
    table = policy.row("points")
    if table.unit != MINUTES:
        return None
    minutes = whole(read_table(table, needs.points))
    if minutes == needs.weekly_minutes:
        return None
    reason = because("estimate_differs", table_minutes=minutes, estimated_minutes=needs.weekly_minutes)
    return Step("ALLOC-3", reason, 0, table.source)


RULES = (look_up_points, take_off_willing_carer, say_where_the_estimate_differs)


def read_table(table: Row, points: int) -> Decimal:
    """The table's figure for `points`: exact at its points; between two of them on the straight line that joins them
    where the table says `linear`. Outside the table, or between points of one that says `refuse`, PointsOutsideTable.
    """
    for at, figure in table.table:
        if at == points:
            return figure
    below = [knot for knot in table.table if knot[0] < points]
    above = [knot for knot in table.table if knot[0] > points]
    if table.between != "linear" or not below or not above:
        raise PointsOutsideTable((Failure("points", "ALLOC-1", because("points_outside_table", points=points)),))
    (x0, y0), (x1, y1) = below[-1], above[0]
    return y0 + (y1 - y0) * (points - x0) / (x1 - x0)


def weaker(one: Row, other: Row) -> Row:
    """The row to cite where a step used two: an unverified one makes the step unverified."""
    return one if not one.verified else other


def whole(figure: Decimal) -> int:
    """Whole minutes or whole pence an hour, half up."""
    return int(figure.quantize(Decimal(1), rounding=ROUND_HALF_UP))
