"""Several people buy one support together: an order each; a visit, a claim and a price for all; and one after the other
leaves, so that whoever is left bears more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.budget import models as budget
from services.budget.actions import claims as payments
from services.marketplace import models as market
from services.marketplace.actions import claims, group_records, groups, visits
from services.marketplace.rules.visits import Outcome
from shared.contracts.base import Slot
from shared.money import price_of
from shared.testing.simulation.clients import Script, Until, id_in
from tests.simulation.play.buying import Buying
from tests.simulation.play.cast import LAST_DAY, OPENS, STARTS, Group, Person, Supplier, planned_at
from tests.simulation.play.delivering import Delivering, a_visit


class Together(Buying, Delivering):
    people: list[Person]
    together: list[Group]

    def members(self, group: Group) -> list[Person]:
        """Who bought with the others, and has not left."""
        return [one for one in self.people if one.name in group.orders]

    # ── buying ────────────────────────────────────────────────────────────────────────────────────────────────────
    def buy_together(self, group: Group) -> Script:
        """Asked for once each of them is looked for; the money of each is set aside out of their own budget."""
        them = [one for one in self.people if one.name in group.names]
        wanted = yield Until(lambda: self._wanted_by(them), "a requirement of each")
        for n in group.asked:
            supplier = self._of(group.council)[n]
            body = groups.BuyTogether(listing_id=supplier.listing_id, requirements=wanted, sharing=group.sharing)
            asked = yield self.ask("marketplace", groups.buy_together, self.who(group.council, "broker"), body)
            group.group_id = id_in(asked)
            if n != group.asked[-1]:
                refusal = groups.RefuseGroup(because="no_staff")
                yield self.ask("marketplace", groups.refuse_group, self.supplier(supplier), refusal, group.group_id)
        who = self.supplier(self._seller(group))
        yield self.ask("marketplace", groups.accept_group, who, groups.AcceptGroup(), group.group_id)
        for one in them:
            order = next(row for row in self._orders(group) if row["person_id"] == one.ids["person"])
            group.orders[one.name] = order["order_id"]
        yield from self._be_funded(group)
        yield from self.leave(group, "early", OPENS.date())

    def _seller(self, group: Group) -> Supplier:
        return self._of(group.council)[group.asked[-1]]

    def _wanted_by(self, them: list[Person]) -> tuple[UUID, ...]:
        plans = [one.ids.get("plan") for one in them]
        rows = [row for row in self.rows(market.Requirement) if row["plan_id"] in plans]
        ids = sorted(row["requirement_id"] for row in rows)
        return tuple(ids) if len(ids) == len(them) else ()

    def _orders(self, group: Group) -> list[dict[str, Any]]:
        return [row for row in self.rows(market.Order) if row["group_id"] == group.group_id]

    def _be_funded(self, group: Group) -> Script:
        """At the share there is now. Where the budget is short for it, somebody raises it, and says why."""
        for one in self.members(group):
            order = self.row(market.Order, "order_id", group.orders[one.name])
            found = yield Until(lambda order=order: self._answered(order), "money for a share")  # type: ignore[misc]
            if found == "short":
                yield from self.raise_budget_to(one, self._whole(order) + 2)
                yield self.until(budget.Commitment, "order_id", order["order_id"], "state", ("committed",))
            confirmed = ("confirmed", "started")
            yield self.until(market.Order, "order_id", order["order_id"], "state", confirmed)

    def _answered(self, order: dict[str, Any]) -> str:
        """What budget says of this price."""
        found = self.row(budget.Commitment, "order_id", order["order_id"])
        same = found is not None and found["weekly_pence"] == order["weekly_pence"]
        return found["state"] if same and found["state"] in ("committed", "short") else ""

    def _whole(self, order: dict[str, Any]) -> int:
        """What all of them pay a week: nobody's share is ever more."""
        slots = self._pattern(next(one for one in self.together if one.group_id == order["group_id"]))
        group = self.row(market.GroupPurchase, "group_id", order["group_id"])
        return price_of(sum(slot.minutes for slot in slots), group["hourly_pence"])

    def _pattern(self, group: Group) -> list[Slot]:
        """The longest stay of each day."""
        slots = [slot for one in self.people if one.name in group.names for slot in one.slots]
        longest = {slot.weekday: slot for slot in sorted(slots, key=lambda slot: slot.minutes)}
        return [longest[day] for day in sorted(longest)]

    # ── support ───────────────────────────────────────────────────────────────────────────────────────────────────
    def start_together(self, group: Group, late: bool) -> Script:
        """Each one's support starts by itself; of some it is told late."""
        yield from ()
        who = self.supplier(self._seller(group))
        for one in (one for one in self.members(group) if one.late is late):
            body = visits.StartSupport(started_on=STARTS)
            yield self.ask("marketplace", visits.start_support, who, body, group.orders[one.name])

    def deliver_together(self, group: Group) -> Script:
        """The first week: a visit of the group is one of each, and a claim for all is matched share by share."""
        if not self._begun(group, list(group.orders.values())):
            return
        slots = self._pattern(group)
        for n, slot in enumerate(slots):
            yield from self._record(group, slot, group.outcomes[n])
        claimed = zip(slots, group.outcomes, strict=False)
        lines = tuple(
            claims.ClaimedLine(
                planned_at=planned_at(slot, 0),
                minutes=slot.minutes,
                pence=price_of(slot.minutes, self._seller(group).price),
            )
            for slot, outcome in claimed
            if group.overclaims or outcome is not Outcome.MISSED
        )
        if lines:
            yield from self._claim(group, lines)

    def _begun(self, group: Group, orders: list[UUID]) -> bool:
        """Support of any of these has, whether or not it is over."""
        return any(row["started_on"] for row in self._orders(group) if row["order_id"] in orders)

    def _record(self, group: Group, slot: Slot, outcome: Outcome, weeks: int = 0) -> Script:
        body, who = a_visit(slot, 0, outcome, weeks), self.supplier(self._seller(group))
        yield self.ask("marketplace", group_records.record_together, who, body, group.group_id)

    def _claim(self, group: Group, lines: tuple[claims.ClaimedLine, ...]) -> Script:
        body = claims.SubmitClaim(
            period=claims.ClaimedPeriod(first=STARTS, last=STARTS + timedelta(days=6)), lines=lines
        )
        who, fin = self.supplier(self._seller(group)), self.who(group.council, "finance")
        yield self.ask("marketplace", group_records.claim_together, who, body, group.group_id)
        orders = {row["order_id"] for row in self._orders(group)}
        made = [row for row in self.rows(market.Claim) if row["order_id"] in orders]
        for row in sorted(made, key=lambda row: str(row["order_id"])):
            if row["state"] == "disputed":
                settled = claims.SettleClaim(pence=row["delivered_pence"], reason="Synthetic: what was delivered.")
                yield self.ask("marketplace", claims.settle_claim, fin, settled, row["claim_id"])
            yield self.until(budget.Claim, "claim_id", row["claim_id"])
            yield self.ask("budget", payments.pay_claim, fin, payments.PayClaim(), row["claim_id"])
            yield self.until(market.Claim, "claim_id", row["claim_id"], "state", ("paid",))

    # ── leaving ───────────────────────────────────────────────────────────────────────────────────────────────────
    def leave(self, group: Group, when: str, last_day: date) -> Script:
        """One after the other: from the day after, whoever is left bears the price, each out of their own budget."""
        yield from ()
        broker = self.who(group.council, "broker")
        for one in [one for one in self.members(group) if one.leaves == when]:
            order = group.orders.pop(one.name)
            body = groups.LeaveGroup(order_id=order, last_day=last_day, because="moved_away", need_remains=one.alone)
            yield self.ask("marketplace", groups.leave_group, broker, body, group.group_id)
            yield self.until(budget.Commitment, "order_id", order, "state", ("released",))
            yield from self._be_funded(group)
            if one.alone:
                yield from self._order_alone(one)

    def _order_alone(self, one: Person) -> Script:
        (requirement,) = self._wanted_by([one])
        yield from self.order_from(one, requirement, self._wanted_of(one, requirement)[0])
        for number, order, supplier in list(one.orders):
            yield from self._see_to(one, number, order, supplier)

    def leave_midway(self, group: Group) -> Script:
        """Some are told of after a week, and the group's next visit is the others' alone."""
        yield from self.leave(group, "midway", STARTS + timedelta(days=6))

    def deliver_again(self, group: Group) -> Script:
        """The second week's first visit: shared by whoever is left."""
        yield from ()
        if self._begun(group, list(group.orders.values())):
            slot = self._pattern(group)[0]
            yield from self._record(group, slot, group.outcomes[3], weeks=1)

    def end_together(self, group: Group) -> Script:
        """Some leave, or all of them; what was given in their last days is reported afterwards."""
        stayed = list(group.orders.values())
        yield from self.leave(group, "end", LAST_DAY)
        if self._begun(group, stayed):
            slot = self._pattern(group)[1]
            yield from self._record(group, slot, group.outcomes[4], weeks=1)
