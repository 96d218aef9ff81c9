"""What is of whoever employs PAs is shown once, and counts, lapses and is asked for at each of their PAs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.contracts.base import Route, SupplierKind
from tests.integration.marketplace.journey import Market, a_line, a_plan, sweep, today
from tests.integration.marketplace.test_readiness import go_to, start

INSURANCE = "employers_liability"
THEIRS = (INSURANCE, "payroll", "pension", "cover_plan")
OWN = ("right_to_work", "contract")
LINE = a_line(kind_wanted=SupplierKind.PA, route=Route.DIRECT_PAYMENT)


async def an_order_with(market: Market, pa: dict[str, Any]) -> dict[str, Any]:
    """Confirmed; it starts today."""
    listing = await market.a_listing(pa)
    plan = a_plan(LINE, starts_on=today(), person_id=UUID(pa["for_person_id"] or str(uuid4())))
    await market.a_requirement(plan)
    wanted = (await market.broker.read("/v1/requirements", person_id=str(plan.person_id)))["items"]
    requirement = next(each for each in wanted if each["plan_id"] == str(plan.plan_id))
    offer = await market.an_offer(requirement, listing)
    order: dict[str, Any] = await market.supplier(pa["supplier_id"]).done(f"/v1/offers/{offer['offer_id']}/accept")
    await market.commit(order)
    read: dict[str, Any] = await market.broker.read(f"/v1/orders/{order['order_id']}")
    return read


async def two_pas(market: Market, **more: Any) -> list[dict[str, Any]]:
    """Of one employer; each has what is their own."""
    pas = [await market.a_supplier(kind="pa", **{"employer": "person"} | more) for _ in range(2)]
    for pa in pas:
        await market.shows(pa["supplier_id"], *OWN)
    return pas


async def test_what_an_employer_shows_once_counts_for_each_of_their_pas_and_for_nobody_elses(market: Market) -> None:
    first, second = await two_pas(market)
    others = await market.a_supplier(kind="pa", employer="person", for_person_id=str(uuid4()))
    nominees = await market.a_supplier(kind="pa", employer="nominee")
    await market.shows(others["supplier_id"], *OWN)
    order = await an_order_with(market, second)
    assert order["missing"] == list(THEIRS)
    shown = await market.shows(first["supplier_id"], *THEIRS)
    assert await sweep(market)
    assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["missing"] == []
    assert (await start(market, order)).status_code == 200
    assert (await an_order_with(market, others))["missing"] == list(THEIRS)
    assert len({each["employer_id"] for each in (first, second, others, nominees)}) == 3
    assert {each["employer_id"] for each in shown} == {first["employer_id"]}
    theirs, own = [], "employer_id"
    for pa in (first, second):
        listed = (await market.commissioner.read(f"/v1/suppliers/{pa['supplier_id']}/evidence"))["items"]
        assert {each["supplier_id"] for each in listed} == {pa["supplier_id"]}
        theirs.append({each["evidence_id"] for each in listed if each[own]})
        assert {each["kind"] for each in listed if not each[own]} == set(OWN)
    assert theirs[0] == theirs[1] == {each["evidence_id"] for each in shown}


async def test_who_is_hired_later_is_insured_already(market: Market) -> None:
    first = await market.a_supplier(kind="pa", employer="person")
    await market.shows(first["supplier_id"], *THEIRS)
    hired = await market.a_supplier(kind="pa", employer="person")
    assert (await an_order_with(market, hired))["missing"] == list(OWN)


async def test_it_is_said_of_each_pa_under_one_id(market: Market) -> None:
    first, second = await two_pas(market)
    (shown,) = await market.shows(first["supplier_id"], INSURANCE)
    await sweep(market)
    said = [one for one in await market.said("evidence_recorded") if one["kind"] == INSURANCE]
    assert {(one["supplier_id"], one["evidence_id"], one["is_of_employer"]) for one in said} == {
        (pa["supplier_id"], shown["evidence_id"], True) for pa in (first, second)
    }
    assert len(said) == 2


async def test_a_lapse_of_the_employers_insurance_warns_and_asks_for_cover_at_every_pa(market: Market) -> None:
    pas = await two_pas(market)
    last = today() + timedelta(days=60)
    await market.shows(pas[0]["supplier_id"], *THEIRS[1:])
    await market.shows(pas[0]["supplier_id"], INSURANCE, holds_until=str(last))
    await sweep(market)
    orders = [await an_order_with(market, pa) for pa in pas]
    for order in orders:
        assert (await start(market, order)).status_code == 200
    both = {pa["supplier_id"] for pa in pas}
    for days in (28, 7, -1):
        await go_to(market, last - timedelta(days=days))
    lapsing, lapsed = await market.said("evidence_lapsing"), await market.said("evidence_lapsed")
    assert {(one["supplier_id"], one["days_left"]) for one in lapsing} == {(pa, n) for pa in both for n in (28, 7)}
    assert {one["supplier_id"] for one in lapsed} == both
    assert [one["running_orders"] for one in lapsed] == [1, 1]
    asked = await market.said("cover_asked")
    assert {one["order_id"] for one in asked} == {one["order_id"] for one in orders}
    assert {one["because"] for one in asked} == {"evidence_lapsed"}
    for order in orders:
        assert (await market.broker.read(f"/v1/orders/{order['order_id']}"))["state"] == "started"


async def test_a_new_insurance_seen_at_one_ends_the_cover_of_the_other(market: Market) -> None:
    pas = await two_pas(market)
    last = today() + timedelta(days=1)
    await market.shows(pas[0]["supplier_id"], *THEIRS[1:])
    await market.shows(pas[0]["supplier_id"], INSURANCE, holds_until=str(last))
    order = await an_order_with(market, pas[1])
    assert (await start(market, order)).status_code == 200
    pool = await market.a_supplier(kind="pa", employer="pool")
    await market.shows(pool["supplier_id"], INSURANCE, "registration", "criminal_record_check", *OWN)
    await market.a_listing(pool)
    await go_to(market, last + timedelta(days=1))
    (arranged,) = await market.said("cover_arranged")
    assert arranged["step"] == "pool"
    await market.shows(pas[0]["supplier_id"], INSURANCE, holds_from=str(last + timedelta(days=1)))
    await sweep(market)
    assert [one["cover_id"] for one in await market.said("cover_ended")] == [arranged["cover_id"]]


async def test_the_pools_insurance_covers_whoever_stands_in_for_them(market: Market) -> None:
    """Who is of the pool is chosen for a cover by the pool's evidence, seen at another of it."""
    elsewhere = await market.a_supplier(kind="pa", employer="pool")
    await market.shows(elsewhere["supplier_id"], INSURANCE, "registration")
    pool = await market.a_supplier(kind="pa", employer="pool")
    await market.shows(pool["supplier_id"], "criminal_record_check", *OWN)
    await market.a_listing(pool)
    (pa, _) = await two_pas(market)
    await market.shows(pa["supplier_id"], *THEIRS)
    order = await an_order_with(market, pa)
    assert (await start(market, order)).status_code == 200
    days = {"first": str(today() + timedelta(days=1)), "last": str(today() + timedelta(days=2))}
    await market.broker.done(f"/v1/orders/{order['order_id']}/absences", days | {"because": "holiday"})
    (arranged,) = await market.said("cover_arranged")
    assert arranged["step"] == "pool"


