"""R cases 31 and 32: the three-part decision on record, how an enquiry ends, and what counts in which row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from uuid import UUID

import pytest

from services.safeguarding.rules.concerns import ConcernUnclear, be_clear
from services.safeguarding.rules.decisions import Category, Duty, SourceOfRisk, Suspected, decide
from services.safeguarding.rules.enquiries import (
    IDENTIFIED,
    Achieved,
    Advocate,
    Asked,
    Capacity,
    Ended,
    EnquiryInconsistent,
    EnquiryNotConcluded,
    NoEnquiryToConclude,
    Risk,
    RiskAfter,
    be_an_enquiry,
    be_concluded,
    count,
    hold_together,
)

ANN, BEN, FIRM = UUID(int=1), UUID(int=2), UUID(int=100)
ENDED = Ended(Risk.IDENTIFIED_ACTION, RiskAfter.REMOVED, Asked.EXPRESSED, Achieved.FULLY, Capacity.HAD, Advocate.NOBODY)
PROVIDER, KNOWN = SourceOfRisk.SERVICE_PROVIDER, SourceOfRisk.OTHER_KNOWN


@dataclass(frozen=True)
class Concluded:
    person_id: UUID | None
    categories: tuple[Category, ...]
    source_of_risk: SourceOfRisk


@pytest.mark.parametrize("parts", list(product([True, False], repeat=3)))
def test_case_31_all_three_parts_or_one_of_the_published_reasons_for_each_that_is_not(parts: tuple[bool, ...]) -> None:
    """Care Act 2014 s.42(1); RULES case 31."""
    decision = decide(Suspected(*parts), other_enquiry=True)
    assert decision.duty is (Duty.STATUTORY_ENQUIRY if all(parts) else Duty.OTHER_ENQUIRY)
    assert len(decision.because) == (1 if all(parts) else parts.count(False))


def test_case_32_neglect_and_financial_count_in_both_rows_and_the_individual_once() -> None:
    """Safeguarding Adults Collection 2025-26, SG1 and SG2; RULES case 32."""
    both = (Category.NEGLECT, Category.FINANCIAL_OR_MATERIAL)
    counts = count([Concluded(ANN, both, PROVIDER)])
    assert (counts.enquiries, counts.individuals) == (1, 1)
    assert set(counts.risks) == {(category, PROVIDER, 1) for category in both}


def test_an_individual_with_two_enquiries_counts_once_and_their_risks_twice() -> None:
    neglect = (Category.NEGLECT,)
    counts = count(
        [Concluded(ANN, neglect, PROVIDER), Concluded(ANN, neglect, PROVIDER), Concluded(BEN, neglect, KNOWN)]
    )
    assert (counts.enquiries, counts.individuals) == (3, 2)
    assert counts.risks == ((Category.NEGLECT, KNOWN, 1), (Category.NEGLECT, PROVIDER, 2))


def test_case_32_a_pa_paid_by_direct_payment_is_a_service_provider_and_nothing_else_is_taken() -> None:
    """R§5.2, the trap: a directly employed PA, whom the adult knows, is no 'other known to individual'."""
    be_clear(ANN, FIRM, PROVIDER, (Category.FINANCIAL_OR_MATERIAL,))
    with pytest.raises(ConcernUnclear) as refused:
        be_clear(ANN, FIRM, KNOWN, (Category.NEGLECT, Category.NEGLECT))
    assert [one.rule for one in refused.value.failures] == ["CONCERN-2", "CONCERN-4"]


@pytest.mark.parametrize("risk", list(Risk))
@pytest.mark.parametrize("after", [None, *RiskAfter])
def test_what_became_of_the_risk_is_said_where_one_was_identified_and_only_there(
    risk: Risk, after: RiskAfter | None
) -> None:
    """SG2."""
    ended = replace(ENDED, risk=risk, risk_after=after)
    if (risk in IDENTIFIED) is (after is not None):
        hold_together(ended)
    else:
        with pytest.raises(EnquiryInconsistent):
            hold_together(ended)


@pytest.mark.parametrize("wishes", list(Asked))
@pytest.mark.parametrize("achieved", [None, *Achieved])
def test_making_safeguarding_personal_says_what_was_achieved_of_what_was_wanted(
    wishes: Asked, achieved: Achieved | None
) -> None:
    """SG4."""
    ended = replace(ENDED, wishes=wishes, achieved=achieved)
    if (wishes is Asked.EXPRESSED) is (achieved is not None):
        hold_together(ended)
    else:
        with pytest.raises(EnquiryInconsistent):
            hold_together(ended)


def test_the_published_lists_of_the_collection_are_complete() -> None:
    """SG2: seven outcomes and three ends of an identified risk; SG4: four answers and three degrees."""
    assert (len(Risk), len(RiskAfter), len(Asked), len(Achieved)) == (7, 3, 4, 3)


def test_a_duty_to_enquire_is_not_closed_away() -> None:
    """Care Act 2014 s.42(2)."""
    for duty in (Duty.NO_ENQUIRY, Duty.OTHER_ENQUIRY):
        be_concluded(duty, concluded=False)
    be_concluded(Duty.STATUTORY_ENQUIRY, concluded=True)
    with pytest.raises(EnquiryNotConcluded):
        be_concluded(Duty.STATUTORY_ENQUIRY, concluded=False)


@pytest.mark.parametrize("duty", [None, Duty.NO_ENQUIRY])
def test_only_an_enquiry_has_an_end(duty: Duty | None) -> None:
    be_an_enquiry(Duty.OTHER_ENQUIRY)
    with pytest.raises(NoEnquiryToConclude):
        be_an_enquiry(duty)
