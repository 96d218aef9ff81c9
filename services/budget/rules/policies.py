"""What is a policy, and which one holds for a council on a day?

A policy is a file of dated, sourced figures. It is named, versioned and known by the sha256 of its bytes, so that a
decision made with it can be made again years later (ARCHITECTURE §7). A figure nobody has read in its original is
`verified` false, and so is every step that used it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.contracts.base import PolicyRef
from shared.explain import Source

OLDEST = 200
"""Above any age: a row without `to_age` holds from its `from_age` up."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure or one table of figures, in `unit`, from `valid_from` to `valid_to`, both included.

    `council` is the nine-character code of the council whose own figure it is; none means everywhere in the
    jurisdiction. `provenance` is `published`, `derived` or `synthetic`. `between` says what a table gives between its
    points: `linear` or `refuse`. A row of unit `choice` says one word instead of a figure.
    """

    rule_id: str
    jurisdiction: str
    unit: str
    valid_from: date
    valid_to: date | None
    source_title: str
    source_url: str | None
    source_para: str | None
    verified: bool
    local_override_allowed: bool
    value: Decimal | None = None
    table: tuple[tuple[int, Decimal], ...] = ()
    council: str | None = None
    provenance: str = "published"
    between: str = "refuse"
    from_age: int = 0
    to_age: int = OLDEST
    choice: str | None = None

    @property
    def said(self) -> str:
        """The word of a row that says one."""
        if self.choice is None:
            raise PolicyHasNoRow(self.rule_id, self.valid_from, "it says no word")
        return self.choice

    @property
    def figure(self) -> Decimal:
        """The value of a row that has one; a table row has none."""
        if self.value is None:
            raise PolicyHasNoRow(self.rule_id, self.valid_from, "it has no single figure")
        return self.value

    @property
    def source(self) -> Source:
        return Source(self.source_title, self.verified)

    def holds(self, on: date, age: int | None = None) -> bool:
        in_time = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return in_time and (age is None or self.from_age <= age <= self.to_age)


@dataclass(frozen=True, slots=True)
class Policy:
    """A whole file. No `councils` means it holds for all of them."""

    name: str
    version: str
    digest: str
    councils: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    rows: tuple[Row, ...]

    @property
    def ref(self) -> PolicyRef:
        """What travels: `verified` only when every figure of the file is."""
        verified = all(row.verified for row in self.rows)
        return PolicyRef(name=self.name, version=self.version, digest=self.digest, verified=verified)

    def covers(self, council: str, on: date) -> bool:
        here = not self.councils or council in self.councils
        return here and self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class PolicyHasNoRow(LookupError):
    """The policy says nothing about this on that day: a gap in the data, to be filled and never guessed over."""

    def __init__(self, rule_id: str, on: date, detail: str = "no row") -> None:
        super().__init__(f"{rule_id} on {on}: {detail}")
        self.rule_id, self.on = rule_id, on


class NoPolicyInForce(LookupError):
    """No policy of this name holds for the council on that day."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy as it stands for one council on one day. A council's own row goes before the national one."""

    policy: Policy
    council: str
    on: date

    @property
    def ref(self) -> PolicyRef:
        return self.policy.ref

    def find(self, rule_id: str, age: int | None = None) -> Row | None:
        rows = tuple(self._standing(rule_id, age))
        local = (row for row in rows if row.council == self.council)
        return next(local, None) or next((row for row in rows if row.council is None), None)

    def row(self, rule_id: str, age: int | None = None) -> Row:
        found = self.find(rule_id, age)
        if found is None:
            raise PolicyHasNoRow(rule_id, self.on)
        return found

    def _standing(self, rule_id: str, age: int | None) -> Iterator[Row]:
        return (row for row in self.policy.rows if row.rule_id == rule_id and row.holds(self.on, age))


def choose(policies: Iterable[Policy], name: str, council: str, on: date) -> InForce:
    """The policy in force: a council's own before a general one, then the one that began last, then the later version."""
    fitting = [policy for policy in policies if policy.name == name and policy.covers(council, on)]
    if not fitting:
        raise NoPolicyInForce(f"{name} for {council} on {on}")
    return InForce(max(fitting, key=_precedence), council, on)


def _precedence(policy: Policy) -> tuple[bool, date, str]:
    return bool(policy.councils), policy.valid_from, policy.version


def choose_again(policies: Iterable[Policy], digest: str, council: str, on: date) -> InForce:
    """The very file a stored decision used, for a re-run (ARCHITECTURE §7)."""
    for policy in policies:
        if policy.digest == digest:
            return InForce(policy, council, on)
    raise NoPolicyInForce(f"digest {digest}")
