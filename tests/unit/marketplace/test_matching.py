"""Ranking is explained, complete, and independent of the order candidates come in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.budget.policy import in_force as money_policy
from services.budget.rules.direct_payments import INHOUSE_ROW, InhouseRule
from services.marketplace.policy import in_force
from services.marketplace.rules.matching import (
    Candidate,
    Record,
    Replaced,
    Restricted,
    Wanted,
    Weights,
    rank,
    why_excluded,
)
from services.marketplace.rules.states import ListingState
from services.marketplace.rules.suppliers import Terms
from shared.contracts.base import Employer, PlanLine, Preference, Route, Slot, SupplierKind, Support
from shared.contracts.safeguarding import Level

LINE = PlanLine(
    line_id=UUID(int=1),
    support=Support.HOME_CARE,
    kind_wanted=SupplierKind.PROVIDER,
    route=Route.COUNCIL_MANAGED,
    pattern=(Slot(weekday=0, starts="08:00", minutes=60),),
    weekly_minutes=600,
    hourly_pence=2000,
    weekly_pence=20000,
)
HERS = UUID(int=5)
WANTED = Wanted(LINE, "north", frozenset({UUID(int=77)}), HERS)
GOOD = Candidate(
    UUID(int=2), UUID(int=3), SupplierKind.PROVIDER, Support.HOME_CARE, ("north", "south"), 2000, room_minutes=600
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": SupplierKind.PA}, "kind_not_wanted"),
        ({"support": Support.DAY_SERVICE}, "support_not_offered"),
        ({"areas": ("south",)}, "area_not_served"),
        ({"room_minutes": 599}, "no_room"),
        ({"state": ListingState.WITHDRAWN}, "listing_not_live"),
        ({"restrictions": (Restricted(Level.NO_NEW_PLACEMENTS),)}, "supplier_restricted"),
        ({"restrictions": (Restricted(Level.SUSPENSION, (Support.HOME_CARE,)),)}, "supplier_restricted"),
        ({"employer": Employer.PERSON}, "route_cannot_buy"),
        ({"for_person_id": UUID(int=6)}, "employed_for_another"),
    ],
)
def test_each_hard_constraint_excludes_with_its_own_reason(change: dict[str, object], code: str) -> None:
    (found,) = rank(WANTED, [replace(GOOD, **change)])  # type: ignore[arg-type]
    assert [reason.code for reason in found.excluded] == [code]
    assert (found.score, found.lines) == (0, ())


@pytest.mark.parametrize(
    ("route", "kind", "standing", "codes"),
    [
        (Route.DIRECT_PAYMENT, SupplierKind.IN_HOUSE, False, ["inhouse_not_by_direct_payment"]),
        (Route.DIRECT_PAYMENT, SupplierKind.IN_HOUSE, True, []),
        (Route.COUNCIL_MANAGED, SupplierKind.IN_HOUSE, False, []),
        (Route.DIRECT_PAYMENT, SupplierKind.PROVIDER, False, []),
    ],
)
def test_case_20_a_direct_payment_buys_the_council_s_own_standing_only_where_it_may(
    route: Route, kind: SupplierKind, standing: bool, codes: list[str]
) -> None:
    """TLAP, Paying for in-house services with a direct payment."""
    line = LINE.model_copy(update={"route": route, "kind_wanted": kind})
    wanted = replace(WANTED, line=line, inhouse_standing=standing)
    assert [reason.code for reason in why_excluded(wanted, replace(GOOD, kind=kind))] == codes


@pytest.mark.parametrize(
    ("route", "related", "found_necessary", "codes"),
    [
        (Route.DIRECT_PAYMENT, True, False, ["close_family_not_necessary"]),
        (Route.DIRECT_PAYMENT, True, True, []),
        (Route.DIRECT_PAYMENT, False, False, []),
        (Route.COUNCIL_MANAGED, True, False, []),
    ],
)
def test_case_19_close_family_of_the_household_is_bought_by_direct_payment_only_by_necessity(
    route: Route, related: bool, found_necessary: bool, codes: list[str]
) -> None:
    """SI 2014/2871 reg 3, as quoted at forum.carersuk.org/63556."""
    wanted = replace(WANTED, line=LINE.model_copy(update={"route": route}), family_may_be_paid=found_necessary)
    candidate = replace(GOOD, close_family_in_household=related)
    assert [reason.code for reason in why_excluded(wanted, candidate)] == codes


@pytest.mark.parametrize("council", ["E09000012", "E08000023", "E99999999"])
@pytest.mark.parametrize("day", [date(2015, 4, 1), date(2024, 3, 31), date(2024, 4, 1), date(2050, 1, 3)])
def test_market_and_money_hold_the_same_row_about_the_council_s_own_services(council: str, day: date) -> None:
    """Two services decide by it, and neither may read the other's files."""
    said = money_policy("direct_payments", council, day).row(INHOUSE_ROW).said
    assert in_force("direct_payments", council, day).figure("inhouse_standing") == (said == InhouseRule.ALLOWED)


