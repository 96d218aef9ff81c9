"""The whole stack, as `care up` runs it, with the demo played on it once: every test here looks at that from outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from care.clockwork import Clockwork
from care.commands.playing import council_of
from care.demo.council import Council
from care.demo.journal import Said, read_journal
from care.demo.report import write_report
from care.demo.story import OPENS, Story
from care.demo.teller import Teller
from care.local.stack import Stack
from care.sandbox import Sandbox
from tests.conftest import HOME, fresh_stack
from tests.e2e.sending import Sender


@dataclass(repr=False)
class Played:
    """The demo, after it was played; `journal` is what was said in it, before any test said more."""

    stack: Stack
    story: Story
    council: Council
    report: Path
    journal: list[Said]

    @property
    def sandbox(self) -> Sandbox:
        return Sandbox.here(self.stack)

    def logs(self) -> str:
        """Everything the services wrote to their logs."""
        return "\n".join(path.read_text(errors="replace") for path in self.stack.place.logs.glob("*"))


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    with fresh_stack(HOME.parent / "e2e", first_shift=4000) as made:
        yield made


@pytest.fixture
def sender(played: Played) -> Iterator[Sender]:
    made = Sender(played)
    yield made
    made.client.close()


@pytest.fixture
def care(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command, in a terminal of 80 columns, in the folder of the stack that runs."""
    place = stack.place
    monkeypatch.setenv("CARE_HOME", str(place.home))
    monkeypatch.setenv("CARE_PORT_SHIFT", str(place.shift))
    monkeypatch.setenv("COLUMNS", "80")
    return CliRunner()


@pytest.fixture(scope="session")
def played(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Played:
    sandbox = Sandbox.here(stack)
    clockwork = Clockwork(sandbox)
    clockwork.begin(OPENS)
    council = council_of(sandbox)
    story = Story(council, clockwork.move, Teller(None, quiet=True))
    story.play()
    clockwork.settle()
    report = write_report(sandbox.bootstrap, story, tmp_path_factory.mktemp("report") / "report.html")
    return Played(stack, story, council, report, read_journal(sandbox.bootstrap))
