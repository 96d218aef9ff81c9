"""Do the same care workers come? The share of visits made by the few who come most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

FEW = 3
"""A person can know three faces (our own threshold)."""


@dataclass(frozen=True, slots=True)
class Continuity:
    """Of `visits` recorded, `known` name who came: `workers` different ones, the few most frequent made `by_few` of them.
    `share_percent` is whole, rounded down; None while nobody is named."""

    visits: int
    known: int
    workers: int
    by_few: int

    @property
    def share_percent(self) -> int | None:
        return self.by_few * 100 // self.known if self.known else None


def continuity(visits: Mapping[str | None, int]) -> Continuity:
    """Visits by who came; None stands for those of whom nothing was said: they count for nobody."""
    named = Counter({worker: times for worker, times in visits.items() if worker is not None})
    by_few = sum(times for _, times in named.most_common(FEW))
    return Continuity(sum(visits.values()), named.total(), len(named), by_few)
