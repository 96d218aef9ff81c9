"""What is a policy of the market, and which one holds for a council on a day?

A file of sourced needs and figures, named, versioned and known by the sha256 of its bytes. What nobody has read in its
original is `verified` false, and so is every step that used it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.contracts.base import Employer, PolicyRef, SupplierKind, Support
from shared.contracts.supply import EvidenceKind
from shared.explain import Source
from shared.refusals import Refused


class Stance(StrEnum):
    """Whether missing evidence blocks a start, or is only said."""

    MANDATORY = "mandatory"
    ADVISORY = "advisory"


class HangsOn(StrEnum):
    """Whose evidence it is: given once by whoever employs a PA, for all of their PAs; or by each supplier for itself."""

    SUPPLIER = "supplier"
    EMPLOYER = "employer"


@dataclass(frozen=True, slots=True)
class Need:
    """Evidence asked of a kind of supplier; of a PA, by who employs. No `supports` means all support."""

    rule_id: str
    evidence: EvidenceKind
    stance: Stance
    hangs_on: HangsOn
    kind: SupplierKind
    employers: frozenset[Employer]
    supports: frozenset[Support]
    exempt_close_family: bool
    source: Source

    def is_of(self, kind: SupplierKind, employer: Employer | None, support: Support | None) -> bool:
        here = kind is self.kind and (not self.employers or employer in self.employers)
        return here and (not self.supports or support is None or support in self.supports)


@dataclass(frozen=True, slots=True)
class Figure:
    """One whole number."""

    name: str
    value: int
    source: Source


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole file. No `councils` means it holds for all of them."""

    name: str
    version: str
    digest: str
    councils: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    needs: tuple[Need, ...]
    figures: Mapping[str, Figure]

    @property
    def ref(self) -> PolicyRef:
        """What travels: `verified` only when all of the file is."""
        sources = [*(need.source for need in self.needs), *(figure.source for figure in self.figures.values())]
        verified = all(source.verified for source in sources)
        return PolicyRef(name=self.name, version=self.version, digest=self.digest, verified=verified)

    def figure(self, name: str) -> int:
        return self.figures[name].value

    def hangs_on(self, evidence: EvidenceKind, kind: SupplierKind, employer: Employer | None) -> HangsOn:
        """Whose it is; a supplier's own where the policy does not ask for it."""
        asked = (need for need in self.needs if need.evidence is evidence and need.is_of(kind, employer, None))
        employers = any(need.hangs_on is HangsOn.EMPLOYER for need in asked)
        return HangsOn.EMPLOYER if employers else HangsOn.SUPPLIER

    def covers(self, council: str, on: date) -> bool:
        here = not self.councils or council in self.councils
        return here and self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class NoPolicyInForce(Refused):
    """No policy holds for the council on that day: a gap to be filled, and never guessed over."""

    title = "No policy holds on that day"


def choose(policies: Iterable[Policy], name: str, council: str, on: date) -> Policy:
    """The policy in force: a council's own before a general one, then the one that began last."""
    fitting = [policy for policy in policies if policy.name == name and policy.covers(council, on)]
    if not fitting:
        raise NoPolicyInForce(policy=name, on=on.isoformat())
    return max(fitting, key=lambda policy: (bool(policy.councils), policy.valid_from))
