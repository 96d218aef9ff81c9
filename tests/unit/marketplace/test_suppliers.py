"""One form for suppliers of every kind; what does not hold together is named all at once."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.marketplace.rules.suppliers import SupplierUnsound, be_one_kind, location_of
from shared.contracts.base import Employer, SupplierKind

HERS = UUID(int=5)
PRIVATE = (Employer.PERSON, Employer.NOMINEE)
PA, PROVIDER, IN_HOUSE = SupplierKind.PA, SupplierKind.PROVIDER, SupplierKind.IN_HOUSE


@pytest.mark.parametrize(
    ("kind", "employer", "arms_length", "close_family"),
    [
        (PROVIDER, None, False, False),
        (PROVIDER, None, True, False),
        (IN_HOUSE, None, False, False),
        *((PA, employer, False, False) for employer in Employer),
        (PA, Employer.PERSON, False, True),
        (PA, Employer.NOMINEE, False, True),
    ],
)
def test_every_kind_of_supplier_comes_in_by_one_form(
    kind: SupplierKind, employer: Employer | None, arms_length: bool, close_family: bool
) -> None:
    be_one_kind(kind, employer, arms_length, close_family, HERS if employer in PRIVATE else None)


@pytest.mark.parametrize(
    ("kind", "employer", "arms_length", "close_family", "found"),
    [
        (PA, None, False, False, [("employer", "SUPPLIER-1")]),
        (PROVIDER, Employer.POOL, False, False, [("employer", "SUPPLIER-2")]),
        (IN_HOUSE, None, True, False, [("arms_length", "SUPPLIER-3")]),
        (PA, Employer.POOL, False, True, [("close_family", "SUPPLIER-4")]),
        (PA, Employer.NONE, False, True, [("close_family", "SUPPLIER-4")]),
        (
            PA,
            None,
            True,
            True,
            [("employer", "SUPPLIER-1"), ("arms_length", "SUPPLIER-3"), ("close_family", "SUPPLIER-4")],
        ),
    ],
)
def test_what_does_not_hold_together_is_named_by_field_and_rule(
    kind: SupplierKind,
    employer: Employer | None,
    arms_length: bool,
    close_family: bool,
    found: list[tuple[str, str]],
) -> None:
    with pytest.raises(SupplierUnsound) as refused:
        be_one_kind(kind, employer, arms_length, close_family)
    assert [(each.field, each.rule) for each in refused.value.failures] == found


@pytest.mark.parametrize(
    ("employer", "person", "rule"),
    [
        *((employer, None, "SUPPLIER-5") for employer in PRIVATE),
        *((employer, HERS, "SUPPLIER-6") for employer in (Employer.POOL, Employer.NONE)),
    ],
)
def test_whose_pa_it_is_must_be_said_of_those_employed_privately_and_of_nobody_else(
    employer: Employer, person: UUID | None, rule: str
) -> None:
    with pytest.raises(SupplierUnsound) as refused:
        be_one_kind(PA, employer, False, False, person)
    assert [(each.field, each.rule) for each in refused.value.failures] == [("for_person_id", rule)]


@pytest.mark.parametrize(
    ("kind", "reference", "location_id"),
    [
        (PROVIDER, "1-100000001", "1-100000001"),
        (IN_HOUSE, "1-100000001", "1-100000001"),
        (PA, "1-100000001", None),
        (PROVIDER, "ours-7", None),
        (PROVIDER, None, None),
    ],
)
def test_only_a_location_of_the_public_register_is_known_to_other_councils(
    kind: SupplierKind, reference: str | None, location_id: str | None
) -> None:
    assert location_of(kind, reference) == location_id


@pytest.mark.parametrize(
    ("employer", "fields"), [(Employer.POOL, ["close_family_in_household"]), (Employer.PERSON, [])]
)
def test_only_a_privately_employed_pa_is_close_family_of_a_household(employer: Employer, fields: list[str]) -> None:
    hers = HERS if employer in PRIVATE else None
    try:
        be_one_kind(PA, employer, False, False, hers, in_household=True)
        found = []
    except SupplierUnsound as refused:
        found = [each.field for each in refused.failures]
    assert found == fields
