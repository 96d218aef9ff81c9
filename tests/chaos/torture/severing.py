"""How is a network cut? The packets to and from one port are dropped, both ways, and nobody is told. Needs root and iptables."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from subprocess import DEVNULL, run

WAYS = (("INPUT", "--dport"), ("INPUT", "--sport"))


def may_sever() -> bool:
    """Whether this machine lets us."""
    if os.geteuid() or not shutil.which("iptables"):
        return False
    return run(("iptables", "-w", "-S"), stdout=DEVNULL, stderr=DEVNULL, check=False).returncode == 0


@asynccontextmanager
async def severed(port: int) -> AsyncIterator[None]:
    """While this lasts, connections to the port stay open and nothing comes through; new ones are not answered."""
    for way in WAYS:
        await _filter("-I", *way, port)
    try:
        yield
    finally:
        for way in WAYS:
            await _filter("-D", *way, port)


async def _filter(verb: str, chain: str, side: str, port: int) -> None:
    rule = ("iptables", "-w", verb, chain, "-i", "lo", "-p", "tcp", side, str(port), "-j", "DROP")
    await asyncio.to_thread(run, rule, check=True)
