"""Which policies does assessment ship? The YAML files beside this one, read once when the service starts."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from typing import Any

from services.assessment.rules.routes import OfferRow
from shared.contracts.base import Route
from shared.policies import UNREADABLE, PolicyUnsound, load


def offer_rows(raw: bytes) -> tuple[OfferRow, ...]:
    """The rows of routes.yaml, every key present and none unknown. Raises PolicyUnsound."""
    try:
        return tuple(_row(said) for said in load(raw)["rows"])
    except UNREADABLE as trouble:
        raise PolicyUnsound(f"not a policy of routes: {trouble!r}") from trouble


def _row(said: dict[str, Any]) -> OfferRow:
    row = OfferRow(**{**said, "route": Route(said["route"])})
    if not isinstance(row.offered, bool) or not isinstance(row.valid_from, date) or not row.source:
        raise PolicyUnsound(f"{row.route.value}: offered, valid_from or source is unsound")
    return row


ROUTES = offer_rows(files(__name__).joinpath("routes.yaml").read_bytes())
