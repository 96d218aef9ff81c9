"""How does a client ask, and see? Commands by role, and what is committed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from shared.roles import ROLES
from shared.runtime.messages import Caller
from shared.runtime.rows import Row
from shared.runtime.service import Decision
from shared.testing.simulation.clients import Ask, Until
from shared.testing.simulation.world import World
from tests.simulation.play.cast import Supplier


class Asking:
    """What all plays have: the world, and who is on stage."""

    world: World
    suppliers: list[Supplier]
    framework: str
    races: bool

    def ask(
        self, service: str, verb: Decision, caller: Caller, body: BaseModel, target: UUID | None = None, **more: Any
    ) -> Ask:
        return Ask(service, verb, caller, body, target, **more)

    def who(self, council: str, role: str, **more: Any) -> Caller:
        return Caller(role, f"{role}-app", council, role, frozenset(ROLES[role]), limit_pence=10**9, **more)

    def supplier(self, supplier: Supplier) -> Caller:
        return self.who(supplier.council, "supplier", supplier_id=supplier.supplier_id)

    def rows(self, row: type[Row]) -> Iterator[dict[str, Any]]:
        """What is committed, as columns."""
        return (_named(row, values) for values in self._stored(row))

    def row(self, row: type[Row], column: str, value: Any) -> Any:
        at = next(n for n, each in enumerate(row.kind.columns) if each.name == column)
        return next((_named(row, values) for values in self._stored(row) if values[at] == value), None)

    def _stored(self, row: type[Row]) -> Iterable[Sequence[Any]]:
        return self.world.homes[row.__module__.split(".")[1]].database.rows(row.kind.name).values()

    def until(self, row: type[Row], column: str, value: Any, then: str = "", states: tuple[str, ...] = ()) -> Until:
        """Until there is such a row, in one of these states."""

        def seen() -> Any:
            found = self.row(row, column, value)
            if found is None or not then:
                return found
            return found[then] if found[then] in states else None

        return Until(seen, f"{row.kind.name} {value} {states}")


def _named(row: type[Row], values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip([column.name for column in row.kind.columns], values, strict=True))
