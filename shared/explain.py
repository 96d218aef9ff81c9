"""Why was it decided so? Decisions are steps; each names its rule, its reason (a code and numbers) and its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shared.contracts.base import Line, Param, Reason
from shared.money import pounds


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule or a figure comes from. `verified` is false for what nobody has yet read in the original."""

    title: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a decision: `effect` is what it did to the figure, in pence, or a number of points, or 1/0."""

    rule: str
    because: Reason
    effect: int
    source: Source

    def as_line(self) -> Line:
        return Line(rule=self.rule, because=self.because, pence=self.effect, verified=self.source.verified)


def because(code: str, **params: Param) -> Reason:
    """A reason that may travel: a code and typed parameters, never free text."""
    return _reason(code, *params.items())


@lru_cache(maxsize=4096)
def _reason(code: str, *params: tuple[str, Param]) -> Reason:
    """The same reason is given over and over, and is checked once. Never change one: reasons are frozen, so share them."""
    return Reason(code=code, params=dict(params))


def in_words(reason: Reason, words: Mapping[str, str]) -> str:
    """Put a reason into words. `words` maps codes to templates; parameters named `*_pence` read as pounds."""
    template = words.get(reason.code, reason.code.replace("_", " "))
    return template.format_map(_Readable(reason.params))


def all_verified(steps: Iterable[Step]) -> bool:
    return all(step.source.verified for step in steps)


class _Readable(dict[str, Any]):
    """Parameters as a person reads them: pence as pounds, minutes as hours, codes as words; a missing one shows as its name."""

    def __init__(self, params: Mapping[str, Param]) -> None:
        super().__init__({name: _readable(name, value) for name, value in params.items()})

    def __missing__(self, name: str) -> str:
        return f"({name})"


def _readable(name: str, value: Param) -> Param:
    if name.endswith("pence") and isinstance(value, int):
        return pounds(value)
    if name.endswith("minutes") and isinstance(value, int):
        return f"{value / 60:g} hours"
    return value.replace("_", " ") if isinstance(value, str) else value
