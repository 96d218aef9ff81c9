"""demo: play a made-up council's journeys on this machine, and write a report of them."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from care.clockwork import Clockwork
from care.commands.running import ignore_impatience, stop_politely
from care.demo.council import COUNCIL, Council, Unexpected
from care.demo.report import write_report
from care.demo.story import OPENS, Story
from care.demo.teller import Teller
from care.local.locks import only_one
from care.local.place import DEMO, ROOT, Place
from care.local.progress import Teller as Progress
from care.local.stack import Stack
from care.local.trouble import Trouble
from care.sandbox import Sandbox

UNDER_WAY = "Another `care demo` is under way here. Wait for it to end, or stop it with Ctrl-C where it runs."

STILL_RUNNING = """  Still running, and every command means it while it does. Look around with:
    .venv/bin/care status
    .venv/bin/care events --type budget
    .venv/bin/care explain {budget}
    .venv/bin/care clock +30d
  and stop it with:
    .venv/bin/care down"""


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Run")(demo)


def demo(
    keep: Annotated[bool, typer.Option("--keep", help="Leave everything running afterwards, to look around.")] = False,
    against: Annotated[
        str, typer.Option(metavar="URL", help="Play on a fresh sandbox that runs there, such as http://127.0.0.1.")
    ] = "",
) -> None:
    """Start everything, play the demo council's journeys over the public APIs, write report.html, stop."""
    started = time.monotonic()
    stop_politely()
    place = replace(Place.from_environment(), home=DEMO / "stack")
    with only_one(DEMO / "lock", UNDER_WAY), _sandbox(place, keep, against) as sandbox:
        story = play(sandbox)
        report = write_report(sandbox.bootstrap, story, DEMO / "report.html")
    _say_where(report, keep and not against, time.monotonic() - started, story.ada.ids["budget"])


@contextmanager
def _sandbox(place: Place, keep: bool, against: str) -> Iterator[Sandbox]:
    """The sandbox to play on: one elsewhere is neither started nor stopped."""
    if against:
        yield Sandbox.at(against, place)
        return
    with fresh_stack(place, keep) as stack:
        yield Sandbox.here(stack)


@contextmanager
def fresh_stack(place: Place, keep: bool) -> Iterator[Stack]:
    """A sandbox of the demo's own, empty: its calendar starts in June 2024, so it cannot go on from an earlier one."""
    stack = Stack(place, Progress())
    if stack.is_up():
        raise Trouble("A demo was left running here. Look at it, or stop it with `care down`; then try again.")
    stack.down()
    shutil.rmtree(place.home, ignore_errors=True)
    try:
        stack.up()
        yield stack
    except BaseException:
        ignore_impatience()
        stack.down()
        raise
    if not keep:
        stack.down()


def play(sandbox: Sandbox) -> Story:
    """Play the story; Trouble if a service answers otherwise than expected."""
    tell = Teller(Console(highlight=False))
    clockwork = Clockwork(sandbox)
    clockwork.begin(OPENS)
    tell.box("The demo council", _about())
    story = Story(council_of(sandbox), clockwork.move, tell)
    try:
        story.play()
    except Unexpected as otherwise:
        raise Trouble(f"The demo stopped: {otherwise}. The services' logs say more.") from None
    clockwork.settle()
    return story


def council_of(sandbox: Sandbox) -> Council:
    return Council(dict(sandbox.addresses), sandbox.token)


def _about() -> list[str]:
    return [
        f"A made-up council ({COUNCIL}, a pseudo code), made-up people and suppliers: everything that acts is synthetic.",
        "Six people come to support by six lanes: in-house, outsourced, a fund, a PA employed, an agency chosen, and mixed.",
        "Its calendar starts on Monday 3 June 2024 (sandbox clock), because 2024-25 is the latest year",
        "for which every figure used is published. Figures that nobody has verified are marked.",
    ]


def _say_where(report: Path, keep: bool, seconds: float, budget: str) -> None:
    console = Console(highlight=False)
    console.print(f"\n[green]✔[/] Played in {seconds:.0f} s. The report, for any browser: {report.relative_to(ROOT)}")
    if keep:
        console.print(STILL_RUNNING.format(budget=budget))
