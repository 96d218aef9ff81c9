"""Ids made the quick way are those of the standard library: everything ever stored hangs on them."""

from __future__ import annotations

from uuid import UUID, uuid5

from hypothesis import given
from hypothesis import strategies as st

from shared.ids import id_from


@given(st.uuids(), st.text(max_size=60))
def test_an_id_is_what_the_standard_library_makes(cause: UUID, name: str) -> None:
    made = id_from(cause, name)
    assert (made, hash(made), str(made), made.version) == (uuid5(cause, name), hash(uuid5(cause, name)), str(made), 5)
    assert id_from(made, name) == uuid5(uuid5(cause, name), name)
