"""How is a row shown? A view names the fields a caller may read; what it does not name is not sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.base import Line
from shared.explain import in_words

V = TypeVar("V", bound="View")


class View(BaseModel):
    """Base of every answer body made from a row: `PlanView.of(plan)`."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls: type[V], row: Any) -> V:
        return cls.model_validate(row)


class StepView(View):
    """One step of an explanation, in words, with its source."""

    rule: str
    because: str
    code: str
    params: dict[str, Any]
    effect: int
    verified: bool


class Explanation(View):
    """Why something was decided as it was."""

    id: str
    decided: str
    steps: list[StepView]


def explain(thing: UUID, decided: str, lines: Iterable[Line], words: Mapping[str, str]) -> Explanation:
    """Lines of a decision, put into words by the service that made it."""
    steps = [
        StepView(
            rule=line.rule,
            because=in_words(line.because, words),
            code=line.because.code,
            params=line.because.params,
            effect=line.pence,
            verified=line.verified,
        )
        for line in lines
    ]
    return Explanation(id=str(thing), decided=decided, steps=steps)
