"""Six lanes through one market: each ran, was claimed in its own kind, and its books are whole; and what went wrong on each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from care.demo.council import COUNCIL
from care.demo.measures import FEWEST, Measured, by_route
from services.budget.policy import in_force
from services.budget.rules.employing import Employing, Job, employing, part_of
from shared.money import price_of
from tests.e2e.conftest import Played

pytestmark = pytest.mark.xdist_group("stack")

LANES = {
    "Elif": ("council_managed", ["in_house"], ("internal_recharge",)),
    "Ada": ("council_managed", ["provider"], ("invoice",)),
    "Finn": ("isf", ["provider"], ("isf_statement",)),
    "Gita": ("direct_payment", ["pa"], ("payroll_return",)),
    "Hugo": ("direct_payment", ["provider"], ("statement",)),
    "Iris": ("mixed", ["in_house", "pa"], ("internal_recharge", "payroll_return")),
}


def lane_of(played: Played, name: str) -> Measured:
    found: list[Measured] = played.story.found["measures"]
    return next(one for one in found if one.name == name)


def alerts(played: Played, rule: str) -> list[dict[str, Any]]:
    return [one for one in played.story.found["others_alerts"] if one["rule"] == rule]


@pytest.mark.parametrize("name", LANES)
def test_each_lane_ran_on_its_route_and_was_claimed_in_its_own_kind(played: Played, name: str) -> None:
    route, kinds, claimed = LANES[name]
    lane, measured = played.story.lanes[name], lane_of(played, name)
    orders = [share.purchase.order for share in lane.shares]
    assert [order["supplier_kind"] for order in orders] == kinds
    assert all(order["started_on"] == lane.first.isoformat() for order in orders)
    assert (measured.ledger["deployed"], measured.claimed) == (route, claimed)


@pytest.mark.parametrize("name", LANES)
def test_each_lane_s_ledger_sums_to_zero_and_is_whole(played: Played, name: str) -> None:
    measured = lane_of(played, name)
    ledger, purse = measured.ledger, measured.ledger["purses"][0]
    assert ledger["journals"]
    assert all(sum(entry["pence"] for entry in journal["entries"]) == 0 for journal in ledger["journals"])
    held = sum(purse[account] for account in ("available", "committed", "delivered", "paid", "accounted_for"))
    assert purse["allocated"] + purse["contribution"] == held
    assert purse["disputed"] == 0


WAGE, HOURS = 1175, {"Gita": 7, "Iris": 5}
"""Of the PAs: pence, and hours a week."""


def employed(name: str) -> tuple[int, Employing]:
    """A week's wage, and what employing adds to it, by the rules."""
    minutes, policy = 60 * HOURS[name], in_force("employment", COUNCIL, date(2024, 6, 17))
    weekly = price_of(minutes, WAGE)
    return weekly, employing(Job(minutes, WAGE, weekly, minutes), policy)


@pytest.mark.parametrize(
    ("name", "pence"), [("Finn", 13 * 2469), ("Gita", 14 * WAGE), ("Hugo", 13 * 2469), ("Iris", 10 * WAGE)]
)
def test_money_paid_ahead_is_accounted_for_by_what_came_back(played: Played, name: str, pence: int) -> None:
    """Two weeks of visits, those that were missed left out, and what employing added to their wages, holiday apart; the rest
    of what went out is still to be accounted for."""
    measured = lane_of(played, name)
    accounted = [share.purchase.claim for share in played.story.lanes[name].shares]
    assert pence == accounted[-1]["claimed_pence"]
    weekly, found = employed(name) if name in HOURS else (pence, Employing((), 0))
    assert measured.accounted_pence == pence + part_of(pence, found.pence - found.holiday_pence, weekly)
    assert measured.paid_ahead_pence > measured.accounted_pence


