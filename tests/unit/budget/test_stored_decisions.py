"""Decisions as they were stored are made again: the same pence, the same lines, or a rule has changed silently.

Each file of `corpus` is one decision: what it saw, and what it came to. Never edit one to make this pass: a rule that is
meant to change gets a new RULES_VERSION, and what was decided before stays explained by what was decided then.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from services.budget.policy import POLICIES
from services.budget.rules.snapshots import (
    AdequacyInputs,
    ChargeInputs,
    DirectPaymentInputs,
    FinalInputs,
    IndicationInputs,
    charge_from,
    direct_payment_from,
    finalise_from,
    indicate_from,
    judge_from,
)
from shared.explain import Step

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.json"))
STEPS: TypeAdapter[tuple[Step, ...]] = TypeAdapter(tuple[Step, ...])
KINDS: dict[str, tuple[TypeAdapter[Any], Callable[[Any], tuple[Step, ...]]]] = {
    "indicated": (TypeAdapter(IndicationInputs), lambda inputs: indicate_from(inputs, POLICIES).steps),
    "measured": (TypeAdapter(AdequacyInputs), lambda inputs: judge_from(inputs, POLICIES).steps),
    "charged": (TypeAdapter(ChargeInputs), lambda inputs: charge_from(inputs, POLICIES).steps),
    "direct_payment": (TypeAdapter(DirectPaymentInputs), lambda inputs: direct_payment_from(inputs, POLICIES)),
    "final": (TypeAdapter(FinalInputs), finalise_from),
}


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: str(path.stem))
def test_a_stored_decision_made_again_gives_the_same_pence_and_lines(path: Path) -> None:
    stored = json.loads(path.read_text())
    kind, decide = KINDS[stored["decision"]]
    steps = decide(kind.validate_python(stored["inputs"]))
    assert STEPS.dump_python(steps, mode="json") == stored["steps"]
    assert sum(step.effect for step in steps) == stored["pence"]


def test_every_kind_of_decision_is_in_the_corpus() -> None:
    assert {json.loads(path.read_text())["decision"] for path in CORPUS} == set(KINDS)
