"""Does the budget buy the plan today? The case that must hold exactly, RULES.md §9 case 41, and the corners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.policy import in_force
from services.budget.rules.adequacy import Verdict, adequate, hours_bought, share_by_hours
from services.budget.rules.direct_payments import InhouseRule
from services.budget.rules.market import Listing, Market, Running
from shared.contracts.base import PlanLine, Route, SupplierKind, Support
from shared.money import price_of

NOW = in_force("employment", "E09000012", date(2026, 11, 23))
DEMO = in_force("employment", "E99999999", date(2026, 11, 23))
PROVIDER, PA, IN_HOUSE = SupplierKind.PROVIDER, SupplierKind.PA, SupplierKind.IN_HOUSE
DAY = Support.DAY_SERVICE


def line(minutes: int, kind: SupplierKind = PROVIDER, number: int = 1, price: int = 1375, **more: Any) -> PlanLine:
    said: dict[str, Any] = {
        "line_id": UUID(int=number),
        "support": Support.HOME_CARE,
        "kind_wanted": kind,
        "route": Route.DIRECT_PAYMENT if kind == PA else Route.COUNCIL_MANAGED,
        "pattern": (),
        "weekly_minutes": minutes,
        "hourly_pence": price,
        "weekly_pence": price_of(minutes, price),
    }
    return PlanLine(**said | more)


def listing(price: int, room: int = 6000, kind: SupplierKind = PROVIDER, number: int = 100, **more: Any) -> Listing:
    said: dict[str, Any] = {"support": Support.HOME_CARE, "areas": frozenset({"north"})} | more
    return Listing(UUID(int=number), kind, hourly_pence=price, room_minutes=room, **said)


def verdict(budget: int, lines: Sequence[PlanLine], *listings: Listing) -> Verdict:
    return adequate(lines, budget, Market("north", listings, NOW))


def test_forty_hours_at_24_69_against_a_budget_at_13_75_are_437_60_short() -> None:
    found = verdict(55000, [line(2400)], listing(2469))
    assert not found.adequate
    assert (found.weekly_budget_pence, found.weekly_cost_pence, found.short_pence) == (55000, 98760, 43760)
    (short,) = found.shortfalls
    assert (short.budget_pence, short.cost_pence, short.short_pence) == (55000, 98760, 43760)
    assert short.because.code == "cheapest_with_room"


@pytest.mark.parametrize(("budget", "enough"), [(98760, True), (98759, False)])
def test_the_exact_cost_is_enough_and_a_penny_less_is_not(budget: int, enough: bool) -> None:
    found = verdict(budget, [line(2400)], listing(2469))
    assert found.adequate is enough
    assert bool(found.shortfalls) is not enough


@pytest.mark.parametrize(("price", "hours"), [(1271, "13.4"), (3214, "5.3")])
def test_savva_s_170_45_buys_few_hours(price: int, hours: str) -> None:
    assert hours_bought(17045, price) == Decimal(hours)


@pytest.mark.parametrize(("minutes", "enough"), [(5 * 60, True), (6 * 60, False)])
def test_170_45_is_short_once_the_plan_has_more_hours_than_it_buys(minutes: int, enough: bool) -> None:
    assert verdict(17045, [line(minutes)], listing(3214)).adequate is enough


def test_thirteen_hours_of_a_pa_fit_the_wage_but_not_the_cost_of_employing() -> None:
    hours = 13 * 60
    assert price_of(hours, 1271) <= 17045 < verdict(17045, [line(hours, PA)], listing(1271, kind=PA)).weekly_cost_pence


def test_a_pa_who_asks_less_than_the_floor_is_priced_at_the_floor() -> None:
    below, at = (verdict(9**9, [line(600, PA)], listing(wage, kind=PA)).weekly_cost_pence for wage in (1000, 1271))
    assert below == at


def test_the_cheapest_with_enough_room_sets_the_price() -> None:
    found = verdict(0, [line(600)], listing(2000, 599, number=1), listing(2500, 600, number=2), listing(2600, number=3))
    assert found.weekly_cost_pence == 25000
    assert found.warnings == ()


def test_without_room_the_cheapest_is_shown_as_no_room_and_said_as_a_warning() -> None:
    found = verdict(0, [line(600)], listing(2000, 599, number=1), listing(1900, 30, number=2))
    assert found.weekly_cost_pence == 19000
    assert [(which.int, why.code) for which, why in found.warnings] == [(1, "no_room")]


def test_where_nobody_is_listed_the_planned_price_stands_and_it_is_said() -> None:
    found = verdict(13750, [line(600)])
    assert found.adequate
    assert [why.code for _, why in found.warnings] == ["nobody_listed"]
    assert verdict(13749, [line(600)]).shortfalls[0].because.code == "nobody_listed"


def test_an_unlisted_pa_planned_below_the_lawful_cost_is_lifted_to_it() -> None:
    assert verdict(0, [line(600, PA, price=1000)]).weekly_cost_pence == 12710 + 1534 + 1369
    assert verdict(0, [line(600, PA, price=2000)]).weekly_cost_pence == 20000


ELSEWHERE = {
    "another area": listing(1000, areas=frozenset({"south"})),
    "another support": listing(1000, support=DAY),
    "another kind": listing(1000, kind=IN_HOUSE),
}


@pytest.mark.parametrize("elsewhere", ELSEWHERE.values(), ids=ELSEWHERE.keys())
def test_listings_that_are_not_what_the_line_wants_do_not_set_its_price(elsewhere: Listing) -> None:
    assert verdict(0, [line(600)], elsewhere, listing(2469, number=101)).weekly_cost_pence == 24690


def test_alternatives_are_cheaper_have_room_and_come_cheapest_first() -> None:
    """A PA at the floor for ten hours: 127.10 pay + 15.34 holiday + 6.97 National Insurance, relief not counted on, and 13.69
    for whoever comes while they are away."""
    market = [
        listing(2469, number=1),
        listing(2200, number=2, kind=IN_HOUSE),
        listing(1271, number=3, kind=PA),
        listing(1500, 599, number=4, kind=IN_HOUSE),
        listing(3000, number=5),
    ]
    found = verdict(0, [line(600)], *market)
    assert [(each.listing_id.int, each.weekly_pence) for each in found.alternatives] == [(3, 14941 + 1369), (2, 22000)]


def test_where_the_line_found_no_room_a_dearer_alternative_with_room_is_offered() -> None:
    found = verdict(0, [line(600)], listing(2000, 0, number=1), listing(2600, number=2, kind=IN_HOUSE))
    assert [(each.listing_id.int, each.weekly_pence) for each in found.alternatives] == [(2, 26000)]


def test_no_more_than_five_alternatives_a_line_travel() -> None:
    others = [listing(1400 + number, number=number, kind=IN_HOUSE) for number in range(9)]
    found = verdict(0, [line(600)], listing(2469), *others)
    assert [each.listing_id.int for each in found.alternatives] == [0, 1, 2, 3, 4]


def two_lines(budget: int) -> Verdict:
    """Ten hours at 24.69 and ten hours of day service at 10.00: 346.90 in all."""
    lines = [line(600), line(600, number=2, support=DAY)]
    return verdict(budget, lines, listing(2469), listing(1000, number=2, support=DAY))


def test_an_adequate_budget_has_no_shortfall_even_where_one_line_is_dear() -> None:
    found = two_lines(34690)
    assert found.adequate
    assert (found.shortfalls, found.alternatives) == ((), ())


def test_a_short_plan_names_only_the_lines_above_their_share() -> None:
    found = two_lines(30001)
    assert found.short_pence == 4689
    assert [(each.line_id.int, each.budget_pence, each.short_pence) for each in found.shortfalls] == [(1, 15000, 9690)]


def relief(*lines: PlanLine) -> int:
    found = verdict(0, lines, listing(3000, kind=PA))
    return sum(step.effect for step in found.steps if step.rule == "EMPLOY-5")


def test_the_one_employment_allowance_is_not_counted_twice() -> None:
    assert relief(line(4800, PA)) == relief(line(4800, PA), line(4800, PA, number=2)) == -20192


def test_a_pa_the_person_does_not_employ_gets_no_allowance() -> None:
    assert relief(line(4800, PA, route=Route.COUNCIL_MANAGED)) == 0
    assert relief(line(4800, PA), line(4800, PA, number=2, route=Route.COUNCIL_MANAGED)) == -20192


def test_the_last_line_takes_the_rounding() -> None:
    assert share_by_hours(10000, [60, 60, 60]) == (3333, 3333, 3334)
    assert share_by_hours(10000, []) == ()
    assert share_by_hours(100, [0, 0]) == (0, 100)


@given(st.integers(0, 10**8), st.lists(st.integers(0, 6000), min_size=1, max_size=9))
def test_shares_add_up_to_the_budget_and_none_is_negative(budget: int, minutes: list[int]) -> None:
    parts = share_by_hours(budget, minutes)
    assert sum(parts) == budget
    assert min(parts) >= 0


def test_the_steps_add_up_to_what_the_plan_costs() -> None:
    found = verdict(0, [line(600), line(2400, PA, number=2)], listing(2469), listing(1300, kind=PA, number=7))
    assert sum(step.effect for step in found.steps) == found.weekly_cost_pence > 24690 + price_of(2400, 1300)


# ── what an employer pays besides pay, skills, and the council's own services ─────────────────────────────────────
def test_a_pa_line_on_a_direct_payment_contains_what_its_council_says_employing_costs() -> None:
    """Insurance 1.17, payroll 10.00, sick pay 2.37, training 1.92 a week, and 2.44 more for cover, as it reckons with a week of
    sickness; the second job needs no second insurance."""
    lines = [line(600, PA), line(600, PA, number=2)]
    plain, full = (
        adequate(lines, 0, Market("north", (listing(1271, kind=PA),), policy)).weekly_cost_pence
        for policy in (NOW, DEMO)
    )
    assert full - plain == 2 * (1000 + 237 + 192 + 244) + 117


def test_a_pa_whom_the_council_employs_costs_the_price_that_is_listed() -> None:
    """The council bears what employing adds; the person pays no payroll."""
    managed = line(600, PA, route=Route.COUNCIL_MANAGED)
    found = adequate([managed], 0, Market("north", (listing(1271, kind=PA),), DEMO))
    assert [step.rule for step in found.steps] == ["ADEQ-1"]
    assert found.weekly_cost_pence == 12710
    assert adequate([managed], 0, Market("north", (), DEMO)).weekly_cost_pence == managed.weekly_pence


def test_only_listings_with_the_skills_a_line_needs_set_its_price() -> None:
    speaks = listing(3000, number=2, skills=("language:bn", "hoist"))
    found = verdict(0, [line(600, skills=("language:bn",))], listing(2469), speaks)
    assert found.weekly_cost_pence == 30000
    nobody = verdict(0, [line(600, skills=("signing",))], listing(2469), speaks)
    assert [why.code for _, why in nobody.warnings] == ["nobody_listed"]


def test_in_house_support_costs_its_internal_price() -> None:
    assert verdict(0, [line(600, IN_HOUSE)], listing(2100, kind=IN_HOUSE)).weekly_cost_pence == 21000


@pytest.mark.parametrize(
    ("rule", "codes"),
    [
        (InhouseRule.NEVER, ["inhouse_not_by_direct_payment"]),
        (InhouseRule.ONE_OFF, ["inhouse_not_by_direct_payment"]),
        (InhouseRule.ALLOWED, []),
    ],
)
def test_case_20_a_standing_in_house_line_on_a_direct_payment_goes_by_the_policy_row(
    rule: InhouseRule, codes: list[str]
) -> None:
    """TLAP, Paying for in-house services with a direct payment."""
    wanted = line(600, IN_HOUSE, route=Route.DIRECT_PAYMENT)
    found = adequate([wanted], 0, Market("north", (listing(2100, kind=IN_HOUSE),), NOW, rule))
    assert [why.code for _, why in found.warnings] == codes
    assert found.forbidden == ((wanted.line_id,) if codes else ())


def test_case_20_no_figure_makes_a_forbidden_line_adequate_and_what_else_is_open_is_said() -> None:
    """TLAP, Paying for in-house services with a direct payment: a standing weekly arrangement under ONE_OFF is blocked."""
    wanted, other = line(600, IN_HOUSE, route=Route.DIRECT_PAYMENT), line(600, number=2)
    sold = (listing(2100, kind=IN_HOUSE), listing(2300, number=2), listing(1200, number=3, kind=PA))
    found = adequate([wanted, other], 10**6, Market("north", sold, NOW, InhouseRule.ONE_OFF))
    assert (found.short_pence, found.adequate) == (0, False)
    (said,) = found.shortfalls
    assert (said.line_id, said.short_pence, said.because.code) == (wanted.line_id, 0, "inhouse_not_by_direct_payment")
    assert {each.supplier_kind for each in found.alternatives} == {PROVIDER, PA}


@pytest.mark.parametrize("route", [Route.COUNCIL_MANAGED, Route.ISF])
def test_case_20_the_row_is_about_direct_payments_alone(route: Route) -> None:
    """TLAP, as above: what the council manages buys its own services as it likes."""
    wanted = line(600, IN_HOUSE, route=route)
    found = adequate([wanted], 10**6, Market("north", (listing(2100, kind=IN_HOUSE),), NOW, InhouseRule.NEVER))
    assert (found.forbidden, found.adequate) == ((), True)


def test_in_house_support_is_no_alternative_to_a_direct_payment_unless_the_policy_allows_it() -> None:
    sold = (listing(3000, kind=PA), listing(1000, number=2, kind=IN_HOUSE))
    found = [adequate([line(600, PA)], 0, Market("north", sold, NOW, rule)).alternatives for rule in InhouseRule]
    assert [len(each) for each in found] == [0, 0, 1]


KINDS = st.sampled_from(list(SupplierKind))
ANY_LISTING = st.builds(
    listing, st.integers(0, 5000), st.integers(0, 12000), KINDS, st.integers(1, 50), support=st.sampled_from(Support)
)
ANY_LINE = st.builds(
    line,
    st.integers(5, 6000),
    KINDS,
    st.integers(1, 9),
    st.integers(0, 5000),
    route=st.sampled_from(Route),
    support=st.sampled_from(Support),
)


@given(
    st.lists(ANY_LINE, min_size=1, max_size=5, unique_by=lambda each: each.line_id), st.integers(0, 10**6), st.data()
)
def test_the_steps_of_a_verdict_add_up_to_what_the_plan_costs_and_each_shortage_to_its_parts(
    lines: list[PlanLine], budget: int, data: st.DataObject
) -> None:
    """Guidance 11.24, over any market, any kinds and routes, with and without what councils say employing costs."""
    sold = tuple(data.draw(st.lists(ANY_LISTING, max_size=6, unique_by=lambda each: each.listing_id)))
    found = adequate(lines, budget, Market("north", sold, data.draw(st.sampled_from([NOW, DEMO]))))
    assert found.weekly_cost_pence == sum(step.effect for step in found.steps)
    assert found.short_pence == max(found.weekly_cost_pence - budget, 0)
    assert all(one.short_pence == one.cost_pence - one.budget_pence for one in found.shortfalls)
    assert bool(found.shortfalls) == bool(found.short_pence)
    assert sum(one.short_pence for one in found.shortfalls) >= found.short_pence


def runs(of: PlanLine, price: int, **more: Any) -> Running:
    """The person's own order for the line, as it was placed."""
    said: dict[str, Any] = {
        "line_id": of.line_id,
        "supplier_id": UUID(int=7),
        "kind": of.kind_wanted,
        "route": of.route,
        "hourly_pence": price,
        "weekly_pence": price_of(of.weekly_minutes, price),
        "weekly_minutes": of.weekly_minutes,
    }
    return Running(**said | more)


