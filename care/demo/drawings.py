"""How are the demo's journey, budget, ledger and hops drawn?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any

from care.demo.journal import Hop, Said
from care.demo.svg import PALETTE, arrow, bars, dot, line, picture, stacked, text
from care.local.place import SERVICES
from shared.clock import LONDON
from shared.money import pounds

ROW = 26
LEFT, LANE = 150, 210
COLOUR = dict(zip(SERVICES, PALETTE, strict=False))


def timeline_drawing(journal: Sequence[Said], hops: Sequence[Hop]) -> str:
    """A lane a service, a row a fact, downwards in time; runs of the same fact are one row."""
    runs = [list(run) for _, run in groupby(journal, key=lambda said: (said.source, said.type))]
    rows = {said.id: n for n, run in enumerate(runs) for said in run}
    height = 60 + ROW * len(runs)
    lanes = [text(_x(name), 24, name, anchor="middle", bold=True, colour=COLOUR[name]) for name in SERVICES]
    lanes += [line(_x(name), 34, _x(name), height - 10, dashed=True) for name in SERVICES]
    drawn = [_arrow(hop, rows) for hop in hops if hop.cause.id in rows and hop.effect.id in rows]
    facts = [_row(run, n) for n, run in enumerate(runs)]
    return picture(
        LEFT + LANE * len(SERVICES),
        height,
        "The journey across the services",
        [*lanes, *drawn, *facts, *_waits(hops, rows)],
    )


def _row(run: Sequence[Said], n: int) -> str:
    said, many = run[0], f" × {len(run)}" if len(run) > 1 else ""
    when = text(
        LEFT - 60, _y(n) + 4, f"{said.at.astimezone(LONDON):%d %b %H:%M}", size=11, anchor="end", colour="#505a5f"
    )
    mark = dot(_x(said.source), _y(n), COLOUR[said.source], title=said.type)
    return when + mark + text(_x(said.source) + 10, _y(n) + 4, f"{said.name}{many}", size=12, halo=True)


def _arrow(hop: Hop, rows: dict[Any, int]) -> str:
    x1, y1 = _x(hop.cause.source), _y(rows[hop.cause.id])
    x2, y2 = _x(hop.effect.source), _y(rows[hop.effect.id])
    return arrow(x1, y1, x2, y2, COLOUR[hop.effect.source])


def _waits(hops: Sequence[Hop], rows: dict[Any, int]) -> list[str]:
    """How long each took, on top of everything, left of the dot that it led to."""
    shown = [hop for hop in hops if hop.cause.id in rows and hop.effect.id in rows]
    return [
        text(_x(hop.effect.source) - 9, _y(rows[hop.effect.id]) + 4, f"{hop.ms} ms", size=10, anchor="end", halo=True)
        for hop in shown
    ]


def _x(service: str) -> float:
    return LEFT + LANE * SERVICES.index(service)


def _y(row: int) -> float:
    return 54 + ROW * row


def hops_drawing(hops: Sequence[Hop]) -> str:
    """How often a hop took how long."""
    limits = (10, 20, 30, 50, 100, 200, 500)
    counts = [0] * (len(limits) + 1)
    for hop in hops:
        counts[sum(hop.ms >= limit for limit in limits)] += 1
    labels = [
        f"under {limits[0]} ms",
        *(f"{a} to {b} ms" for a, b in pairwise(limits)),
        f"{limits[-1]} ms or more",
    ]
    rows = [(label, float(count), f"{count}") for label, count in zip(labels, counts, strict=True)]
    return bars(rows, "How many steps from a fact to what follows from it took how long", unit="")


def budget_drawing(verdict: dict[str, Any]) -> str:
    """What was indicated, what the plan costs today, and what is missing."""
    named = (
        ("indicative budget", "weekly_budget_pence"),
        ("the plan at today's prices", "weekly_cost_pence"),
        ("missing", "short_pence"),
    )
    rows = [(label, float(verdict[key]), pounds(verdict[key])) for label, key in named]
    return bars(rows, "The budget against the market, a week", unit=" a week")


SHOWN = ("available", "committed", "delivered", "paid", "disputed")


def ledger_drawing(journals: Sequence[dict[str, Any]]) -> str:
    """The balances after each step; the journals of one day and verb are one column."""
    balances = dict.fromkeys(SHOWN, 0)
    columns: list[tuple[str, list[float]]] = []
    for (day, verb), group in groupby(journals, key=lambda one: (one["at"][:10], one["verb"])):
        for journal in group:
            for entry in journal["entries"]:
                if entry["account"] in balances:
                    balances[entry["account"]] += entry["pence"]
        columns.append((f"{day[5:]} {verb}", [max(balances[name], 0) / 100 for name in SHOWN]))
    return stacked(columns, SHOWN, "The ledger as it moved, in pounds")
