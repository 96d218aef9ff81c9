"""Orders, visits and claims find their money, in whatever order their facts arrive."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest

from shared.contracts.base import Fact
from shared.contracts.marketplace import VisitFrustrated
from shared.testing.facts import Speaker, hear, reader_of
from shared.testing.harness import Running
from shared.testing.tokens import OTHER_COUNCIL
from tests.integration.budget.journey import COMMITTED, COSTS, NOW, YEAR, Person, World, a_line, a_listing, balances


def dearer(person: Person) -> Any:
    """An order at £30.00 an hour, where the plan was agreed at £24.69."""
    return person.ordered(a_line(hourly_pence=3000))


async def test_an_order_waits_until_its_plan_is_agreed(world: World) -> None:
    person = await world.indicated(Person())
    await world.finalised(person)
    await world.says(person.ordered())
    assert (await world.last())[0] == "budget.finalised.v1"
    assert [each["state"] for each in (await world.ledger(person))["commitments"]] == ["waiting"]
    await world.says(person.agreed())
    kind, fact = await world.last()
    assert (kind, fact["pence"]) == ("budget.funds_committed.v1", COMMITTED)


async def test_a_visit_and_a_claim_that_come_before_their_order_are_kept_and_posted_when_it_comes(world: World) -> None:
    person = await world.funded(Person())
    claim = person.accepted(5000, 5100)
    await world.says(person.visited(5100), claim)
    assert (await world.purse(person))["delivered"] == 0
    refused = await world.budget.as_("finance").post(f"/v1/claims/{claim.claim_id}/pay")
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/not-posted-yet")
    await world.says(person.ordered())
    purse = await world.purse(person)
    assert (purse["delivered"], purse["committed"], purse["disputed"]) == (5000, COMMITTED - 5000, 0)


async def test_whatever_order_the_facts_come_in_the_books_end_the_same(world: World) -> None:
    """Assessment's and marketplace's facts may overtake each other; each service's own stay in their order."""
    ends = []
    for places in sorted(set(permutations("ammm"))):
        person = await world.indicated(Person())
        await world.finalised(person)
        agreed, market = person.agreed(), [person.ordered(), person.visited(6000), person.accepted(5500, 6000)]
        await world.says(*(agreed if place == "a" else market.pop(0) for place in places))
        ledger = await world.ledger(person)
        ends.append({(kind, name): ledger[kind][0][name] for kind, names in KEPT.items() for name in names})
    assert all(end == ends[0] for end in ends)
    assert ends[0]["purses", "delivered"] == 5500


KEPT = {
    "purses": ("allocated", "available", "committed", "delivered", "disputed"),
    "commitments": ("state", "weekly_pence", "first", "last"),
    "positions": ("year", "committed", "delivered", "disputed", "paid"),
}


async def test_hearing_everything_again_changes_nothing(world: World) -> None:
    person = await world.indicated(Person())
    await world.finalised(person)
    records = world.records(person.agreed(), person.ordered(), person.visited(), person.accepted(2400, 2469))
    await hear(world.budget, records)
    before, said = await world.ledger(person), len(await world.said())
    assert before["purses"][0]["delivered"] == 2400
    await hear(world.budget, records)
    assert await world.ledger(person) == before
    assert len(await world.said()) == said


async def test_an_order_dearer_than_the_budget_opens_a_recosting_and_is_committed_once_the_figure_rises(
    world: World,
) -> None:
    person = await world.funded(Person())
    await world.says(dearer(person))
    kind, short = await world.last()
    assert (kind, short["short_pence"]) == ("budget.funds_short.v1", 1508571 - COMMITTED)
    assert short["recost_by"] == "2050-01-17"
    (waiting,) = (await world.ledger(person))["commitments"]
    assert (waiting["state"], waiting["owner_team"]) == ("short", "older-people-north")

    await world.finalised(person, 120000, reason="Synthetic: nobody else can be found.")
    kind, committed = await world.last()
    assert (kind, committed["pence"]) == ("budget.funds_committed.v1", 1508571)
    (now,) = (await world.ledger(person))["commitments"]
    assert (now["state"], now["recost_by"], now["short_pence"]) == ("committed", None, 0)


async def test_what_was_delivered_while_an_order_is_short_is_a_disputed_liability_said_once_and_covered_later(
    world: World,
) -> None:
    person = await world.funded(Person())
    await world.says(dearer(person), person.visited(3000), person.visited(3000))
    assert (await world.kinds()).count("liability_disputed") == 1
    assert (await world.purse(person))["disputed"] == 6000
    await world.finalised(person, 120000, reason="Synthetic: nobody else can be found.")
    purse = await world.purse(person)
    assert (purse["disputed"], purse["delivered"], purse["committed"]) == (0, 6000, 1508571 - 6000)


async def test_what_exceeds_a_commitment_is_covered_when_the_figure_rises(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), person.visited(COMMITTED + 700))
    assert (await world.purse(person))["disputed"] == 700
    await world.finalised(person, COSTS + 100, reason="Synthetic: a visit more was needed.")
    purse = await world.purse(person)
    assert (purse["disputed"], purse["available"]) == (0, 1242811 - COMMITTED - 700)


async def test_a_visit_nobody_opened_the_door_to_is_payable(world: World) -> None:
    person = await world.funded(Person())
    frustrated = VisitFrustrated(
        **person.visited(1235).model_dump(exclude={"started_at"}), planned_at=NOW, because="no_answer"
    )
    await world.says(person.ordered(), frustrated)
    assert (await world.purse(person))["delivered"] == 1235


