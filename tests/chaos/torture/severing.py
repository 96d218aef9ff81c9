"""How is a network cut? The packets to and from one port are dropped, both ways, and nobody is told. Needs root and iptables."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from subprocess import DEVNULL, run

WAYS = (("INPUT", "--dport"), ("INPUT", "--sport"))
OURS = "caremarket-torture-{port}"
"""The comment on our rules, by which those of a run that was killed are found."""


def may_sever() -> bool:
    """Whether this machine lets us."""
    if os.geteuid() or not shutil.which("iptables"):
        return False
    return run(("iptables", "-w", "-S"), stdout=DEVNULL, stderr=DEVNULL, check=False).returncode == 0


def mend(port: int) -> None:
    """Take away what a run left behind that was killed while the network to the port was cut."""
    if may_sever():
        listed = run(("iptables", "-w", "-S"), capture_output=True, text=True, check=True).stdout
        for rule in (line for line in listed.splitlines() if OURS.format(port=port) in line):
            run(("iptables", "-w", "-D", *shlex.split(rule)[1:]), check=True)


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
    rule = ("iptables", "-w", verb, chain, *_rule(side, port))
    await asyncio.to_thread(run, rule, check=True)


def _rule(side: str, port: int) -> tuple[str, ...]:
    named = ("-m", "comment", "--comment", OURS.format(port=port))
    return ("-i", "lo", "-p", "tcp", side, str(port), *named, "-j", "DROP")
