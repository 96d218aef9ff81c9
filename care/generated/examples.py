"""What does each fact look like? One committed example; a new fact gets a draft, which its author makes sensible."""

from __future__ import annotations

import types
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import NAMESPACE_DNS, UUID, uuid5

from pydantic import BaseModel

from shared.contracts.base import Fact, Reason

DAY = date(2024, 7, 15)
NUMBERS = {
    "points": 80,
    "hourly_pence": 2469,
    "price_pence": 2469,
    "minutes": 60,
    "room_minutes": 6000,
    "weekly_minutes": 2400,
}


def draft(fact: type[Fact]) -> dict[str, Any]:
    """A draft by the kinds of its fields. Ids are made from field names, so that drafts agree with one another."""
    made: dict[str, Any] = _model(fact).model_dump(mode="json")
    return made


def _model(model: type[BaseModel]) -> BaseModel:
    if model is Reason:
        return Reason(code="hours_at_rate", params={"minutes": 2400, "rate_pence": 1375})
    return model.model_validate({name: _value(name, field.annotation) for name, field in model.model_fields.items()})


def _value(name: str, hint: Any) -> Any:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _value(name, next(arg for arg in args if arg is not type(None)))
    if origin is Annotated:
        return _value(name, args[0])
    if origin is tuple:
        return (_value(name, args[0]),)
    if origin is dict:
        return {}
    return _plain(name, hint)


def _plain(name: str, hint: Any) -> Any:
    if issubclass(hint, BaseModel):
        return _model(hint)
    if issubclass(hint, Enum):
        return next(iter(hint))
    if hint is int:
        return 1 if name in ("revision", "weekday") else NUMBERS.get(name, 98760)
    by_type = {
        UUID: uuid5(NAMESPACE_DNS, f"{name}.example"),
        bool: True,
        date: DAY,
        datetime: datetime(2024, 7, 15, 8, tzinfo=UTC),
        str: _text(name),
    }
    return by_type[hint]


def _text(name: str) -> str:
    known = {"starts": "08:00", "digest": "0" * 64, "council_id": "E99999999", "placed_by": "E99999998"}
    return known.get(name, name.replace("_", "-"))