@pytest.mark.parametrize("name", HOURS)
def test_what_employing_costs_goes_out_with_the_wage_and_the_report_shows_both(played: Played, name: str) -> None:
    measured, (weekly, found) = lane_of(played, name), employed(name)
    out, cost = measured.paid_ahead_pence, weekly + found.pence
    assert (out % (4 * cost), measured.employing_ahead_pence) == (0, out // cost * found.pence)
    assert found.pence > found.holiday_pence > 0
    assert "for what employing adds)" in measured.settled
    assert measured.settled in played.report.read_text()


def test_council_managed_support_is_paid_for_once_it_was_delivered(played: Played) -> None:
    assert lane_of(played, "Elif").paid_pence == 14 * 2860
    assert lane_of(played, "Iris").paid_pence == 2 * 2 * 4 * 1500


def test_the_way_between_two_people_counts_in_what_an_hour_of_work_is_paid(played: Played) -> None:
    """Ada's agency pays £13.00, and no way: whoever goes from Ben to Cleo has two hours' pay for two and a half, £10.40, which
    is below £11.44. Who pays the way, and whoever employs one PA, pays what was said."""
    paid = {name: lane_of(played, name) for name in LANES}
    assert {name: one.underpaid for name, one in paid.items()} == dict.fromkeys(LANES, 0) | {"Ada": 2}
    hours = {name: one.after_way_pence for name, one in paid.items() if name != "Ada"}
    assert hours == {"Elif": 1365, "Finn": 1250, "Gita": 1175, "Hugo": 1250, "Iris": 1175}
    assert 1144 < (paid["Ada"].after_way_pence or 0) < 1300


def test_what_became_of_each_person_s_outcomes_was_said_at_their_review(played: Played) -> None:
    said = {name: lane_of(played, name).achieved for name in LANES}
    alike = {"Elif": (2, 0, 0), "Finn": (1, 1, 0), "Gita": (2, 0, 0), "Hugo": (1, 1, 0), "Iris": (1, 0, 1)}
    assert {name: said[name] for name in alike} == alike
    assert sum(said["Ada"]) == len("".join(played.story.ada.unable))


def test_the_lanes_are_measured_alike(played: Played) -> None:
    days = {name: lane_of(played, name).waited_days for name in LANES}
    assert days == dict.fromkeys(LANES, 14) | {"Gita": 21}
    missed = {name: lane_of(played, name).missed for name in LANES}
    assert missed == dict.fromkeys(LANES, 0) | {"Ada": 3, "Finn": 1, "Hugo": 1}
    employing = {name for name in LANES if lane_of(played, name).on_costs_pence is not None}
    assert employing == {"Gita", "Iris"}
    assert lane_of(played, "Gita").hour_pence > 1375


# ── stories ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_start_without_insurance_was_refused_naming_it_and_began_once_it_was_there(played: Played) -> None:
    found = played.story.found
    assert (found["missing"], found["blocked"]["missing"]) == (["employers_liability"], ["employers_liability"])
    assert found["blocked"]["type"].endswith("evidence-missing")
    assert len(alerts(played, "start_blocked")) == 1


def test_when_the_insurance_ended_cover_came_from_the_pool_and_the_order_went_on(played: Played) -> None:
    cover, order = played.story.found["lapse"]["cover"], played.story.found["lapse"]["order"]
    assert (cover["is_lapse"], cover["step"], cover["first"]) == (True, "pool", "2024-07-15")
    assert cover["covered_by"] == played.story.own["pool"].supplier_id
    assert order["state"] == "started"
    assert [one["kind"] for one in alerts(played, "evidence_lapsed")] == ["compliance"]


def test_was_cover_in_force_on_the_day_of_each_injury(played: Played) -> None:
    assert played.story.found["injuries"] == [True, False]
    assert [one["kind"] for one in alerts(played, "injury_not_covered")] == ["compliance"]


def test_a_pa_who_is_ill_was_covered_from_the_pool(played: Played) -> None:
    cover = played.story.found["absence"]
    assert (cover["state"], cover["step"]) == ("arranged", "pool")
    assert cover["covered_by"] == played.story.own["pool"].supplier_id


def test_each_step_of_looking_for_cover_was_taken_in_the_moment_it_was_asked_for(played: Played) -> None:
    cover = played.story.found["absence"]
    assert {one["at"] for one in cover["tried"]} == {cover["asked_at"]} == {cover["arranged_at"]}
    arranged = [said.body for said in played.journal if said.type == "marketplace.cover_arranged.v1"]
    (mine,) = [one for one in arranged if one["cover_id"] == cover["cover_id"]]
    assert (mine["after_minutes"], mine["hourly_pence"]) == (0, 1490)


def test_sick_pay_after_the_injury_was_reckoned_by_the_years_rules(played: Played) -> None:
    """Seven hours at £11.75 a week are below the limit of earnings that held in 2024 (RULES §4.2): the employer owes nothing."""
    told = played.story.found["sick_pay"]
    assert (told["sick_pay_pence"], [step["code"] for step in told["sick_pay_steps"]]) == (0, ["earns_below_limit"])
    assert [step["code"] for step in told["steps"]] == ["sick_pay_due"]


def test_whoever_covered_came_and_was_paid_out_of_what_the_same_budget_keeps_for_cover(played: Played) -> None:
    """Five visits of an hour at the pool's price, by the pipeline of every other order."""
    found, cover = played.story.found["covering"], played.story.found["absence"]
    order, covered = found["order"], played.story.lanes["Iris"].shares[1].purchase.order
    assert (order["covers_order_id"], order["budget_id"]) == (covered["order_id"], covered["budget_id"])
    assert (order["started_on"], order["last_day"], order["state"]) == ("2024-07-08", "2024-07-14", "ended")
    assert (order["order_id"], order["route"]) == (cover["covering_order_id"], "council_managed")
    assert (found["committed"]["state"], found["committed"]["cost_pence"]) == ("committed", 5 * 1490)
    assert alerts(played, "cover_short") == []
    assert (found["upload"]["read"], found["upload"]["new"]) == (5, 5)
    assert (found["claim"]["kind"], found["claim"]["state"]) == ("internal_recharge", "accepted")
    assert found["claim"]["claimed_pence"] == found["paid"]["pence"] == lane_of(played, "Iris").cover_pence == 5 * 1490
    assert "£74.50 paid for cover" in lane_of(played, "Iris").settled
    assert "paid (£74.50) out of the same budget" in played.report.read_text()


def test_an_unlawful_wish_was_refused_and_the_need_stayed(played: Played) -> None:
    answers = {one["characteristic"]: one["answer"] for one in played.story.found["wishes"]}
    assert answers == {"sex": "lawful", "language": "skill", "race": "refused"}
    line = played.story.lanes["Elif"].journey.order["line"]
    assert ([one["characteristic"] for one in line["preferences"]], line["skills"]) == (["sex"], ["language:bn"])
    assert [one["kind"] for one in alerts(played, "discriminatory_request")] == ["equality"]


def test_the_day_centre_closes_after_all_were_heard_and_the_review_was_held_and_nothing_was_withdrawn(
    played: Played,
) -> None:
    closure, order = played.story.found["closure"], played.story.found["after_closure"]
    assert (closure["stage"], closure["impact"]["people"], closure["impact"]["unplaced"]) == ("closing", 1, 1)
    assert closure["proposed_by"] != closure["decided_by"]
    assert all(one["answered_on"] for one in closure["consulted"])
    assert order["state"] == "started"
    assert [one["kind"] for one in alerts(played, "closure_leaves_unserved")] == ["safeguarding"]


def test_a_restriction_was_felt_on_every_route(played: Played) -> None:
    assert played.story.found["restricted_routes"] == ["council_managed", "direct_payment", "isf"]


def test_three_small_budgets_bought_an_evening_that_none_could_pay_alone_to_the_penny(played: Played) -> None:
    found = played.story.found["together"]
    shares = [one["weekly_pence"] for one in found["shared_by_all"]]
    assert (sorted(shares), sum(shares), found["alone_pence"]) == ([3333, 3333, 3334], 10000, 10000)
    assert max(shares) < found["budget_pence"] < found["alone_pence"]
    assert sum(found["paid"]) == 2 * found["alone_pence"]
    assert all(sum(step["effect"] for step in one["steps"]) == one["weekly_pence"] for one in found["shared_by_all"])


def test_when_one_of_the_three_left_the_others_bore_the_price_within_their_budgets_and_nobody_s_money_was_lost(
    played: Played,
) -> None:
    found = played.story.found["together"]
    assert [one["weekly_pence"] for one in found["shared_by_the_rest"]] == [5000, 5000]
    assert (found["left"]["members"], found["left"]["state"]) == (2, "bought")
    repriced = [said for said in played.journal if said.name == "OrderRepriced"]
    assert sorted(one.subject for one in repriced) == sorted(one.ids["person"] for one in found["three"][1:])
    for ledger in found["ledgers"]:
        (purse,) = ledger["purses"]
        held = sum(purse[account] for account in ("available", "committed", "delivered", "paid"))
        assert purse["allocated"] + purse["contribution"] == held
        assert [one["state"] for one in ledger["commitments"]] == ["committed"]


def test_the_report_says_how_many_share_and_never_who_or_who_left(played: Played) -> None:
    _, _, told = played.report.read_text().partition("Three small budgets buy one evening")
    told = told.partition("Money runs short")[0]
    assert "£33.34, £33.33, £33.33" in told
    assert "£50.00, £50.00" in told
    assert not [name for name in ("Jo", "Kit", "Lou") if f"{name} " in told or f"{name}'" in told]


def test_money_that_ran_short_held_the_order_until_it_was_costed_again(played: Played) -> None:
    short = played.story.found["short"]
    assert (short["state"], short["owner_team"]) == ("short", "older-people-north")
    assert short["short_pence"] > 0
    assert short["recost_by"] == "2024-06-17"
    assert played.story.lanes["Finn"].journey.order["state"] == "started"


def test_one_team_s_channelling_was_found_against_its_peers_and_nobody_else_s(played: Played) -> None:
    (alert,) = alerts(played, "channelled_to_route")
    assert (alert["kind"], alert["supplier_id"], alert["person_id"]) == ("compliance", None, None)
    assert "80 % of the plans of working-age-east go to direct payment; of its peers' 20 %." in alert["explanation"]


# ── small numbers ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_group_s_figure_needs_enough_people_and_a_person_counts_once() -> None:
    rows = [("isf", f"person-{n}", 10, 1) for n in range(FEWEST)]
    assert [(one.people, one.missed_percent) for one in by_route(rows)] == [(FEWEST, 10)]
    twice = [*rows[: FEWEST - 1], rows[0]]
    assert [(one.people, one.missed_percent) for one in by_route(twice)] == [(None, None)]


def test_the_report_shows_the_lanes_what_is_not_comparable_and_no_small_group(played: Played) -> None:
    text = played.report.read_text()
    assert all(f"{name}: " in text for name in LANES)
    assert "not comparable" in text
    assert text.count(f"fewer than {FEWEST}: not shown") == 4
    assert "not like for like" in text
