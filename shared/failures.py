"""What is wrong, where, and by which rule? Precise values, so that all that is wrong can be said at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from shared.contracts.base import Reason
from shared.explain import in_words
from shared.refusals import Refused


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that does not hold: the field as the caller wrote it, the rule's id, and why."""

    field: str
    rule: str
    because: Reason


class NotSo(Refused):
    """Base of what rules refuse about what was sent: each failure with its field, its rule and the reason."""

    status = 422
    title = "What was sent does not hold together"
    words: ClassVar[Mapping[str, str]] = {}

    def __init__(self, failures: tuple[Failure, ...]) -> None:
        super().__init__(self.title + ".", errors=[self._shown(failure) for failure in failures])
        self.failures = failures

    def _shown(self, failure: Failure) -> dict[str, Any]:
        return {"field": failure.field, "rule": failure.rule, "detail": in_words(failure.because, self.words)}


def those(found: Iterable[Failure | None]) -> tuple[Failure, ...]:
    """Only what did fail, in the order it was looked at."""
    return tuple(each for each in found if each is not None)
