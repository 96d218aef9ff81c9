"""Who starts the toy's process again when it dies? The keeper, each time with the next order to die."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from collections import Counter
from pathlib import Path

from care.local.place import ROOT
from shared.db_admin import url_of
from shared.runtime.crash import KILLED
from tests.integration.runtime.toy import Toy


class Keeper:
    """One process of the toy at a time."""

    def __init__(self, toy: Toy, prefix: str, folder: Path) -> None:
        self.toy, self.prefix, self.folder, self.port = toy, prefix, folder, free_port()
        self.hits_file = folder / "hits"
        self.mother: asyncio.subprocess.Process | None = None
        self.pid, self.status = 0, asyncio.get_running_loop().create_future()
        self.deaths = 0

    async def start(self, crash: str = "", seed: int = 0) -> None:
        """Start one that is to die where `crash` says. The one before must have died."""
        self.mother = self.mother or await self._mother()
        assert self.mother.stdin is not None
        assert self.mother.stdout is not None
        self.mother.stdin.write(json.dumps({"crash": crash, "seed": seed}).encode() + b"\n")
        self.pid = int(await self.mother.stdout.readline())
        self.status = asyncio.ensure_future(self.mother.stdout.readline())

    async def _mother(self) -> asyncio.subprocess.Process:
        with (self.folder / "log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.chaos.torture.toy_process",
                cwd=ROOT, env=self._environment(), stdin=PIPE, stdout=PIPE, stderr=log,
            )  # fmt: skip

    def _environment(self) -> dict[str, str]:
        database = self.toy.admin_url.rpartition("/")[2]
        return {
            **os.environ,
            "PYTHONDONTWRITEBYTECODE": "",
            "CARE_CRASH": "",
            "CARE_CRASH_HITS": str(self.hits_file),
            "TOY_WORKER": url_of(self.toy.admin_url, database, "toy_worker"),
            "TOY_HTTP": url_of(self.toy.admin_url, database, "toy_http"),
            "TOY_BOOTSTRAP": self.toy.bootstrap,
            "TOY_PREFIX": self.prefix,
            "TOY_PORT": str(self.port),
        }

    async def died(self, patience: float) -> bool:
        """Wait until it died where it was told to; False if it did not within `patience` seconds."""
        done, _ = await asyncio.wait({self.status}, timeout=patience)
        if not done:
            return False
        status = int(self.status.result())
        assert status == KILLED, f"the toy ended by itself, with {status}: {self.last_words()}"
        self.deaths += 1
        return True

    async def kill(self) -> None:
        """kill -9, if one runs."""
        if self.pid and not self.status.done():
            os.kill(self.pid, signal.SIGKILL)
            await self.status

    async def end(self) -> None:
        await self.kill()
        if self.mother is not None and self.mother.stdin is not None:
            self.mother.stdin.close()
            await self.mother.wait()

    def last_words(self) -> str:
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    def hits(self, word: str = "") -> Counter[str]:
        """How often each point was reached (`word` "died": how often it was died at)."""
        lines = self.hits_file.read_text().splitlines() if self.hits_file.exists() else []
        return Counter(line.partition(" ")[2] for line in lines if line.startswith(word))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
