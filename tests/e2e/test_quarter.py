"""A whole quarter, to the beginning of September: what each lane claimed by the month, what came back, where the books stand."""

from __future__ import annotations

from datetime import date

import pytest

from care.demo.national import Beside
from care.demo.stories.quarter import ENDS, Month
from tests.e2e.conftest import Played

pytestmark = pytest.mark.xdist_group("stack")

AN_HOUR = 2469
MONTHLY = {
    "Elif": (28 * 2860, 34 * 2860),
    "Ada": (395_056, 493_820),
    "Finn": (28 * AN_HOUR, 35 * AN_HOUR),
    "Gita": (14 * 1175, 35 * 1175),
    "Hugo": (28 * AN_HOUR, 35 * AN_HOUR),
    "Iris": (8 * 4 * 1500 + 15 * 1175, 10 * 4 * 1500 + 25 * 1175),
}
"""In pence: Elif called one visit off; of Gita's month four weeks' visits, less those told before and those of whoever stood in;
Iris's PA was ill for a week."""


@pytest.mark.parametrize("name", MONTHLY)
def test_each_lane_claimed_by_the_month_in_its_own_kind(played: Played, name: str) -> None:
    months: list[Month] = played.story.found["quarter"]
    month = next(one for one in months if one.name == name)
    assert tuple(month.claimed) == MONTHLY[name]


@pytest.mark.parametrize("name", MONTHLY)
def test_the_books_are_whole_at_the_end_of_the_quarter_and_nothing_is_disputed(played: Played, name: str) -> None:
    ledger = played.story.found["ends"][name]
    assert all(sum(entry["pence"] for entry in journal["entries"]) == 0 for journal in ledger["journals"])
    purse = ledger["purses"][0]
    accounts = ("available", "committed", "delivered", "paid", "accounted_for", "returned", "owed_back")
    assert purse["allocated"] + purse["contribution"] == sum(purse[account] for account in accounts)
    assert (purse["disputed"], purse["delivered"]) == (0, 0)


@pytest.mark.parametrize(("name", "payments"), [("Finn", 3), ("Hugo", 3), ("Gita", 3)])
def test_money_went_out_every_four_weeks(played: Played, name: str, payments: int) -> None:
    order = played.story.lanes[name].journey.order["order_id"]
    out = [said.body for said in played.journal if said.name == "MoneyPaidOut" and said.body["order_id"] == order]
    assert len(out) == payments
    days = [date.fromisoformat(one["period"]["last"]) - date.fromisoformat(one["period"]["first"]) for one in out]
    assert {each.days for each in days} == {27}
    assert date.fromisoformat(out[-1]["period"]["last"]) >= ENDS


def test_what_was_paid_for_a_visit_nobody_made_came_back(played: Played) -> None:
    found = played.story.found["refund"]
    assert (found["pence"], found["received"]["given_back_pence"], found["received"]["owed_back_pence"]) == (
        4938,
        4938,
        0,
    )
    assert played.story.found["ends"]["Ada"]["purses"][0]["returned"] == 4938
    assert [said.name for said in played.journal if said.name.startswith("Refund")] == ["RefundOwed", "RefundReceived"]


def test_whoever_stood_in_was_paid_out_of_what_the_budget_keeps_for_cover(played: Played) -> None:
    found = played.story.found["stood_in"]
    assert (found["upload"]["new"], found["disputed"], found["paid"]["pence"]) == (7, 0, 7 * 1490)


def test_reviews_that_were_late_were_said_to_be(played: Played) -> None:
    late = {said.subject for said in played.journal if said.name == "ReviewOverdue"}
    assert {journey.ids["person"] for journey in played.story.others} <= late


def test_published_figures_stand_beside_the_lanes_and_each_says_why_it_is_no_match(played: Played) -> None:
    """RULES §7: PSS-EX1 2013-14 as imported, the rest dated rows of the price book."""
    rows: list[Beside] = played.story.found["national"]
    assert {one.lane for one in rows} == {"Elif", "Ada", "Finn", "Gita", "Hugo", "Iris"}
    figures = {(one.lane, one.year): one.pence for one in rows if one.what.startswith(("home care", "direct", "day"))}
    assert figures["Elif", "2013-14"] == 3910
    assert (figures["Ada", "2013-14"], figures["Ada", "2024-25"]) == (1530, 2356)
    assert (figures["Gita", "2013-14"], figures["Iris", "2013-14"]) == (22530, 14850)
    assert all(one.why_not for one in rows)
    text = played.report.read_text()
    assert "None of them is like for like" in text
    assert "a secondary source" in text
    assert all(one.why_not.replace("'", "&#x27;") in text for one in rows)
