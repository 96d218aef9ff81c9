"""How are pictures drawn? As SVG text, without a library or a network; each has a title that reads aloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

PALETTE = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
"""Colours that stay apart for colour-blind eyes (Government Analysis Function's palette, from memory)."""


def picture(width: int, height: int, title: str, parts: Iterable[str]) -> str:
    """A whole drawing."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" width="{width}" '
        f'height="{height}"><title>{escape(title)}</title>{"".join(parts)}</svg>'
    )


def text(
    x: float,
    y: float,
    said: str,
    *,
    size: int = 13,
    colour: str = "#0b0c0c",
    anchor: str = "start",
    bold: bool = False,
    halo: bool = False,
) -> str:
    """Words at a point. A `halo` keeps them readable where a line runs behind them."""
    weight = ' font-weight="700"' if bold else ""
    weight += ' stroke="#fff" stroke-width="4" paint-order="stroke"' if halo else ""
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}"'
    return f'<text {where} fill="{colour}" text-anchor="{anchor}"{weight}>{escape(said)}</text>'


def line(
    x1: float, y1: float, x2: float, y2: float, colour: str = "#b1b4b6", *, wide: float = 1, dashed: bool = False
) -> str:
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{wide}"{dash}/>'
    )


def box(x: float, y: float, width: float, height: float, colour: str, *, title: str = "") -> str:
    hint = f"<title>{escape(title)}</title>" if title else ""
    size = f'width="{max(width, 0):.1f}" height="{max(height, 0):.1f}"'
    return f'<rect x="{x:.1f}" y="{y:.1f}" {size} fill="{colour}">{hint}</rect>'


def dot(x: float, y: float, colour: str, *, radius: float = 5, title: str = "") -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{colour}"><title>{escape(title)}</title></circle>'


def arrow(x1: float, y1: float, x2: float, y2: float, colour: str) -> str:
    """A curve that leaves sideways and arrives from above, with a head."""
    middle = (x1 + x2) / 2
    tip = f"M{x2 - 4:.1f},{y2 - 9:.1f} L{x2:.1f},{y2 - 4:.1f} L{x2 + 4:.1f},{y2 - 9:.1f}"
    head = f'<path d="{tip}" fill="none" stroke="{colour}"/>'
    curve = f"M{x1:.1f},{y1:.1f} C{middle:.1f},{y1:.1f} {x2:.1f},{(y1 + y2) / 2:.1f} {x2:.1f},{y2 - 5:.1f}"
    return f'<path d="{curve}" fill="none" stroke="{colour}" stroke-opacity="0.6"/>{head}'


def bars(rows: Sequence[tuple[str, float, str]], title: str, *, unit: str = "", width: int = 900) -> str:
    """Horizontal bars: (label, value, what is written behind it)."""
    longest = max((abs(value) for _, value, _ in rows), default=1) or 1
    parts = []
    for n, (label, value, said) in enumerate(rows):
        y = 20 + n * 30
        parts.append(text(230, y + 5, label, anchor="end"))
        parts.append(box(240, y - 8, abs(value) / longest * (width - 480), 18, PALETTE[3] if value < 0 else PALETTE[0]))
        parts.append(text(250 + abs(value) / longest * (width - 480), y + 5, f"{said}{unit}"))
    return picture(width, 30 + 30 * len(rows), title, parts)


def stacked(
    columns: Sequence[tuple[str, Sequence[float]]], names: Sequence[str], title: str, *, width: int = 900
) -> str:
    """Columns of stacked values, one after the other, with a legend."""
    tallest = max((sum(values) for _, values in columns), default=1) or 1
    step = (width - 120) / max(len(columns), 1)
    parts = [_stack(60 + n * step, step * 0.7, label, values, tallest) for n, (label, values) in enumerate(columns)]
    for n, name in enumerate(names):
        parts += [box(60 + n * 150, 345, 12, 12, PALETTE[n % 6]), text(78 + n * 150, 356, name)]
    return picture(width, 370, title, parts)


def _stack(x: float, width: float, label: str, values: Sequence[float], tallest: float) -> str:
    parts, y = [], 290.0
    for n, value in enumerate(values):
        height = value / tallest * 260
        y -= height
        parts.append(box(x, y, width, height, PALETTE[n % 6], title=f"{label}: {value:,.2f}"))
    return "".join(parts) + text(x + width / 2, 310, label, size=10, anchor="middle")
