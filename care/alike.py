"""Do the two services that decide by the same figures have the same figures?

Budget decides about the money and owns the policies; marketplace decides who is asked, called off, employed and paid by rows of
its own, because services share no file (ARCHITECTURE §1). Who changes one must change the other: here somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from services.budget.policy import POLICIES as BUDGETS
from services.budget.rules import policies as budget
from services.budget.rules.direct_payments import INHOUSE_ROW, InhouseRule
from services.marketplace.policy import POLICIES as MARKETS
from services.marketplace.rules import policies as marketplace

NOWHERE = "E00000000"
"""A council that has no rows of its own: what holds for it holds for all such."""

Budgets = Sequence[budget.Policy]
Markets = Sequence[marketplace.Policy]


@dataclass(frozen=True, slots=True)
class Matter:
    """One figure both decide by: its policy and name in each; `as_figure` turns budget's row into marketplace's whole number."""

    name: str
    in_budget: tuple[str, str]
    in_market: tuple[str, str]
    age: int | None = None
    as_figure: Callable[[budget.Row], int] = lambda row: int(row.figure)


def _may_stand(row: budget.Row) -> int:
    return int(InhouseRule(row.said) is InhouseRule.ALLOWED)


MATTERS = (
    Matter("in-house services by direct payment", ("direct_payments", INHOUSE_ROW), ("direct_payments", "inhouse_standing"),
           as_figure=_may_stand),
    Matter("lowest wage from 21", ("employment", "wage_floor"), ("wage_floor", "from_21"), 21),
    Matter("lowest wage from 18", ("employment", "wage_floor"), ("wage_floor", "from_18"), 18),
    Matter("lowest wage from 16", ("employment", "wage_floor"), ("wage_floor", "from_16"), 16),
    Matter("statutory sick pay a week", ("employment", "sick_pay"), ("sick_pay", "flat_pence")),
    Matter("sick pay, percent of earnings", ("employment", "sick_pay_percent"), ("sick_pay", "earnings_percent")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """From this day on the two say different things for a council; of `NOWHERE`: for all without rows of their own."""

    matter: str
    council: str
    since: date
    in_budget: int
    in_market: int


def differences(budgets: Budgets = BUDGETS, markets: Markets = MARKETS) -> tuple[Difference, ...]:
    """Only where both say something: a day of which one of them says nothing is refused there, and never guessed over."""
    days, councils = sorted(_days(budgets, markets)), sorted(_councils(budgets, markets))
    return tuple(
        found
        for matter in MATTERS
        for council in councils
        if (found := _first(matter, council, days, budgets, markets)) is not None
    )


def _first(matter: Matter, council: str, days: Sequence[date], budgets: Budgets, markets: Markets) -> Difference | None:
    for day in days:
        ours, theirs = _in_budget(matter, council, day, budgets), _in_market(matter, council, day, markets)
        if ours is not None and theirs is not None and ours != theirs:
            return Difference(matter.name, council, day, ours, theirs)
    return None


def _in_budget(matter: Matter, council: str, day: date, policies: Budgets) -> int | None:
    policy, rule = matter.in_budget
    try:
        return matter.as_figure(budget.choose(policies, policy, council, day).row(rule, matter.age))
    except (budget.NoPolicyInForce, budget.PolicyHasNoRow):
        return None


def _in_market(matter: Matter, council: str, day: date, policies: Markets) -> int | None:
    policy, figure = matter.in_market
    try:
        return marketplace.choose(policies, policy, council, day).figure(figure)
    except marketplace.NoPolicyInForce:
        return None


def _days(budgets: Budgets, markets: Markets) -> set[date]:
    """On which anything begins to hold: between two of them nothing changes."""
    rows = {row.valid_from for policy in budgets for row in policy.rows}
    return rows | {each.valid_from for each in budgets} | {each.valid_from for each in markets}


def _councils(budgets: Budgets, markets: Markets) -> set[str]:
    named = [council for policy in budgets for council in policy.councils]
    named += [council for policy in markets for council in policy.councils]
    return {NOWHERE, *named} | {row.council for policy in budgets for row in policy.rows if row.council}
