"""How do we show what is going on? A spinner and a tick on a terminal, plain lines elsewhere, nothing in tests."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

Advance = Callable[[int], None]


@dataclass
class Step:
    """One line of progress; `detail` and `began` may be changed while the step runs."""

    title: str
    detail: str = ""
    began: float = field(default_factory=time.monotonic)


@dataclass
class Teller:
    """Tells a person how far we are. `Teller.quiet()` says nothing."""

    console: Console = field(default_factory=lambda: Console(highlight=False))

    @classmethod
    def quiet(cls) -> "Teller":
        return cls(Console(quiet=True))

    @contextmanager
    def step(self, title: str, detail: str = "") -> Iterator[Step]:
        """Show that something is under way, then that it is done and how long it took."""
        step = Step(title, detail)
        with self.console.status(f"{title} …"):
            yield step
        took = f"{time.monotonic() - step.began:.1f} s"
        self.console.print(f" [green]✔[/] {escape(step.title):<22} {escape(step.detail):<40} {took:>7}")

    @contextmanager
    def download(self, title: str, total: int) -> Iterator[Advance]:
        """A bar of bytes on a terminal; one line for each fifth elsewhere."""
        if self.console.is_terminal and not self.console.quiet:
            with self._bar() as bar:
                task = bar.add_task(title, total=total)
                yield lambda size: bar.advance(task, size)
        else:
            yield self._lines(title, total)

    def _bar(self) -> Progress:
        columns = (TextColumn(" … {task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        return Progress(*columns, console=self.console, transient=True)

    def _lines(self, title: str, total: int) -> Advance:
        seen, said = 0, 0

        def advance(size: int) -> None:
            nonlocal seen, said
            seen += size
            fifth = min(5, seen * 5 // max(total, 1))
            if fifth > said:
                said = fifth
                self.console.print(f" … {title} {fifth * 20} %")

        return advance
