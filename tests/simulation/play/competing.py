"""Several suppliers are asked at once and answer with a price; once their time is over, one of them is awarded it."""

from __future__ import annotations

from uuid import UUID

from services.marketplace import models as market
from services.marketplace.actions import competitions
from shared.testing.simulation.clients import Script, id_in
from tests.simulation.play.buying import Buying
from tests.simulation.play.cast import Person

HOURS = 48


class Competing(Buying):
    def compete(self, one: Person, requirement: UUID) -> Script:
        """All three are asked; the dearest does not answer."""
        them = self._wanted_of(one, requirement)
        broker = self.who(one.council, "broker")
        body = competitions.OpenCompetition(listings=tuple(each.listing_id for each in them), hours_to_answer=HOURS)
        opened = yield self.ask("marketplace", competitions.open_competition, broker, body, requirement)
        one.competition = id_in(opened)
        for each in them[:2]:
            offer = next(row for row in self._asked_in(one) if row["supplier_id"] == each.supplier_id)
            answer = competitions.AnswerOffer(price_pence=each.price)
            who = self.supplier(each)
            yield self.ask("marketplace", competitions.answer_offer, who, answer, offer["offer_id"])

    def award(self, one: Person) -> Script:
        """After the deadline: to the second who answered, with a reason."""
        if one.competition is None:
            return
        yield self.until(market.Competition, "competition_id", one.competition, "state", ("closed",))
        second = self._of(one.council)[1]
        offer = next(row for row in self._asked_in(one) if row["supplier_id"] == second.supplier_id)
        body = competitions.AwardCompetition(offer_id=offer["offer_id"], reason="Synthetic: known in the area.")
        broker = self.who(one.council, "broker")
        yield self.ask("marketplace", competitions.award_competition, broker, body, one.competition)
        yield from self._note_order(one, offer["requirement_id"])
        for number, order, supplier in list(one.orders):
            yield from self._see_to(one, number, order, supplier)

    def _asked_in(self, one: Person) -> list[dict[str, object]]:
        return [row for row in self.rows(market.Offer) if row["competition_id"] == one.competition]
