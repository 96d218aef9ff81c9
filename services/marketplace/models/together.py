"""What do several people buy together, and who are they?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.marketplace.rules.groups import Sharing
from services.marketplace.rules.states import GroupState
from services.marketplace.rules.visits import OrderTerms
from shared.contracts.base import Slot, Support
from shared.money import price_of
from shared.runtime.rows import Row, table


@table("group_purchase", key=("group_id",), indexes=(("supplier_id",),), checks=("hourly_pence >= 0",))
@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPurchase(Row):
    """One support for several people: `hourly_pence` is the price of an hour for all of them together, `pattern` its visits,
    whose `weekly_minutes` are taken out of the listing's room once."""

    group_id: UUID
    supplier_id: UUID
    listing_id: UUID
    support: Support
    hourly_pence: int
    sharing: Sharing
    pattern: tuple[Slot, ...]
    made_by: str
    state: GroupState
    because: str | None = None

    @property
    def weekly_minutes(self) -> int:
        return sum(slot.minutes for slot in self.pattern)

    @property
    def weekly_pence(self) -> int:
        """What all of them pay a week."""
        return price_of(self.weekly_minutes, self.hourly_pence)

    def as_terms(self, first: date) -> OrderTerms:
        """As one order would have them: to find which visit is meant."""
        return OrderTerms(self.group_id, self.pattern, self.hourly_pence, first)


@table("member", key=("group_id", "requirement_id"), indexes=(("person_id",),))
@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Row):
    """One of them. `minutes` are those of their own plan a week, `last_day` the last of which they bear a share."""

    group_id: UUID
    requirement_id: UUID
    person_id: UUID
    minutes: int
    order_id: UUID | None = None
    last_day: date | None = None

    def shares_on(self, day: date) -> bool:
        return self.last_day is None or day <= self.last_day
