"""Which alerts should exist, given the missed visits we know of?

Every rule is monotone: one more miss adds evidence or alerts and never takes any back, so the order in which misses
become known changes nothing, and no alert has to be withdrawn because an earlier miss was uploaded late. That is why
an alert is known by the *week* in which its pattern begins and not by its first miss: the first miss we know of may
not be the first. So a subject has at most one alert a rule and week; a pattern that goes on is next week's alert too,
even if somebody has closed the last one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Protocol
from uuid import UUID

from services.safeguarding.rules.alerts import Finding, Kind, Owner, WelfareCheck, known_id, week_of
from shared.explain import because

WEEK = timedelta(days=7)
WITHIN_DAYS = 7
MISSES_OF_ONE_PERSON = 2
PEOPLE_OF_ONE_SUPPLIER = 3
CHECK_WITHIN_DAYS = 1
"""Our own operating thresholds: the law sets no number of missed visits and no time limit (R§5.1)."""


class Miss(Protocol):
    """A planned visit that was not made; `day` is its London day. What is remembered of one is such a thing itself:
    a supplier that fails everybody fails thousands of visits, which are looked at without being copied."""

    @property
    def visit_id(self) -> UUID: ...
    @property
    def person_id(self) -> UUID: ...
    @property
    def supplier_id(self) -> UUID: ...
    @property
    def planned_at(self) -> datetime: ...
    @property
    def day(self) -> date: ...
    @property
    def time_critical(self) -> bool: ...


def is_covered(day: date, covered: Iterable[tuple[date, date]]) -> bool:
    """Somebody else was to come that day (DOMAIN.md, the journey: a lapse or an absence leads to cover). A miss that was said
    before anybody was found stays one: nobody came then."""
    return any(first <= day <= last for first, last in covered)


def weeks_to_load(week: date) -> tuple[date, date, date]:
    """The Mondays of the weeks whose misses (of the same person, or of the same supplier) decide with one of `week`."""
    return week - WEEK, week, week + WEEK


def weeks_begun(week: date) -> tuple[date, date]:
    """The weeks in which a pattern can begin that a miss of `week` belongs to."""
    return week - WEEK, week


def alerts_of_person(council: str, person_id: UUID, visit_id: UUID, week: date) -> list[UUID]:
    """The ids of all alerts about a person that the miss of a visit in a week can be evidence for, whatever else is known."""
    return [
        known_id(council, "time_critical_visit_missed", visit_id),
        *(known_id(council, "visits_missed_by_person", person_id, begun) for begun in weeks_begun(week)),
    ]


def checks_of_person(council: str, person_id: UUID, visit_id: UUID, week: date) -> list[UUID]:
    """The ids of all checks that such a miss can call for."""
    return [known_id(council, "welfare_check", person_id, one) for one in (visit_id, *weeks_begun(week))]


def alerts_of_supplier(council: str, supplier_id: UUID, week: date) -> list[UUID]:
    """The ids of all alerts about a supplier that its misses of `week` can be evidence for."""
    return [known_id(council, "visits_missed_by_supplier", supplier_id, begun) for begun in weeks_begun(week)]


def detect(council: str, misses: Iterable[Miss], today: date) -> tuple[Finding, ...]:
    """All alerts that these misses call for, in the order of their ids. `today` only dates the welfare checks."""
    known = _in_order(misses)
    found = [
        *time_critical_misses(council, known, today),
        *patterns_of_people(council, known, today),
        *patterns_of_suppliers(council, known),
    ]
    return tuple(sorted(found, key=lambda finding: finding.alert_id))


def touched_by(miss: Miss, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The alerts a miss is evidence for: whole, if `weeks_to_load` were loaded; others may be cut short."""
    return tuple(finding for finding in findings if miss.visit_id in finding.evidence)


def detect_of_person(council: str, miss: Miss, of_person: Iterable[Miss], today: date) -> tuple[Finding, ...]:
    """The alerts about its person that this miss is evidence for, given those of the person in `weeks_to_load`."""
    known = _in_order(of_person)
    found = [*time_critical_misses(council, [miss], today), *patterns_of_people(council, known, today)]
    return touched_by(miss, found)


def detect_of_supplier(council: str, supplier_id: UUID, week: date, of_supplier: Iterable[Miss]) -> tuple[Finding, ...]:
    """The alerts about a supplier that its misses of `week` can be evidence for, given those in `weeks_to_load`."""
    whole = alerts_of_supplier(council, supplier_id, week)
    found = patterns_of_suppliers(council, _in_order(of_supplier))
    return tuple(finding for finding in found if finding.alert_id in whole)