@pytest.mark.parametrize("restricted", [Restricted(Level.ADVICE), Restricted(Level.SUSPENSION, (Support.DAY_SERVICE,))])
def test_advice_and_restrictions_of_other_support_do_not_exclude(restricted: Restricted) -> None:
    assert why_excluded(WANTED, replace(GOOD, restrictions=(restricted,))) == ()


def test_a_candidate_that_fails_twice_is_told_both_reasons() -> None:
    reasons = why_excluded(WANTED, replace(GOOD, areas=(), room_minutes=0))
    assert [reason.code for reason in reasons] == ["area_not_served", "no_room"]


@pytest.mark.parametrize(
    ("hourly", "points"), [(2000, 50), (2019, 50), (2020, 49), (2200, 40), (1900, 55), (1000, 60), (9000, 0)]
)
def test_price_points_fall_by_the_percent_above_the_planned_price(hourly: int, points: int) -> None:
    (found,) = rank(WANTED, [replace(GOOD, hourly_pence=hourly)])
    assert found.lines[0].effect == points


@pytest.mark.parametrize(("room", "points"), [(600, 0), (900, 10), (1200, 20), (6000, 20)])
def test_room_points_grow_until_there_is_room_for_twice_the_hours(room: int, points: int) -> None:
    (found,) = rank(WANTED, [replace(GOOD, room_minutes=room)])
    assert found.lines[1].effect == points


def test_continuity_counts_where_known_and_is_silent_where_not() -> None:
    known = rank(WANTED, [replace(GOOD, supplier_id=UUID(int=77))])[0]
    new = rank(WANTED, [GOOD])[0]
    unknown = rank(replace(WANTED, known_suppliers=None), [GOOD])[0]
    assert [found.lines[-2].because.code for found in (known, new, unknown)] == [
        "supports_already",
        "new_to_the_person",
        "room_to_grow",
    ]
    assert known.score - new.score == Weights().continuity


def test_a_line_without_a_planned_price_gives_no_points_for_price() -> None:
    (found,) = rank(replace(WANTED, line=LINE.model_copy(update={"hourly_pence": 0})), [GOOD])
    assert found.lines[0].because.code == "price_not_planned"


def test_ties_are_broken_by_listing_id() -> None:
    twins = [replace(GOOD, listing_id=UUID(int=number)) for number in (9, 4, 7)]
    assert [found.candidate.listing_id.int for found in rank(WANTED, twins)] == [4, 7, 9]


SKILLS = ("language:bn", "hoist", "dementia")
candidates = st.lists(
    st.builds(
        Candidate,
        listing_id=st.uuids(),
        supplier_id=st.integers(70, 80).map(lambda number: UUID(int=number)),
        kind=st.sampled_from(SupplierKind),
        support=st.sampled_from(Support),
        areas=st.sampled_from([("north",), ("south",), ("north", "south")]),
        hourly_pence=st.integers(0, 6000),
        room_minutes=st.integers(0, 2000),
        state=st.sampled_from(ListingState),
        restrictions=st.lists(st.builds(Restricted, st.sampled_from(Level)), max_size=2).map(tuple),
        skills=st.lists(st.sampled_from(SKILLS), max_size=3).map(tuple),
        terms=st.lists(st.sampled_from(Terms), max_size=3).map(tuple),
        employer=st.sampled_from([None, *Employer]),
        for_person_id=st.sampled_from([None, None, HERS, UUID(int=6)]),
    ),
    unique_by=lambda candidate: candidate.listing_id,
    max_size=8,
)


