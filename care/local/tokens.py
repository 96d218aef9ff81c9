"""What does a sandbox token say, and who signs it? One key per local run, ES256, one hour."""

import os
import re
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from care.local.place import Place
from care.local.trouble import Trouble
from shared.roles import ROLES

AUDIENCE = "caremarket"
ALGORITHM = "ES256"
LIFETIME = 3600  # seconds
ONS_CODE = re.compile(r"[A-Z]\d{8}")


def new_key() -> ECKey:
    """A fresh P-256 key with an id of its own."""
    return ECKey.generate_key("P-256", {"kid": uuid.uuid4().hex[:12], "use": "sig", "alg": ALGORITHM})


def key_of(place: Place) -> ECKey:
    """The key of this local run, made on first use; only its owner may read it."""
    path = place.home / "issuer.key"
    if not path.exists():
        place.make_folders()
        _write_once(path, new_key().as_pem(private=True))
    pem = path.read_bytes()
    return ECKey.import_key(pem, {"use": "sig", "alg": ALGORITHM, "kid": _kid(pem)})


def _write_once(path: Path, pem: bytes) -> None:
    """Whole or not at all, and never over a key that another process made in the meantime."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _kid(pem: bytes) -> str:
    return ECKey.import_key(pem).thumbprint()[:12]


def jwks(key: ECKey) -> dict[str, Any]:
    """The public half, as services fetch it."""
    return {"keys": [key.as_dict(private=False)]}


def mint(
    key: ECKey,
    *,
    role: str,
    council: str,
    sub: str,
    client_id: str,
    scopes: Sequence[str] | None = None,
    supplier_id: str | None = None,
    team: str | None = None,
    limit_pence: int | None = None,
    issuer: str = "http://127.0.0.1:8100",
    lifetime: int = LIFETIME,
) -> str:
    """A signed token. Scopes default to all of the role's; `limit_pence` is what one may approve in a year.

    Raises Trouble for an unknown role, a scope the role does not have, or a council that is no ONS code.
    """
    now = int(time.time())  # the machine clock, whatever the business clock says
    claims = {
        "iss": issuer,
        "aud": AUDIENCE,
        "sub": sub,
        "client_id": client_id,
        "council": checked_council(council),
        "role": role,
        "scope": " ".join(checked_scopes(role, scopes)),
        "iat": now,
        "exp": now + lifetime,
        "jti": uuid.uuid4().hex,
    }
    extra = {"supplier_id": supplier_id, "team": team, "limit_pence": limit_pence}
    claims |= {name: value for name, value in extra.items() if value is not None}
    return jwt.encode({"alg": ALGORITHM, "kid": key.kid, "typ": "at+jwt"}, claims, key, algorithms=[ALGORITHM])


def checked_council(council: str) -> str:
    if not ONS_CODE.fullmatch(council):
        raise Trouble(f"'{council}' is no council: give its nine-character ONS code, such as E08000009.")
    return council


def checked_scopes(role: str, wanted: Sequence[str] | None) -> Sequence[str]:
    """The wanted scopes, all of the role's where none are named; never one the role does not have."""
    if role not in ROLES:
        raise Trouble(f"There is no role '{role}'. Take one of: {', '.join(sorted(ROLES))}.")
    missing = set(wanted or ()) - set(ROLES[role])
    if missing:
        raise Trouble(f"A {role} does not have {', '.join(sorted(missing))}, only {', '.join(ROLES[role])}.")
    return wanted or ROLES[role]
