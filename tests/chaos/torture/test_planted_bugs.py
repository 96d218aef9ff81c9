"""Each planted mistake is caught by its scene; the same scene finds nothing wrong with the runtime as it is."""

from __future__ import annotations

import pytest

from tests.chaos.torture.bugs import BUGS, Bug, caught
from tests.integration.runtime.conftest import toy
from tests.integration.runtime.toy import Toy

__all__ = ["toy"]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
async def test_a_planted_bug_is_caught(toy: Toy, bug: Bug) -> None:
    assert await caught(bug, toy) != []


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.name)
async def test_the_same_scene_finds_nothing_wrong_without_it(toy: Toy, bug: Bug) -> None:
    assert await bug.scene(toy) == []
