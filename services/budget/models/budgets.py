"""What is remembered of a budget? Its figures and their reasons, what a person can pay, what was said of plans."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from services.budget.rules.capital import Equity, Shrunk
from services.budget.rules.commitments import Funded, FundedLine, Spell
from services.budget.rules.snapshots import AdequacyInputs, ChargeInputs, FinalInputs, IndicationInputs, forbidden_in
from services.budget.rules.states import BudgetState
from shared.contracts.base import Basis, Period, PolicyRef, Reason
from shared.contracts.budget import Alternative, Shortfall
from shared.explain import Step
from shared.runtime.rows import Row, table

SYSTEM = "system"
"""Who decided, where nobody did: the figure followed from the indicative one."""


@dataclass(frozen=True, slots=True)
class Finalised:
    """One final figure of a budget's history: who decided, when, for which revision of the plan, and why."""

    at: datetime
    by: str
    plan_id: UUID
    revision: int
    weekly_pence: int
    council_pence: int
    person_pence: int
    reason: str


@dataclass(frozen=True, slots=True)
class Indicated:
    """What an earlier assessment led to: the figure a week in pence, or why there was none, with all it was made from."""

    assessment_id: UUID
    indicated_pence: int | None
    policy: PolicyRef | None
    inputs: IndicationInputs | None
    steps: tuple[Step, ...]
    refusal: Reason | None


INDICATED = ("assessment_id", "indicated_pence", "policy", "inputs", "steps", "refusal")


