"""How do the bytes of a policy file become a Policy? All at once and strictly: an unsound file is never half read."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from services.marketplace.rules.policies import Figure, HangsOn, Need, Policy, Stance
from shared.contracts.base import Employer, SupplierKind, Support
from shared.contracts.supply import EvidenceKind
from shared.explain import Source
from shared.policies import UNREADABLE, PolicyUnsound, a_date, a_date_or_none, a_flag, load

FIGURE = frozenset({"value", "source_title", "source_para", "verified"})
NEED = frozenset(
    {"rule_id", "evidence", "stance", "hangs_on", "kind", "employers", "supports", "exempt_close_family"}
) | (FIGURE - {"value"})


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
            needs=tuple(_need(row) for row in said.get("needs", ())),
            figures={name: _figure(name, row) for name, row in said.get("figures", {}).items()},
        )
    except UNREADABLE as trouble:
        raise PolicyUnsound(f"not a policy: {trouble!r}") from trouble
    twice = [rule for rule, times in Counter(need.rule_id for need in policy.needs).items() if times > 1]
    if twice:
        raise PolicyUnsound(f"{twice}: said twice")
    return policy


def _need(said: dict[str, Any]) -> Need:
    _exactly(NEED, said, str(said.get("rule_id")))
    return Need(
        rule_id=said["rule_id"],
        evidence=EvidenceKind(said["evidence"]),
        stance=Stance(said["stance"]),
        hangs_on=HangsOn(said["hangs_on"]),
        kind=SupplierKind(said["kind"]),
        employers=frozenset(map(Employer, said["employers"])),
        supports=frozenset(map(Support, said["supports"])),
        exempt_close_family=a_flag(said["exempt_close_family"]),
        source=_source(said),
    )


def _figure(name: str, said: dict[str, Any]) -> Figure:
    _exactly(FIGURE, said, name)
    if isinstance(said["value"], bool) or not isinstance(said["value"], int):
        raise PolicyUnsound(f"{name}: a figure is a whole number")
    return Figure(name, said["value"], _source(said))


def _source(said: dict[str, Any]) -> Source:
    return Source(str(said["source_title"]), a_flag(said["verified"]))


def _exactly(keys: frozenset[str], said: dict[str, Any], row: str) -> None:
    if keys != said.keys():
        raise PolicyUnsound(f"{row}: missing {sorted(keys - said.keys())}, unknown {sorted(said.keys() - keys)}")
