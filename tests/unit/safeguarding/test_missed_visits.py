"""The same misses always give the same alerts, whatever order they become known in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.safeguarding.rules.alerts import Finding, Kind, Owner, week_of
from services.safeguarding.rules.missed_visits import (
    alerts_of_person,
    checks_of_person,
    detect,
    detect_of_person,
    detect_of_supplier,
    is_covered,
    touched_by,
    weeks_to_load,
)
from shared.clock import civil_date

COUNCIL = "E09000012"
TODAY = date(2026, 4, 1)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ANN, BEN, CAT, DAN = (UUID(int=number) for number in (1, 2, 3, 4))
FIRM, OTHER_FIRM = UUID(int=100), UUID(int=101)


@dataclass(frozen=True, slots=True)
class Miss:
    """A missed visit, as the rules look at one."""

    visit_id: UUID
    person_id: UUID
    supplier_id: UUID
    planned_at: datetime
    time_critical: bool

    @property
    def day(self) -> date:
        return civil_date(self.planned_at)


def miss(person: UUID, days: int, supplier: UUID = FIRM, critical: bool = False) -> Miss:
    """One visit a day for each person and supplier, so that equal misses are the same visit."""
    number = person.int * 10**6 + supplier.int * 10**3 + days
    return Miss(UUID(int=number), person, supplier, MONDAY + timedelta(days=days), critical)


def by_code(findings: tuple[Finding, ...], code: str) -> list[Finding]:
    return [finding for finding in findings if finding.because.code == code]


def test_one_missed_visit_is_no_pattern() -> None:
    assert detect(COUNCIL, [miss(ANN, 0)], TODAY) == ()


@pytest.mark.parametrize(("apart", "alerts"), [(0, 1), (1, 1), (7, 1), (8, 0)])
def test_two_missed_visits_of_one_person_within_seven_days_are_an_alert(apart: int, alerts: int) -> None:
    second = miss(ANN, apart, OTHER_FIRM)  # whoever should have come
    assert len(detect(COUNCIL, [miss(ANN, 0), second], TODAY)) == alerts


def test_the_alert_goes_to_the_team_with_evidence_reason_and_a_welfare_check() -> None:
    evidence = [miss(ANN, 1), miss(ANN, 3)]
    (found,) = detect(COUNCIL, evidence, TODAY)
    assert (found.kind, found.owner, found.subject) == (Kind.SAFEGUARDING, Owner.TEAM, ANN)
    assert found.evidence == tuple(one.visit_id for one in evidence)
    assert found.because.params == {"visits": 2, "first_day": "2026-03-03", "last_day": "2026-03-05"}
    assert [(check.person_id, check.by) for check in found.checks] == [(ANN, date(2026, 4, 2))]


def test_missed_visits_of_different_people_are_no_pattern() -> None:
    assert detect(COUNCIL, [miss(ANN, 0), miss(BEN, 0), miss(CAT, 1)], TODAY) == ()


def test_a_later_miss_in_the_same_week_extends_the_same_alert() -> None:
    (before,) = detect(COUNCIL, [miss(ANN, 0), miss(ANN, 1)], TODAY)
    (after,) = detect(COUNCIL, [miss(ANN, 0), miss(ANN, 1), miss(ANN, 4)], TODAY)
    assert (after.alert_id, after.checks) == (before.alert_id, before.checks)
    assert len(after.evidence) == 3


def test_an_earlier_miss_that_becomes_known_later_extends_the_same_alert() -> None:
    (before,) = detect(COUNCIL, [miss(ANN, 3), miss(ANN, 4)], TODAY)
    (after,) = detect(COUNCIL, [miss(ANN, 3), miss(ANN, 4), miss(ANN, 1)], TODAY)
    assert after.alert_id == before.alert_id


def test_a_pattern_over_the_weekend_is_seen() -> None:
    assert len(detect(COUNCIL, [miss(ANN, 6), miss(ANN, 7)], TODAY)) == 1


def test_a_pattern_that_goes_on_next_week_is_another_alert() -> None:
    found = detect(COUNCIL, [miss(ANN, 0), miss(ANN, 1), miss(ANN, 7), miss(ANN, 8)], TODAY)
    assert len({finding.alert_id for finding in found}) == 2
    assert len({check.check_id for finding in found for check in finding.checks}) == 2


def test_a_time_critical_miss_is_an_alert_at_once_with_a_check_the_same_day() -> None:
    (found,) = detect(COUNCIL, [miss(ANN, 0, critical=True)], TODAY)
    assert (found.because.code, found.owner, found.subject) == ("time_critical_visit_missed", Owner.TEAM, ANN)
    assert [(check.person_id, check.by) for check in found.checks] == [(ANN, TODAY)]


PATTERN_OF_THREE = [miss(person, day) for person in (ANN, BEN, CAT) for day in (0, 2)]


def test_the_same_pattern_with_three_people_is_one_alert_to_the_suppliers_commissioner() -> None:
    (found,) = by_code(detect(COUNCIL, PATTERN_OF_THREE, TODAY), "visits_missed_by_supplier")
    assert (found.kind, found.owner, found.subject) == (Kind.SAFEGUARDING, Owner.COMMISSIONER, FIRM)
    assert (found.because.params["people"], found.because.params["visits"]) == (3, 6)


def test_each_person_of_a_suppliers_alert_is_checked_once() -> None:
    found = detect(COUNCIL, PATTERN_OF_THREE, TODAY)
    assert sorted(check.person_id for finding in found for check in finding.checks) == [ANN, BEN, CAT]


def test_somebody_elses_single_miss_the_week_before_does_not_double_the_alert_about_the_supplier() -> None:
    next_week = [miss(person, day) for person in (ANN, BEN, CAT) for day in (7, 9)]
    found = by_code(detect(COUNCIL, [miss(DAN, 6), *next_week], TODAY), "visits_missed_by_supplier")
    assert [finding.because.params["people"] for finding in found] == [3]


@pytest.mark.parametrize(
    "misses",
    [
        [one for one in PATTERN_OF_THREE if one.person_id != CAT],
        PATTERN_OF_THREE[:-1],  # the third person missed one visit only
        [*PATTERN_OF_THREE[:-1], miss(CAT, 2, OTHER_FIRM)],  # the second by somebody else
        [*PATTERN_OF_THREE[:4], miss(CAT, 20), miss(CAT, 21)],  # another time
    ],
)
def test_fewer_than_three_people_with_the_pattern_are_no_alert_about_a_supplier(misses: list[Miss]) -> None:
    assert by_code(detect(COUNCIL, misses, TODAY), "visits_missed_by_supplier") == []


def test_alerts_of_two_councils_never_meet() -> None:
    here, there = (detect(council, PATTERN_OF_THREE, TODAY) for council in (COUNCIL, "E08000009"))
    assert not {one.alert_id for one in here} & {one.alert_id for one in there}
    assert len(here) == len(there) == 4


def test_an_alerts_id_never_changes() -> None:
    (found,) = detect(COUNCIL, [miss(ANN, 0), miss(ANN, 1)], TODAY)
    assert str(found.alert_id) == "05bc26fa-7eef-5045-ab6b-066dbbec0c5f"


misses_of_some_weeks = st.lists(
    st.builds(
        miss,
        st.sampled_from([ANN, BEN, CAT, DAN]),
        st.integers(0, 24),
        st.sampled_from([FIRM, FIRM, OTHER_FIRM]),
    ).map(lambda one: Miss(one.visit_id, one.person_id, one.supplier_id, one.planned_at, one.visit_id.int % 5 == 0)),
    max_size=24,
)


@given(misses_of_some_weeks, st.integers())
def test_any_order_and_any_repetition_gives_the_same_alerts(misses: list[Miss], seed: int) -> None:
    shuffled = misses + misses[: len(misses) // 2]
    Random(seed).shuffle(shuffled)
    assert detect(COUNCIL, shuffled, TODAY) == detect(COUNCIL, misses, TODAY)


@given(misses_of_some_weeks)
def test_nothing_raised_on_the_way_is_missing_or_too_much_at_the_end(misses: list[Miss]) -> None:
    raised: dict[UUID, frozenset[UUID]] = {}
    checks: set[UUID] = set()
    for number in range(len(misses)):
        for finding in detect(COUNCIL, misses[: number + 1], TODAY):
            assert raised.get(finding.alert_id, frozenset()) <= set(finding.evidence)
            raised[finding.alert_id] = frozenset(finding.evidence)
            checks |= {check.check_id for check in finding.checks}
    final = detect(COUNCIL, misses, TODAY)
    assert raised == {finding.alert_id: frozenset(finding.evidence) for finding in final}
    assert checks == {check.check_id for finding in final for check in finding.checks}


def loaded(misses: list[Miss], week: date) -> list[Miss]:
    return [one for one in misses if week_of(one.day) in weeks_to_load(week)]


@given(misses_of_some_weeks)
def test_the_weeks_loaded_for_one_miss_decide_about_its_person_as_all_would(misses: list[Miss]) -> None:
    everything = [found for found in detect(COUNCIL, misses, TODAY) if found.owner is Owner.TEAM]
    for one in misses:
        theirs = [other for other in loaded(misses, week_of(one.day)) if other.person_id == one.person_id]
        found = detect_of_person(COUNCIL, one, theirs, TODAY)
        assert {each.alert_id: each for each in found} == {each.alert_id: each for each in touched_by(one, everything)}


@given(misses_of_some_weeks)
def test_looking_at_each_week_of_a_supplier_finds_what_all_would(misses: list[Miss]) -> None:
    everything = {found.alert_id: found for found in detect(COUNCIL, misses, TODAY) if found.owner is not Owner.TEAM}
    looks = {(one.supplier_id, week_of(one.day)) for one in misses}
    seen: dict[UUID, Finding] = {}
    for supplier, week in looks:
        theirs = [other for other in loaded(misses, week) if other.supplier_id == supplier]
        for found in detect_of_supplier(COUNCIL, supplier, week, theirs):
            assert seen.setdefault(found.alert_id, found) == found
    assert seen == everything


@given(misses_of_some_weeks)
def test_whoever_is_evidence_against_a_supplier_has_a_check_of_their_own(misses: list[Miss]) -> None:
    found = detect(COUNCIL, misses, TODAY)
    person_of = {one.visit_id: one.person_id for one in misses}
    checked = {check.person_id for one in found for check in one.checks}
    assert {person_of[visit] for one in found if one.owner is Owner.COMMISSIONER for visit in one.evidence} <= checked


@given(misses_of_some_weeks)
def test_what_is_loaded_for_a_miss_holds_all_that_it_touches(misses: list[Miss]) -> None:
    for one in misses:
        found = detect_of_person(COUNCIL, one, [each for each in misses if each.person_id == one.person_id], TODAY)
        evidence = COUNCIL, one.person_id, one.visit_id, week_of(one.day)
        assert {each.alert_id for each in found} <= set(alerts_of_person(*evidence))
        assert {check.check_id for each in found for check in each.checks} <= set(checks_of_person(*evidence))


@given(misses_of_some_weeks)
def test_two_misses_within_seven_days_never_go_unseen(misses: list[Miss]) -> None:
    found = by_code(detect(COUNCIL, misses, TODAY), "visits_missed_by_person")
    seen = {visit for finding in found for visit in finding.evidence}
    for one in misses:
        near = {
            other.visit_id
            for other in misses
            if other.person_id == one.person_id and abs((other.day - one.day).days) <= 7
        }
        assert (one.visit_id in seen) is (len(near) > 1)


def test_a_day_is_covered_from_the_first_to_the_last_of_a_cover_and_on_no_other() -> None:
    covered = [(date(2026, 3, 2), date(2026, 3, 4)), (date(2026, 3, 9), date(2026, 3, 8))]  # the second was called off
    days = [date(2026, 3, day) for day in range(1, 11)]
    assert [day.day for day in days if is_covered(day, covered)] == [2, 3, 4]
