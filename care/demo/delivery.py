"""What was delivered, who says so, and what is claimed for it? Files of visits, and a claim of each lane's own kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from care.demo.buying import Purchase
from care.demo.pattern import visit_file, visits
from care.demo.people import Staff, Supplier
from shared.clock import LONDON
from shared.money import price_of

WEEKS = 2
UPLOAD = ("order_reference", "planned_start", "actual_start", "minutes", "outcome", "because")
WITH_WORKER = (*UPLOAD, "worker")
Missed = Callable[[datetime], bool]
Workers = tuple[str, ...]


def never(at: datetime) -> bool:
    return False


def at_hour(day: date, hour: int) -> datetime:
    """That hour of a London day, as an instant."""
    return datetime.combine(day, datetime.min.time(), LONDON).replace(hour=hour).astimezone(UTC)


def rows_of(purchase: Purchase, monday: date, is_missed: Missed, workers: Workers) -> list[tuple[Any, ...]]:
    """A week of visits, each late by five minutes; care workers, under a pseudonym, by turns. Ids as the file has them."""
    rows: list[tuple[Any, ...]] = []
    for n, (at, minutes) in enumerate(visits(purchase.pattern, monday, 1)):
        order = purchase.order["order_id"]
        if is_missed(at):
            rows.append((order, at.isoformat(), "", "", "missed", "no_staff", ""))
        else:
            came = (at + timedelta(minutes=5)).isoformat()
            rows.append((order, at.isoformat(), came, minutes, "delivered", "", workers[n % len(workers)]))
    return rows


def upload(supplier: Supplier, rows: Iterable[tuple[Any, ...]]) -> dict[str, Any]:
    """Send a file of visits; gives the report."""
    file = visit_file(WITH_WORKER, rows)
    report: dict[str, Any] = supplier.voice.upload("marketplace", "/v1/visit-uploads", file)
    return report


def claim_weeks(supplier: Supplier, purchase: Purchase, first: date, is_missed: Missed = never) -> dict[str, Any]:
    """Claim two weeks from `first`; a supplier that knows of a missed visit leaves it out."""
    price = purchase.order["hourly_pence"]
    lines = [
        {"planned_at": at.isoformat(), "minutes": minutes, "pence": price_of(minutes, price)}
        for at, minutes in visits(purchase.pattern, first, WEEKS)
        if not is_missed(at)
    ]
    last = first + timedelta(days=7 * WEEKS - 1)
    body = {"period": {"first": first.isoformat(), "last": last.isoformat()}, "lines": lines}
    purchase.claim = supplier.voice.post("marketplace", f"{purchase.where}/claims", body)
    return purchase.claim


def pay(staff: Staff, purchase: Purchase) -> dict[str, Any]:
    """Pay what was accepted: an invoice, or the council's own service by internal recharge."""
    claim_id = purchase.claim["claim_id"]
    staff.finance.eventually("budget", "/v1/claims", _has(claim_id), limit=200)
    paid: dict[str, Any] = staff.finance.post("budget", f"/v1/claims/{claim_id}/pay")
    staff.finance.eventually("marketplace", f"/v1/claims/{claim_id}", lambda one: one["state"] == "paid")
    return paid


def await_accounted(staff: Staff, purchase: Purchase) -> None:
    """A return or a statement is set against what was paid out before."""
    claim_id = purchase.claim["claim_id"]
    staff.finance.eventually("budget", "/v1/claims", _has(claim_id, "accounted"), limit=200)


def _has(claim_id: str, state: str = "") -> Callable[[Any], Any]:
    def looks(page: Any) -> bool:
        return any(one["claim_id"] == claim_id and state in ("", one["state"]) for one in page["items"])

    return looks
