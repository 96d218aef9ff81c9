"""Must a direct payment be made, and to whom? Each condition of s.31 or s.32 by itself, with its reason.

Sources: Care Act 2014 s.31 (the person has capacity and asks), s.32 (an authorised person asks), s.33 and SI 2014/2871
(exclusions, close family), the council's own policy row on buying from its services (RULES §2.4, §9 cases 18-20).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.budget.rules.close_family import Relative, may_be_paid
from services.budget.rules.policies import InForce
from shared.contracts.base import Reason
from shared.contracts.budget import PaidTo
from shared.explain import Source, Step, because

S31 = Source("Care Act 2014 s.31 (proceduresonline.com, direct payments)")
S32 = Source("Care Act 2014 s.32 (proceduresonline.com, direct payments)")
SCHEDULE_1 = Source("SI 2014/2871 Sch 1, its list from memory", verified=False)
INHOUSE_ROW = "dp_may_buy_inhouse"
MONTHS_A_YEAR = 12


class InhouseRule(StrEnum):
    """May a direct payment buy the council's own services? A row of the council's policy."""

    NEVER = "never"
    ONE_OFF = "one_off"
    ALLOWED = "allowed"


class InhousePurchase(StrEnum):
    """What the payment is to buy of the council's own services."""

    NOTHING = "nothing"
    ONE_OFF = "one_off"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Conditions:
    """What was found about a request. `requested` is by the person (s.31) or the authorised person (s.32); `agrees`
    is the nominee's or authorised person's; `suitable` the authorised person's: deputy, attorney, or agreed so, and
    acting in the person's best interests. `inhouse_reason` says whether a reason was recorded."""

    has_capacity: bool
    requested: bool
    paid_to: PaidTo
    can_manage: bool
    appropriate: bool
    treatment_requirement: bool = False
    agrees: bool = False
    suitable: bool = False
    relatives: tuple[Relative, ...] = ()
    inhouse: InhousePurchase = InhousePurchase.NOTHING
    inhouse_reason: bool = False


def decide(found: Conditions, policy: InForce) -> tuple[Step, ...]:
    """Every condition as a step whose effect is 1 where it is met, else 0; agreed when all are (s.31: then it must
    be paid)."""
    return tuple(step for clause in RULES for step in clause(found, policy))


def is_agreed(steps: tuple[Step, ...]) -> bool:
    """All conditions met: the council must pay (s.31, s.32)."""
    return all(step.effect for step in steps)


def pay_whom_the_law_names(found: Conditions, policy: InForce) -> Iterator[Step]:
    """With capacity the person or their nominee (s.31); without it an authorised person (s.32)."""
    fits = found.has_capacity is (found.paid_to is not PaidTo.AUTHORISED_PERSON)
    if found.has_capacity:
        reason = because("may_be_paid_to", to=found.paid_to.value) if fits else because("person_has_capacity")
        yield Step("DP-1", reason, int(fits), S31)
    else:
        reason = because("authorised_person_is_paid") if fits else because("needs_an_authorised_person")
        yield Step("DP-1", reason, int(fits), S32)


def pay_on_request(found: Conditions, policy: InForce) -> Iterator[Step]:
    """A right on request (s.31, s.32); nobody is made to take one (guidance 12.5)."""
    yield _met("DP-2", found.requested, because("was_requested"), because("nobody_requested_it"), _path(found))


def ask_whoever_is_paid(found: Conditions, policy: InForce) -> Iterator[Step]:
    """A nominee agrees to receive it (s.31); an authorised person agrees, and is suitable (s.32)."""
    if found.paid_to is PaidTo.PERSON:
        return
    yield _met("DP-3", found.agrees, because("payee_agrees"), because("payee_does_not_agree"), _path(found))
    if found.paid_to is PaidTo.AUTHORISED_PERSON:
        yield _met("DP-3", found.suitable, because("payee_is_suitable"), because("payee_is_not_suitable"), S32)


