"""up, down, status: is Caremarket running on this machine?"""

import json
import signal
import time
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from care.local.place import DEMO, SERVICES
from care.local.progress import Teller
from care.local.stack import Stack, Status, stack_here
from care.local.trouble import Trouble

PANEL = "Run"
WATCH_EVERY = 1.0  # seconds between two looks at what died


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(up)
    app.command(rich_help_panel=PANEL)(down)
    app.command(rich_help_panel=PANEL)(status)


def up(
    detach: Annotated[
        bool, typer.Option("--detach", "-d", help="Return when all is ready; `care down` stops it.")
    ] = False,
) -> None:
    """Start PostgreSQL, Kafka and the four services, and stay until Ctrl-C."""
    stop_politely()
    teller = Teller()
    stack = stack_here(teller)
    if stack.place.home == DEMO / "stack":
        raise Trouble("The demo was left running here, and has the ports. Stop it with `care down`, then try again.")
    started = stack.up()
    if not started:
        teller.console.print("It is already running.")
    teller.console.print(box(stack, staying=started and not detach))
    if started and not detach:
        stay(stack, teller.console)


def stop_politely() -> None:
    """`kill` and a closed terminal stop a command as Ctrl-C does: what it started does not stay behind."""
    for polite in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(polite, signal.default_int_handler)


def ignore_impatience() -> None:
    """A second Ctrl-C while stopping must not leave half of it running."""
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)


def stay(stack: Stack, console: Console) -> None:
    """Watch until Ctrl-C, saying what died and came back; then stop everything."""
    try:
        watch(stack, console)
    except KeyboardInterrupt:
        console.print()
        ignore_impatience()
        with stack.teller.step("stopped"):
            stack.down()


def watch(stack: Stack, console: Console) -> None:
    """Say when a program was started again; return when somebody else stopped the stack."""
    known = pids(stack)
    while current := pids(stack):
        for name, pid in current.items():
            if pid and known.get(name) and pid != known[name]:
                console.print(f" [yellow]↻[/] {name} had died and was started again (pid {pid})")
        known |= {name: pid for name, pid in current.items() if pid}
        time.sleep(WATCH_EVERY)
    console.print("It was stopped from elsewhere.")


def pids(stack: Stack) -> dict[str, int]:
    return {name: info["pid"] for name, info in stack.supervisor.states().items()}


def box(stack: Stack, staying: bool) -> Panel:
    """Where everything is, and what to type next."""
    grid = Table.grid(padding=(0, 2))
    for name, address in stack.addresses().items():
        grid.add_row(name, address + ("/docs" if name in SERVICES else ""))
    grid.add_row("logs", str(stack.place.logs))
    grid.add_row("a token", "care token --as broker --council E08000009")
    grid.add_row("stop", "Ctrl-C" if staying else "care down")
    return Panel(grid, title="Caremarket (sandbox)", expand=False)


def down() -> None:
    """Stop everything that runs here, even what an earlier crash left behind."""
    teller = Teller()
    stack = stack_here(teller)
    with teller.step("stopped") as step:
        step.title = "stopped" if stack.down() else "nothing was running"


def status(
    as_json: Annotated[bool, typer.Option("--json", help="For programs: a JSON object.")] = False,
) -> None:
    """Show each program: state, pid, uptime, memory, address, and whether it is ready."""
    stack = stack_here()
    found = stack.status()
    if as_json:
        print(json.dumps({"programs": [asdict(one) for one in found]}, indent=2))
    else:
        Console(highlight=False).print(table(found))
    if not all(one.ready for one in found):
        raise typer.Exit(1)


def table(found: list[Status]) -> Table:
    """`care status` for people."""
    shown = Table(box=None, header_style="bold")
    for title in ("program", "state", "ready", "pid", "up", "memory", "address"):
        shown.add_column(title, justify="right" if title in ("pid", "up", "memory") else "left", overflow="fold")
    for one in found:
        shown.add_row(*row(one))
    return shown


def row(one: Status) -> tuple[str, ...]:
    ready = "[green]yes[/]" if one.ready else "[red]no[/]"
    up_for = "" if one.uptime_seconds is None else f"{one.uptime_seconds} s"
    memory = "" if one.memory_bytes is None else f"{one.memory_bytes / 1e6:.0f} MB"
    return one.name, one.state.lower(), ready, str(one.pid or ""), up_for, memory, one.address
