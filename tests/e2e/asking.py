"""Who asks, in these tests, and about what? Anybody, with whatever claims a test wants; every id the demo came by."""

from __future__ import annotations

import re
import time
from typing import Any

from joserfc import jwt

from care.demo.council import COUNCIL, Council
from care.local.place import Place
from care.local.tokens import ALGORITHM, AUDIENCE, key_of
from shared.roles import ROLES, SCOPES

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


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


def ids_by_noun(council: Council) -> dict[str, list[str]]:
    """Every id the demo came by, under the noun it stands behind in a path; all of them under no noun."""
    texts = [asked.path for asked in council.asked] + council.sent
    found = {"": {one for text in texts for one in ID.findall(text)}}
    for text in texts:
        named = re.findall(rf'"([a-z]+)_id": "({ID.pattern})"', text)
        for noun, one in [
            *re.findall(rf"/([a-z-]+)/({ID.pattern})", text),
            *((f"{name}s", one) for name, one in named),
        ]:
            found.setdefault(noun, set()).add(one)
    return {noun: sorted(ids) for noun, ids in found.items()}


def noun_of(path: str) -> str:
    """`orders` of `/v1/orders/{order_id}/visits`."""
    return path.partition("/{")[0].rpartition("/")[2]
