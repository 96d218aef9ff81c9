"""What follows when a plan is agreed, and when a person lets an app see them, or no longer?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from services.marketplace.common.calling_off import CALLING_OFF, call_off_framework
from services.marketplace.common.early import early_until_then
from services.marketplace.models import Consent, Requirement
from services.marketplace.reactions.superseding import SUPERSEDING, carry_on
from services.marketplace.rules.matching import Replaced
from services.marketplace.rules.states import REQUIREMENTS, RequirementState
from shared.contracts.assessment import ConsentGiven, ConsentWithdrawn, PlanAgreed
from shared.contracts.base import Fact, PlanLine
from shared.runtime.loads import by_key, by_match
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork

CONSENT = by_key(Consent, lambda heard, work: (heard.fact.person_id, heard.fact.client_id))
OF_THE_PLAN = by_match(Requirement, "plan_id", of="plan_id", stage=1)
STILL_LOOKING = (RequirementState.OPEN, RequirementState.OFFERED)


@on(PlanAgreed, wants=(OF_THE_PLAN, *CALLING_OFF, *SUPERSEDING))
def open_requirements(heard: Heard[PlanAgreed], work: UnitOfWork) -> Iterator[Fact]:
    """Each line of the agreed plan looks for a supplier; what an earlier revision still looked for is withdrawn. Where the
    plan supersedes another, a line of that one which goes on untouched keeps what it has; where urgent support or reablement
    runs, that goes on until what the plan buys instead starts."""
    known = work.all(OF_THE_PLAN, heard.fact.plan_id)
    if any(requirement.revision >= heard.fact.revision for requirement in known):
        return
    for requirement in known:
        if requirement.state in STILL_LOOKING:
            work.put(replace(requirement, state=REQUIREMENTS.move(requirement.state, "withdraw")))
    found = {**early_until_then(heard, work), **(yield from carry_on(heard, work))}
    for line in heard.fact.lines:
        if found.get(line.line_id, line) is not None:
            requirement = work.put(_requirement(heard, work.new_id(), line, found.get(line.line_id)))
            yield requirement.as_opened()
            yield from call_off_framework(heard, work, requirement)


def _requirement(
    heard: Heard[PlanAgreed], requirement_id: UUID, line: PlanLine, replaces: Replaced | None
) -> Requirement:
    plan = heard.fact
    return Requirement(
        council_id=heard.council,
        requirement_id=requirement_id,
        plan_id=plan.plan_id,
        revision=plan.revision,
        budget_id=plan.budget_id,
        person_id=plan.person_id,
        team=plan.team,
        area=plan.area,
        square=plan.square,
        line=line,
        starts_on=plan.starts_on,
        state=RequirementState.OPEN,
        replaces_order_id=replaces.order_id if replaces else None,
        replaces=replaces,
    )


@on(ConsentGiven, wants=(CONSENT,))
def note_consent(heard: Heard[ConsentGiven], work: UnitOfWork) -> None:
    before = work.get(Consent, heard.fact.person_id, heard.fact.client_id)
    given = dict(heard.fact)
    work.put(Consent(council_id=heard.council, version=before.version if before else 0, **given))


@on(ConsentWithdrawn, wants=(CONSENT,))
def end_consent(heard: Heard[ConsentWithdrawn], work: UnitOfWork) -> None:
    """From now on the app sees nothing of this person."""
    consent = work.get(Consent, heard.fact.person_id, heard.fact.client_id)
    if consent is not None:
        work.put(replace(consent, withdrawn=True))
