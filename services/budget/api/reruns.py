"""Is a stored decision what today's rules would make of what it saw? Each is made again from its snapshot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from services.budget.api.views import Rerun
from services.budget.models import Budget
from services.budget.policy import POLICIES
from services.budget.rules.policies import NoPolicyInForce, PolicyHasNoRow
from services.budget.rules.snapshots import RULES_VERSION, finalise_from, indicate_from
from shared.explain import Step
from shared.refusals import Refused


def rerun(budget: Budget) -> list[Rerun]:
    """The indicative budget, and the final one, each from its own inputs."""
    return list(_reruns(budget))


def _reruns(budget: Budget) -> Iterator[Rerun]:
    if (inputs := budget.inputs) is not None:
        yield _again("indicated", inputs.rules, budget.steps, lambda: indicate_from(inputs, POLICIES).steps)
    if (final := budget.final_inputs) is not None:
        yield _again("final", final.rules, budget.final_steps, lambda: finalise_from(final))


def _again(decision: str, rules: str, then: Sequence[Step], decide: Callable[[], tuple[Step, ...]]) -> Rerun:
    stored = {"decision": decision, "rules_then": rules, "rules_now": RULES_VERSION, "pence_then": total(then)}
    try:
        now = decide()
    except (NoPolicyInForce, PolicyHasNoRow, Refused) as trouble:
        return Rerun(**stored, same_pence=False, same_lines=False, trouble=type(trouble).__name__)
    return Rerun(**stored, pence_now=total(now), same_pence=total(then) == total(now), same_lines=tuple(then) == now)


def total(steps: Sequence[Step]) -> int:
    return sum(step.effect for step in steps)
