"""How are tables written in the report?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def table(columns: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def plain(code: str) -> str:
    """A code as words: `payroll_return` as `Payroll return`."""
    return code.replace("_", " ").capitalize().replace("Isf", "ISF")