async def test_the_day_of_a_visit_is_london_s(world: World) -> None:
    person = await world.funded(Person())
    half_past_midnight = datetime(2050, 3, 31, 23, 30, tzinfo=UTC)
    await world.says(person.ordered(), person.visited(at=half_past_midnight))
    assert (await world.purse(person, date(2050, 4, 1)))["disputed"] == 2469
    assert (await world.purse(person))["delivered"] == 0


async def test_the_person_s_part_becomes_their_part_of_the_year_s_money(world: World) -> None:
    person = await world.indicated(Person())
    await world.finalised(person, person_pence=6771)
    await world.says(person.agreed())
    purse = await world.purse(person)
    assert (purse["contribution"], purse["allocated"]) == (85121, COMMITTED - 85121)


async def test_a_lower_figure_may_not_take_away_what_is_committed(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), a_listing(1375))
    where = f"/v1/budgets/{person.budget_id}/finalise"
    refused = await world.budget.as_("budget_officer").post(where, world.figure(person, 55000))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/less-than-committed")
    assert refused.json()["short_pence"] == COMMITTED - 691429
    assert (await world.the_budget_of(person))["weekly_pence"] == COSTS


async def test_a_fact_that_names_another_budget_is_parked_and_posts_nothing(world: World) -> None:
    person, other = await world.funded(Person()), await world.funded(Person())
    await world.says(person.ordered(), person.visited(budget_id=other.budget_id))
    assert [row["code"] for row in await world.budget.rows("select code from parked")] == ["rule_raised"]
    assert [(await world.purse(each))["delivered"] for each in (person, other)] == [0, 0]


async def test_another_council_s_facts_with_the_same_ids_touch_nothing_here(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered())
    before = await world.ledger(person)
    elsewhere = World(world.budget, Speaker(OTHER_COUNCIL, NOW))
    await elsewhere.says(person.visited(), person.agreed())
    assert await world.ledger(person) == before
    where = f"/v1/budgets/{person.budget_id}"
    for path in (where, f"{where}/ledger", f"{where}/explanation"):
        assert (await world.budget.as_("finance", council=OTHER_COUNCIL).get(path)).status_code == 404


async def test_many_facts_of_many_people_in_one_batch_end_as_if_each_had_come_alone(world: World) -> None:
    people = [await world.indicated(Person()) for _ in range(3)]
    for person in people:
        await world.finalised(person)
    facts: list[Fact] = [fact for person in people for fact in (person.agreed(), person.ordered(), person.visited())]
    await reader_of(world.budget).attempt(world.records(*facts))
    await balances(world.budget)
    for person in people:
        purse = await world.purse(person)
        assert (purse["committed"], purse["delivered"]) == (COMMITTED - 2469, 2469)


@pytest.mark.parametrize("nobody", ["plan", "order", "claim"])
async def test_what_is_not_there_is_not_found(budget: Running, nobody: str) -> None:
    paths = {"plan": f"/v1/plans/{uuid4()}/adequacy", "order": f"/v1/budgets/{uuid4()}/ledger"}
    if nobody == "claim":
        answer = await budget.as_("finance").post(f"/v1/claims/{uuid4()}/pay")
    else:
        answer = await budget.as_("finance").get(paths[nobody])
    assert answer.status_code == 404


async def test_the_ledger_is_read_in_pages_in_the_order_it_was_posted(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), *(person.visited() for _ in range(3)))
    seen, cursor = [], None
    while True:
        page = await world.ledger(person, limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [(each["number"], each["verb"]) for each in page["journals"]]
        if (cursor := page["next_cursor"]) is None:
            break
    verbs = ["allocate", "commit", "deliver", "deliver", "deliver"]
    assert seen == list(enumerate(verbs, 1))
    assert page["purses"][0]["year"] == str(YEAR)


# ── orders that are no longer wanted ──────────────────────────────────────────────────────────────────────────────
async def test_a_cancelled_order_releases_all_that_was_set_aside_for_it(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered())
    before = await world.purse(person)
    await world.says(person.cancelled())
    after = await world.purse(person)
    assert (after["committed"], after["available"]) == (0, before["available"] + COMMITTED)
    kind, fact = await world.last()
    assert (kind, fact["order_id"], fact["pence"]) == ("budget.funds_released.v1", str(person.order_id), COMMITTED)
    assert [each["state"] for each in (await world.ledger(person))["commitments"]] == ["released"]


async def test_an_ended_order_keeps_what_its_last_days_may_still_cost(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), person.ended(weeks=2))
    assert (await world.purse(person))["committed"] == 2 * a_line().weekly_pence
    await world.says(person.visited(6000))
    purse = await world.purse(person)
    assert (purse["delivered"], purse["disputed"], purse["committed"]) == (6000, 0, 2 * a_line().weekly_pence - 6000)


async def test_money_that_is_released_goes_to_an_order_that_was_short(world: World) -> None:
    person = await world.funded(Person())
    first, second = person.ordered(), person.ordered(order_id=uuid4())
    await world.says(first, second)
    assert (await world.last())[0] == "budget.funds_short.v1"
    await world.says(person.cancelled())
    kind, fact = await world.last()
    assert (kind, fact["order_id"]) == ("budget.funds_committed.v1", str(second.order_id))


async def test_an_order_that_ends_while_it_waits_leaves_its_visits_posted_as_disputed(world: World) -> None:
    person = await world.indicated(Person())
    await world.finalised(person)
    await world.says(person.ordered(), person.visited(6000), person.ended(weeks=1), person.agreed())
    purse = await world.purse(person)
    assert (purse["delivered"], purse["committed"]) == (6000, 0)


async def test_nothing_is_rolled_into_the_next_year_for_an_order_that_ended(world: World) -> None:
    person = await world.funded(Person())
    await world.says(person.ordered(), person.ended(weeks=1))
    assert await world.budget.rows("select 1 from due where name = 'commitment_ends'") == []
