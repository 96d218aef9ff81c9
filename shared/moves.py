"""What may happen next? State machines as tables: (state, verb) -> state. What is not in the table is not allowed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from shared.refusals import Refused

State = TypeVar("State", bound=StrEnum)


class VerbNotAllowed(Refused):
    """The state a thing is in does not allow the verb; `allowed` lists the verbs that it does allow."""

    title = "The state does not allow this"

    def __init__(self, kind: str, state: StrEnum, verb: str, allowed: tuple[str, ...]) -> None:
        super().__init__(
            f"The {kind} is {state.value}: {verb} is not allowed.", state=state.value, verb=verb, allowed=list(allowed)
        )
        self.kind, self.state, self.verb, self.allowed = kind, state.value, verb, allowed


class Moves(dict[tuple[State, str], State]):
    """A state table with a name. `MOVES.move(state, verb)` gives the next state or raises VerbNotAllowed. What follows by
    itself, from a fact or as time passes, is `unasked`: no caller is told of it as something they could do."""

    def __init__(
        self, kind: str, table: Mapping[tuple[State, str], State], unasked: frozenset[str] = frozenset()
    ) -> None:
        super().__init__(table)
        self.kind, self.unasked = kind, unasked

    def move(self, state: State, verb: str) -> State:
        try:
            return self[state, verb]
        except KeyError:
            raise VerbNotAllowed(self.kind, state, verb, self.allowed(state)) from None

    def allowed(self, state: State) -> tuple[str, ...]:
        """What may be asked of it now."""
        return tuple(sorted(verb for (at, verb) in self if at == state and verb not in self.unasked))

    def mermaid(self) -> str:
        """The table as a Mermaid state diagram, for `docs/`."""
        arrows = [f"    {at.value} --> {to.value}: {verb}" for (at, verb), to in self.items()]
        return "\n".join(["stateDiagram-v2", *arrows])
