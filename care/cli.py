"""What can a person type? `care` and its commands; errors are sentences, never traces."""

import sys
import traceback
from importlib import import_module

import typer
from rich.console import Console
from rich.markup import escape

from care.local.place import Place
from care.local.trouble import Trouble

# One module per group in care/commands, each with `add_to(app)`; `care --help` shows them in this order.
GROUPS = ("running", "playing", "tokens", "timing", "looking", "policies", "generating")

app = typer.Typer(
    name="care",
    help="Caremarket on this machine: run it, look into it, play a council.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for _group in GROUPS:
    import_module(f"care.commands.{_group}").add_to(app)


def main() -> None:
    """Run a command. Exit status: 0 done, 1 trouble (told in a sentence), 2 wrong usage, 130 interrupted."""
    try:
        app(prog_name="care")
    except Trouble as trouble:
        _say(trouble.message)
        sys.exit(1)
    except KeyboardInterrupt:
        _say("Interrupted.")
        sys.exit(130)
    except Exception as error:  # the last line of defence: the trace goes to a file, a sentence to the person
        _say(f"Something unforeseen happened ({type(error).__name__}). {_keep_trace()}")
        sys.exit(1)


def _say(sentence: str) -> None:
    Console(stderr=True, highlight=False, soft_wrap=True).print(f"[red]✘ {escape(sentence)}[/]")


def _keep_trace() -> str:
    """Write the trace to the log folder and say where it is."""
    path = Place.from_environment().logs / "care.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(traceback.format_exc())
    except OSError:
        return "Its trace could not be kept, either: the log folder cannot be written to."
    return f"Its trace is in {path}; please report it with that."


if __name__ == "__main__":
    main()
