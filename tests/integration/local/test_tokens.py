"""Do sandbox tokens say the right things, and does the issuer keep to the sandbox?"""

import stat
from pathlib import Path

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from care.local import issuer
from care.local.place import Place
from care.local.tokens import key_of, mint, new_key
from care.local.trouble import Trouble
from shared.roles import ROLES, SCOPES

COUNCIL = "E08000009"


@pytest.fixture
def client() -> httpx2.AsyncClient:
    app = issuer.build(new_key(), "http://issuer")
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://issuer")


def form(**more: str) -> dict[str, str]:
    return {"grant_type": "client_credentials", "client_id": f"broker@{COUNCIL}", "client_secret": "sandbox", **more}


async def test_a_token_is_checked_with_the_published_key(client: httpx2.AsyncClient) -> None:
    given = (await client.post("/token", data=form(scope="market:read"))).json()
    keys = KeySet.import_key_set((await client.get("/.well-known/jwks.json")).json())
    claims = jwt.decode(given["access_token"], keys, algorithms=["ES256"]).claims
    assert claims["council"] == COUNCIL
    assert claims["scope"] == "market:read"
    assert claims["aud"] == "caremarket"
    assert claims["exp"] - claims["iat"] == 3600


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"client_secret": "guess"}, 401),
        ({"client_id": "king@E08000009"}, 400),
        ({"client_id": "broker@Trafford"}, 400),
        ({"scope": "claims:decide"}, 400),
    ],
)
async def test_what_is_not_in_the_table_is_refused(
    client: httpx2.AsyncClient, change: dict[str, str], status: int
) -> None:
    assert (await client.post("/token", data=form(**change))).status_code == status


async def test_the_private_key_is_never_published(client: httpx2.AsyncClient) -> None:
    assert "d" not in (await client.get("/.well-known/jwks.json")).json()["keys"][0]


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    place = Place(home=tmp_path, cache=tmp_path)
    assert key_of(place).kid == key_of(place).kid
    assert stat.S_IMODE((tmp_path / "issuer.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [None, "", "production"])
def test_the_issuer_refuses_to_run_outside_the_sandbox(mode: str | None) -> None:
    with pytest.raises(Trouble, match="only where CARE_MODE=sandbox"):
        issuer.refuse_outside_sandbox(mode)


def test_every_scope_of_every_role_is_explained() -> None:
    assert {scope for scopes in ROLES.values() for scope in scopes} == set(SCOPES)


def test_a_role_cannot_be_given_more_than_its_own() -> None:
    with pytest.raises(Trouble, match="does not have claims:decide"):
        mint(new_key(), role="broker", council=COUNCIL, sub="b", client_id="b", scopes=["claims:decide"])
