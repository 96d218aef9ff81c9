"""The whole stack for a few minutes: each kind of violence once, under load, and the books are exact."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from care.local.place import Place
from care.local.servers import free_shift
from tests.chaos.torture.accountant import Given
from tests.chaos.torture.filling import is_small, small_disk
from tests.chaos.torture.ground import Ground
from tests.chaos.torture.plan import CUTS, KINDS, SERVERS, SHORT, draw, one_of_each
from tests.chaos.torture.run import Torture
from tests.chaos.torture.severing import may_sever
from tests.chaos.torture.strangers import Shown, look_as_strangers
from tests.conftest import CACHE, HOME

SEED = 3
AWAY = 5.0
"""Seconds without Kafka, in which no command fails."""
STRANGE = 20_000
"""Reads by councils that have nothing there."""

pytestmark = pytest.mark.xdist_group("mortal-stack")


@pytest.fixture
def mortal_ground() -> Iterator[Ground]:
    home = HOME.parent / "tortured"
    shutil.rmtree(home, ignore_errors=True)
    made = Ground(Place(home, cache=CACHE, shift=free_shift(5000)))
    with small_disk(made.place):
        made.up()
        yield made
        made.down()


async def test_the_books_are_exact_whatever_dies_and_the_accountant_can_tell(mortal_ground: Ground) -> None:
    torture = Torture(mortal_ground, SEED, one_of_each(SEED))
    outcome = await torture.go(away=AWAY, strange=STRANGE)
    assert outcome.wrong == []
    assert outcome.report.counted["effects"] > 100
    assert outcome.odd == []
    assert {act["kind"] for act in outcome.acts if not act["reached"]} - {"crash"} == _not_let(mortal_ground)
    assert outcome.strange == STRANGE
    assert outcome.outage
    assert outcome.outage.repeated == 0
    assert outcome.outage.waiting >= outcome.outage.commands > AWAY
    with pytest.raises(Shown):  # who follows the log for all councils sees theirs: the tables are not empty
        await look_as_strangers(mortal_ground, STRANGE, SEED, role="worker")
    await _an_accountant_told_of_other_commands_says_so(torture)


def _not_let(ground: Ground) -> set[str]:
    """What this machine does not let us do: dropping packets, and a file system of our own, need its administrator."""
    return {*(() if may_sever() else CUTS), *(() if is_small(ground.place) else SHORT)}


async def _an_accountant_told_of_other_commands_says_so(torture: Torture) -> None:
    """One more, whose effects must be missed, and one fewer. So that silence of the accountant means something."""
    lines = torture.journal.lines()
    lines.remove(next(line for line in lines if line["step"] == "person"))
    more = next(dict(line) for line in lines if line["step"] == "accept")
    more |= {"key": "never sent", "body": {**more["body"], "order_id": "00000000-0000-0000-0000-000000000000"}}
    accountant = torture.accountant(Given([*lines, more], torture.violence.poisoned))
    wrong = "\n".join((await accountant.audit()).wrong)
    for missed in (
        "marketplace order",
        "budget commitment",
        "budget.funds_committed.v1",
        "answers of marketplace",
        "answers of assessment",
        "assessment person",
    ):
        assert missed in wrong


def test_the_same_seed_gives_the_same_plan_and_one_act_in_twenty_is_against_a_server(tmp_path: Path) -> None:
    assert draw(7, 1000) == draw(7, 1000) != draw(8, 1000)
    acts = draw(7, 2000)
    assert {act.kind for act in acts} == {*KINDS, *SERVERS, *CUTS}
    assert 0.035 < sum(act.kind in SERVERS for act in acts) / len(acts) < 0.065
