"""How do the bytes of a policy file become a Policy? All at once and strictly: an unsound file is never half read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from itertools import combinations, pairwise
from typing import Any

from services.budget.rules.policies import Policy, Row
from shared.policies import UNREADABLE, PolicyUnsound, a_date, a_date_or_none, load

TEXTS = frozenset({"rule_id", "jurisdiction", "unit", "source_title", "source_url", "source_para"})
FLAGS = frozenset({"verified", "local_override_allowed"})
AS_SAID = frozenset({"council", "between", "from_age", "to_age", "provenance"})
NEEDED = TEXTS | FLAGS | {"valid_from", "valid_to"}
FIGURES = ("value", "table", "choice")
KNOWN = NEEDED | AS_SAID | set(FIGURES)
JURISDICTIONS = ("ENG", "WLS", "SCT", "NIR")
PROVENANCES = ("published", "derived", "synthetic")


def parse(raw: bytes) -> Policy:
    """One YAML file as a Policy, its digest the sha256 of exactly these bytes. Raises PolicyUnsound."""
    try:
        said = load(raw)
        policy = Policy(
            name=said["name"],
            version=str(said["version"]),
            digest=hashlib.sha256(raw).hexdigest(),
            councils=tuple(said["councils"]),
            valid_from=a_date(said["valid_from"]),
            valid_to=a_date_or_none(said["valid_to"]),
            rows=tuple(a_row(row) for row in said["rows"]),
        )
    except UNREADABLE as trouble:
        raise PolicyUnsound(f"not a policy: {trouble!r}") from trouble
    refuse_overlaps(policy.rows)
    refuse_forbidden_overrides(policy.rows)
    return policy


def a_row(said: dict[str, Any]) -> Row:
    """One row: every needed key present, none unknown, one of value, table and choice, an unsourced figure never verified."""
    missing, unknown = NEEDED - said.keys(), said.keys() - KNOWN
    sound = not missing and not unknown and sum(key in said for key in FIGURES) == 1
    if not sound or said["jurisdiction"] not in JURISDICTIONS or not said["source_title"]:
        raise PolicyUnsound(f"{said.get('rule_id')}: missing {sorted(missing)}, unknown {sorted(unknown)}, or unsound")
    provenance = said.get("provenance", "published")
    if provenance not in PROVENANCES or (provenance == "synthetic" and said["verified"]):
        raise PolicyUnsound(f"{said['rule_id']}: {provenance} may not be verified={said['verified']}")
    return Row(**{key: said[key] for key in said if key in TEXTS | FLAGS | AS_SAID}, **figures(said))


def figures(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "valid_from": a_date(said["valid_from"]),
        "valid_to": a_date_or_none(said["valid_to"]),
        "value": exact(said["value"]) if "value" in said else None,
        "table": a_table(said.get("table", {})),
        "choice": a_word(said["choice"]) if "choice" in said else None,
    }


def a_table(said: dict[int, Any]) -> tuple[tuple[int, Decimal], ...]:
    """Points in rising order, figures that never fall and are never below 0 (RULES §9 case 15)."""
    table = tuple((at, exact(figure)) for at, figure in said.items())
    for (x0, y0), (x1, y1) in pairwise(((-1, Decimal(0)), *table)):
        if x1 <= x0 or y1 < y0:
            raise PolicyUnsound(f"a table must rise: {x0}: {y0}, then {x1}: {y1}")
    return table


def a_word(said: object) -> str:
    if not isinstance(said, str) or not said.isidentifier():
        raise PolicyUnsound(f"{said!r} is not one word")
    return said


def exact(said: object) -> Decimal:
    """Whole numbers, or decimals written as text: a YAML float would bring its own rounding."""
    if isinstance(said, bool) or not isinstance(said, int | str):
        raise PolicyUnsound(f"{said!r} is neither a whole number nor a decimal in quotes")
    return Decimal(said)


def refuse_overlaps(rows: Iterable[Row]) -> None:
    """On any day there is one answer: two rows for one rule, council and age never hold together."""
    for one, other in combinations(rows, 2):
        same = (one.rule_id, one.jurisdiction, one.council) == (other.rule_id, other.jurisdiction, other.council)
        ages = one.from_age <= other.to_age and other.from_age <= one.to_age
        if (
            same
            and ages
            and one.valid_from <= (other.valid_to or date.max)
            and other.valid_from <= (one.valid_to or date.max)
        ):
            raise PolicyUnsound(f"{one.rule_id}: two rows hold from {max(one.valid_from, other.valid_from)}")


def refuse_forbidden_overrides(rows: tuple[Row, ...]) -> None:
    """A council's own row stands only where the national one allows it."""
    closed = {row.rule_id for row in rows if row.council is None and not row.local_override_allowed}
    for row in rows:
        if row.council and row.rule_id in closed:
            raise PolicyUnsound(f"{row.rule_id}: {row.council} may not override it")
