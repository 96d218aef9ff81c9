"""How do two commands on one machine keep out of each other's way? With a lock that dies with its holder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from care.local.trouble import Trouble


@contextmanager
def only_one(path: Path, otherwise: str | None = None) -> Iterator[None]:
    """Hold an exclusive lock on a file: wait for it, or raise Trouble(otherwise) at once if it is taken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (fcntl.LOCK_NB if otherwise else 0))
        except BlockingIOError:
            raise Trouble(otherwise or "") from None
        yield