@table(
    "budget",
    key=("budget_id",),
    unique=(("assessment_id",),),
    indexes=(("person_id",),),
    checks=(
        "weekly_pence = council_pence + person_pence",
        "least(indicated_pence, contribution_pence) >= 0",
        "least(weekly_pence, council_pence, person_pence) >= 0",
        "state <> 'final' or weekly_pence is not null",
        "weekly_pence = coalesce(indicated_pence, 0) or reason <> ''",
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Budget(Row):
    """A personal budget: a person has one, which a new assessment indicates anew (`earlier` are those before it). Figures are
    pence a week; the final ones are null until somebody, or the system at the indicated figure, made them final. `refusal`
    is why no figure could be indicated."""

    budget_id: UUID
    assessment_id: UUID
    person_id: UUID
    team: str
    state: BudgetState
    indicated_pence: int | None = None
    policy: PolicyRef | None = None
    inputs: IndicationInputs | None = None
    steps: tuple[Step, ...] = ()
    refusal: Reason | None = None
    contribution_pence: int | None = None
    pays_full_cost: bool = False
    weekly_pence: int | None = None
    council_pence: int | None = None
    person_pence: int | None = None
    reason: str = ""
    decided_by: str | None = None
    decided_on: date | None = None
    plan_id: UUID | None = None
    revision: int | None = None
    final_inputs: FinalInputs | None = None
    final_steps: tuple[Step, ...] = ()
    history: tuple[Finalised, ...] = ()
    earlier: tuple[Indicated, ...] = ()

    @property
    def standing_pence(self) -> int:
        """What the budget is now, a week: the final figure once there is one, the indicated one before."""
        return self.indicated_pence or 0 if self.weekly_pence is None else self.weekly_pence

    @property
    def assessments(self) -> frozenset[UUID]:
        """All that it was ever indicated for."""
        return frozenset((self.assessment_id, *(one.assessment_id for one in self.earlier)))

    def as_indicated(self) -> Indicated:
        return Indicated(*(getattr(self, name) for name in INDICATED))

    def as_it_was(self, assessment_id: UUID) -> Budget | None:
        """As it was indicated for that assessment; None where it never was."""
        if assessment_id == self.assessment_id:
            return self
        found = next((one for one in self.earlier if one.assessment_id == assessment_id), None)
        if found is None:
            return None
        said = {name: getattr(found, name) for name in INDICATED}
        return replace(self, weekly_pence=None, reason="", decided_by=None, final_inputs=None, final_steps=(), **said)

    def final_for(self, plan_id: UUID) -> Finalised | None:
        """The last figure that was made final for this plan."""
        return next((one for one in reversed(self.history) if one.plan_id == plan_id), None)

    def contribution_to(self, weekly_pence: int) -> int | None:
        """What was entered or assessed as the person's to pay a week, of support at this price; None where nothing was."""
        return weekly_pence if self.pays_full_cost else self.contribution_pence


@table(
    "financial_assessment", key=("financial_assessment_id",), indexes=(("budget_id",),), checks=("asked_pence >= 0",)
)
@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialAssessment(Row):
    """What a person was found able to pay, and from which means (Care Act s.17). Its inputs never leave this service.

    `asked_pence` is a week of support at the price of that day; `able_pence` what any price could ask for. `equity` is
    how much may be deferred against a home, `shrunk` what is left of notional capital.
    """

    financial_assessment_id: UUID
    budget_id: UUID
    person_id: UUID
    team: str
    assessed_on: date
    assessed_by: str
    inputs: ChargeInputs
    steps: tuple[Step, ...]
    asked_pence: int
    able_pence: int
    full_cost: bool
    policy: PolicyRef
    equity: Equity | None = None
    shrunk: Shrunk | None = None


@dataclass(frozen=True, slots=True)
class Switched:
    """The days on which the council manages one line of a plan, in order."""

    line_id: UUID
    days: tuple[Period, ...]


@table("funding", key=("plan_id",), indexes=(("budget_id",), ("person_id",)), checks=("weekly_pence >= person_pence",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Funding(Row):
    """Where an agreed plan and its orders meet: one row a plan, made by whichever is heard of first.

    Its orders are the commitments of its plan; they wait while `agreed` is false. `lines` are the plan's; `past` and
    `past_person` are what plans that it took the place of had before. Another in its place takes its orders over.
    `switches` are the days on which the council manages a line that is on another route, where there ever were any.
    By its `basis` it may be urgent support or reablement instead, of which there is no plan and no personal budget: both ids
    are then that early support's, from `starts_on` to `until` as it was decided. Its purse is the council's own, and has what
    its orders cost.
    """

    plan_id: UUID
    budget_id: UUID
    person_id: UUID
    agreed: bool = False
    revision: int = 0
    team: str = ""
    weekly_pence: int = 0
    person_pence: int = 0
    lines: tuple[FundedLine, ...] = ()
    starts_on: date | None = None
    past: tuple[Spell, ...] = ()
    past_person: tuple[Spell, ...] = ()
    switches: tuple[Switched, ...] = ()
    superseded_by: UUID | None = None
    basis: Basis = Basis.PLAN
    until: date | None = None

    @property
    def outside(self) -> bool:
        """It comes out of no personal budget."""
        return self.basis is not Basis.PLAN

    def switched(self, line_id: UUID | None) -> tuple[Period, ...]:
        """The days on which the council manages this line."""
        return next((one.days for one in self.switches if one.line_id == line_id), ())

    @property
    def in_force(self) -> bool:
        return self.agreed and self.superseded_by is None

    @property
    def funded(self) -> Funded:
        assert self.starts_on is not None  # an agreed plan has a first day
        return Funded(self.weekly_pence, self.person_pence, self.starts_on, self.lines, self.past, self.past_person)


@table(
    "plan_check",
    key=("plan_id",),
    indexes=(("budget_id",),),
    checks=("short_pence = greatest(weekly_cost_pence - weekly_budget_pence, 0)",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCheck(Row):
    """The last verdict about a plan, on its latest revision. `ground` is why it was looked at again, where something
    happened in the market."""

    plan_id: UUID
    revision: int
    budget_id: UUID
    person_id: UUID
    team: str
    starts_on: date
    checked_on: date
    inputs: AdequacyInputs
    weekly_budget_pence: int
    weekly_cost_pence: int
    short_pence: int
    shortfalls: tuple[Shortfall, ...]
    alternatives: tuple[Alternative, ...]
    warnings: tuple[tuple[UUID, Reason], ...]
    steps: tuple[Step, ...]
    ground: Reason | None = None

    @property
    def forbidden(self) -> tuple[UUID, ...]:
        """The lines that no figure buys."""
        return forbidden_in(self.inputs)

    @property
    def adequate(self) -> bool:
        return not self.short_pence and not self.forbidden
