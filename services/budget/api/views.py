"""How does budget show its rows?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import field_validator

from services.budget.models import Budget, Commitment, PlanCheck, Position, Purse
from services.budget.rules.ledger import Account
from services.budget.rules.market import not_by_direct_payment
from services.budget.rules.payments import deployment
from services.budget.rules.states import BudgetState, CommitmentState, PaymentState
from services.budget.rules.words import WORDS
from shared.contracts.base import Basis, ClaimKind, Period, PlanLine, PolicyRef, Reason, Route, SupplierKind
from shared.contracts.budget import Alternative
from shared.explain import Step, in_words
from shared.money import pounds
from shared.views import StepView, View


class FinalisedView(View):
    at: datetime
    by: str
    plan_id: UUID
    revision: int
    weekly_pence: int
    council_pence: int
    person_pence: int
    reason: str


class ReasonView(View):
    """A reason in words, with the code and the parameters it is made of."""

    because: str
    code: str
    params: dict[str, Any]

    @classmethod
    def in_words(cls, reason: Reason) -> dict[str, Any]:
        return {"because": in_words(reason, WORDS), "code": reason.code, "params": reason.params}


class EarlierView(View):
    """What was indicated for an earlier assessment, a week; null where there was no figure."""

    assessment_id: UUID
    indicated_pence: int | None


class BudgetView(View):
    """Pence a week. `assessment_id` is the last assessment it was indicated for, `earlier` are those before it. `weekly_pence`
    and its two parts are null until the budget is final; `refusal` says why no figure could be indicated;
    `contribution_pence` is null while nobody entered what the person pays."""

    budget_id: UUID
    assessment_id: UUID
    person_id: UUID
    team: str
    state: BudgetState
    indicated_pence: int | None
    policy: PolicyRef | None
    refusal: ReasonView | None
    contribution_pence: int | None
    pays_full_cost: bool
    weekly_pence: int | None
    council_pence: int | None
    person_pence: int | None
    reason: str
    decided_by: str | None
    decided_on: date | None
    plan_id: UUID | None
    revision: int | None
    history: list[FinalisedView]
    earlier: list[EarlierView]

    @field_validator("refusal", mode="before")
    @classmethod
    def _in_words(cls, refusal: Reason | None) -> Any:
        return refusal and ReasonView.in_words(refusal)


class SourcedStep(StepView):
    """One step of a decision in words, and where its rule or figure comes from."""

    source: str

    @classmethod
    def of_step(cls, step: Step) -> SourcedStep:
        return cls(
            rule=step.rule,
            because=in_words(step.because, WORDS),
            code=step.because.code,
            params=step.because.params,
            effect=step.effect,
            verified=step.source.verified,
            source=step.source.title,
        )


def in_steps(steps: Iterable[Step]) -> list[SourcedStep]:
    return [SourcedStep.of_step(step) for step in steps]


class Rerun(View):
    """One decision made again from what it saw then. `trouble` says why it could not be."""

    decision: str
    rules_then: str
    rules_now: str
    pence_then: int
    pence_now: int | None = None
    same_pence: bool
    same_lines: bool
    trouble: str | None = None


class BudgetExplanation(View):
    """Why a budget is what it is: how it was indicated, and how it was made final. `same` is the re-run's verdict."""

    id: UUID
    decided: str
    steps: list[SourcedStep]
    policy: PolicyRef | None
    decided_by: str | None
    reason: str
    same: bool | None = None
    rerun: list[Rerun] | None = None


def decided(budget: Budget) -> str:
    """The outcome in one sentence."""
    if budget.weekly_pence is not None:
        return f"Final: {pounds(budget.weekly_pence)} a week."
    if budget.refusal:
        return in_words(budget.refusal, WORDS)
    return f"Indicated: {pounds(budget.standing_pence)} a week."


class ShortfallView(ReasonView):
    line_id: UUID
    budget_pence: int
    cost_pence: int
    short_pence: int


class AlternativeView(View):
    line_id: UUID
    listing_id: UUID
    supplier_kind: SupplierKind
    weekly_pence: int
    room_minutes: int
    in_words: str

    @classmethod
    def of_alternative(cls, each: Alternative) -> AlternativeView:
        kind = {"in_house": "The council's own service", "provider": "A provider", "pa": "A personal assistant"}
        words = f"{kind[each.supplier_kind]} with room for {each.room_minutes / 60:g} hours, at "
        return cls(**dict(each), in_words=f"{words}{pounds(each.weekly_pence)} a week.")


class WarningView(ReasonView):
    line_id: UUID


class AdequacyView(View):
    """Does the budget buy this revision of the plan at the prices of `checked_on`? Pence a week."""

    plan_id: UUID
    revision: int
    budget_id: UUID
    person_id: UUID
    checked_on: date
    adequate: bool
    in_words: str
    weekly_budget_pence: int
    weekly_cost_pence: int
    short_pence: int
    ground: ReasonView | None
    shortfalls: list[ShortfallView]
    alternatives: list[AlternativeView]
    warnings: list[WarningView]
    steps: list[SourcedStep]
    lines: list[PlanLine]

    @classmethod
    def of(cls, check: PlanCheck) -> AdequacyView:
        plain = ("plan_id", "revision", "budget_id", "person_id", "checked_on", "short_pence")
        return cls(
            **{name: getattr(check, name) for name in plain},
            weekly_budget_pence=check.weekly_budget_pence,
            weekly_cost_pence=check.weekly_cost_pence,
            ground=ReasonView(**ReasonView.in_words(check.ground)) if check.ground else None,
            adequate=check.adequate,
            in_words=verdict_in_words(check),
            shortfalls=[ShortfallView(**{**dict(one), **ReasonView.in_words(one.because)}) for one in check.shortfalls],
            alternatives=[AlternativeView.of_alternative(one) for one in check.alternatives],
            warnings=[WarningView(line_id=line, **ReasonView.in_words(why)) for line, why in check.warnings],
            steps=in_steps(check.steps),
            lines=list(check.inputs.lines),
        )


