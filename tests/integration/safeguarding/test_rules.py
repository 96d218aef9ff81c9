"""Every rule over events, on the servers: heard, found, owned, acknowledged and closed; a replay raises nothing new."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pytest

from shared.contracts.assessment import (
    ChallengeAnswered,
    ChallengeMade,
    Matter,
    ReablementEnded,
    ReablementStarted,
    RouteSwitched,
    UrgentSupportAgreed,
    UrgentSupportEnded,
)
from shared.contracts.base import Fact, Period, PlanLine, PolicyRef, Route, SupplierKind, Support
from shared.contracts.budget import (
    BudgetFinalised,
    BudgetInadequate,
    BudgetIndicated,
    MoneyPaidOut,
    SpendingAccountedFor,
)
from shared.contracts.marketplace import ClaimSubmitted, OrderEnded, OrderPlaced, SupportStarted, VisitRecorded
from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running
from tests.integration.safeguarding.heard import ANN, BEN, FIRM, OTHER_FIRM, PLAN, agreed, alerts, line
from tests.integration.safeguarding.test_concerns import raised
from tests.integration.sweeping import sweep_at
from tests.unit.safeguarding import test_single_facts as single

JUNE = date(2024, 6, 3)


async def rules_found(safeguarding: Running) -> dict[str, tuple[str, str]]:
    found = await alerts(safeguarding.as_("safeguarding_practitioner"))
    return {one["rule"]: (one["kind"], one["owner"]) for one in found}


async def test_facts_that_are_alerts_by_themselves_are_raised_once_and_a_replay_adds_nothing(
    safeguarding: Running,
) -> None:
    facts: list[Fact] = [
        single.REQUEST, single.REFUSAL, single.LAPSED, single.LAPSING, single.BLOCKED, single.INJURY, single.NO_COVER,
        single.CLOSURE, single.REACHED, single.LEFT, single.TAKE_UP, single.UNPAID,
    ]  # fmt: skip
    speaker = Speaker()
    await hear(safeguarding, [speaker.say(fact) for fact in facts])
    await hear(safeguarding, [speaker.say(fact) for fact in facts])  # said anew, at places of their own
    found = await rules_found(safeguarding)
    assert found == {
        "discriminatory_request": ("equality", "team"),
        "discriminatory_refusal": ("equality", "commissioner"),
        "evidence_lapsed": ("compliance", "commissioner"),
        "evidence_lapsing": ("operational", "commissioner"),
        "start_blocked": ("operational", "team"),
        "injury_not_covered": ("compliance", "commissioner"),
        "cover_not_found": ("safeguarding", "team"),
        "closure_leaves_unserved": ("safeguarding", "commissioner"),
        "closure_leaves_person_unserved": ("safeguarding", "team"),
        "left_at_closing": ("safeguarding", "team"),
        "take_up_fell": ("operational", "commissioner"),
        "payment_withheld": ("operational", "team"),
    }
    asked_for = [(kind, asked["person_id"], asked["by"]) for kind, asked in await safeguarding.outbox()]
    assert all(one["state"] == "open" for one in await alerts(safeguarding.as_("safeguarding_practitioner")))
    assert (
        asked_for == [("safeguarding.welfare_check_asked.v1", str(ANN), "2024-06-03")] * 2
    )  # no cover; left at a closing


async def test_a_human_acknowledges_closes_with_a_reason_and_makes_a_concern_of_an_alert(safeguarding: Running) -> None:
    await hear(safeguarding, Speaker().say(single.NO_COVER))
    someone = safeguarding.as_("safeguarding_practitioner")
    (alert,) = await alerts(someone)
    where = f"/v1/alerts/{alert['alert_id']}"
    concern = await raised(safeguarding, alert_id=alert["alert_id"])
    assert (await someone.read(concern))["alert_id"] == alert["alert_id"]
    await someone.done(f"{where}/acknowledge")
    assert (await someone.post(f"{where}/close")).status_code == 422
    closed = await someone.done(f"{where}/close", {"reason": "Synthetic: a neighbour came."})
    assert (closed["state"], closed["closed_by"]) == ("closed", "safeguarding_practitioner")


# ── what stands too long ──────────────────────────────────────────────────────────────────────────────────────────────
SHORT = BudgetInadequate(
    budget_id=PLAN, plan_id=PLAN, revision=1, person_id=ANN, weekly_budget_pence=1, weekly_cost_pence=2, short_pence=1,
    shortfalls=(), alternatives=(),
)  # fmt: skip
ENOUGH = BudgetFinalised(
    budget_id=PLAN, plan_id=PLAN, revision=1, person_id=ANN, weekly_pence=2, council_pence=2, person_pence=0,
    yearly_pence=104, lines=(),
)  # fmt: skip


async def test_a_budget_that_is_short_for_fourteen_days_is_an_alert_to_the_team(safeguarding: Running) -> None:
    budget = Speaker()
    await hear(safeguarding, [budget.say(SHORT), budget.say(SHORT, now=datetime(2024, 6, 10, tzinfo=UTC))])
    assert await sweep_at(safeguarding, JUNE + timedelta(days=13)) == 0
    assert await sweep_at(safeguarding, JUNE + timedelta(days=14)) == 1
    (alert,) = await alerts(safeguarding.as_("safeguarding_practitioner"))
    assert (alert["rule"], alert["kind"], alert["owner"]) == ("budget_still_short", "operational", "team")
    assert alert["explanation"] == "The budget does not buy the plan since 2024-06-03, for 14 days."


async def test_a_budget_that_became_enough_is_no_alert(safeguarding: Running) -> None:
    budget = Speaker()
    await hear(safeguarding, [budget.say(SHORT), budget.say(ENOUGH, now=datetime(2024, 6, 10, tzinfo=UTC))])
    assert await sweep_at(safeguarding, JUNE + timedelta(days=40)) == 0
    assert await alerts(safeguarding.as_("safeguarding_practitioner")) == []


CHALLENGE = ChallengeMade(
    challenge_id=PLAN, person_id=ANN, matter=Matter.BUDGET, matter_id=PLAN, answer_by=date(2024, 7, 1), team="north"
)


@pytest.mark.parametrize("answered", [False, True])
async def test_a_challenge_without_its_answer_is_an_alert_the_day_after(safeguarding: Running, answered: bool) -> None:
    speaker = Speaker()
    said = [speaker.say(CHALLENGE)]
    if answered:
        answer = ChallengeAnswered(challenge_id=PLAN, person_id=ANN, upheld=False, answered_on=date(2024, 6, 20))
        said.append(speaker.say(answer, now=datetime(2024, 6, 20, tzinfo=UTC)))
    await hear(safeguarding, said)
    assert await sweep_at(safeguarding, date(2024, 7, 1)) == 0
    assert await sweep_at(safeguarding, date(2024, 7, 2)) == (0 if answered else 1)
    assert set(await rules_found(safeguarding)) == (set() if answered else {"answer_overdue"})


EARLY, LAST = UUID(int=400), date(2024, 6, 30)
OF_EARLY = {"person_id": ANN, "team": "north"}
FOR_A_TIME = {"starts_on": JUNE, "until": LAST, **OF_EARLY}
URGENT = UrgentSupportAgreed(urgent_id=EARLY, support=Support.HOME_CARE, weekly_minutes=600, **FOR_A_TIME)
REABLEMENT = ReablementStarted(reablement_id=EARLY, **FOR_A_TIME)
OVER = {"ended_on": date(2024, 6, 28), "outcome": "support_needed", **OF_EARLY}


@pytest.mark.parametrize(
    ("begun", "over"),
    [
        (URGENT, UrgentSupportEnded(urgent_id=EARLY, **OVER)),
        (REABLEMENT, ReablementEnded(reablement_id=EARLY, **OVER)),
    ],
)
@pytest.mark.parametrize("decided", [False, True])
async def test_the_team_is_told_ahead_of_the_last_day_of_early_support_and_on_it_where_nobody_said_what_is_next(
    safeguarding: Running, begun: Fact, over: Fact, decided: bool
) -> None:
    speaker = Speaker()
    await hear(safeguarding, speaker.say(begun, now=datetime(2024, 6, 3, tzinfo=UTC)))
    assert await sweep_at(safeguarding, date(2024, 6, 22)) == 0
    assert await sweep_at(safeguarding, date(2024, 6, 23)) == 1
    assert await rules_found(safeguarding) == {"early_support_ending": ("operational", "team")}
    if decided:
        await hear(safeguarding, speaker.say(over, now=datetime(2024, 6, 28, tzinfo=UTC)))
    assert await sweep_at(safeguarding, LAST) == (0 if decided else 1)
    found = await rules_found(safeguarding)
    assert found.get("early_support_undecided") == (None if decided else ("operational", "team"))


# ── money ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
ORDER = UUID(int=300)


def paid_out(route: Route = Route.DIRECT_PAYMENT) -> MoneyPaidOut:
    period = Period(first=JUNE, last=date(2024, 6, 30))
    return MoneyPaidOut(
        payment_id=uuid5(ORDER, "payment"), order_id=ORDER, budget_id=PLAN, person_id=ANN, route=route, pence=98760,
        period=period, paid_on=JUNE,
    )  # fmt: skip


def visited(at: datetime) -> VisitRecorded:
    return VisitRecorded(
        visit_id=uuid5(ORDER, at.isoformat()), order_id=ORDER, budget_id=PLAN, person_id=ANN, supplier_id=FIRM,
        started_at=at, minutes=60, pence=2469,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at", "rules"),
    [
        (None, {"nothing_delivered"}),
        (datetime(2024, 6, 2, 22, 30, tzinfo=UTC), {"nothing_delivered"}),
        (datetime(2024, 6, 2, 23, 30, tzinfo=UTC), set()),  # 3 June in London
        (datetime(2024, 6, 30, 8, tzinfo=UTC), set()),
        (datetime(2024, 7, 1, 8, tzinfo=UTC), {"nothing_delivered"}),
    ],
)
async def test_money_that_goes_out_where_nobody_came_in_its_period_is_a_safeguarding_alert(
    safeguarding: Running, at: datetime | None, rules: set[str]
) -> None:
    await hear(safeguarding, Speaker().say(paid_out(Route.ISF)))
    if at is not None:
        await hear(safeguarding, Speaker().say(visited(at)))
    assert await sweep_at(safeguarding, date(2024, 7, 7)) == 0
    assert await sweep_at(safeguarding, date(2024, 7, 8)) == 1
    assert set(await rules_found(safeguarding)) == rules


@pytest.mark.parametrize("accounted", [False, True])
async def test_a_direct_payment_that_is_no_longer_spent_is_a_safeguarding_alert(
    safeguarding: Running, accounted: bool
) -> None:
    budget = Speaker()
    said = [budget.say(paid_out())]
    if accounted:
        fact = SpendingAccountedFor(
            claim_id=PLAN, order_id=ORDER, budget_id=PLAN, person_id=ANN, pence=1, unaccounted_pence=98759
        )
        said.append(budget.say(fact, now=datetime(2024, 7, 1, tzinfo=UTC)))
    await hear(safeguarding, [*said, Speaker().say(visited(datetime(2024, 6, 4, 8, tzinfo=UTC)))])
    await sweep_at(safeguarding, JUNE + timedelta(days=56))
    assert await rules_found(safeguarding) == {}
    assert await sweep_at(safeguarding, JUNE + timedelta(days=57)) == 1
    assert set(await rules_found(safeguarding)) == (set() if accounted else {"spending_stopped"})


LINE = UUID(int=301)


def on_its_way(route: Route = Route.DIRECT_PAYMENT) -> OrderPlaced:
    line = PlanLine(
        line_id=LINE, support=Support.HOME_CARE, kind_wanted=SupplierKind.PROVIDER, route=route, pattern=(),
        weekly_minutes=60, hourly_pence=2469, weekly_pence=2469,
    )  # fmt: skip
    return OrderPlaced(
        order_id=ORDER, requirement_id=PLAN, plan_id=PLAN, budget_id=PLAN, person_id=ANN, supplier_id=FIRM,
        supplier_kind=SupplierKind.PROVIDER, line=line, route=route, hourly_pence=2469, weekly_minutes=60,
        weekly_pence=2469, starts_on=JUNE,
    )  # fmt: skip


def switched(first: date, until: date | None) -> RouteSwitched:
    route = Route.COUNCIL_MANAGED if until else Route.DIRECT_PAYMENT
    return RouteSwitched(
        plan_id=PLAN, line_id=LINE, person_id=ANN, route=route, until=until, because="too_ill", holds_from=first
    )


@pytest.mark.parametrize("switch_first", [False, True])
async def test_somebody_relieved_of_a_payment_after_it_went_out_has_that_much_more_time(
    safeguarding: Running, switch_first: bool
) -> None:
    """ADR 18: the council pays those days, so nobody accounts for them; whichever of the three services is heard first."""
    speaker = Speaker()
    ill, paid = speaker.say(switched(date(2024, 6, 11), date(2024, 7, 10))), speaker.say(paid_out())
    market = [speaker.say(one) for one in (on_its_way(), visited(datetime(2024, 6, 4, 8, tzinfo=UTC)))]
    for record in (ill, *market, paid) if switch_first else (paid, *market, ill):
        await hear(safeguarding, record)
    await sweep_at(safeguarding, JUNE + timedelta(days=57))
    assert await rules_found(safeguarding) == {}
    await sweep_at(safeguarding, JUNE + timedelta(days=56 + 30))
    assert await rules_found(safeguarding) == {}
    assert await sweep_at(safeguarding, JUNE + timedelta(days=57 + 30)) == 1
    assert set(await rules_found(safeguarding)) == {"spending_stopped"}


@pytest.mark.parametrize("accounted", [False, True])
async def test_a_fund_whose_monthly_statements_stop_is_an_alert(safeguarding: Running, accounted: bool) -> None:
    budget = Speaker()
    said = [budget.say(paid_out(Route.ISF))]
    if accounted:
        fact = SpendingAccountedFor(
            claim_id=PLAN, order_id=ORDER, budget_id=PLAN, person_id=ANN, pence=1, unaccounted_pence=98759
        )
        said.append(budget.say(fact, now=datetime(2024, 7, 1, tzinfo=UTC)))
    await hear(safeguarding, [*said, Speaker().say(visited(datetime(2024, 6, 4, 8, tzinfo=UTC)))])
    await sweep_at(safeguarding, JUNE + timedelta(days=56))
    assert await rules_found(safeguarding) == {}
    assert await sweep_at(safeguarding, JUNE + timedelta(days=57)) == 1
    assert set(await rules_found(safeguarding)) == (set() if accounted else {"statements_stopped"})


def placed(route: Route) -> OrderPlaced:
    return OrderPlaced(
        order_id=ORDER, requirement_id=PLAN, plan_id=PLAN, budget_id=PLAN, person_id=ANN, supplier_id=FIRM,
        supplier_kind=SupplierKind.PROVIDER, line=line(0), route=route, hourly_pence=2469, weekly_minutes=60,
        weekly_pence=2469, starts_on=JUNE,
    )  # fmt: skip


def begun() -> SupportStarted:
    return SupportStarted(
        order_id=ORDER, plan_id=PLAN, line_id=line(0).line_id, person_id=ANN, supplier_id=FIRM, started_on=JUNE
    )


def claimed(number: int) -> ClaimSubmitted:
    period = Period(first=JUNE, last=JUNE)
    return ClaimSubmitted(
        claim_id=UUID(int=number), order_id=ORDER, person_id=ANN, supplier_id=FIRM, period=period,
        claimed_pence=2469, delivered_pence=2469,
    )  # fmt: skip


def ended() -> OrderEnded:
    return OrderEnded(
        order_id=ORDER, plan_id=PLAN, budget_id=PLAN, person_id=ANN, supplier_id=FIRM, last_day=JUNE,
        because="moved", need_remains=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("route", "more", "days", "rules"),
    [
        (Route.COUNCIL_MANAGED, [], 56, set()),
        (Route.COUNCIL_MANAGED, [], 57, {"claims_stopped"}),
        (Route.COUNCIL_MANAGED, [(claimed(1), 20)], 57, set()),
        (Route.COUNCIL_MANAGED, [(claimed(1), 20)], 76, set()),
        (Route.COUNCIL_MANAGED, [(claimed(1), 20)], 77, {"claims_stopped"}),
        (Route.COUNCIL_MANAGED, [(ended(), 20)], 57, set()),
        (Route.ISF, [], 57, set()),
    ],
    ids=["in time", "never claimed", "claimed", "claimed in time", "and then no more", "over", "paid ahead"],
)
async def test_support_the_council_manages_for_which_nobody_claims_any_more_is_an_alert(
    safeguarding: Running, route: Route, more: list[tuple[Fact, int]], days: int, rules: set[str]
) -> None:
    market = Speaker()
    noon, said = datetime(2024, 6, 3, 12, tzinfo=UTC), [(placed(route), 0), (begun(), 0), *more]
    await hear(safeguarding, [market.say(fact, now=noon + timedelta(days=after)) for fact, after in said])
    await sweep_at(safeguarding, JUNE + timedelta(days=days))
    assert set(await rules_found(safeguarding)) == rules


# ── suppliers and teams ───────────────────────────────────────────────────────────────────────────────────────────────
async def test_three_concerns_about_one_supplier_are_an_alert_that_says_nothing_of_them(safeguarding: Running) -> None:
    for number in range(3):
        await raised(safeguarding, person_id=str(UUID(int=60 + number)))
        await raised(safeguarding, supplier_id=str(OTHER_FIRM)) if number < 2 else None
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    assert await sweep_at(safeguarding, tomorrow) == 2  # a look for each supplier
    (alert,) = await alerts(safeguarding.as_("safeguarding_practitioner"))
    assert (alert["rule"], alert["supplier_id"], alert["person_id"]) == ("concerns_about_supplier", str(FIRM), None)
    assert alert["explanation"] == "3 concerns about this supplier were reported within 90 days."
    assert await safeguarding.outbox() == []
    await raised(safeguarding)
    assert await sweep_at(safeguarding, tomorrow + timedelta(days=1)) == 1
    (more,) = await alerts(safeguarding.as_("safeguarding_practitioner"))
    assert (more["alert_id"], len(more["evidence"])) == (alert["alert_id"], 4)


POLICY = PolicyRef(name="allocation", version="demo-2024", digest="0" * 64, verified=False)


def a_plan(team: str, number: int, route: Route, supplier: UUID, final: int) -> dict[str, Fact]:
    """One person's plan of one line, its figures and its order."""
    person = uuid5(PLAN, f"{team}/{number}")
    own = line(0).model_copy(update={"route": route, "line_id": uuid5(person, "line")})
    plan, budget = uuid5(person, "plan"), uuid5(person, "budget")
    ids: dict[str, Any] = {"person_id": person, "plan_id": plan, "budget_id": budget}
    order: dict[str, Any] = {
        "order_id": uuid5(person, "order"), "requirement_id": plan, "supplier_id": supplier, "route": route,
        "supplier_kind": SupplierKind.PROVIDER, "line": own, "hourly_pence": 2469, "weekly_minutes": 60,
        "weekly_pence": 2469, "starts_on": JUNE,
    }  # fmt: skip
    figures: dict[str, Any] = {"council_pence": final, "person_pence": 0, "yearly_pence": final * 52, "lines": ()}
    return {
        "agreed": agreed().model_copy(update={**ids, "team": team, "lines": (own,)}),
        "indicated": BudgetIndicated(
            budget_id=budget, assessment_id=plan, person_id=person, weekly_pence=10000, policy=POLICY, lines=()
        ),
        "final": BudgetFinalised(**ids, revision=1, weekly_pence=final, **figures),
        "placed": OrderPlaced(**ids, **order),
    }


