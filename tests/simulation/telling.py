"""What of one council may another hold? Only what it was told of a restriction; all of that, and once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.simulation.runs import Played
from tests.simulation.states import facts, rows

Wrong = Iterator[str]
TOLD_FACTS = ("safeguarding.restriction_told.v1", "safeguarding.lifting_told.v1")
TOLD_ROWS = (("safeguarding", "told"), ("safeguarding", "alert"))
"""Where another council's code may stand: what was told, and the alert about it."""


def no_council_names_another(played: Played) -> Wrong:
    """No row and no fact but these holds so much as another council's code."""
    councils = {council for _, council, _, _, _ in facts(played.world)}
    for (_, council, _, _, name), said in facts(played.world).items():
        if name not in TOLD_FACTS and any(other in said["payload"] for other in councils - {council}):
            yield f"{name} of {council} names another council"
    for service, home in played.world.homes.items():
        for table in (one for one in home.statements.kinds.kinds if (service, one) not in TOLD_ROWS):
            for row in rows(played.world, service, table):
                if any(other in str(row) for other in councils - {row["council_id"]}):
                    yield f"{service}.{table} of {row['council_id']} names another council"


def restrictions_are_told_to_whoever_uses_the_supplier(played: Played) -> Wrong:
    """By brute force from the restrictions themselves: who, about which supplier, at which level, and whether it is over."""
    told = sorted(map(_as_told, rows(played.world, "safeguarding", "told")))
    if told != sorted(_to_be_told(played)):
        yield f"{len(told)} restrictions were told, others than should have been"
    said = [(council, name) for (_, council, _, _, name) in facts(played.world) if name in TOLD_FACTS]
    if len(said) != len(told) + sum(one[-1] for one in told):
        yield f"{len(told)} restrictions were told by {len(said)} facts"


def _as_told(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["council_id"], str(row["supplier_id"]), row["placed_by"], row["level"], row["lifted_on"] is not None


def _to_be_told(played: Played) -> Iterator[tuple[Any, ...]]:
    suppliers = rows(played.world, "marketplace", "supplier")
    where = {row["supplier_id"]: row["reference"] for row in suppliers}
    for made in rows(played.world, "safeguarding", "restriction"):
        for other in suppliers:
            same = other["reference"] is not None and other["reference"] == where[made["supplier_id"]]
            if same and other["council_id"] != made["council_id"] and made["state"] in ("placed", "kept", "lifted"):
                over = made["state"] == "lifted"
                yield other["council_id"], str(other["supplier_id"]), made["council_id"], made["level"], over


TELLING = (no_council_names_another, restrictions_are_told_to_whoever_uses_the_supplier)
