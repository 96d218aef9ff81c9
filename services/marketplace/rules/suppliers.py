"""Is what is said of a new supplier sound, whatever kind it is of?"""

from __future__ import annotations

import hashlib
import re
from enum import StrEnum
from uuid import UUID

from services.marketplace.rules.failures import Failure, NotSo, those
from shared.contracts.base import Employer, SupplierKind
from shared.explain import because


class Terms(StrEnum):
    """What a supplier follows towards those who work for it."""

    COLLECTIVE_AGREEMENT = "collective_agreement"
    REAL_LIVING_WAGE = "real_living_wage"
    GUARANTEED_HOURS = "guaranteed_hours"


class SupplierUnsound(NotSo):
    """What is said of the supplier does not hold together."""

    title = "The supplier cannot be registered so"


LOCATION = re.compile(r"1-\d{6,12}")
"""How the public register numbers a location."""


def location_of(kind: SupplierKind, reference: str | None) -> str | None:
    """The public register's id of a location, where the reference is one. A PA is listed nowhere."""
    if kind is SupplierKind.PA or reference is None:
        return None
    return reference if LOCATION.fullmatch(reference) else None


PRIVATE = frozenset({Employer.PERSON, Employer.NOMINEE})
"""Employers who are no business: the person, or somebody for them."""


def employer_id(employer: Employer | None, for_person_id: UUID | None) -> UUID | None:
    """Whoever employs a PA, the same at each of their PAs: the person, a nominee of that person, the council's pool. None
    where nobody employs: other suppliers, and who is self-employed. The first half of a sha256: a migration can say it too."""
    if employer is None or employer is Employer.NONE:
        return None
    said = f"{employer.value}/{for_person_id or ''}"
    return UUID(bytes=hashlib.sha256(said.encode()).digest()[:16])


def be_one_kind(
    kind: SupplierKind,
    employer: Employer | None,
    arms_length: bool,
    close_family: bool,
    for_person_id: UUID | None = None,
    in_household: bool = False,
) -> None:
    """A PA has an employer, or is self-employed; nobody else has. Only a provider can be at arm's length of the council;
    only who is employed privately can be close family of the employer, and is there for one person alone (our own rules).
    Raises SupplierUnsound."""
    is_pa = kind is SupplierKind.PA
    needed = Failure("employer", "SUPPLIER-1", because("pa_needs_employer"))
    surplus = Failure("employer", "SUPPLIER-2", because("only_a_pa_has_an_employer", kind=kind.value))
    distant = Failure("arms_length", "SUPPLIER-3", because("only_a_provider_is_arms_length", kind=kind.value))
    related = Failure("close_family", "SUPPLIER-4", because("only_private_employers_have_family"))
    unnamed = Failure("for_person_id", "SUPPLIER-5", because("whose_pa_not_said"))
    shared = Failure("for_person_id", "SUPPLIER-6", because("only_private_employers_have_a_person"))
    stranger = Failure("close_family_in_household", "SUPPLIER-7", because("only_private_employers_have_family"))
    found = those(
        (
            needed if is_pa and employer is None else None,
            surplus if not is_pa and employer is not None else None,
            distant if arms_length and kind is not SupplierKind.PROVIDER else None,
            related if close_family and employer not in PRIVATE else None,
            unnamed if is_pa and employer in PRIVATE and for_person_id is None else None,
            shared if employer not in PRIVATE and for_person_id is not None else None,
            stranger if in_household and employer not in PRIVATE else None,
        )
    )
    if found:
        raise SupplierUnsound(found)
