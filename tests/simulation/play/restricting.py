"""A concern about a supplier, and the restriction that follows; offers that stand there are taken back."""

from __future__ import annotations

from collections.abc import Generator
from datetime import timedelta
from typing import Any
from uuid import UUID

from services.marketplace import models as market
from services.safeguarding import models as safeguarding
from services.safeguarding.actions import concerns, restrictions
from services.safeguarding.rules import decisions
from shared.contracts.base import Employer
from shared.contracts.safeguarding import Level
from shared.testing.simulation.clients import Ask, Script, Until, id_in
from tests.simulation.play.buying import Buying
from tests.simulation.play.cast import STARTS, TEAM, Person, Supplier


class Restricting(Buying):
    people: list[Person]

    def restrict(self, council: str) -> Script:
        first, second, *_ = self._of(council)
        supplier = first if second.employer is Employer.POOL else second  # whether the pool may come must not be a race
        sam, cora = self.who(council, "safeguarding_practitioner"), self.who(council, "commissioner")
        priya = self.who(council, "practitioner", team=TEAM)
        stands = yield from self.ask_there(council, supplier)
        concern = id_in((yield self.ask("safeguarding", concerns.raise_concern, priya, _concern(supplier))))
        decided = concerns.DecideConcern(
            needs=True, abuse=False, unable_to_protect=False, reasons="Synthetic: not met.", other_enquiry=False
        )
        yield self.ask("safeguarding", concerns.decide_concern, sam, decided, concern)
        body = restrictions.ProposeRestriction(
            supplier_id=supplier.supplier_id, level=Level.NO_NEW_PLACEMENTS, because=decisions.Ground.STAFFING,
            reasons="Synthetic: staff are missing.", review_on=STARTS + timedelta(days=14), concern_id=concern,
        )  # fmt: skip
        found = id_in((yield self.ask("safeguarding", restrictions.propose_restriction, sam, body)))
        place = self.ask("safeguarding", restrictions.place_restriction, cora, restrictions.PlaceRestriction(), found)
        yield place
        yield Until(lambda: self._is_restricted(supplier, True), "restricted")
        for offer in stands:
            yield self.until(market.Offer, "offer_id", offer, "state", ("withdrawn",))
        yield Until(lambda: self._others_know(supplier), "other councils are told")
        if self._lifts(council):
            lift = restrictions.LiftRestriction(reason="Synthetic: mended.")
            yield self.ask("safeguarding", restrictions.lift_restriction, cora, lift, found)
            yield Until(lambda: self._is_restricted(supplier, False), "lifted")

    def ask_there(self, council: str, supplier: Supplier) -> Generator[Ask | Until, Any, list[UUID]]:
        """For what is still looked for, an offer that stands when the restriction comes."""
        asked: list[UUID] = []
        lapsed = lambda: all(row["state"] != "offered" for row in self._needs(council))  # noqa: E731
        yield Until(lapsed, "offers that nobody answered have lapsed")
        for row in sorted(self._needs(council), key=lambda row: str(row["requirement_id"])):
            one = next(each for each in self.people if each.ids["person"] == row["person_id"])
            if row["state"] == "open" and supplier in self._wanted_of(one, row["requirement_id"]):
                asked.append(id_in((yield self.offer(one, row["requirement_id"], supplier))))
        return asked

    def _needs(self, council: str) -> list[dict[str, Any]]:
        return [row for row in self.rows(market.Requirement) if row["council_id"] == council]

    def _lifts(self, council: str) -> bool:
        return sum(one.council == council and one.overclaims for one in self.people) % 2 == 0

    def _others_know(self, supplier: Supplier) -> bool:
        """Every other council whose directory lists the same location was told of it, once."""
        same = {each.council for each in self.suppliers if each.location and each.location == supplier.location}
        told = [row for row in self.rows(safeguarding.Told) if row["placed_by"] == supplier.council]
        return sorted(row["council_id"] for row in told) == sorted(same - {supplier.council})

    def _is_restricted(self, supplier: Supplier, wanted: bool) -> bool:
        row = self.row(market.Restriction, "supplier_id", supplier.supplier_id)
        return bool(row and (row["placed"] != "[]") is wanted)


def _concern(supplier: Supplier) -> concerns.RaiseConcern:
    return concerns.RaiseConcern(
        supplier_id=supplier.supplier_id,
        category=decisions.Category.NEGLECT,
        location=decisions.Location.OWN_HOME,
        source_of_risk=decisions.SourceOfRisk.SERVICE_PROVIDER,
        what="Synthetic: nobody came.",
    )
