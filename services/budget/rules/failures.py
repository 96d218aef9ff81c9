"""What is wrong, where, and by which rule? Precise values, so that all that is wrong can be said at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.contracts.base import Reason


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that does not hold: the field as the caller wrote it, the rule's id, and why."""

    field: str
    rule: str
    because: Reason


class NotSo(Exception):
    """Base of what the rules of budget refuse; `failures` is never empty and lists everything found."""

    code: ClassVar[str] = "not_so"

    def __init__(self, *failures: Failure) -> None:
        super().__init__("; ".join(f"{each.field}: {each.rule} {each.because.code}" for each in failures))
        self.failures = failures
