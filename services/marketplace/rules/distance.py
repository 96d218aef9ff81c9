"""About how far is it from where a supplier starts out to where support is given? Between squares of a map, never places.

A square is of 5 or 10 km (ADR 22). The National Grid's letters are the Ordnance Survey's: 25 squares of 500 km, each of 25 of
100 km, in rows from the north-west, without the letter I.
"""

from __future__ import annotations

from math import hypot

LETTERS = "ABCDEFGHJKLMNOPQRSTUVWXYZ"
ROW, SQUARE, QUARTER = 5, 10_000, 5_000
NEAREST = 5
"""Kilometres: no distance is said more finely than the squares are."""


def centre(square: str) -> tuple[int, int]:
    """Metres east and north of the grid's origin: the middle of `TQ38`, or of its quarter `TQ38NW`."""
    first, second = (LETTERS.index(letter) for letter in square[:2])
    east = ((first - 2) % ROW) * ROW + second % ROW
    north = (19 - first // ROW * ROW) - second // ROW
    corner = (east * 10 + int(square[2])) * SQUARE, (north * 10 + int(square[3])) * SQUARE
    quarter = square[4:]
    if not quarter:
        return corner[0] + SQUARE // 2, corner[1] + SQUARE // 2
    right, up = quarter[1] == "E", quarter[0] == "N"
    return corner[0] + QUARTER * right + QUARTER // 2, corner[1] + QUARTER * up + QUARTER // 2


def about_km(one: str, other: str) -> int:
    """From middle to middle in a straight line, to the nearest five kilometres."""
    (east, north), (east_too, north_too) = centre(one), centre(other)
    metres = hypot(east - east_too, north - north_too)
    return NEAREST * int(metres / (NEAREST * 1000) + 0.5)
