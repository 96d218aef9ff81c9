"""What is remembered of the money? Purses, what is set aside for orders, journals, accepted claims."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from services.budget.rules import ledger
from services.budget.rules.commitments import Visits, unneeded_pence, visits_pence
from services.budget.rules.employing import Job
from services.budget.rules.payments import Ahead, Before
from services.budget.rules.payroll import Differing, Reckoned, Taken
from services.budget.rules.pricing import Coming, Cost, cost_since
from services.budget.rules.states import CommitmentState, PaymentState
from services.budget.rules.switching import cost_of, managed_days, own_day_from
from shared.contracts.base import Basis, ClaimKind, EmployingCost, Period, Reason, Route, SupplierKind
from shared.explain import Step
from shared.runtime.rows import Row, table

_ACCOUNTS = tuple(account.value for account in ledger.Account)
_OF_AN_ORDER = tuple(field.name for field in fields(ledger.Position))
_DEBITS = "available+committed+delivered+paid+accounted_for+reserved+returned+owed_back"


@table(
    "purse",
    key=("budget_id", "year"),
    checks=(
        *(f"{account} >= 0" for account in _ACCOUNTS[:-1]),
        f"{_DEBITS} = allocated+contribution+disputed",
        "available + committed <= allocated + contribution",
        "journals >= 0",
        "owed_back >= 0",
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
    owed_back: int = 0
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
    """A visit or an accepted claim that came before its order could be posted to. `recorded_pence` is a claim's, `employing`
    what a payroll return says besides the wages. `owed`: it asks for money, and is no account of money that went out;
    `since` is the first day it is for."""

    what: HeldKind
    about: UUID
    on: date
    pence: int
    recorded_pence: int = 0
    employing: tuple[EmployingCost, ...] = ()
    owed: bool = False
    since: date | None = None


@table(
    "commitment",
    key=("order_id",),
    indexes=(("budget_id",), ("plan_id",)),
    checks=(
        "weekly_pence >= 0",
        "employing_pence >= holiday_pence",
        "holiday_pence >= 0",
        "beyond_pence >= 0",
        "short_pence >= 0",
        "(state = 'short') = (recost_by is not null)",
        "arrears_pence >= 0",
    ),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment(Row):
    """An order, as budget knows it, and whether money is set aside for it from `first` to `last`.

    Made by whichever of its facts is heard of first: `plan_id` is null until the order itself is. While it waits,
    `held` keeps what was delivered. `owner_team` owns the question of what is short or disputed; a re-costing has a date.
    On a route that is paid ahead, support began on `started_on`, `pay_from` is the first day not yet paid for, `ends_on`
    the last one of support once it is known, `withheld` why no money goes out, `ahead` what was spent before it was paid,
    `accounted_until` the last day of what was accounted for, `holiday_taken` what returns showed of the holiday that is
    kept for, `differing` where they said otherwise than was reckoned.
    Until support begins, what an order that it replaces still has set aside for those days is not set aside again.
    `carried_pence` were paid out ahead for that order, and are in the payee's hands for this one.
    `employs`: it is a PA whom the person or a nominee employs, at `hourly_pence`. What that adds to the wage, a week, is
    `employing_pence` from when its money is first sought, by the steps of `employing`; `holiday_pence` of it are kept.
    `awaited` says which figure that waits for, where nobody published it.
    It was reckoned for `job`; null where it is to be reckoned when money is sought next.
    All that holds from `first`; of days before that which are not paid for yet, `before` says what they cost.
    `close_family`: who comes is close family of the person's household (SI 2014/2871 reg 3).
    On the `switched` days the council manages, by the steps of `switching`: what was paid ahead for them, of the days since
    `paid_since` (the first of the last payment), is kept by the payee for the days after; what of it is wanted only after
    the financial year, and so is missing within it, is set aside besides: `beyond_pence`.
    It may stand in for `covers_order_id`, whose PA cannot come until `until`: the last day its money is set aside for, visit by
    visit (`visits` are those of a week).
    Its support begins on `begins_on`. Prices said for a year whose money is not set aside yet are `coming`; `costs`
    is what a week cost since when, once that changed; `arrears_pence` are owed besides, for days paid ahead at a lower price.
    It is for the plan's line `line_id`; `need_over`: it was released, and nobody is to come in its place.
    By its `basis` it is for urgent support or reablement: its budget is then the council's own purse for that, and it goes on
    after `until` while nobody ends it.
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
    route: Route = Route.COUNCIL_MANAGED
    supplier_kind: SupplierKind | None = None
    started_on: date | None = None
    pay_from: date | None = None
    ends_on: date | None = None
    withheld: Reason | None = None
    ahead: tuple[Ahead, ...] = ()
    replaces_order_id: UUID | None = None
    carried_pence: int = 0
    employs: bool = False
    weekly_minutes: int = 0
    hourly_pence: int = 0
    employing_pence: int = 0
    holiday_pence: int = 0
    employing: tuple[Step, ...] = ()
    job: Job | None = None
    awaited: Reason | None = None
    line_id: UUID | None = None
    need_over: bool = False
    before: Before | None = None
    accounted_until: date | None = None
    switched: tuple[Period, ...] = ()
    paid_since: date | None = None
    beyond_pence: int = 0
    switching: tuple[Step, ...] = ()
    holiday_taken: tuple[Taken, ...] = ()
    differing: tuple[Differing, ...] = ()
    close_family: bool = False
    covers_order_id: UUID | None = None
    until: date | None = None
    visits: Visits = ()
    basis: Basis = Basis.PLAN
    begins_on: date | None = None
    coming: tuple[Coming, ...] = ()
    costs: tuple[Cost, ...] = ()
    arrears_pence: int = 0

    @property
    def outside(self) -> bool:
        """It comes out of no personal budget."""
        return self.basis is not Basis.PLAN

    def outlasted_by(self, last_day: date) -> bool:
        """Money is set aside for it, to the end of a financial year, and that last day is beyond it."""
        return self.state is CommitmentState.COMMITTED and self.last is not None and last_day > self.last

    def goes_on_after(self, day: date) -> bool:
        """Its money is set aside up to that day, and it is not its last: what comes before any plan goes on after the day that
        was decided, while nobody ends it."""
        decided = None if self.outside and self.covers_order_id is None else self.until
        return self.state is CommitmentState.COMMITTED and self.last == day and day not in (decided, self.ends_on)

    @property
    def runs(self) -> bool:
        """It is known, and its money is, or is to be, set aside."""
        return self.plan_id is not None and self.state is not CommitmentState.RELEASED

    @property
    def cost_pence(self) -> int:
        """A week: the price, and what employing adds to it."""
        return self.weekly_pence + self.employing_pence

    def cost_over(self, period: Period, last_day: date | None = None) -> int:
        """Of these days, or of those after a day."""
        if self.until is not None:
            return visits_pence(self.visits, self.hourly_pence, period, last_day)
        return unneeded_pence(self.cost_pence, period, last_day)

    @property
    def changes_on(self) -> date | None:
        """The day on which its price changes or changed; None where it has been the same throughout."""
        return self.first if self.before else None

    def cost_on(self, day: date) -> Before:
        """What a week cost as of a day."""
        if self.before is not None and self.first is not None and day < self.first:
            return self.before
        return Before(self.weekly_pence, self.employing_pence)

    @property
    def pays_from(self) -> date | None:
        """The first day of its own route that is not yet paid for."""
        return self.pay_from and own_day_from(self.pay_from, self.switched)

    @property
    def paid_last(self) -> Period | None:
        """The days of the last payment."""
        if self.pay_from is None or self.paid_since is None:
            return None
        return Period(first=self.paid_since, last=self.pay_from - timedelta(days=1))

    def kept_days(self, last: date = date.max) -> tuple[Period, ...]:
        """The days, up to that one, that were paid ahead before the council came to manage them."""
        if self.pay_from is None or self.paid_since is None:
            return ()
        until = min(self.pay_from - timedelta(days=1), self.ends_on or date.max, last)
        return managed_days(self.paid_since, until, self.switched)

    def kept_pence(self, last: date = date.max) -> int:
        """What was paid ahead for those days: it is in the payee's hands, for the days after."""
        return cost_of(self.kept_days(last), self.week_on)

    def week_on(self, day: date) -> int:
        """What a week cost as of a day, in pence, by what is known now: also where that was said afterwards."""
        known = cost_since(self.costs, day) if self.first is not None and day < self.first else None
        return self.cost_on(day).cost_pence if known is None else known

    @property
    def reckoned(self) -> Reckoned:
        first = self.started_on or self.first
        assert first is not None  # the order is known
        return Reckoned(
            self.employing, self.weekly_pence, self.employing_pence, self.holiday_pence, first, self.holiday_taken
        )


