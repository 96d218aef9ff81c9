"""What did a decision see, so that it can be made again? Inputs as they were, and the version of the rules (§7).

A re-run decides from these alone: the policy file by its digest, the market as it then was. It must give the same pence
and the same lines; a corpus of stored decisions is re-run by a test, so that a rule cannot change silently.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.budget.rules.adequacy import Verdict, adequate
from services.budget.rules.allocation import Indication, indicate
from services.budget.rules.charging import Charge, Means, charge
from services.budget.rules.direct_payments import INHOUSE_ROW, Conditions, InhouseRule, decide
from services.budget.rules.finalising import FinalFigure, finalise
from services.budget.rules.market import Listing, Market, Running, may_buy_standing
from services.budget.rules.policies import Policy, choose, choose_again
from shared.contracts.assessment import Needs
from shared.contracts.base import PlanLine
from shared.explain import Step

RULES_VERSION = "2026-12"
"""Change this whenever a rule of this room gives other pence or other lines for the same inputs."""


@dataclass(frozen=True, slots=True)
class IndicationInputs:
    """What an indicative budget was made from."""

    needs: Needs
    council: str
    on: date
    digest: str
    rules: str = RULES_VERSION


@dataclass(frozen=True, slots=True)
class AdequacyInputs:
    """What a verdict about a plan was made from: `listings` are those of the area that were live for its support, `running`
    the person's own orders."""

    lines: tuple[PlanLine, ...]
    weekly_budget_pence: int
    area: str
    listings: tuple[Listing, ...]
    council: str
    on: date
    digest: str
    rules: str = RULES_VERSION
    inhouse: InhouseRule = InhouseRule.ALLOWED
    running: tuple[Running, ...] = ()


@dataclass(frozen=True, slots=True)
class FinalInputs:
    """What a final figure was made from."""

    indicated_pence: int
    figure: FinalFigure
    rules: str = RULES_VERSION


@dataclass(frozen=True, slots=True)
class ChargeInputs:
    """What a person's charge was made from: their means, and what the support cost a week then."""

    means: Means
    cost_pence: int
    council: str
    on: date
    digest: str
    rules: str = RULES_VERSION


@dataclass(frozen=True, slots=True)
class DirectPaymentInputs:
    """What a decision about a direct payment was made from."""

    found: Conditions
    council: str
    on: date
    digest: str
    rules: str = RULES_VERSION


def indicate_from(inputs: IndicationInputs, policies: Iterable[Policy]) -> Indication:
    return indicate(inputs.needs, choose_again(policies, inputs.digest, inputs.council, inputs.on))


def forbidden_in(inputs: AdequacyInputs) -> tuple[UUID, ...]:
    """The lines of the plan that no figure buys: what their route may not buy (RULES §2.4)."""
    return tuple(
        line.line_id for line in inputs.lines if not may_buy_standing(inputs.inhouse, line.route, line.kind_wanted)
    )


def judge_from(inputs: AdequacyInputs, policies: Iterable[Policy]) -> Verdict:
    employment = choose_again(policies, inputs.digest, inputs.council, inputs.on)
    market = Market(inputs.area, inputs.listings, employment, inputs.inhouse, inputs.running)
    return adequate(inputs.lines, inputs.weekly_budget_pence, market)


def charge_from(inputs: ChargeInputs, policies: Iterable[Policy]) -> Charge:
    return charge(inputs.means, inputs.cost_pence, choose_again(policies, inputs.digest, inputs.council, inputs.on))


def finalise_from(inputs: FinalInputs) -> tuple[Step, ...]:
    return finalise(inputs.indicated_pence, inputs.figure)


def direct_payment_from(inputs: DirectPaymentInputs, policies: Iterable[Policy]) -> tuple[Step, ...]:
    return decide(inputs.found, choose_again(policies, inputs.digest, inputs.council, inputs.on))


def indication_inputs(needs: Needs, council: str, on: date, policies: Iterable[Policy]) -> IndicationInputs:
    """Raises NoPolicyInForce."""
    return IndicationInputs(needs, council, on, choose(policies, "allocation", council, on).policy.digest)


def charge_inputs(means: Means, cost_pence: int, council: str, on: date, policies: Iterable[Policy]) -> ChargeInputs:
    """Raises NoPolicyInForce."""
    return ChargeInputs(means, cost_pence, council, on, choose(policies, "charging", council, on).policy.digest)


def direct_payment_inputs(found: Conditions, council: str, on: date, policies: Iterable[Policy]) -> DirectPaymentInputs:
    """Raises NoPolicyInForce."""
    return DirectPaymentInputs(found, council, on, choose(policies, "direct_payments", council, on).policy.digest)


def adequacy_inputs(
    lines: tuple[PlanLine, ...],
    weekly_budget_pence: int,
    area: str,
    listings: Sequence[Listing],
    council: str,
    on: date,
    policies: Iterable[Policy],
    running: Sequence[Running] = (),
) -> AdequacyInputs:
    """Raises NoPolicyInForce."""
    digest = choose(policies, "employment", council, on).policy.digest
    inhouse = InhouseRule(choose(policies, "direct_payments", council, on).row(INHOUSE_ROW).said)
    sold, runs = tuple(listings), tuple(running)
    return AdequacyInputs(lines, weekly_budget_pence, area, sold, council, on, digest, inhouse=inhouse, running=runs)
