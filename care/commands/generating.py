"""contracts: everything that is generated from the code and committed."""

from typing import Annotated

import typer
from rich.console import Console

from care.generated import files
from care.local.trouble import Trouble


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel="Develop")(contracts)


def contracts(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail if anything is out of date or breaking.")
    ] = False,
    release: Annotated[bool, typer.Option("--release", help="Promise the present schemas to readers.")] = False,
) -> None:
    """Generate schemas, AsyncAPI, event catalogue, state diagrams and problem pages; refuse breaking changes."""
    if breaking := files.breaking():
        raise Trouble(
            "These changes break readers; make a new class with the next major version instead: "
            + "; ".join(breaking)
            + "."
        )
    if check:
        if stale := files.out_of_date():
            raise Trouble(f"Out of date: {', '.join(stale)}. Run `make contracts` and commit what it writes.")
        return Console().print("Everything generated is up to date; nothing is breaking.")
    changed = files.write()
    if release:
        files.release()
    Console(highlight=False).print("\n".join(changed) or "Nothing to change.")
    return None
