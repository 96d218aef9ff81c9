"""Files that come in: a directory of suppliers and visits in bulk. Good rows are kept, bad ones named, nothing breaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import pytest

from services.marketplace import importers
from shared.testing.harness import Caller
from tests.integration.marketplace.journey import Market, at

EXTRACT = Path(str(importers.__file__)).parent / "data" / "trafford-care-homes-extract.csv"
VISITS = "order_reference,planned_start,actual_start,minutes,outcome,because"
DIRECTORY = "name,cqc_id,type,postcode,provider,inspection_date,area_name,area_code"
CSV = {"Content-Type": "text/csv"}


async def send(caller: Caller, where: str, data: bytes) -> httpx2.Response:
    return await caller.post(where, content=data, headers=CSV)


def a_row(order: dict[str, Any], days_ago: int, minutes: int = 60) -> str:
    planned = at(days_ago).isoformat()
    return f"{order['order_id']},{planned},{planned},{minutes},delivered,"


def sheet(*rows: str) -> bytes:
    return "\n".join((VISITS, *rows)).encode()


# ── the directory ─────────────────────────────────────────────────────────────────────────────────────────────────
async def test_a_published_directory_is_taken_in_once_and_its_defects_are_reported(market: Market) -> None:
    first = (await send(market.commissioner, "/v1/supplier-imports", EXTRACT.read_bytes())).json()
    assert (first["read"], first["new"], first["rejected"]) == (13, 13, [])
    rules = [one["rule"] for one in first["defects"]]
    assert (rules.count("not_nine_characters"), rules.count("same_place_again")) == (13, 1)
    again = (await send(market.commissioner, "/v1/supplier-imports", EXTRACT.read_bytes())).json()
    assert (again["new"], again["updated"], again["unchanged"]) == (0, 0, 13)
    said = await market.said("supplier_registered")
    assert len(said) == 13
    assert {(one["synthetic"], one["kind"]) for one in said} == {(False, "provider")}
    suppliers = (await market.broker.read("/v1/suppliers", limit=200))["items"]
    assert all(one["imported"] and one["listed"]["area_code"] is None for one in suppliers)
    assert "Ascot House" not in str(await market.service.outbox())


async def test_a_changed_entry_is_updated_and_one_of_a_registered_supplier_is_noted_there(market: Market) -> None:
    body = {"name": "Ours", "kind": "provider", "synthetic": False, "reference": "1-123456789"}
    registered = await market.commissioner.done("/v1/suppliers", body)
    row = "Listed Name,1-123456789,Homecare agencies,M41 5BU,Real Ltd,2023-05-31,Trafford,E08000009"
    other = "Other,1-987654321,Homecare agencies,M41 5BU,Real Ltd,2023-05-31,Trafford,E08000009"
    where = "/v1/supplier-imports"
    await send(market.commissioner, where, f"{DIRECTORY}\n{row}\n{other}\n".encode())
    changed = await send(market.commissioner, where, f"{DIRECTORY}\n{row}\n{other.replace('2023', '2024')}\n".encode())
    assert (changed.json()["updated"], changed.json()["unchanged"]) == (1, 1)
    read = await market.broker.read(f"/v1/suppliers/{registered['supplier_id']}")
    assert (read["name"], read["imported"], read["listed"]["types"]) == ("Ours", False, ["Homecare agencies"])
    again = await market.commissioner.post("/v1/suppliers", body)
    assert (again.status_code, again.json()["supplier_id"]) == (409, registered["supplier_id"])


async def test_a_file_may_come_as_a_form(market: Market) -> None:
    files = {"file": ("directory.csv", EXTRACT.read_bytes(), "text/csv")}
    answer = await market.commissioner.post("/v1/supplier-imports", files=files)
    assert (answer.status_code, answer.json()["new"]) == (200, 13)


BAD_FILES = [
    (b"", "column_missing"),
    (b"a,b\n1,2\n", "column_missing"),
    (b"\xff\xfe\x00\x01", "not_utf8_csv"),
    (VISITS.encode() + b"\n\xe9\n", "not_utf8_csv"),
]


@pytest.mark.parametrize(("data", "rule"), BAD_FILES)
@pytest.mark.parametrize("where", ["/v1/supplier-imports", "/v1/visit-uploads"])
async def test_a_file_that_is_not_what_it_should_be_is_refused_as_a_whole(
    market: Market, where: str, data: bytes, rule: str
) -> None:
    caller = market.service.as_("commissioner", scope="market:write visits:write")
    refused = await send(caller, where, data)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/file-not-read")
    assert rule in {each["rule"] for each in refused.json()["errors"]}


async def test_nuls_and_endless_fields_are_rejected_row_by_row(market: Market) -> None:
    good = "Good,1-123456789,Homecare agencies,M41 5BU,Real Ltd,2023-05-31,Trafford,E08000009"
    rows = (good.replace("Good", "B\x00d"), good, good.replace("Good", "x" * 600).replace("1-1", "1-2"))
    report = (await send(market.commissioner, "/v1/supplier-imports", "\n".join((DIRECTORY, *rows)).encode())).json()
    assert [(one["row"], one["rule"]) for one in report["rejected"]] == [(2, "not_text"), (4, "too_long")]
    order = await market.a_started_order()
    supplier = market.supplier(order["supplier_id"])
    upload = (await send(supplier, "/v1/visit-uploads", sheet("\x00," + a_row(order, 1), a_row(order, 1)))).json()
    assert (upload["new"], len(upload["rejected"])) == (1, 1)


async def test_neither_json_nor_an_empty_form_is_a_file(market: Market) -> None:
    where = "/v1/supplier-imports"
    assert (await market.commissioner.post(where, {"file": "x"})).status_code == 415
    assert (await market.commissioner.post(where, files={"other": ("a.csv", b"a", "text/csv")})).status_code == 422
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    assert (await market.commissioner.post(where, content=b"nonsense", headers=broken)).status_code in (400, 422)
    bare = {"Content-Type": "multipart/form-data"}
    assert (await market.commissioner.post(where, content=b"nonsense", headers=bare)).status_code in (400, 422)


# ── visits ────────────────────────────────────────────────────────────────────────────────────────────────────────
async def test_the_same_file_of_visits_twice_changes_nothing(market: Market) -> None:
    order = await market.a_started_order()
    supplier = market.supplier(order["supplier_id"])
    unknown = a_row(order, 1).replace(order["order_id"], "A-17")
    data = sheet(a_row(order, 2), a_row(order, 1), unknown, unknown, a_row(order, 3).replace("delivered", "done"))
    first = (await send(supplier, "/v1/visit-uploads", data)).json()
    assert (first["read"], first["new"], first["repeated"]) == (5, 2, 1)
    assert [(one["row"], one["because"]["code"]) for one in first["unmatched"]] == [(4, "order_not_known")]
    assert [(one["row"], one["field"], one["rule"]) for one in first["rejected"]] == [(6, "outcome", "not_an_outcome")]
    before = await market.service.outbox()
    again = (await send(supplier, "/v1/visit-uploads", data)).json()
    assert (again["new"], again["repeated"], again["unmatched"]) == (0, 4, [])
    assert await market.service.outbox() == before
    (kept,) = (await supplier.read("/v1/unmatched-visits"))["items"]
    assert (kept["reference"], kept["because"]["detail"]) == ("A-17", "No order is known by this reference.")
    other = await market.a_listing()
    assert (await market.supplier(other["supplier_id"]).read("/v1/unmatched-visits"))["items"] == []


async def test_a_row_that_came_before_support_started_finds_its_visit_when_it_is_sent_again(market: Market) -> None:
    order = await market.an_order()
    await market.commit(order)
    supplier, data = market.supplier(order["supplier_id"]), sheet(a_row(order, 1))
    early = (await send(supplier, "/v1/visit-uploads", data)).json()
    assert [one["because"]["code"] for one in early["unmatched"]] == ["order_not_started"]
    await supplier.done(f"/v1/orders/{order['order_id']}/start", {"started_on": order["starts_on"]})
    assert (await send(supplier, "/v1/visit-uploads", data)).json()["new"] == 1
    assert (await supplier.read("/v1/unmatched-visits"))["items"] == []


async def test_another_suppliers_orders_cannot_be_reported_on(market: Market) -> None:
    order, other = await market.a_started_order(), await market.a_listing()
    report = (await send(market.supplier(other["supplier_id"]), "/v1/visit-uploads", sheet(a_row(order, 1)))).json()
    assert [one["because"]["code"] for one in report["unmatched"]] == ["order_not_known"]
    assert await market.said("visit_recorded") == []


async def test_a_file_does_not_overwrite_what_was_recorded(market: Market) -> None:
    order = await market.a_started_order()
    await market.a_visit(order, 1)
    report = (
        await send(market.supplier(order["supplier_id"]), "/v1/visit-uploads", sheet(a_row(order, 1, minutes=30)))
    ).json()
    assert [one["rule"] for one in report["rejected"]] == ["already_recorded"]
    assert [one["minutes"] for one in await market.said("visit_recorded")] == [60]


async def test_five_thousand_rows_are_read_and_one_more_is_refused(market: Market) -> None:
    order = await market.a_started_order()
    supplier = market.supplier(order["supplier_id"])
    rows = [a_row(order, 1).replace(order["order_id"], f"R-{n}") for n in range(5_000)]
    report = (await send(supplier, "/v1/visit-uploads", sheet(*rows))).json()
    assert (report["read"], len(report["unmatched"])) == (5_000, 5_000)
    refused = await send(supplier, "/v1/visit-uploads", sheet(*rows, rows[0]))
    assert [each["rule"] for each in refused.json()["errors"]] == ["too_many_rows"]


async def test_five_thousand_suppliers_are_taken_in(market: Market) -> None:
    row = "Home {n},1-{n:09},Homecare agencies,M41 5BU,Real Ltd,2023-05-31,Trafford,E08000009"
    data = "\n".join((DIRECTORY, *(row.format(n=n) for n in range(5_000)))).encode()
    report = (await send(market.commissioner, "/v1/supplier-imports", data)).json()
    assert (report["new"], report["rejected"]) == (5_000, [])
