"""What do a row's facts have in common?"""

from __future__ import annotations

from typing import Any

from shared.runtime.rows import Row


def some(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    """The fields a row's facts have in common."""
    return {name: getattr(row, name) for name in names}
