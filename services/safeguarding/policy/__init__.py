"""Which policies does safeguarding ship? The YAML files beside this one, read once when the service starts."""

from __future__ import annotations

from importlib.resources import files

from services.safeguarding.rules.thresholds import Thresholds
from shared.policies import UNREADABLE, PolicyUnsound, load


def thresholds(raw: bytes) -> Thresholds:
    """The figures of thresholds.yaml: each there once, a whole number from 1, with its unit and source."""
    try:
        rows = load(raw)["rows"]
        named = {row["name"]: row["value"] for row in rows if row["unit"] and row["source"] and not row["verified"]}
        read = Thresholds(**named)
    except UNREADABLE as trouble:
        raise PolicyUnsound(f"not a policy of thresholds: {trouble!r}") from trouble
    if len(named) != len(rows) or any(type(value) is not int or value < 1 for value in named.values()):
        raise PolicyUnsound("a threshold is repeated, is verified though it is our own, or is no whole number from 1")
    return read


THRESHOLDS = thresholds(files(__name__).joinpath("thresholds.yaml").read_bytes())