@given(candidates, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(given_candidates: list[Candidate], random: object) -> None:
    shuffled = list(given_candidates)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rank(WANTED, shuffled) == rank(WANTED, given_candidates)


@given(candidates)
def test_every_candidate_comes_back_once_ranked_or_excluded(given_candidates: list[Candidate]) -> None:
    found = rank(WANTED, given_candidates)
    assert {one.candidate.listing_id for one in found} == {one.listing_id for one in given_candidates}
    assert len(found) == len(given_candidates)
    assert all(bool(one.excluded) != bool(one.lines) for one in found)
    assert all(one.score == sum(line.effect for line in one.lines) for one in found)
    keys = [(bool(one.excluded), -one.score) for one in found]
    assert keys == sorted(keys)


lines = st.builds(
    lambda skills, route, kind: LINE.model_copy(update={"skills": skills, "route": route, "kind_wanted": kind}),
    st.lists(st.sampled_from(SKILLS), max_size=2).map(tuple),
    st.sampled_from(Route),
    st.sampled_from(SupplierKind),
)


@given(lines, candidates)
def test_a_match_never_offers_what_a_hard_constraint_forbids(line: PlanLine, given_candidates: list[Candidate]) -> None:
    """Said again here in other words than the rules', over all constraints together."""
    private = {Employer.PERSON, Employer.NOMINEE, Employer.NONE}
    for one in (each.candidate for each in rank(replace(WANTED, line=line), given_candidates) if not each.excluded):
        assert one.state is ListingState.LIVE
        assert (one.kind, one.support) == (line.kind_wanted, line.support)
        assert "north" in one.areas
        assert one.room_minutes >= line.weekly_minutes
        assert not any(each.level.stops_new_offers for each in one.restrictions)
        assert set(line.skills) <= set(one.skills)
        assert line.route is Route.DIRECT_PAYMENT or one.employer not in private
        assert one.for_person_id in (None, HERS)


@given(lines, candidates)
def test_the_steps_of_an_explanation_add_up_to_its_score(line: PlanLine, given_candidates: list[Candidate]) -> None:
    for one in rank(replace(WANTED, line=line), given_candidates):
        assert one.score == sum(step.effect for step in one.lines)
        assert one.excluded or bool(line.skills) == ("MATCH-SKILLS" in {step.rule for step in one.lines})


def test_a_language_is_a_skill_and_who_lacks_it_is_told_which() -> None:
    wanted = replace(WANTED, line=LINE.model_copy(update={"skills": ("language:bn", "hoist")}))
    (reason,) = why_excluded(wanted, replace(GOOD, skills=("hoist",)))
    assert (reason.code, dict(reason.params)) == ("skill_missing", {"skill": "language:bn", "missing": 1})
    assert why_excluded(wanted, replace(GOOD, skills=("hoist", "language:bn"))) == ()


def test_terms_that_are_followed_count_a_little_and_say_so() -> None:
    fair = rank(WANTED, [replace(GOOD, terms=(Terms.COLLECTIVE_AGREEMENT, Terms.GUARANTEED_HOURS))])[0]
    assert fair.score - rank(WANTED, [GOOD])[0].score == 2 * Weights().terms
    assert [step.because.code for step in fair.lines if step.rule == "MATCH-TERMS"] == ["follows_terms"]


@given(st.integers(0, 6000), st.integers(0, 6000))
def test_a_dearer_listing_never_scores_more(one: int, other: int) -> None:
    cheap, dear = sorted((one, other))
    scores = [rank(WANTED, [replace(GOOD, hourly_pence=pence)])[0].score for pence in (cheap, dear)]
    assert scores[0] >= scores[1]


def test_a_pa_of_the_persons_own_is_ranked_for_them_and_for_nobody_whose_name_is_not_known() -> None:
    own = replace(GOOD, for_person_id=HERS)
    assert why_excluded(WANTED, own) == ()
    assert [each.code for each in why_excluded(replace(WANTED, person_id=None), own)] == ["employed_for_another"]


def test_the_room_of_the_order_that_is_to_be_replaced_is_free_for_its_successor_and_nobody_elses() -> None:
    """Care Act s.27: a change of hours need not cost the person their supplier."""
    full = replace(GOOD, room_minutes=0)
    wanted = replace(WANTED, replaces=Replaced(UUID(int=9), full.supplier_id, full.listing_id, 600))
    (found,) = rank(wanted, [full])
    assert found.excluded == ()
    assert {line.rule: line.because.code for line in found.lines}["MATCH-CONTINUITY"] == "supports_already"
    other = replace(full, listing_id=UUID(int=10))
    assert [reason.code for reason in why_excluded(wanted, other)] == ["no_room"]
    fewer = replace(wanted, replaces=Replaced(UUID(int=9), full.supplier_id, full.listing_id, 599))
    assert [reason.code for reason in why_excluded(fewer, full)] == ["no_room"]


# ── wishes and records ────────────────────────────────────────────────────────────────────────────────────────────────
def wish(characteristic: str, wanted: str) -> Preference:
    return Preference(characteristic=characteristic, wanted=wanted, task="any", ground="none_given")


SAME_PEOPLE, NO_SMOKE = wish("familiar_worker", "same"), wish("smoking", "non_smoker")


def steps_of(candidate: Candidate, *wishes: Preference, known: frozenset[UUID] | None = frozenset()) -> dict[str, int]:
    wanted = replace(WANTED, line=LINE.model_copy(update={"preferences": wishes}), known_suppliers=known)
    (found,) = rank(wanted, [candidate])
    return {f"{step.rule} {step.because.code}": step.effect for step in found.lines if step.rule in OWN_POINTS}


OWN_POINTS = ("MATCH-FAMILIAR", "MATCH-WISHES", "MATCH-RECORD")


def test_a_wish_that_the_same_people_come_is_met_by_who_comes_already() -> None:
    """Care Act 2014 s.1(3): the person's own wishes."""
    known = frozenset({GOOD.supplier_id})
    assert steps_of(GOOD, SAME_PEOPLE, known=known) == {"MATCH-FAMILIAR wish_for_the_same_people_met": 10}
    assert steps_of(GOOD, SAME_PEOPLE) == {"MATCH-FAMILIAR wish_for_the_same_people_not_met": 0}
    assert steps_of(GOOD, SAME_PEOPLE, known=None) == steps_of(GOOD) == {}


@pytest.mark.parametrize(("skills", "points"), [((), 0), (("smoking:non_smoker",), 5), (("smoking:smoker",), 0)])
def test_a_lawful_wish_that_the_listing_meets_has_points_and_one_that_it_does_not_excludes_nobody(
    skills: tuple[str, ...], points: int
) -> None:
    assert steps_of(replace(GOOD, skills=skills), NO_SMOKE) == {"MATCH-WISHES wishes_met": points}


@pytest.mark.parametrize(
    ("record", "step"),
    [
        (Record(0, 0), {"MATCH-RECORD too_few_visits": 0}),
        (Record(19, 19), {"MATCH-RECORD too_few_visits": 0}),
        (Record(20, 0), {"MATCH-RECORD visits_missed": 0}),
        (Record(200, 5), {"MATCH-RECORD visits_missed": -2}),
        (Record(20, 20), {"MATCH-RECORD visits_missed": -10}),
        (None, {}),
    ],
)
def test_missed_visits_cost_points_and_of_too_few_nothing_is_made(record: Record | None, step: dict[str, int]) -> None:
    assert steps_of(replace(GOOD, record=record)) == step


def test_points_for_wishes_and_records_are_marked_as_made_up() -> None:
    candidate = replace(GOOD, record=Record(40, 1))
    (found,) = rank(replace(WANTED, line=LINE.model_copy(update={"preferences": (SAME_PEOPLE, NO_SMOKE)})), [candidate])
    assert {step.source.verified for step in found.lines if step.rule in OWN_POINTS} == {False}


def test_of_two_alike_the_one_that_misses_fewer_visits_comes_first() -> None:
    reliable = replace(GOOD, listing_id=UUID(int=90), record=Record(100, 1))
    often_missing = replace(GOOD, listing_id=UUID(int=1), record=Record(100, 9))
    assert [one.candidate for one in rank(WANTED, [often_missing, reliable])] == [reliable, often_missing]


@pytest.mark.parametrize(
    ("kind", "employer", "codes"),
    [
        (SupplierKind.IN_HOUSE, None, []),
        (SupplierKind.PROVIDER, None, []),
        (SupplierKind.PA, Employer.POOL, []),
        (SupplierKind.PA, Employer.NONE, ["route_cannot_buy"]),
    ],
)
def test_where_nobody_asked_for_a_kind_whoever_the_council_can_buy_from_will_do(
    kind: SupplierKind, employer: Employer | None, codes: list[str]
) -> None:
    """Urgent support (Care Act s.19(3)) is wanted from whoever can come."""
    wanted, candidate = replace(WANTED, any_kind=True), replace(GOOD, kind=kind, employer=employer)
    assert [reason.code for reason in why_excluded(wanted, candidate)] == codes
