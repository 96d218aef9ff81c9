"""How are the books of one budget kept? Every posting goes through here: purse, position and journal move together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.budget.models import SYSTEM, Commitment, Funding, Journal, Position, Purse
from services.budget.rules import ledger
from services.budget.rules.commitments import money_of
from services.budget.rules.payments import PAID_AHEAD
from services.budget.rules.states import CommitmentState
from shared.runtime.loads import ByMatch, Load, Of, by_match
from shared.runtime.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class BookLoads:
    """All that a budget's books consist of. The purses come first: who holds them may post."""

    purses: ByMatch
    commitments: ByMatch
    positions: ByMatch

    @property
    def all(self) -> tuple[Load, ...]:
        return (self.purses, self.commitments, self.positions)


def book_loads(of: str | Of, stage: int = 0) -> BookLoads:
    """The loads for messages that name the budget by this field, or from which this function finds it."""
    return BookLoads(*(by_match(row, "budget_id", of=of, stage=stage) for row in (Purse, Commitment, Position)))


BY_BUDGET_ID = book_loads("budget_id")


@dataclass(frozen=True, slots=True)
class Books:
    """The books of one budget, in a unit of work. `by` is who asks for what is posted."""

    work: UnitOfWork
    budget_id: UUID
    person_id: UUID
    loads: BookLoads = BY_BUDGET_ID
    by: str = SYSTEM

    def purses(self) -> list[Purse]:
        return sorted(self.work.all(self.loads.purses, self.budget_id), key=lambda purse: purse.year)

    def purse(self, year: date) -> Purse:
        council = self.work.message.council
        empty = Purse(council_id=council, budget_id=self.budget_id, year=year, person_id=self.person_id)
        return next((purse for purse in self.purses() if purse.year == year), empty)

    def commitment(self, order_id: UUID | None) -> Commitment | None:
        """An order of this budget, where it was heard of."""
        every: list[Commitment] = self.work.all(self.loads.commitments, self.budget_id)
        return next((one for one in every if one.order_id == order_id), None)

    def replacing(self, order_id: UUID) -> list[Commitment]:
        """The orders whose support is to begin when this one's ends."""
        every: list[Commitment] = self.work.all(self.loads.commitments, self.budget_id)
        return [one for one in every if one.replaces_order_id == order_id]

    def covering(self, order_id: UUID) -> list[Commitment]:
        """The orders that stand in for this one."""
        every: list[Commitment] = self.work.all(self.loads.commitments, self.budget_id)
        return [one for one in every if one.covers_order_id == order_id]

    def commitments(self, plan_id: UUID) -> list[Commitment]:
        every: list[Commitment] = self.work.all(self.loads.commitments, self.budget_id)
        return [commitment for commitment in every if commitment.plan_id == plan_id]

    def running(self) -> list[Commitment]:
        """The orders whose money is, or is to be, set aside."""
        every: list[Commitment] = self.work.all(self.loads.commitments, self.budget_id)
        return [commitment for commitment in every if commitment.state is not CommitmentState.RELEASED]

    def lines_over(self) -> set[UUID | None]:
        """The plan's lines whose order was released, the need with it, and that no other order is for."""
        every: list[Commitment] = self.work.all(self.loads.commitments, self.budget_id)
        return {one.line_id for one in every if one.need_over} - {one.line_id for one in self.running()}

    def paid_ahead(self) -> list[Commitment]:
        """The orders whose money goes out ahead of delivery."""
        every: list[Commitment] = self.work.all(self.loads.commitments, self.budget_id)
        return [commitment for commitment in every if commitment.route in PAID_AHEAD]

    def positions(self, order_id: UUID) -> list[Position]:
        """An order's part of each year's purse, the oldest first."""
        every: list[Position] = self.work.all(self.loads.positions, self.budget_id)
        return sorted((one for one in every if one.order_id == order_id), key=lambda one: one.year)

    def position(self, order_id: UUID, year: date) -> Position:
        council = self.work.message.council
        empty = Position(council_id=council, order_id=order_id, year=year, budget_id=self.budget_id)
        return next((one for one in self.positions(order_id) if one.year == year), empty)

    def post(
        self, journal: ledger.Journal, year: date, order_id: UUID | None = None, about: UUID | None = None
    ) -> None:
        """Post it to the year's purse, and to the order's position in it. What has no entries leaves no trace."""
        if not journal.entries:
            return
        purse = self.work.put(self.purse(year).post(journal))
        if order_id:
            self.work.put(self.position(order_id, year).post(journal))
        self.work.put(self._written(journal, purse, order_id, about))

    def have(self, funding: Funding, year: date, pence: int) -> None:
        """The year's money, before so much of it is set aside: a plan's as it was made final, whatever is asked of it; what is
        needed before there is a plan is not held for money, so that its purse gets what is missing (docs/adr/0021)."""
        purse = self.purse(year)
        if not funding.outside and not purse.balances.funded:
            self.fund(funding, year)
        elif funding.outside:
            more = ledger.raise_allocation(max(pence - purse.available, 0))
            self.post(more, year, about=funding.plan_id)

    def fund(self, funding: Funding, year: date) -> ledger.Short | None:
        """Bring the year's allocation to what the plan's budget comes to; Short where less is no longer available."""
        purse, money = self.purse(year).balances, money_of(funding.funded, year)
        if purse.funded:
            journal = ledger.bring_to(purse, money.council_pence, money.person_pence)
        else:
            journal = ledger.allocate(money.council_pence, money.person_pence)
        if isinstance(journal, ledger.Short):
            return journal
        self.post(journal, year, about=funding.plan_id)
        return None

    def fund_as_far_as_free(self, funding: Funding, year: date) -> None:
        """As `fund`; what the new plan does not need is taken away once no order of the old one holds it any more."""
        purse, money = self.purse(year).balances, money_of(funding.funded, year)
        if not purse.funded:
            self.fund(funding, year)
        else:
            journal = ledger.bring_towards(purse, money.council_pence, money.person_pence)
            self.post(journal, year, about=funding.plan_id)

    def _written(self, journal: ledger.Journal, purse: Purse, order_id: UUID | None, about: UUID | None) -> Journal:
        blank = Journal(
            council_id=purse.council_id,
            budget_id=purse.budget_id,
            year=purse.year,
            number=purse.journals,
            verb=journal.verb,
            at=self.work.message.now,
            by=self.by,
            order_id=order_id,
            about=about,
        )
        posted: dict[str, Any] = {entry.account.value: entry.pence for entry in journal.entries}
        return replace(blank, **posted)
