"""How is a policy file read? Strictly and all at once; what its rows mean is each service's own."""

from __future__ import annotations

from datetime import date
from typing import Any

import yaml

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The same safe reading, ten times faster where libyaml is there: every start of a service waits for it."""

UNREADABLE = (yaml.YAMLError, KeyError, TypeError, ValueError, ArithmeticError)
"""What an unsound file looks like to whoever picks it apart."""


class PolicyUnsound(Exception):
    """The file says something a policy may not say, or leaves something out; the message names the row."""


def load(raw: bytes) -> Any:
    """What the YAML says. Raises yaml.YAMLError."""
    return yaml.load(raw, Loader=LOADER)


def a_date(said: object) -> date:
    if not isinstance(said, date):
        raise PolicyUnsound(f"{said!r} is not a date")
    return said


def a_date_or_none(said: object) -> date | None:
    return None if said is None else a_date(said)


def a_flag(said: object) -> bool:
    if not isinstance(said, bool):
        raise PolicyUnsound(f"{said!r} is neither true nor false")
    return said