def pay_who_can_manage(found: Conditions, policy: InForce) -> Iterator[Step]:
    """Alone or with whatever help is available: help counts, so payroll help may be all it takes (s.31, condition 3)."""
    yield _met("DP-4", found.can_manage, because("can_manage"), because("cannot_manage_with_help"), _path(found))


def keep_to_the_exclusions(found: Conditions, policy: InForce) -> Iterator[Step]:
    """Nobody under a listed drug or alcohol treatment requirement (SI 2014/2871 Sch 1)."""
    free = not found.treatment_requirement
    yield _met("DP-5", free, because("not_excluded"), because("treatment_requirement"), SCHEDULE_1)


def pay_where_it_is_appropriate(found: Conditions, policy: InForce) -> Iterator[Step]:
    """An appropriate way to meet the needs (s.31, condition 4; s.32)."""
    yield _met("DP-6", found.appropriate, because("is_appropriate"), because("is_not_appropriate"), _path(found))


def look_at_relatives(found: Conditions, policy: InForce) -> Iterator[Step]:
    """Close family only by necessity, with reasons (reg 3; RULES §9 case 19)."""
    for relative in found.relatives:
        may, reason, source = may_be_paid(relative)
        yield Step("DP-7", reason, int(may), source)


def buy_inhouse_by_the_policy(found: Conditions, policy: InForce) -> Iterator[Step]:
    """The council's own row says never, one-off with a reason, or allowed (RULES §2.4, §9 case 20)."""
    if found.inhouse is InhousePurchase.NOTHING:
        return
    row = policy.row(INHOUSE_ROW)
    rule = InhouseRule(row.said)
    may, reason = inhouse_verdict(rule, found.inhouse, found.inhouse_reason)
    yield Step("DP-8", reason, int(may), row.source)


def inhouse_verdict(rule: InhouseRule, wanted: InhousePurchase, has_reason: bool) -> tuple[bool, Reason]:
    """Whether the council's own service may be bought so, and why (RULES §2.4)."""
    if rule is InhouseRule.ALLOWED:
        return True, because("inhouse_allowed")
    if rule is InhouseRule.NEVER:
        return False, because("inhouse_never")
    if wanted is not InhousePurchase.ONE_OFF:
        return False, because("inhouse_only_one_off")
    if not has_reason:
        return False, because("inhouse_without_reason")
    return True, because("inhouse_one_off")


RULES = (
    pay_whom_the_law_names,
    pay_on_request,
    ask_whoever_is_paid,
    pay_who_can_manage,
    keep_to_the_exclusions,
    pay_where_it_is_appropriate,
    look_at_relatives,
    buy_inhouse_by_the_policy,
)

IN_CONFIDENCE = frozenset({"DP-1", "DP-3", "DP-4", "DP-5", "DP-7"})
"""Rules whose reasons say something of capacity, of a court's order, or of the family: these never travel."""


def sayable(steps: tuple[Step, ...]) -> tuple[Reason, ...]:
    """What a fact may carry of a decision: its reasons, those in confidence only as met or not."""
    return tuple(each.because if each.rule not in IN_CONFIDENCE else in_confidence(each) for each in steps)


def in_confidence(step: Step) -> Reason:
    """That a condition was looked at, and no more."""
    return (
        because("met_in_confidence", rule=step.rule) if step.effect else because("unmet_in_confidence", rule=step.rule)
    )


def review_by(first_paid_on: date, policy: InForce) -> date:
    """Within six months of the first payment (RULES §9 case 22)."""
    return months_after(first_paid_on, int(policy.row("dp_review_months").figure))


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    _, last = monthrange(day.year + years, month + 1)
    return date(day.year + years, month + 1, min(day.day, last))


def _path(found: Conditions) -> Source:
    return S31 if found.has_capacity else S32


def _met(rule: str, met: bool, so: Reason, otherwise: Reason, source: Source) -> Step:
    return Step(rule, so if met else otherwise, int(met), source)
