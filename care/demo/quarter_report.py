"""How does the report show the whole quarter? A lane a row: visits, claims month by month, and where its books stand."""

from __future__ import annotations

from html import escape
from typing import Any

from care.demo.stage import Stage
from care.demo.tables import plain, table
from shared.money import pounds

ACCOUNTS = ("available", "committed", "paid", "accounted_for", "owed_back", "returned", "disputed")


def show(stage: Stage) -> str:
    months = {month.name: month for month in stage.found["quarter"]}
    claims = [
        (
            f"{name}: {months[name].title}",
            f"{months[name].visits}",
            ", ".join(plain(kind).lower() for kind in sorted(months[name].kinds)),
            *map(pounds, months[name].claimed),
        )
        for name in stage.lanes
    ]
    books = [_books(name, stage.found["ends"][name]) for name in stage.lanes]
    return (
        "<h2>The rest of the quarter, to 2 September 2024</h2>"
        "<p>After the first weeks, which are compared above, nine more: visits are told by file, each lane claims by the month "
        "in its own kind, and every four weeks money goes out on the routes that are paid ahead.</p>"
        + table(("lane", "visits since July", "claimed as", "July", "August"), claims)
        + _told(stage.found)
        + "<h3>Each lane's ledger at the end of the quarter</h3><p>One for every route; each journal in it sums to zero.</p>"
        + table(("lane", *map(plain, ACCOUNTS)), books)
    )


def _books(name: str, ledger: dict[str, Any]) -> tuple[str, ...]:
    purse = ledger["purses"][0]
    return (name, *(pounds(purse[account]) for account in ACCOUNTS))


def _told(found: dict[str, Any]) -> str:
    refund = found["refund"]
    back, stays = pounds(refund["pence"]), pounds(refund["received"]["pence"])
    said = (
        f"Ada's agency had been paid for a visit that nobody made: by a second revision of its claim {back} was owed back, and "
        f"came back; {stays} of it stays paid. Hugo's agency credited a visit by itself, so his statement accounts for that much "
        "less. Two reviews were not held in their window, which was said, and held after. A budget was challenged and the "
        "challenge answered by somebody else; a carer was assessed by the test for carers; an hour a week that nobody meets is "
        "on record as unmet."
    )
    return f"<p>{escape(said)}</p>"
