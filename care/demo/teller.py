"""How is the demo told? A line a step in the terminal, in the voice of who acts."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from shared.money import pounds

COLOURS = {"assessment": "cyan", "budget": "green", "marketplace": "magenta", "safeguarding": "yellow", "time": "blue"}


class Teller:
    """Tells the story. A quiet one tells nothing: for people whose journey is told once already."""

    def __init__(self, console: Console | None, quiet: bool = False) -> None:
        self.console, self.is_quiet = console or Console(highlight=False), quiet
        self.chapter_number = 0

    def quiet(self) -> Teller:
        return Teller(self.console, quiet=True)

    def chapter(self, title: str) -> None:
        self.chapter_number += 1
        self._print(f"\n[bold]{self.chapter_number}. {escape(title)}[/]")

    def say(self, where: str, said: str) -> None:
        self._print(f"   [{COLOURS[where]}]{where:<12}[/] {escape(said)}")

    def detail(self, said: str) -> None:
        self._print(f"   {'':<12}   [dim]{escape(said)}[/]")

    def details(self, many: Iterable[str]) -> None:
        for said in many:
            self.detail(said)

    def box(self, title: str, lines: Iterable[str]) -> None:
        if not self.is_quiet:
            self.console.print(Panel("\n".join(map(escape, lines)), title=title, expand=False))

    def table(self, title: str, columns: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
        if self.is_quiet:
            return
        made = Table(*columns, title=title, title_justify="left")
        for row in rows:
            made.add_row(*row)
        self.console.print(made)

    def _print(self, said: str) -> None:
        if not self.is_quiet:
            self.console.print(said, soft_wrap=True)


def a_week(pence: int) -> str:
    return f"{pounds(pence)} a week"
