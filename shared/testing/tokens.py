"""Who is calling, in a test? Tokens of an issuer that exists in this process only."""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from shared.auth import AUDIENCE, Keys
from shared.roles import ROLES

ISSUER = "https://issuer.test"
COUNCIL = "E99999999"
OTHER_COUNCIL = "E99999998"
KEY = ECKey.generate_key("P-256", parameters={"kid": "test"})


def known_keys() -> Keys:
    """Keys that need no network: this process's own."""
    keys = Keys("")
    keys.keys = KeySet.import_key_set({"keys": [KEY.as_dict(private=False)]})
    keys.fetched = time.monotonic() + 10**9
    return keys


def token(role: str, *, council: str = COUNCIL, sub: str | None = None, lifetime: int = 3600, **claims: Any) -> str:
    """A token of `role`. Further claims: supplier_id, team, limit_pence, scope, client_id."""
    said = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": sub or role,
        "client_id": f"{role}-app",
        "council": council,
        "role": role,
        "scope": " ".join(ROLES[role]),
        "exp": int(time.time()) + lifetime,
    }
    given = {name: str(value) if isinstance(value, UUID) else value for name, value in claims.items()}
    return jwt.encode({"alg": "ES256", "kid": "test"}, said | given, KEY, algorithms=["ES256"])
