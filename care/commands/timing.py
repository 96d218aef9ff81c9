"""clock: read the sandbox's business clock, or move it."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from care.clockwork import Clockwork
from care.commands.looking import JSON, running
from care.local.trouble import Trouble
from care.sandbox import Sandbox

_SPELL = re.compile(r"([+-])(\d{1,5})([mhdw])\Z")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Use", context_settings={"ignore_unknown_options": True})(clock)


def clock(
    move: Annotated[
        str, typer.Argument(help="+30d, +6w, +12h, or an instant such as 2024-07-15T09:00; nothing: only read.")
    ] = "",
    as_json: JSON = False,
) -> None:
    """Read the business clock, or move it forward, from one due time to the next."""
    console = Console(stderr=True, highlight=False)
    work = Clockwork(
        Sandbox.here(running()), lambda at: console.print(f"  … {at:%a %d %b %Y %H:%M}") if not as_json else None
    )
    if move:
        work.move(instant_of(move, work.now()))
    clocks = work.read()
    if as_json:
        return print(json.dumps(clocks, indent=2))
    for name, one in clocks.items():
        due = f"next timer {one['next_due'][:16]}Z" if one["next_due"] else "no timer set"
        Console(highlight=False).print(f"{name:<14} {one['now'][:19]}Z  {due}")
    return None


def instant_of(text: str, now: datetime) -> datetime:
    """`+30d` from now, or an instant (UTC unless it says otherwise). Raises Trouble."""
    spell = _SPELL.match(text)
    if spell and spell[1] == "-":
        raise Trouble(
            f"The clock only moves forward, so not by {text}. A fresh sandbox starts at any day: `care demo`."
        )
    if spell:
        return now + timedelta(**{_UNITS[spell[3]]: int(spell[2])})
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Trouble(f"'{text}' is neither a spell such as +30d nor an instant such as 2024-07-15T09:00.") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
