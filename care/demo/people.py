"""Who takes part in the demo? Made-up staff and suppliers of a made-up council, and made-up people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from care.demo.council import Council, Voice

TEAM = "older-people-north"
AREA = "north"
SQUARE, NEARBY = "TA99SW", "TA99NE"
"""Where people of the demo live, and most suppliers start out: out at sea, for the council is nobody."""
PRICE = 2469
"""£24.69 an hour: the highest agency rate Shropshire published for 2024-25 (RULES §7, local)."""


@dataclass
class Staff:
    """The council's people, each with a token of their own; the practitioner is of `team`."""

    practitioner: Voice
    approver: Voice
    budget_officer: Voice
    broker: Voice
    commissioner: Voice
    finance: Voice
    safeguarder: Voice
    second_commissioner: Voice
    team: str = TEAM

    @classmethod
    def of(cls, council: Council, team: str = TEAM) -> Staff:
        return cls(
            practitioner=council.voice("practitioner", sub="priya", team=team),
            approver=council.voice("approver", sub="amir", limit_pence=60_000_00),
            budget_officer=council.voice("budget_officer", sub="bo"),
            broker=council.voice("broker", sub="bryn"),
            commissioner=council.voice("commissioner", sub="cora"),
            finance=council.voice("finance", sub="fin"),
            safeguarder=council.voice("safeguarding_practitioner", sub="sam"),
            second_commissioner=council.voice("commissioner", sub="colin"),
            team=team,
        )


@dataclass
class Supplier:
    """A synthetic supplier of any kind, its one listing and its own token."""

    name: str
    supplier_id: str
    listing_id: str
    voice: Voice
    price: int = PRICE


REGISTERED = ("registration", "employers_liability")
EMPLOYED = ("right_to_work", "contract", "payroll", "pension", "cover_plan")
"""What the policy asks of whoever employs a PA, besides the insurance."""


@dataclass(frozen=True)
class Form:
    """What is said of a supplier: pence an hour (of a PA the wage), hours of room a week, what it shows, and what those who
    come are paid an hour (0: not said), with the way from one visit to the next or without."""

    name: str
    price: int
    hours: int
    kind: str = "provider"
    support: str = "home_care"
    shows: tuple[str, ...] = REGISTERED
    employer: str | None = None
    skills: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    pay: int = 0
    way_is_paid: bool = False
    square: str = NEARBY


OFFERED = (
    Form("Synthetic Homecare Alder", PRICE, 130, pay=1250, way_is_paid=True, square=SQUARE),
    Form("Synthetic Homecare Birch", PRICE, 90, pay=1300),
    Form("Synthetic Homecare Cedar", 2310, 10),
    Form("Synthetic Homecare Damson", 2590, 60),
)
BENGALI = "language:bn"
AGREED = ("collective_agreement", "guaranteed_hours")
OWN = {
    "home": Form("Synthetic Council Elm", 2860, 60, "in_house", skills=(BENGALI,), terms=AGREED, pay=1365, way_is_paid=True),
    "day": Form("Synthetic Day Centre Fir", 1500, 40, "in_house", "day_service", shows=(), terms=AGREED),
    "gale": Form("Synthetic PA Gale", 1175, 12, "pa", shows=EMPLOYED, employer="person"),
    "hazel": Form("Synthetic PA Hazel", 1175, 12, "pa", shows=("employers_liability", *EMPLOYED), employer="person"),
    "pool": Form(
        "Synthetic PA Ivy", 1490, 35, "pa", employer="pool",
        shows=(*REGISTERED, "criminal_record_check", "right_to_work", "contract"), terms=AGREED,
    ),
}  # fmt: skip
"""The council's own services, two PAs whom people employ, and one of the council's pool. £11.75 is the wage that
Shropshire published for 2024-25 (RULES §7, local)."""


def settle_suppliers(council: Council, staff: Staff) -> list[Supplier]:
    """Register the synthetic agencies and publish their listings."""
    return [settle(council, staff, form) for form in OFFERED]


def settle(council: Council, staff: Staff, form: Form, employed_by: str | None = None) -> Supplier:
    """Register a supplier of any kind, with what it shows and what it lists: one form for all. A PA whom a person
    employs is there for that person alone."""
    body: dict[str, Any] = {"name": form.name, "kind": form.kind, "synthetic": True, "terms": form.terms}
    body |= {"employer": form.employer} if form.employer else {}
    body |= {"for_person_id": employed_by} if employed_by else {}
    supplier_id = staff.commissioner.post("marketplace", "/v1/suppliers", body)["supplier_id"]
    for kind in form.shows:
        show_evidence(staff, supplier_id, kind)
    listing: dict[str, Any] = {
        "support": form.support,
        "areas": [AREA],
        "hourly_pence": form.price,
        "room_minutes": form.hours * 60,
        "skills": form.skills,
        "square": form.square,
    }
    listed = staff.commissioner.post("marketplace", f"/v1/suppliers/{supplier_id}/listings", listing)
    if form.pay:
        said = {"holds_from": "2024-04-01", "hourly_pence": form.pay, "way_is_paid": form.way_is_paid}
        staff.commissioner.post("marketplace", f"/v1/suppliers/{supplier_id}/pay", said)
    voice = council.voice("supplier", sub=form.name.rpartition(" ")[2].lower(), supplier_id=supplier_id)
    return Supplier(form.name, supplier_id, listed["listing_id"], voice, form.price)


def show_evidence(
    staff: Staff, supplier_id: str, kind: str, first: str = "2024-01-01", last: str = "2030-12-31"
) -> dict[str, Any]:
    """What was seen, and from when until when it holds; insurance for £5 million."""
    body: dict[str, Any] = {"kind": kind, "holds_from": first, "holds_until": last}
    body |= {"cover_pence": 500_000_000} if kind == "employers_liability" else {}
    recorded: dict[str, Any] = staff.commissioner.post("marketplace", f"/v1/suppliers/{supplier_id}/evidence", body)
    return recorded
