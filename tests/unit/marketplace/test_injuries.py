"""Who owes statutory sick pay to a PA hurt at work (RULES §4.2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.marketplace.rules.injuries import FROM_DAY_ONE, due_from, who_owes_sick_pay
from services.marketplace.rules.words import WORDS
from shared.contracts.base import Employer, SupplierKind
from shared.explain import in_words

EMPLOYERS = [each for each in Employer if each is not Employer.NONE]


@pytest.mark.parametrize("employer", EMPLOYERS)
@pytest.mark.parametrize(
    ("day", "code"),
    [(FROM_DAY_ONE - timedelta(days=1), "sick_pay_due"), (FROM_DAY_ONE, "sick_pay_due_from_day_one")],
)
def test_whoever_employs_a_pa_owes_sick_pay_from_day_one_since_april_2026(
    employer: Employer, day: date, code: str
) -> None:
    """RULES §4.2, statutory sick pay."""
    (step,) = steps = who_owes_sick_pay(SupplierKind.PA, employer, day)
    assert (step.because.code, due_from(steps), step.source.verified) == (code, employer, False)
    assert "RULES §4.2" in step.source.title
    assert f"({employer.value})" in in_words(step.because, WORDS)


def test_who_works_for_themselves_is_owed_by_nobody_and_is_told_so() -> None:
    steps = who_owes_sick_pay(SupplierKind.PA, Employer.NONE, FROM_DAY_ONE)
    assert ([step.because.code for step in steps], due_from(steps)) == (["sick_pay_from_nobody"], None)


@pytest.mark.parametrize("kind", [SupplierKind.PROVIDER, SupplierKind.IN_HOUSE])
def test_of_other_suppliers_nothing_is_said(kind: SupplierKind) -> None:
    assert who_owes_sick_pay(kind, None, FROM_DAY_ONE) == ()
