"""Which stack do these tests start? One of their own, on free ports, with stand-ins for the services."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from care.local.place import Place
from care.local.servers import free_shift
from care.local.stack import Stack

STAND_IN = (sys.executable, str(Path(__file__).with_name("stand_in.py")))


def own_shift() -> int:
    """Free ports, looked for in a range of this xdist worker's own: two looking in one range would find the same."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return free_shift(2000 + 200 * worker)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole stack, up; tests that break it must leave it working."""
    place = replace(Place.from_environment(), home=tmp_path_factory.mktemp("care"), shift=own_shift())
    stack = Stack(place, serve=STAND_IN)
    stack.up()
    yield stack
    stack.down()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place where nothing was started yet."""
    place = replace(Place.from_environment({}), home=tmp_path, shift=own_shift())
    place.make_folders()
    return place