@table(
    "position",
    key=("order_id", "year"),
    indexes=(("budget_id",),),
    checks=tuple(f"{account} >= 0" for account in _OF_AN_ORDER),
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
    accounted_for: int = 0
    returned: int = 0
    owed_back: int = 0

    @property
    def balances(self) -> ledger.Position:
        return ledger.Position(**{account: getattr(self, account) for account in _OF_AN_ORDER})

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
    owed_back: int = 0

    @property
    def entries(self) -> tuple[ledger.Entry, ...]:
        both = ((account, int(getattr(self, account.value))) for account in ledger.Account)
        return tuple(ledger.Entry(account, pence) for account, pence in both if pence)


@table(
    "claim",
    key=("claim_id",),
    indexes=(("order_id",), ("supplier_id",)),
    checks=("pence >= 0", "owed_back_pence >= 0", "given_back_pence >= 0"),
)
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Row):
    """An accepted claim: owed, then paid; or the account of what was paid out beforehand. It comes to `pence` as of its
    `revision`; of what was paid beyond that `owed_back_pence` are to come back, and `given_back_pence` did."""

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
    claim_kind: ClaimKind = ClaimKind.INVOICE
    paid_on: date | None = None
    paid_by: str | None = None
    revision: int = 1
    owed_back_pence: int = 0
    given_back_pence: int = 0
