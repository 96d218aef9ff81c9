"""Can this concern be taken, and can it be decided so?"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.safeguarding.rules.decisions import Category, Decision, Duty, SourceOfRisk
from services.safeguarding.rules.failures import Failure, NotSo, those
from shared.explain import because


class ConcernUnclear(NotSo):
    """A concern does not say whom or what it is about, or contradicts itself."""

    title = "The concern is not clear"


class NoAdultNamed(NotSo):
    """A statutory enquiry is about an adult, and the concern names none."""

    title = "The concern names no adult"


def be_clear(
    person_id: UUID | None, supplier_id: UUID | None, source: SourceOfRisk, categories: Sequence[Category]
) -> None:
    """Whether the ids are known is not asked: a report is always taken. Raises ConcernUnclear."""
    found = (
        be_about_somebody(person_id, supplier_id),
        count_suppliers_as_providers(supplier_id, source),
        name_categories_once(categories),
    )
    failures = those(found)
    if failures:
        raise ConcernUnclear(failures)


def be_about_somebody(person_id: UUID | None, supplier_id: UUID | None) -> Failure | None:
    """About an adult, about a supplier, or about both (our own rule)."""
    if person_id or supplier_id:
        return None
    return Failure("person_id", "CONCERN-1", because("about_nobody"))


def count_suppliers_as_providers(supplier_id: UUID | None, source: SourceOfRisk) -> Failure | None:
    """Whoever is paid to support is a service provider, a directly employed PA included (SAC guidance, R§5.2)."""
    if supplier_id is None or source is SourceOfRisk.SERVICE_PROVIDER:
        return None
    return Failure("source_of_risk", "CONCERN-2", because("supplier_is_service_provider"))


def name_categories_once(categories: Sequence[Category]) -> Failure | None:
    """Several may apply, each counts in its row once (R§5.2)."""
    if len(set(categories)) == len(categories):
        return None
    return Failure("also", "CONCERN-4", because("category_repeated"))


def name_the_adult(decision: Decision, person_id: UUID | None) -> None:
    """The duty of Care Act 2014 s.42 is towards an adult. Raises NoAdultNamed."""
    if decision.duty is Duty.STATUTORY_ENQUIRY and person_id is None:
        raise NoAdultNamed((Failure("person_id", "CONCERN-3", because("no_adult_named")),))
