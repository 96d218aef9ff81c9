"""What may be asked about suppliers and their listings?"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import listings, suppliers
from services.marketplace.api.callers import Publisher, Reader, sight_of
from services.marketplace.api.files import TAKES_A_FILE, File
from services.marketplace.api.views import ImportView, ListingView, SupplierView
from services.marketplace.rules.states import ListingState
from shared.contracts.base import SupplierKind, Support
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of

router = APIRouter(tags=["suppliers"], prefix="/v1")


@router.post("/suppliers", status_code=201, response_model=SupplierView, **answers())
async def register_supplier(body: suppliers.RegisterSupplier, who: Publisher, ask: Asking) -> Response:
    """Take a supplier of any kind into the directory."""
    return await ask(suppliers.register_supplier, who, body, show=SupplierView.of, status=201)


@router.post("/supplier-imports", response_model=ImportView, openapi_extra=TAKES_A_FILE, **answers(415))
async def import_suppliers(file: File, who: Publisher, ask: Asking) -> Response:
    """Take in a published directory of registered services: public facts, no price, no listing, no rating."""
    return await ask(suppliers.import_suppliers, who, suppliers.ImportSuppliers(file=file), show=ImportView.report)


@router.get("/suppliers", **answers())
async def list_suppliers(
    who: Reader, look: Looking, after: Cursor, kind: SupplierKind | None = None, limit: Limit = 50
) -> Page[SupplierView]:
    async with look(who, "list_suppliers") as tx:
        rows = await store.suppliers(tx, sight_of(who), after, kind, limit + 1)
    return page_of(rows, limit, lambda row: row.supplier_id, SupplierView.of)


@router.get("/suppliers/{supplier_id}", **answers())
async def read_supplier(supplier_id: UUID, who: Reader, look: Looking, response: Response) -> SupplierView:
    async with look(who, "read_supplier", supplier_id) as tx:
        supplier = found(await store.supplier(tx, sight_of(who), supplier_id))
    etag(response, supplier)
    return SupplierView.of(supplier)


@router.post("/suppliers/{supplier_id}/listings", status_code=201, response_model=ListingView, **answers())
async def publish_listing(supplier_id: UUID, body: listings.PublishListing, who: Publisher, ask: Asking) -> Response:
    """Say what a supplier offers, where, at which price, and how much room it has."""
    return await ask(listings.publish_listing, who, body, target=supplier_id, show=ListingView.of, status=201)


@router.get("/listings", **answers())
async def list_listings(
    who: Reader,
    look: Looking,
    after: Cursor,
    supplier_id: UUID | None = None,
    support: Support | None = None,
    state: ListingState | None = None,
    limit: Limit = 50,
) -> Page[ListingView]:
    async with look(who, "list_listings") as tx:
        rows = await store.listings(tx, sight_of(who), after, supplier_id, support, state, limit + 1)
    return page_of(rows, limit, lambda row: row.listing_id, ListingView.of)


@router.get("/listings/{listing_id}", **answers())
async def read_listing(listing_id: UUID, who: Reader, look: Looking, response: Response) -> ListingView:
    async with look(who, "read_listing", listing_id) as tx:
        listing = found(await store.listing(tx, sight_of(who), listing_id))
    etag(response, listing)
    return ListingView.of(listing)


@router.post("/listings/{listing_id}/change", response_model=ListingView, **answers())
async def change_listing(listing_id: UUID, body: listings.ChangeListing, who: Publisher, ask: Asking) -> Response:
    """A new price or other room."""
    return await ask(listings.change_listing, who, body, target=listing_id, show=ListingView.of)


@router.post("/listings/{listing_id}/withdraw", response_model=ListingView, **answers())
async def withdraw_listing(listing_id: UUID, body: listings.WithdrawListing, who: Publisher, ask: Asking) -> Response:
    """It takes nobody new."""
    return await ask(listings.withdraw_listing, who, body, target=listing_id, show=ListingView.of)
