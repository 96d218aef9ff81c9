"""What must be there before support starts, by who employs; and whether cover was in force on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.marketplace.policy import POLICIES, in_force
from services.marketplace.policy.reading import PolicyUnsound, parse
from services.marketplace.rules import readiness as rules
from services.marketplace.rules.policies import HangsOn, NoPolicyInForce
from services.marketplace.rules.readiness import Employment, EvidenceUnsound, be_sound, insured, is_followed, readiness
from shared.contracts.base import Employer, SupplierKind, Support
from shared.contracts.supply import EvidenceKind

DAY = date(2024, 6, 17)
POLICY = in_force("readiness", "E99999999", DAY)
LEAST = POLICY.figure("least_cover_pence")
E = EvidenceKind
FIRST = [E.REGISTRATION]
EMPLOYED = [E.RIGHT_TO_WORK, E.CONTRACT]
PRIVATE = [*EMPLOYED, E.PAYROLL, E.PENSION, E.COVER_PLAN]


@dataclass(frozen=True)
class Shown:
    evidence_kind: EvidenceKind
    holds_from: date
    holds_until: date | None = None


def pa(employer: Employer, *, close_family: bool = False) -> Employment:
    return Employment(SupplierKind.PA, employer, Support.HOME_CARE, close_family)


PROVIDER = Employment(SupplierKind.PROVIDER, None, Support.HOME_CARE)
LIABILITY = E.EMPLOYERS_LIABILITY


@pytest.mark.parametrize(
    ("of", "missing", "advised"),
    [
        (PROVIDER, {E.REGISTRATION, LIABILITY}, set()),
        (Employment(SupplierKind.PROVIDER, None, Support.DAY_SERVICE), {LIABILITY}, set()),
        (Employment(SupplierKind.IN_HOUSE, None, Support.HOME_CARE), {E.REGISTRATION}, set()),
        (pa(Employer.PERSON), {LIABILITY, *PRIVATE}, {E.CRIMINAL_RECORD_CHECK, E.TRAINING}),
        (pa(Employer.NOMINEE), {LIABILITY, *PRIVATE, E.CRIMINAL_RECORD_CHECK}, {E.TRAINING}),
        (pa(Employer.POOL), {E.REGISTRATION, LIABILITY, *EMPLOYED, E.CRIMINAL_RECORD_CHECK}, {E.TRAINING}),
        (pa(Employer.NONE), {E.STATUS_CHECK, E.COVER_PLAN}, {E.CRIMINAL_RECORD_CHECK}),
    ],
)
def test_what_is_needed_follows_from_who_employs(
    of: Employment, missing: set[EvidenceKind], advised: set[EvidenceKind]
) -> None:
    """Registration of providers, in-house and pool alike, not of a PA whom the person employs; checks are advice for a
    competent adult and needed where another manages."""
    found = readiness(of, [], POLICY, DAY)
    assert (set(found.missing), set(found.advised)) == (missing, advised)


@pytest.mark.parametrize(
    ("kind", "employer", "theirs"),
    [
        (SupplierKind.PA, Employer.PERSON, {LIABILITY, E.PAYROLL, E.PENSION, E.COVER_PLAN}),
        (SupplierKind.PA, Employer.NOMINEE, {LIABILITY, E.PAYROLL, E.PENSION, E.COVER_PLAN}),
        (SupplierKind.PA, Employer.POOL, {LIABILITY, E.REGISTRATION}),
        (SupplierKind.PROVIDER, None, set()),
        (SupplierKind.IN_HOUSE, None, set()),
    ],
)
def test_the_policy_says_what_hangs_on_the_employer(
    kind: SupplierKind, employer: Employer | None, theirs: set[EvidenceKind]
) -> None:
    """What is of the job or of the PA - checks, right to work, contract, training - stays with each."""
    assert {each for each in E if POLICY.hangs_on(each, kind, employer) is HangsOn.EMPLOYER} == theirs


def test_r_case_29_cover_a_pound_short_is_not_cover() -> None:
    """RULES §9 case 29: 4,999,999 is invalid, £5m is not."""
    ends = DAY + timedelta(days=365)
    with pytest.raises(EvidenceUnsound) as refused:
        be_sound(LIABILITY, DAY, ends, 4_999_999_00, LEAST)
    assert [(each.field, each.rule) for each in refused.value.failures] == [("cover_pence", "EVID-2")]
    be_sound(LIABILITY, DAY, ends, 5_000_000_00, LEAST)


def test_r_case_29_ten_days_without_insurance_are_an_exposure_of_25_000_pounds() -> None:
    """RULES §9 case 29, as information: £2,500 a day."""
    shown = [Shown(LIABILITY, date(2024, 1, 1), date(2024, 6, 7))]
    found = insured(pa(Employer.PERSON), shown, POLICY, date(2024, 6, 17), employs_since=date(2024, 2, 1))
    assert (found.covered, found.required, found.uninsured_days, found.exposure_pence) == (False, True, 10, 25_000_00)
    assert insured(pa(Employer.PERSON), shown, POLICY, date(2024, 6, 7), date(2024, 2, 1)).covered


def test_r_case_29_a_sole_pa_who_is_close_family_needs_no_insurance() -> None:
    """RULES §9 case 29: the exempt path; nothing else is exempt."""
    family = pa(Employer.PERSON, close_family=True)
    found = readiness(family, [], POLICY, DAY)
    assert set(found.missing) == set(PRIVATE)
    assert "close_family_exempt" in {step.because.code for step in found.steps}
    answer = insured(family, [], POLICY, DAY, date(2024, 1, 1))
    assert (answer.covered, answer.required, answer.exposure_pence) == (False, False, 0)


@pytest.mark.parametrize(
    ("kind", "until", "cover", "rules_broken"),
    [
        (E.CONTRACT, DAY - timedelta(days=1), None, ["EVID-1"]),
        (E.CONTRACT, None, 1, ["EVID-3"]),
        (LIABILITY, None, LEAST, ["EVID-4"]),
        (LIABILITY, DAY - timedelta(days=1), None, ["EVID-1", "EVID-2"]),
    ],
)
def test_evidence_that_does_not_hold_together_is_refused(
    kind: EvidenceKind, until: date | None, cover: int | None, rules_broken: list[str]
) -> None:
    with pytest.raises(EvidenceUnsound) as refused:
        be_sound(kind, DAY, until, cover, LEAST)
    assert [each.rule for each in refused.value.failures] == rules_broken


def test_evidence_is_followed_by_what_holds_the_day_after() -> None:
    ending = Shown(E.CONTRACT, date(2024, 1, 1), DAY)
    assert not is_followed([ending], ending)
    assert not is_followed([ending, Shown(E.CONTRACT, DAY + timedelta(days=2))], ending)
    assert not is_followed([ending, Shown(E.TRAINING, DAY)], ending)
    assert is_followed([ending, Shown(E.CONTRACT, DAY + timedelta(days=1))], ending)
    assert is_followed([ending], Shown(E.CONTRACT, DAY))


shown = st.builds(
    Shown,
    st.sampled_from(EvidenceKind),
    st.dates(date(2024, 1, 1), date(2024, 12, 1)),
    st.none() | st.dates(date(2024, 1, 1), date(2024, 12, 31)),
)
employments = st.sampled_from(
    [PROVIDER, *(pa(employer) for employer in Employer), pa(Employer.PERSON, close_family=True)]
)


@given(employments, st.lists(shown, max_size=12), st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_the_steps_add_up_to_what_is_missing_and_more_evidence_never_blocks(
    of: Employment, evidence: list[Shown], day: date
) -> None:
    found = readiness(of, evidence, POLICY, day)
    assert sum(step.effect for step in found.steps) == len(found.missing)
    assert set(found.missing) <= set(readiness(of, [], POLICY, day).missing)
    for kind in found.missing:
        assert rules.in_force(evidence, kind, day) is None


def test_a_day_before_any_policy_is_refused_and_not_guessed() -> None:
    with pytest.raises(NoPolicyInForce):
        in_force("readiness", "E99999999", date(2015, 3, 31))


@pytest.mark.parametrize(
    "broken", [b"[", b"name: x", b"name: x\nversion: 1\ncouncils: []\nvalid_from: 1\nvalid_to: null"]
)
def test_an_unsound_file_is_not_half_read(broken: bytes) -> None:
    with pytest.raises(PolicyUnsound):
        parse(broken)


def test_what_nobody_read_in_its_original_is_marked_so() -> None:
    unread = {policy.name for policy in POLICIES if not policy.ref.verified}
    assert unread == {"conditions", "readiness", "sick_pay", "take_up"}
    assert POLICY.figures["least_cover_pence"].source.verified
