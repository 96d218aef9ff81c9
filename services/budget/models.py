"""What does budget remember? Budgets and their reasons, what was said of plans, where the money is, what it hears."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Self
from uuid import UUID

from services.budget.importers.unit_costs import Provision, Unit
from services.budget.rules import ledger
from services.budget.rules.snapshots import AdequacyInputs, ChargeInputs, FinalInputs, IndicationInputs
from services.budget.rules.states import BudgetState, CommitmentState, PaymentState
from shared.contracts.base import PolicyRef, Reason, SupplierKind, Support
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
    """A personal budget, one an assessment. Figures are pence a week; the final ones are null until somebody, or the
    system at the indicated figure, made them final. `refusal` is why no figure could be indicated."""

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

    @property
    def standing_pence(self) -> int:
        """What the budget is now, a week: the final figure once there is one, the indicated one before."""
        return self.indicated_pence or 0 if self.weekly_pence is None else self.weekly_pence

    def contribution_to(self, weekly_pence: int) -> int | None:
        """What was entered or assessed as the person's to pay a week, of support at this price; None where nothing was."""
        return weekly_pence if self.pays_full_cost else self.contribution_pence


@table(
    "financial_assessment", key=("financial_assessment_id",), indexes=(("budget_id",),), checks=("asked_pence >= 0",)
)
@dataclass(frozen=True, slots=True, kw_only=True)
class FinancialAssessment(Row):
    """What a person was found able to pay, and from which means (Care Act s.17). Its inputs never leave this service.

    `asked_pence` is a week of support at the price of that day; `able_pence` what any price could ask for.
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


@table("funding", key=("plan_id",), indexes=(("budget_id",),), checks=("weekly_pence >= person_pence",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Funding(Row):
    """Where an agreed plan and its orders meet: one row a plan, made by whichever is heard of first.

    Its orders are the commitments of its plan; they wait while `agreed` is false. `lines` are the plan's weekly pence.
    """

    plan_id: UUID
    budget_id: UUID
    person_id: UUID
    agreed: bool = False
    revision: int = 0
    team: str = ""
    weekly_pence: int = 0
    person_pence: int = 0
    lines: tuple[int, ...] = ()
    starts_on: date | None = None


_ACCOUNTS = tuple(account.value for account in ledger.Account)
_DEBITS = "available+committed+delivered+paid+accounted_for+reserved+returned"


@table(
    "purse",
    key=("budget_id", "year"),
    checks=(
        *(f"{account} >= 0" for account in _ACCOUNTS),
        f"{_DEBITS} = allocated+contribution+disputed",
        "available + committed <= allocated + contribution",
        "journals >= 0",
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Purse(Row):
    """The balances of one budget in the financial year that began on `year`; `journals` is how many it has.

    The database itself refuses a balance below zero, books that do not balance, and commitments beyond the allocation.
    """

    budget_id: UUID
    year: date
    person_id: UUID
    allocated: int = 0
    contribution: int = 0
    available: int = 0
    committed: int = 0
    delivered: int = 0
    disputed: int = 0
    paid: int = 0
    accounted_for: int = 0
    reserved: int = 0
    returned: int = 0
    journals: int = 0

    @property
    def balances(self) -> ledger.Purse:
        return ledger.Purse(**{field.name: getattr(self, field.name) for field in fields(ledger.Purse)})

    def post(self, journal: ledger.Journal) -> Self:
        return replace(self, journals=self.journals + 1, **ledger.balances_after(self, journal))


class HeldKind(StrEnum):
    VISIT = "visit"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Held:
    """A visit or an accepted claim that came before its order could be posted to. `recorded_pence` is a claim's."""

    what: HeldKind
    about: UUID
    on: date
    pence: int
    recorded_pence: int = 0


