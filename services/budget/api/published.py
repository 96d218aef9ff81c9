"""How does budget show what was published: policies, and what councils said a unit cost them?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.budget.importers.unit_costs import Provision, Unit
from shared.views import View


class PolicyRowView(View):
    """One figure or table of a policy. `council` is set where it is that council's own."""

    rule_id: str
    jurisdiction: str
    unit: str
    value: Decimal | None
    choice: str | None
    table: list[tuple[int, Decimal]]
    valid_from: date
    valid_to: date | None
    from_age: int
    to_age: int
    council: str | None
    provenance: str
    verified: bool
    source_title: str
    source_url: str | None
    source_para: str | None


class PolicyView(View):
    name: str
    version: str
    digest: str
    verified: bool
    valid_from: date
    valid_to: date | None
    rows: list[PolicyRowView]


class UnitCostView(View):
    """What councils said a unit cost them in `year`. Own and bought-in figures are not like for like."""

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
    notes: list[str]
