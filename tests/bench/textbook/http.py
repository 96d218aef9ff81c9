"""A durable command, as the textbook has it: FastAPI, a session a request out of a dependency, everything in one commit."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import uvicorn
from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import DateTime

from services.marketplace import models
from services.marketplace.actions.listings import PublishListing
from services.marketplace.rules.states import ListingState
from shared.auth import ALGORITHMS, AUDIENCE
from shared.contracts.base import SupplierKind, Support
from shared.contracts.marketplace import ListingPublished
from shared.testing.tokens import ISSUER
from tests.bench.defaults import learn_defaults
from tests.bench.textbook.events import Base, say
from tests.bench.textbook.marketplace import Listing


class Supplier(Base):
    __table__ = models.Supplier.kind.table


class Answer(Base):
    __tablename__ = "answer"
    key: Mapped[str] = mapped_column(primary_key=True)
    client_id: Mapped[str] = mapped_column(primary_key=True)
    council_id: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    body: Mapped[str]


class AccessLog(Base):
    __tablename__ = "access_log"
    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[str]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    sub: Mapped[str]
    client_id: Mapped[str]
    role: Mapped[str]
    purpose: Mapped[str]
    subject: Mapped[str]


class ListingOut(BaseModel):
    listing_id: UUID
    supplier_id: UUID
    supplier_kind: SupplierKind
    support: Support
    areas: list[str]
    hourly_pence: int
    room_minutes: int
    state: ListingState


app = FastAPI()
engine = create_async_engine(
    os.environ.get("BENCH_DATABASE_URL", "postgresql://nobody@127.0.0.1/none").replace(
        "postgresql://", "postgresql+asyncpg://", 1
    ),
    pool_size=8,
    max_overflow=0,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
KEYS = KeySet.import_key_set(json.loads(os.environ.get("BENCH_JWKS", '{"keys": []}')))
CLAIMS = jwt.JWTClaimsRegistry(
    iss={"essential": True, "value": ISSUER}, aud={"essential": True, "value": AUDIENCE}, exp={"essential": True}
)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


async def caller(authorization: Annotated[str, Header()]) -> dict[str, Any]:
    try:
        claims = jwt.decode(authorization.removeprefix("Bearer "), KEYS, algorithms=ALGORITHMS).claims
        CLAIMS.validate(claims)
    except JoseError as wrong:
        raise HTTPException(401) from wrong
    if "market:write" not in claims["scope"].split():
        raise HTTPException(403)
    return claims


Session = Annotated[AsyncSession, Depends(get_session)]
Caller = Annotated[dict[str, Any], Depends(caller)]


@app.post("/v1/suppliers/{supplier_id}/listings", status_code=201)
async def publish_listing(
    supplier_id: UUID,
    body: PublishListing,
    session: Session,
    who: Caller,
    request: Request,
    idempotency_key: Annotated[str, Header()],
) -> Response:
    """Once for each key: the answer is kept in the transaction of the change."""
    council, client = who["council"], who["client_id"]
    fingerprint = hashlib.sha256(f"{supplier_id}\n{body.model_dump_json()}".encode()).hexdigest()
    async with session.begin():
        await session.execute(text("select set_config('app.council', :council, true)"), {"council": council})
        lock = select(
            func.pg_try_advisory_xact_lock(func.hashtextextended(f"{client}\n{idempotency_key}\n{council}", 0))
        )
        if not await session.scalar(lock):
            raise HTTPException(409)
        known = await session.get(Answer, (idempotency_key, client, council))
        if known is not None:
            if known.fingerprint != fingerprint:
                raise HTTPException(422)
            return Response(known.body, known.status, media_type="application/json")
        supplier = await session.get(Supplier, (supplier_id, council), with_for_update={"read": True})
        if supplier is None:
            raise HTTPException(404)
        if supplier.imported:
            raise HTTPException(409)
        listing = _listing(supplier, body)
        session.add(listing)
        said = _said(listing, body)
        say(session, said, council, datetime.now(UTC))
        answer = ListingOut(**said.model_dump(), state=ListingState.LIVE).model_dump_json()
        session.add(
            Answer(
                key=idempotency_key,
                client_id=client,
                council_id=council,
                fingerprint=fingerprint,
                status=201,
                body=answer,
            )
        )
        session.add(_looked(who, supplier_id))
    return Response(answer, 201, media_type="application/json")


def _listing(supplier: Supplier, body: PublishListing) -> Listing:
    return Listing(
        council_id=supplier.council_id,
        listing_id=uuid4(),
        supplier_id=supplier.supplier_id,
        supplier_kind=supplier.supplier_kind,
        support=body.support.value,
        areas=json.dumps(body.areas),
        hourly_pence=body.hourly_pence,
        room_minutes=body.room_minutes,
        state=ListingState.LIVE.value,
        version=0,
    )


def _said(listing: Listing, body: PublishListing) -> ListingPublished:
    return ListingPublished(
        listing_id=listing.listing_id,
        supplier_id=listing.supplier_id,
        supplier_kind=SupplierKind(listing.supplier_kind),
        support=body.support,
        areas=body.areas,
        hourly_pence=body.hourly_pence,
        room_minutes=body.room_minutes,
    )


def _looked(who: dict[str, Any], supplier_id: UUID) -> AccessLog:
    return AccessLog(
        council_id=who["council"],
        at=datetime.now(UTC),
        sub=who["sub"],
        client_id=who["client_id"],
        role=who["role"],
        purpose="publish_listing",
        subject=str(supplier_id),
    )


@app.get("/health/ready")
async def ready() -> dict[str, bool]:
    return {"ready": True}


@app.post("/hello")
async def hello() -> dict[str, str]:
    """What FastAPI costs by itself."""
    return {"hello": "world"}


if __name__ == "__main__":
    learn_defaults("marketplace")
    uvicorn.run(
        app, port=int(os.environ["BENCH_PORT"]), loop="uvloop", http="httptools", log_level="warning", access_log=False
    )
