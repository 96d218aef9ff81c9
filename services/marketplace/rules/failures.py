"""What do marketplace's rules refuse? Failures in marketplace's own words."""

from __future__ import annotations

from services.marketplace.rules.words import WORDS
from shared import failures
from shared.failures import Failure, those


class NotSo(failures.NotSo):
    """Base of what the rules of marketplace refuse; `failures` is never empty and lists everything found."""

    words = WORDS


__all__ = ["Failure", "NotSo", "those"]