def time_critical_misses(council: str, misses: Sequence[Miss], today: date) -> Iterator[Finding]:
    """A missed visit that cannot wait is an alert at once, and a check the same day (our own threshold)."""
    for miss in misses:
        if miss.time_critical:
            reason = because("time_critical_visit_missed", day=miss.day.isoformat())
            check_id = known_id(council, "welfare_check", miss.person_id, miss.visit_id)
            check = WelfareCheck(check_id, miss.person_id, reason, today)
            alert_id = known_id(council, "time_critical_visit_missed", miss.visit_id)
            evidence = (miss.visit_id,)
            yield Finding(alert_id, Kind.SAFEGUARDING, Owner.TEAM, miss.person_id, reason, evidence, (check,))


def patterns_of_people(council: str, misses: Sequence[Miss], today: date) -> Iterator[Finding]:
    """Two or more missed visits within 7 days of one another, of one person (our own threshold)."""
    for person_id, of_person in _by_person(misses).items():
        weeks: dict[date, list[Miss]] = defaultdict(list)
        for first in _days_of(of_person):
            for window in _hit([of_person], first):
                weeks[week_of(first)].extend(window)
        for week, evidence in weeks.items():
            yield _of_person(council, person_id, week, _in_order(evidence), today)


def patterns_of_suppliers(council: str, misses: Sequence[Miss]) -> Iterator[Finding]:
    """The same pattern with three or more people of one supplier within 7 days: one alert (our own threshold).

    It asks for no checks: each of its people has the pattern, and so a check of their own already.
    """
    for supplier_id, of_supplier in _by_supplier(misses).items():
        people = list(_by_person(of_supplier).values())
        weeks: dict[date, list[Miss]] = defaultdict(list)
        for first in _days_of(of_supplier):
            hit = _hit(people, first)
            if len(hit) >= PEOPLE_OF_ONE_SUPPLIER and any(of_person[0].day == first for of_person in hit):
                weeks[week_of(first)].extend(chain.from_iterable(hit))
        for week, evidence in weeks.items():
            yield _of_supplier(council, supplier_id, week, _in_order(evidence))


def _of_person(council: str, person_id: UUID, week: date, evidence: Sequence[Miss], today: date) -> Finding:
    return Finding(
        known_id(council, "visits_missed_by_person", person_id, week),
        Kind.SAFEGUARDING,
        Owner.TEAM,
        person_id,
        because("visits_missed_by_person", visits=len(evidence), **_first_and_last(evidence)),
        tuple(miss.visit_id for miss in evidence),
        (_check(council, person_id, week, today),),
    )


def _of_supplier(council: str, supplier_id: UUID, week: date, evidence: Sequence[Miss]) -> Finding:
    people = len({miss.person_id for miss in evidence})
    return Finding(
        known_id(council, "visits_missed_by_supplier", supplier_id, week),
        Kind.SAFEGUARDING,
        Owner.COMMISSIONER,
        supplier_id,
        because("visits_missed_by_supplier", visits=len(evidence), people=people, **_first_and_last(evidence)),
        tuple(miss.visit_id for miss in evidence),
    )


def _check(council: str, person_id: UUID, week: date, today: date) -> WelfareCheck:
    """One check a person and week."""
    check_id = known_id(council, "welfare_check", person_id, week)
    by = today + timedelta(days=CHECK_WITHIN_DAYS)
    return WelfareCheck(check_id, person_id, because("visits_missed", week=week.isoformat()), by)


def _hit(people: Iterable[Sequence[Miss]], first: date) -> list[list[Miss]]:
    """Of each person with the pattern in the days from `first` to 7 later, the misses of those days; all in order."""
    last = first + timedelta(days=WITHIN_DAYS)
    windows = ([miss for miss in of_person if first <= miss.day <= last] for of_person in people)
    return [window for window in windows if len(window) >= MISSES_OF_ONE_PERSON]


def _days_of(misses: Sequence[Miss]) -> list[date]:
    return list(dict.fromkeys(miss.day for miss in misses))


def _by_person(misses: Iterable[Miss]) -> dict[UUID, list[Miss]]:
    found: dict[UUID, list[Miss]] = defaultdict(list)
    for miss in misses:
        found[miss.person_id].append(miss)
    return found


def _by_supplier(misses: Iterable[Miss]) -> dict[UUID, list[Miss]]:
    found: dict[UUID, list[Miss]] = defaultdict(list)
    for miss in misses:
        found[miss.supplier_id].append(miss)
    return found


def _in_order(misses: Iterable[Miss]) -> list[Miss]:
    """By time, each visit once."""
    once = {miss.visit_id: miss for miss in misses}
    return sorted(once.values(), key=lambda miss: (miss.planned_at, miss.visit_id.int))


def _first_and_last(evidence: Sequence[Miss]) -> dict[str, str]:
    return {"first_day": evidence[0].day.isoformat(), "last_day": evidence[-1].day.isoformat()}
