"""Who hands out tokens in a sandbox? This small issuer; real councils bring their own, so it refuses to run elsewhere.

A client is `<role>@<council>` or `<role>@<council>/<name>`, and its secret is no secret: "sandbox".
"""

import os
import sys
from typing import Annotated, Any, Literal

import uvicorn
from fastapi import FastAPI, Form
from fastapi.responses import JSONResponse
from joserfc.jwk import ECKey
from pydantic import BaseModel

from care.local.place import Place
from care.local.tokens import LIFETIME, jwks, key_of, mint
from care.local.trouble import Trouble

SECRET = "sandbox"


class TokenRequest(BaseModel):
    """The client credentials form, and what else a sandbox token may carry."""

    grant_type: Literal["client_credentials"]
    client_id: str
    client_secret: str
    scope: str | None = None
    supplier_id: str | None = None
    team: str | None = None
    limit_pence: int | None = None


def build(key: ECKey, address: str) -> FastAPI:
    """The issuer's HTTP face: its public key, tokens, and health."""
    app = FastAPI(title="Caremarket sandbox token issuer", docs_url=None, redoc_url=None)

    @app.get("/.well-known/jwks.json")
    async def public_key() -> dict[str, Any]:
        return jwks(key)

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ready"}

    @app.post("/token")
    async def token(asked: Annotated[TokenRequest, Form()]) -> JSONResponse:
        return answer(key, address, asked)

    return app


def answer(key: ECKey, address: str, asked: TokenRequest) -> JSONResponse:
    """RFC 6749's answer: a bearer token, or an error code with a sentence."""
    role, _, rest = asked.client_id.partition("@")
    council, _, name = rest.partition("/")
    if asked.client_secret != SECRET:
        return refusal(401, "invalid_client", f"In the sandbox every client's secret is '{SECRET}'.")
    try:
        token = mint(
            key,
            role=role,
            council=council,
            sub=name or role,
            client_id=asked.client_id,
            scopes=asked.scope.split() if asked.scope else None,
            supplier_id=asked.supplier_id,
            team=asked.team,
            limit_pence=asked.limit_pence,
            issuer=address,
        )
    except Trouble as trouble:
        return refusal(400, "invalid_request", trouble.message)
    body = {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def refusal(status: int, code: str, sentence: str) -> JSONResponse:
    return JSONResponse({"error": code, "error_description": sentence}, status_code=status)


def refuse_outside_sandbox(mode: str | None) -> None:
    """Raises Trouble unless CARE_MODE is 'sandbox'."""
    if mode != "sandbox":
        raise Trouble(
            "The token issuer gives a token to anybody who asks, so it runs only where CARE_MODE=sandbox. "
            "Elsewhere, point CARE_JWKS_URL and CARE_ISSUER at the council's own issuer."
        )


def main() -> int:
    """Serve on CARE_PORT until told to stop; 1 with a sentence where this is no sandbox."""
    try:
        refuse_outside_sandbox(os.environ.get("CARE_MODE"))
        place = Place.from_environment()
        app = build(key_of(place), place.url("issuer"))
    except Trouble as trouble:
        print(trouble.message, file=sys.stderr)
        return 1
    uvicorn.run(app, host=os.environ.get("CARE_HOST", "127.0.0.1"), port=place.port("issuer"), log_level="warning")
    return 0


if __name__ == "__main__":
    sys.exit(main())