async def test_was_cover_in_force_is_answered_from_the_employers_insurance(market: Market) -> None:
    """RULES §9 case 29; a fine is the employer's, once, from the day the first of their PAs began."""
    first, second = await two_pas(market)
    last = today() - timedelta(days=10)
    (shown,) = await market.shows(first["supplier_id"], INSURANCE, holds_until=str(last))
    where = f"/v1/suppliers/{second['supplier_id']}"
    for day, covered in ((last, True), (last + timedelta(days=1), False)):
        body = {"happened_on": str(day), "what_happened": "Synthetic: a back was hurt."}
        injury = await market.commissioner.done(f"{where}/injuries", body)
        assert (injury["covered"], injury["evidence_id"]) == (covered, shown["evidence_id"] if covered else None)
        assert (await market.commissioner.read(f"{where}/insurance", on=str(day)))["covered"] is covered


async def test_sick_pay_is_reckoned_for_the_days_they_cannot_work_and_stays_here(market: Market) -> None:
    """RULES §4.2: from the agreed wage and the days on which they work; said again, it is reckoned anew."""
    (pa, _) = await two_pas(market)
    await market.shows(pa["supplier_id"], *THEIRS)
    order = await an_order_with(market, pa)
    assert (await start(market, order)).status_code == 200
    body = {"happened_on": str(today()), "what_happened": "Synthetic: a back was hurt."}
    injury = await market.commissioner.done(f"/v1/suppliers/{pa['supplier_id']}/injuries", body)
    assert (injury["away"], injury["sick_pay_pence"], injury["sick_pay_steps"]) == (None, None, [])
    away = {"first": str(today()), "last": str(today() + timedelta(days=13))}
    where = f"/v1/injuries/{injury['injury_id']}/away"
    said = await market.commissioner.done(where, away)
    assert said["away"] == away
    assert said["sick_pay_pence"] == sum(step["effect"] for step in said["sick_pay_steps"]) > 0
    assert said["sick_pay_steps"][0]["code"] == "days_away"
    longer = await market.commissioner.done(where, away | {"last": str(today() + timedelta(days=27))})
    assert longer["sick_pay_pence"] > said["sick_pay_pence"]
    before = await market.commissioner.post(where, away | {"first": str(today() - timedelta(days=1))})
    assert [(each["field"], each["rule"]) for each in before.json()["errors"]] == [("away", "INJURY-2")]
    assert not any("away" in str(fact) or "pence" in str(fact) for fact in await market.said("injury_reported"))


async def test_of_the_pool_sick_pay_is_reckoned_by_what_it_pays(market: Market) -> None:
    """What a pool's hour costs is no wage; where nobody said what is paid, nothing is guessed."""
    pool = await market.a_supplier(kind="pa", employer="pool")
    body = {
        "happened_on": str(today()),
        "what_happened": "Synthetic.",
        "away": {"first": str(today()), "last": str(today())},
    }
    where = f"/v1/suppliers/{pool['supplier_id']}/injuries"
    unknown = await market.commissioner.done(where, body)
    assert (unknown["sick_pay_pence"], unknown["sick_pay_steps"][0]["code"]) == (0, "no_work_known")


async def test_what_is_of_an_employer_is_seen_by_their_pas_and_no_other_supplier(market: Market) -> None:
    first, second = await two_pas(market)
    others = await market.a_supplier(kind="pa", employer="person", for_person_id=str(uuid4()))
    await market.shows(first["supplier_id"], *THEIRS)
    kept = "/v1/suppliers/{}/evidence".format
    seen = (await market.supplier(second["supplier_id"]).read(kept(second["supplier_id"])))["items"]
    assert {each["kind"] for each in seen} == {*THEIRS, *OWN}
    assert first["supplier_id"] not in str(seen)
    for one in (others, await market.a_supplier()):
        for pa in (first, second):
            assert (await market.supplier(one["supplier_id"]).get(kept(pa["supplier_id"]))).status_code == 404
        assert (await market.supplier(one["supplier_id"]).read(kept(one["supplier_id"])))["items"] == []
