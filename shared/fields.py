"""What may a field hold? The kinds of field that commands share: bounded texts, days and instants. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

_PRINTABLE = r"^[^\x00]*$"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=_PRINTABLE)]
"""Written by a person. Never leaves its service."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=_PRINTABLE)]
"""A name, an address line, a contact. Never leaves its service."""

Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]
Instant = Annotated[AwareDatetime, Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2100, 12, 31, tzinfo=UTC))]
