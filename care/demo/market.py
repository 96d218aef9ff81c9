"""Which real, published data does the demo show? A directory and unit costs, as what they are: never priced, never used."""

from __future__ import annotations

from importlib import resources
from typing import Any

from care.demo.people import Staff
from care.demo.teller import Teller
from shared.money import pounds

DIRECTORY = ("services.marketplace.importers.data", "trafford-care-homes-extract.csv")
UNIT_COSTS = ("services.budget.importers.data", "pss-ex1-2013-14-extract.csv")
AUTHORITY = "Hackney"


def read(package: str, name: str) -> bytes:
    return resources.files(package).joinpath(name).read_bytes()


def import_public_data(staff: Staff, tell: Teller) -> dict[str, Any]:
    """Import both extracts over the public routes; gives the reports and one council's home care figures."""
    directory = staff.commissioner.upload("marketplace", "/v1/supplier-imports", read(*DIRECTORY))
    counts = f"{directory['read']} read, {directory['new']} new, {len(directory['rejected'])} rejected"
    tell.say("marketplace", f"imports a real directory (CQC, via Trafford Data Lab, July 2025, OGL v3): {counts}")
    tell.detail(
        f"{len(directory['defects'])} defects reported as published; no price, rating or visit is ever given to them"
    )
    costs = staff.budget_officer.upload("budget", "/v1/unit-costs", read(*UNIT_COSTS))
    tell.say("budget", f"imports published unit costs (PSS-EX1 2013-14, HSCIC, OGL v3): {costs['new']} figures")
    shown = home_care(staff)
    tell.details(
        f"{one['name']}, {one['year']}: {one['provision']} home care {pounds(one['pence'])} an hour" for one in shown
    )
    tell.detail("of their year, and own and bought-in are not like for like: shown for information, used for nothing")
    return {"directory": directory, "unit_costs": costs, "home_care": shown}


def home_care(staff: Staff) -> list[dict[str, Any]]:
    """One council's published home care figures."""
    return [one for one in unit_costs(staff) if one["support"] == "home_care" and AUTHORITY in one["name"]]


def unit_costs(staff: Staff) -> list[dict[str, Any]]:
    """All that was imported."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = staff.budget_officer.get("budget", "/v1/unit-costs", limit=200, **cursor)
        items += page["items"]
        if not page["next_cursor"]:
            break
        cursor = {"cursor": page["next_cursor"]}
    return items
