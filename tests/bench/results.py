"""What did a benchmark find? Its builds' figures by round, its gates, and what it says in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.measure import middle


@dataclass(frozen=True)
class Plan:
    """How long it may take: rounds, seconds of each measurement and, where somebody said how many, facts to hear."""

    quick: bool
    rounds: int
    seconds: float
    facts: int = 0


QUICK, FULL = Plan(True, 2, 2.0), Plan(False, 3, 5.0)


@dataclass(frozen=True)
class Gate:
    """A figure and what it must be. `binding` ones fail the run; the others are goals whose distance is said."""

    name: str
    value: float
    limit: float
    at_least: bool
    binding: bool = True

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    @property
    def distance(self) -> float:
        """How many times the figure would have to be what it is."""
        one, other = (self.limit, self.value) if self.at_least else (self.value, self.limit)
        return one / other if other else float("inf")

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "met" if self.holds else f"MISSED, {shown(self.distance)} times away"
        return f"{self.name}: {shown(self.value)} (goal {sign} {shown(self.limit)}): {verdict}"


@dataclass
class Result:
    """One benchmark: `rates[build]` is a figure a round, in `unit`; `cpu[build]` CPU microseconds a unit, by process."""

    key: str
    title: str
    unit: str
    rates: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, dict[str, float]] = field(default_factory=dict)
    gates: list[Gate] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def ratio(self, one: str, other: str) -> float:
        """The median over rounds of one build's figure by another's, of the same round."""
        pairs = zip(self.rates.get(one, []), self.rates.get(other, []), strict=False)
        return middle([a / b for a, b in pairs if b])

    def cpu_ratio(self, one: str, other: str) -> float:
        """How much of the other's CPU a unit takes, all processes together: steadier than rates on a busy machine."""
        return sum(self.cpu[one].values()) / (sum(self.cpu[other].values()) or float("nan"))

    @property
    def passed(self) -> bool:
        return not self.faults and all(gate.holds for gate in self.gates if gate.binding)


def middle_cpu(rounds: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: middle([one[name] for one in rounds]) for name in rounds[0]} if rounds else {}


def shown(value: float) -> str:
    """Three figures that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