@table(
    "commitment",
    key=("order_id",),
    indexes=(("budget_id",), ("plan_id",)),
    checks=("weekly_pence >= 0", "short_pence >= 0", "(state = 'short') = (recost_by is not null)"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Row):
    """An order, as budget knows it, and whether money is set aside for it from `first` to `last`.

    Made by whichever of its facts is heard of first: `plan_id` is null until the order itself is. While it waits,
    `held` keeps what was delivered. `owner_team` owns the question of what is short or disputed; a re-costing has a date.
    """

    order_id: UUID
    budget_id: UUID
    person_id: UUID
    state: CommitmentState
    plan_id: UUID | None = None
    supplier_id: UUID | None = None
    weekly_pence: int = 0
    first: date | None = None
    last: date | None = None
    short_pence: int = 0
    owner_team: str | None = None
    recost_by: date | None = None
    held: tuple[Held, ...] = ()


@table(
    "position",
    key=("order_id", "year"),
    indexes=(("budget_id",),),
    checks=tuple(f"{account} >= 0" for account in ("committed", "delivered", "disputed", "paid")),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Position(Row):
    """One order's part of a purse."""

    order_id: UUID
    year: date
    budget_id: UUID
    committed: int = 0
    delivered: int = 0
    disputed: int = 0
    paid: int = 0

    @property
    def balances(self) -> ledger.Position:
        return ledger.Position(self.committed, self.delivered, self.disputed, self.paid)

    def post(self, journal: ledger.Journal) -> Self:
        return replace(self, **ledger.balances_after(self, journal))


@table("journal", key=("budget_id", "year", "number"), checks=(f"{'+'.join(_ACCOUNTS)} = 0", "number > 0"))
@dataclass(frozen=True, slots=True, kw_only=True)
class Journal(Row):
    """One posting, the `number`-th of its purse: debits positive, credits negative; it sums to zero or is refused.

    `about` is the visit, claim or plan it is about, `by` whoever asked for it.
    """

    budget_id: UUID
    year: date
    number: int
    verb: str
    at: datetime
    by: str
    order_id: UUID | None = None
    about: UUID | None = None
    allocated: int = 0
    contribution: int = 0
    available: int = 0
    committed: int = 0
    delivered: int = 0
    disputed: int = 0
    paid: int = 0
    accounted_for: int = 0
    reserved: int = 0
    returned: int = 0

    @property
    def entries(self) -> tuple[ledger.Entry, ...]:
        both = ((account, int(getattr(self, account.value))) for account in ledger.Account)
        return tuple(ledger.Entry(account, pence) for account, pence in both if pence)


@table("claim", key=("claim_id",), indexes=(("order_id",), ("supplier_id",)), checks=("pence >= 0",))
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Row):
    """An accepted claim: owed, then paid."""

    claim_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    state: PaymentState
    first: date
    last: date
    pence: int
    delivered_pence: int
    accepted_on: date
    paid_on: date | None = None
    paid_by: str | None = None


@table(
    "plan_check",
    key=("plan_id",),
    indexes=(("budget_id",),),
    checks=("short_pence = greatest(weekly_cost_pence - weekly_budget_pence, 0)",),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCheck(Row):
    """The last verdict about a plan, on its latest revision."""

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


@table("listing_copy", key=("listing_id", "area"), indexes=(("area", "support"),))
@dataclass(frozen=True, slots=True, kw_only=True)
class ListingCopy(Row):
    """A live listing in one of its areas, as marketplace last said it."""

    listing_id: UUID
    area: str
    supplier_id: UUID
    supplier_kind: SupplierKind
    support: Support
    hourly_pence: int
    room_minutes: int


@table("restriction_copy", key=("restriction_id",), indexes=(("supplier_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictionCopy(Row):
    """A restriction in force that stops new offers at a supplier; empty `supports` means all support."""

    restriction_id: UUID
    supplier_id: UUID
    supports: tuple[Support, ...]

    def covers(self, support: Support) -> bool:
        return not self.supports or support in self.supports


@table("unit_cost", key=("unit_cost_id",), indexes=(("year",),), checks=("pence >= 0",))
@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCost(Row):
    """A published unit cost, of its year: `authority` is the return's own number of the council it is about."""

    unit_cost_id: UUID
    authority: str
    name: str
    year: str
    measure: str
    support: str
    group: str
    provision: Provision
    unit: Unit
    pence: int
    cost_thousands: Decimal
    quantity: Decimal
    not_like_for_like: bool
    notes: tuple[str, ...]
