"""What is a service to the runtime? Its name, what it reacts to, what it can be asked, and which timers it keeps."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, TypeVar

from shared.contracts.base import FACTS, Fact
from shared.runtime.loads import Load
from shared.runtime.messages import Reminder

Decide = Callable[..., Iterator[Any] | Generator[Any, None, Any] | None]
D = TypeVar("D", bound=Decide)


@dataclass(frozen=True, slots=True)
class Decision:
    """A pure function and the loads it wants. `after` (timers): whose facts must all have been heard first."""

    decide: Decide
    wants: tuple[Load, ...]
    after: tuple[str, ...] = ()
    fresh: tuple[Load, ...] = field(init=False, repr=False, compare=False)
    """Those of them before which what the batch has changed must be saved."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "fresh", tuple(load for load in self.wants if load.fresh))

    @property
    def name(self) -> str:
        return self.decide.__name__


def on(*facts: type[Fact], wants: tuple[Load, ...] = ()) -> Callable[[D], D]:
    """Mark what to do about hearing any of these facts."""

    def mark(decide: D) -> D:
        _marks(decide)["facts"] = (facts, Decision(decide, wants))
        return decide

    return mark


def due(reminder: type[Reminder], wants: tuple[Load, ...] = (), after: tuple[str, ...] = ()) -> Callable[[D], D]:
    """Mark what to do when this reminder falls due, once everything said before by `after` has been heard."""

    def mark(decide: D) -> D:
        _marks(decide)["due"] = (reminder, Decision(decide, wants, after))
        return decide

    return mark


def command(wants: tuple[Load, ...] = ()) -> Callable[[Decide], Decision]:
    """Mark an action: a generator of facts that returns what is shown to the caller."""
    return lambda decide: Decision(decide, wants)


def _marks(decide: Any) -> dict[str, Any]:
    if not hasattr(decide, "care_marks"):
        decide.care_marks = {}
    marks: dict[str, Any] = decide.care_marks
    return marks


@dataclass(slots=True)
class Service:
    """One service, as the runtime sees it."""

    name: str
    reactions: dict[str, list[Decision]] = field(default_factory=dict)
    timers: dict[str, Decision] = field(default_factory=dict)
    reminders: dict[str, type[Reminder]] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, *modules: ModuleType) -> Service:
        """Collect what `modules` marked, in the order it is written there."""
        service = cls(name)
        for module in modules:
            for thing in vars(module).values():
                service._take(getattr(thing, "care_marks", {}), getattr(thing, "__module__", "") == module.__name__)
        return service

    def _take(self, marks: dict[str, Any], own: bool) -> None:
        if own and "facts" in marks:
            facts, decision = marks["facts"]
            for fact in facts:
                self.reactions.setdefault(fact.type_name(), []).append(decision)
        if own and "due" in marks:
            reminder, decision = marks["due"]
            self.timers[reminder.__name__], self.reminders[reminder.__name__] = decision, reminder

    @property
    def hears(self) -> list[str]:
        """The services whose topics this one reads."""
        sources = {FACTS[name].service for name in self.reactions} | {s for t in self.timers.values() for s in t.after}
        return sorted(sources - {self.name})