CHANNELLING = [
    *(a_plan("north", n, Route.DIRECT_PAYMENT, FIRM, 7000) for n in range(10)),
    *(a_plan("south", n, Route.COUNCIL_MANAGED if n % 2 else Route.ISF, UUID(int=400 + n), 9500) for n in range(10)),
    *(a_plan("east", n, Route.COUNCIL_MANAGED if n % 2 else Route.ISF, UUID(int=500 + n), 9500) for n in range(10)),
]


@pytest.mark.parametrize(
    "order", [("agreed", "indicated", "final", "placed"), ("placed", "final", "indicated", "agreed")]
)
async def test_a_team_that_channels_and_cuts_is_found_against_its_peers_in_whatever_order_it_was_heard(
    safeguarding: Running, order: tuple[str, ...]
) -> None:
    speaker = Speaker()
    for what in order:
        await hear(safeguarding, [speaker.say(plan[what]) for plan in CHANNELLING])
    assert await sweep_at(safeguarding, JUNE + timedelta(days=7)) == 1
    found = await alerts(safeguarding.as_("commissioner"), kind="compliance")
    assert {one["rule"]: one["explanation"] for one in found} == {
        "channelled_to_route": "100 % of the plans of north go to direct payment; of its peers' 0 %.",
        "channelled_to_supplier": "100 % of the orders of north go to this supplier; of its peers' 0 %.",
        "cut_above_others": "Budgets of north were cut by 30 % of what was indicated; its peers' by 5 %.",
    }
    assert {one["supplier_id"] for one in found} == {None, str(FIRM)}
    assert {one["person_id"] for one in found} == {None}
    assert str(BEN) not in str(found)
