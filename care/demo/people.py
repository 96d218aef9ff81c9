"""Who takes part in the demo? Made-up staff and suppliers of a made-up council, and made-up people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from care.demo.council import Council, Voice

TEAM = "older-people-north"
AREA = "north"
PRICE = 2469
"""£24.69 an hour: the highest agency rate Shropshire published for 2024-25 (RULES §7, local)."""


@dataclass
class Staff:
    """The council's people, each with a token of their own."""

    practitioner: Voice
    approver: Voice
    budget_officer: Voice
    broker: Voice
    commissioner: Voice
    finance: Voice
    safeguarder: Voice

    @classmethod
    def of(cls, council: Council) -> Staff:
        return cls(
            practitioner=council.voice("practitioner", sub="priya", team=TEAM),
            approver=council.voice("approver", sub="amir", limit_pence=60_000_00),
            budget_officer=council.voice("budget_officer", sub="bo"),
            broker=council.voice("broker", sub="bryn"),
            commissioner=council.voice("commissioner", sub="cora"),
            finance=council.voice("finance", sub="fin"),
            safeguarder=council.voice("safeguarding_practitioner", sub="sam"),
        )


@dataclass
class Supplier:
    """A synthetic supplier, its one listing and its own token."""

    name: str
    supplier_id: str
    listing_id: str
    voice: Voice


OFFERED = (
    # name, pence an hour, hours of room a week
    ("Synthetic Homecare Alder", PRICE, 130),
    ("Synthetic Homecare Birch", PRICE, 90),
    ("Synthetic Homecare Cedar", 2310, 10),
    ("Synthetic Homecare Damson", 2590, 60),
)


def settle_suppliers(council: Council, staff: Staff) -> list[Supplier]:
    """Register the synthetic suppliers and publish their listings."""
    made = []
    for name, price, hours in OFFERED:
        body = {"name": name, "kind": "provider", "synthetic": True}
        supplier = staff.commissioner.post("marketplace", "/v1/suppliers", body)
        show_evidence(staff, supplier["supplier_id"])
        listing: dict[str, Any] = {
            "support": "home_care",
            "areas": [AREA],
            "hourly_pence": price,
            "room_minutes": hours * 60,
        }
        where = f"/v1/suppliers/{supplier['supplier_id']}/listings"
        listed = staff.commissioner.post("marketplace", where, listing)
        voice = council.voice("supplier", sub=name.rpartition(" ")[2].lower(), supplier_id=supplier["supplier_id"])
        made.append(Supplier(name, supplier["supplier_id"], listed["listing_id"], voice))
    return made


def show_evidence(staff: Staff, supplier_id: str) -> None:
    """What a provider of care at home shows before support starts."""
    where = f"/v1/suppliers/{supplier_id}/evidence"
    days = {"holds_from": "2024-01-01", "holds_until": "2030-12-31"}
    staff.commissioner.post("marketplace", where, {"kind": "registration", **days})
    insured = {"kind": "employers_liability", "cover_pence": 500_000_000, **days}
    staff.commissioner.post("marketplace", where, insured)
