"""Whatever stands on the log can be read and, if need be, set aside."""

from __future__ import annotations

import json

import pytest

from shared.runtime.records import Parked, read_record

NOTHING, SOMETHING = ("ce_id", None), ("ce_id", b"x")


@pytest.mark.parametrize("headers", [[NOTHING], [NOTHING, SOMETHING], [SOMETHING, NOTHING], [NOTHING, NOTHING]])
def test_a_header_without_a_value_is_parked_as_an_empty_one(headers: list[tuple[str, bytes]]) -> None:
    record = read_record("assessment.events", 3, 17, headers, None)
    row = Parked(record, "unreadable", "").as_row()
    kept = next(json.loads(part) for part in row if isinstance(part, str) and part.startswith("[["))
    assert kept == [[name, (value or b"").decode()] for name, value in headers]
