"""`python -m tests.chaos.torture.planted`: plant each mistake, and write down which check caught it."""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from rich.progress import track

from care.local.place import ROOT
from care.local.servers import Servers, free_shift, servers
from tests.chaos.torture.bugs import BUGS, Bug, caught
from tests.chaos.torture.proof import machine, table
from tests.integration.runtime.toy import a_toy

PROOF = ROOT / "docs" / "proof" / "planted_bugs.md"


async def play(ground: Servers, bug: Bug) -> tuple[list[str], list[str]]:
    """What its scene finds with the mistake, and without."""
    async with a_toy(ground.admin_dsn, ground.bootstrap) as toy:
        with_it = await caught(bug, toy)
    async with a_toy(ground.admin_dsn, ground.bootstrap) as toy:
        return with_it, await bug.scene(toy)


def line(bug: Bug, found: list[str]) -> tuple[str, str, str]:
    said = found[0].replace("|", "/")[:160] if found else "**not caught**"
    return bug.name, bug.scene.__name__.replace("_", " "), said


def write(path: Path, found: dict[Bug, tuple[list[str], list[str]]]) -> None:
    rows = [line(bug, with_it) for bug, (with_it, _) in found.items()]
    missed = sum(not with_it for with_it, _ in found.values())
    without = sum(bool(without) for _, without in found.values())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "<!-- Written by `python -m tests.chaos.torture.planted`; run it again instead of editing. -->\n\n"
        "# Planted bugs\n\n"
        f"{len(rows)} mistakes of the kind that lose or double things, put into the runtime by the tests, one at a time: "
        f"{len(rows) - missed} caught, {missed} not. Without them the same scenes find "
        f"{'nothing wrong' if not without else f'**something wrong in {without}**'}. "
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, {machine()}.\n\n"
        f"{table(('bug', 'scene', 'what the check said'), rows)}\n"
    )


def main() -> None:
    cache = Path(os.environ.get("CARE_CACHE") or ROOT / ".care" / "cache")
    ground = servers(ROOT / ".care" / "planted", cache=cache, shift=free_shift(4500))
    ground.up()
    try:
        found = {bug: asyncio.run(play(ground, bug)) for bug in track(BUGS, "planted bugs")}
    finally:
        ground.down()
    write(PROOF, found)
    wrong = [bug.name for bug, (with_it, without) in found.items() if not with_it or without]
    print(f"{'FAIL' if wrong else 'PASS'} {len(found)} planted bugs, not caught or seen where they are not: {wrong}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
