"""How does a disk fill up? PostgreSQL's folder is a small file system of its own, and a file takes what is left. Needs root."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL, run

from care.local.place import Place

SIZE = "1g"
AT_ONCE = (2**20, 2**12)
"""Bytes: what is left after the large pieces is taken in small ones."""


@contextmanager
def small_disk(place: Place) -> Iterator[None]:
    """A file system of SIZE in memory where this machine lets us; elsewhere PostgreSQL's folder is as everybody's."""
    folder = _folder(place)
    if folder.is_mount():  # of a run that was killed
        run(("umount", str(folder)), check=True)
    folder.mkdir(parents=True, exist_ok=True)
    order = ("mount", "-t", "tmpfs", "-o", f"size={SIZE}", "none", str(folder))
    is_ours = os.geteuid() == 0 and run(order, stderr=DEVNULL, check=False).returncode == 0
    try:
        yield
    finally:
        if is_ours:
            run(("umount", str(folder)), check=True)


def is_small(place: Place) -> bool:
    """Whether it may be filled: nobody else's disk is."""
    return _folder(place).is_mount()


@contextmanager
def filled(place: Place) -> Iterator[None]:
    """While this lasts nothing can be written there."""
    path = _folder(place) / "filler"
    with path.open("wb", buffering=0) as file:
        for size in AT_ONCE:
            with suppress(OSError):
                while True:
                    file.write(bytes(size))
    try:
        yield
    finally:
        path.unlink()


def _folder(place: Place) -> Path:
    return place.home / "pg"