def verdict_in_words(check: PlanCheck) -> str:
    has = f"The budget of {pounds(check.weekly_budget_pence)} a week"
    costs = f"costs {pounds(check.weekly_cost_pence)} at the prices of {check.checked_on}"
    if check.forbidden:
        return f"{in_words(not_by_direct_payment(), WORDS)} The plan {costs}."
    if not check.short_pence:
        return f"{has} buys the plan, which {costs}."
    return f"{has} does not buy the plan, which {costs}: {pounds(check.short_pence)} a week is missing."


class PurseView(View):
    """Balances of one financial year, in pence."""

    year: date
    allocated: int
    contribution: int
    available: int
    committed: int
    delivered: int
    disputed: int
    paid: int
    accounted_for: int
    reserved: int
    returned: int
    owed_back: int
    journals: int


class DifferingView(View):
    """Where a payroll return's own lines differ from what employing was reckoned to cost."""

    claim_id: UUID
    because: list[ReasonView]

    @field_validator("because", mode="before")
    @classmethod
    def _in_words(cls, because: tuple[Reason, ...]) -> Any:
        return [ReasonView.in_words(each) for each in because]


class ComingView(View):
    """A price that was said for a later financial year."""

    holds_from: date
    weekly_pence: int
    hourly_pence: int


class CommitmentView(View):
    """An order's money. `cost_pence` a week are its price and what employing adds to that, where the person employs: the
    steps of `employing` add up to `employing_pence`. On `switched` days the council manages, by the steps of `switching`:
    they add up to what was paid ahead for such days, and is taken off the payments after. `withheld` says why none goes
    out ahead, on a route that is paid so; it stays set aside. `awaited` says which figure nobody has published yet, and
    without which nothing can be set aside. One that stands in for another (`covers_order_id`) has it set aside `until` a day.
    By its `basis` it may be for urgent support or reablement: no `plan_id` then, and it goes on after `until` while nobody
    ends it. Prices that are `coming` hold in a financial year whose money is not set aside yet; `arrears_pence`, owed for days
    that were paid for at a lower price, go out with the next payment."""

    order_id: UUID
    plan_id: UUID | None
    supplier_id: UUID | None
    state: CommitmentState
    weekly_pence: int
    employing_pence: int
    employing: list[SourcedStep]
    cost_pence: int
    first: date | None
    last: date | None
    short_pence: int
    owner_team: str | None
    recost_by: date | None
    route: Route
    pay_from: date | None
    ends_on: date | None
    switched: list[Period]
    switching: list[SourcedStep]
    withheld: ReasonView | None
    awaited: ReasonView | None
    differing: list[DifferingView]
    covers_order_id: UUID | None
    until: date | None
    basis: Basis
    coming: list[ComingView]
    arrears_pence: int

    @classmethod
    def of_commitment(cls, one: Commitment) -> CommitmentView:
        return cls.of(replace(one, plan_id=None) if one.outside else one)

    @field_validator("employing", "switching", mode="before")
    @classmethod
    def _in_steps(cls, steps: tuple[Step, ...]) -> Any:
        return in_steps(steps)

    @field_validator("withheld", "awaited", mode="before")
    @classmethod
    def _in_words(cls, because: Reason | None) -> Any:
        return because and ReasonView.in_words(because)


class PositionView(View):
    order_id: UUID
    year: date
    committed: int
    delivered: int
    disputed: int
    paid: int
    accounted_for: int
    returned: int
    owed_back: int


class EntryView(View):
    account: Account
    pence: int


class JournalView(View):
    year: date
    number: int
    verb: str
    at: datetime
    by: str
    order_id: UUID | None
    about: UUID | None
    entries: list[EntryView]


class LedgerView(View):
    """The books of one budget, or of one urgent support or reablement, whose id its purse has. Journals come in pages, the
    other three whole; each journal sums to zero. `deployed` is the route of its orders, `mixed` where they have several."""

    budget_id: UUID
    deployed: str | None
    purses: list[PurseView]
    commitments: list[CommitmentView]
    positions: list[PositionView]
    journals: list[JournalView]
    next_cursor: str | None


class ClaimView(View):
    """What a claim comes to as of its `revision`; what was paid beyond that is owed back, until it was given back. Of what is
    delivered before any plan, `budget_id` is the urgent support's or reablement's own."""

    claim_id: UUID
    order_id: UUID
    budget_id: UUID
    person_id: UUID
    supplier_id: UUID
    claim_kind: ClaimKind
    state: PaymentState
    first: date
    last: date
    pence: int
    delivered_pence: int
    accepted_on: date
    paid_on: date | None
    revision: int
    owed_back_pence: int
    given_back_pence: int


def shown_books(
    purses: Sequence[Purse], commitments: Sequence[Commitment], positions: Sequence[Position]
) -> dict[str, Any]:
    return {
        "deployed": deployment(each.route for each in commitments if each.plan_id and each.covers_order_id is None),
        "purses": [PurseView.of(each) for each in purses],
        "commitments": [CommitmentView.of_commitment(each) for each in commitments],
        "positions": [PositionView.of(each) for each in positions],
    }