def with_running(budget: int, lines: Sequence[PlanLine], running: Running, *listings: Listing) -> Verdict:
    return adequate(lines, budget, Market("north", listings, DEMO, running=(running,)))


def test_a_line_that_goes_on_costs_what_its_order_does_and_has_the_room_that_order_takes() -> None:
    """Guidance 11.24: the market became dearer and is full, and nobody needs to buy this anew."""
    goes_on = line(600)
    found = with_running(20000, [goes_on], runs(goes_on, 2000), listing(2469, room=0))
    assert (found.weekly_cost_pence, found.short_pence, found.warnings) == (20000, 0, ())
    assert [step.rule for step in found.steps] == ["ADEQ-3"]
    (short,) = with_running(19999, [goes_on], runs(goes_on, 2000), listing(2469, room=0)).shortfalls
    assert (short.short_pence, short.because.code) == (1, "goes_on")


@pytest.mark.parametrize("changed", [{"line_id": UUID(int=2)}, {"weekly_minutes": 601}, {"route": Route.ISF}])
def test_a_line_that_is_changed_is_bought_anew_at_what_the_market_asks(changed: dict[str, Any]) -> None:
    before = line(600)
    after = before.model_copy(update=changed)
    found = with_running(10**6, [after], runs(before, 2000), listing(2469, room=0))
    assert found.weekly_cost_pence == price_of(after.weekly_minutes, 2469)
    assert [reason.code for _, reason in found.warnings] == ["no_room"]


def test_a_share_of_what_was_bought_together_is_what_the_order_costs_not_its_hours_at_its_price() -> None:
    goes_on = line(600)
    assert with_running(0, [goes_on], runs(goes_on, 2000, weekly_pence=7000)).weekly_cost_pence == 7000


def test_a_pa_who_goes_on_costs_what_employing_at_the_wage_paid_costs_and_one_of_the_pool_their_price() -> None:
    """RULES §4: one insurance and one allowance an employer, whoever of several jobs goes on."""
    goes_on, new = line(900, PA, 1), line(300, PA, 2)
    listed = (listing(1375, kind=PA),)
    market = Market("north", listed, DEMO)
    own = runs(goes_on, 1375, employs=True)
    anew = adequate([goes_on, new], 0, market).weekly_cost_pence
    assert with_running(0, [goes_on, new], own, *listed).weekly_cost_pence == anew
    dearer = with_running(0, [goes_on, new], runs(goes_on, 1475, employs=True), *listed).weekly_cost_pence
    assert dearer > anew + price_of(900, 100)
    pool = with_running(0, [goes_on], runs(goes_on, 1490)).weekly_cost_pence
    assert pool == price_of(900, 1490)
