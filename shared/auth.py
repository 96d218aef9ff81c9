"""Who is asking, and may they? OAuth 2.0 bearer tokens checked against the issuer's JWKS; narrow scopes, one council."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence, Set
from typing import Any
from uuid import UUID

import httpx2
from fastapi import Request, Security
from fastapi.openapi.models import OAuth2, OAuthFlowClientCredentials, OAuthFlows
from fastapi.security.base import SecurityBase
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import NonNegativeInt, TypeAdapter, ValidationError

from shared.contracts.base import CouncilId
from shared.refusals import Forbidden, Unauthenticated
from shared.roles import SCOPES
from shared.runtime.messages import Caller

AUDIENCE = "caremarket"
ALGORITHMS = ["ES256", "PS256"]
CACHE_SECONDS = 300
AGAIN_SECONDS = 5
CHECKED_SECONDS = 60
MOST_CHECKED = 10_000

_COUNCIL: TypeAdapter[str] = TypeAdapter(CouncilId)
_UUID: TypeAdapter[UUID | None] = TypeAdapter(UUID | None)
_LIMIT: TypeAdapter[int | None] = TypeAdapter(NonNegativeInt | None)


class Keys:
    """The issuer's public keys, fetched once and kept; fetched again for a key not known, at most every few seconds."""

    def __init__(self, url: str) -> None:
        self.url, self.fetched = url, float("-inf")
        self.keys: KeySet | None = None
        self._one = asyncio.Lock()

    async def current(self, *, older_than: float = CACHE_SECONDS) -> KeySet:
        async with self._one:
            if self.keys is None or time.monotonic() - self.fetched > older_than:
                await self._fetch()
        if self.keys is None:
            raise Unauthenticated("The issuer's keys cannot be fetched at the moment.")
        return self.keys

    async def _fetch(self) -> None:
        try:
            async with httpx2.AsyncClient(timeout=5) as client:
                self.keys = KeySet.import_key_set((await client.get(self.url)).json())
                self.fetched = time.monotonic()
        except (httpx2.HTTPError, ValueError, JoseError):
            return


class Tokens:
    """Checks tokens of one issuer."""

    def __init__(self, keys: Keys, issuer: str) -> None:
        self.keys = keys
        self._checked: dict[str, tuple[float, Caller]] = {}
        self.registry = jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            exp={"essential": True},
            sub={"essential": True},
        )

    async def caller(self, token: str) -> Caller:
        """Who a token speaks for. Raises Unauthenticated. A token's signature is checked once a minute, not each time."""
        until, known = self._checked.get(token, (0.0, None))
        if known is not None and time.time() < until:
            return known
        try:
            claims = await self._claims(token)
            self.registry.validate(claims)
            return self._remember(token, _caller_of(claims), float(claims["exp"]))
        except (JoseError, ValidationError, ValueError, KeyError, TypeError) as wrong:
            raise Unauthenticated("The token does not hold.") from wrong

    def _remember(self, token: str, caller: Caller, expires: float) -> Caller:
        if len(self._checked) >= MOST_CHECKED:
            self._checked.clear()
        self._checked[token] = (min(expires, time.time() + CHECKED_SECONDS), caller)
        return caller

    async def _claims(self, token: str) -> dict[str, Any]:
        try:
            return jwt.decode(token, await self.keys.current(), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError):
            return jwt.decode(token, await self.keys.current(older_than=AGAIN_SECONDS), algorithms=ALGORITHMS).claims


def _caller_of(claims: dict[str, Any]) -> Caller:
    return Caller(
        sub=str(claims["sub"]),
        client_id=str(claims["client_id"]),
        council=_COUNCIL.validate_python(claims["council"]),
        role=str(claims.get("role", "")),
        scopes=frozenset(str(claims.get("scope", "")).split()),
        supplier_id=_UUID.validate_python(claims.get("supplier_id")),
        team=claims.get("team"),
        limit_pence=_LIMIT.validate_python(claims.get("limit_pence")),
    )


_FLOW = OAuthFlows(clientCredentials=OAuthFlowClientCredentials(tokenUrl="/token", scopes=dict(SCOPES)))


class _Bearer(SecurityBase):
    """Who is asking. FastAPI takes it for the security scheme itself: so OpenAPI says which scopes a route needs, and a
    request has one thing to solve instead of three."""

    model = OAuth2(flows=_FLOW)
    scheme_name = "oauth2"

    def __init__(self, scopes: Sequence[str], refusal: str, enough: Callable[[Set[str], Set[str]], bool]) -> None:
        unknown = set(scopes) - set(SCOPES)
        if unknown:
            raise ValueError(f"no such scope: {sorted(unknown)}")
        self.scopes, self.refusal, self.enough = frozenset(scopes), refusal, enough

    async def __call__(self, request: Request) -> Caller:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Unauthenticated("Send a bearer token in the Authorization header.")
        caller: Caller = await request.app.state.tokens.caller(token)
        if not self.enough(caller.scopes, self.scopes):
            raise Forbidden(self.refusal, needs=sorted(self.scopes))
        return caller


def allowed(*scopes: str) -> Any:
    """The caller, who must hold these scopes: `who: Annotated[Caller, allowed("budget:read")]`."""
    return Security(_Bearer(scopes, "The token lacks a scope this route needs.", _hold_all), scopes=scopes)


def allowed_any(*scopes: str) -> Any:
    """The caller, who must hold at least one of these scopes; what each shows them is for the route to narrow. OpenAPI
    cannot say "one of these", and names none."""
    return Security(_Bearer(scopes, "The token has none of the scopes this route takes.", _share_one))


def _hold_all(held: Set[str], scopes: Set[str]) -> bool:
    return scopes <= held


def _share_one(held: Set[str], scopes: Set[str]) -> bool:
    return bool(held & scopes)
