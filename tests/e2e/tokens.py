"""Who asks, in these tests? Anybody: tokens of the running issuer's own key, with whatever claims a test wants."""

from __future__ import annotations

import time
from typing import Any

from joserfc import jwt

from care.demo.council import COUNCIL
from care.local.place import Place
from care.local.tokens import ALGORITHM, AUDIENCE, key_of
from shared.roles import ROLES, SCOPES


def token_of(place: Place, role: str = "", *, lifetime: int = 3600, **claims: Any) -> str:
    """A signed token with a role's scopes; without a role, one with every scope there is."""
    key = key_of(place)
    said = {
        "iss": place.url("issuer"),
        "aud": AUDIENCE,
        "sub": "eve",
        "client_id": "eve",
        "council": COUNCIL,
        "role": role,
        "scope": " ".join(ROLES[role] if role else SCOPES),
        "exp": int(time.time()) + lifetime,
    }
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid}, said | claims, key, algorithms=[ALGORITHM])


def bearer(place: Place, role: str = "", **claims: Any) -> dict[str, str]:
    """The header that says who asks."""
    return {"Authorization": f"Bearer {token_of(place, role, **claims)}"}
