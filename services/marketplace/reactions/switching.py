"""What follows when a line is switched to the council's management for a time, or back? Only how it is claimed: the same
supplier goes on, visits are recorded as before."""

from __future__ import annotations

from dataclasses import replace

from services.marketplace.models import Order, Requirement
from shared.contracts.assessment import RouteSwitched
from shared.runtime.loads import by_match
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork

WANTED = by_match(Requirement, "person_id", of="person_id")
ORDERED = by_match(Order, "person_id", of="person_id")


@on(RouteSwitched, wants=(WANTED, ORDERED))
def note_switch(heard: Heard[RouteSwitched], work: UnitOfWork) -> None:
    """Kept with what is wanted, for whoever is found yet, and with what was ordered. The plan's line says whose it is. Whoever
    covers is paid by the council anyhow."""
    said = heard.fact
    ordered = [order for order in work.all(ORDERED, said.person_id) if order.covers_order_id is None]
    for row in [*work.all(WANTED, said.person_id), *ordered]:
        if row.line.line_id == said.line_id:
            work.put(replace(row, switched=said.after(row.switched, heard.today)))
