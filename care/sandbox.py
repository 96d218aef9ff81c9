"""Which sandbox is meant, and how does one get in? One on this machine, or one elsewhere, such as in containers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httpx2

from care.local.issuer import SECRET
from care.local.place import PORTS, SERVICES, Place
from care.local.stack import Stack
from care.local.tokens import key_of, mint
from care.local.trouble import Trouble


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox: the addresses of its services and issuer, its Kafka, and what gives tokens for it.

    `token(role=…, council=…, sub=…, **claims)` gives one for `supplier_id`, `team`, `limit_pence`.
    """

    addresses: Mapping[str, str]
    bootstrap: str
    token: Callable[..., str]

    @classmethod
    def here(cls, stack: Stack) -> Sandbox:
        """The one of this machine: whoever can read its key makes tokens."""
        made = partial(_made, stack.place)
        return cls(stack.addresses(), stack.bootstrap, made)

    @classmethod
    def at(cls, url: str, place: Place) -> Sandbox:
        """One elsewhere, with the usual ports (and CARE_PORT_SHIFT, CARE_KAFKA_BOOTSTRAP). Raises Trouble for no URL."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.port:
            raise Trouble(f"'{url}' should be the address of a machine, such as http://127.0.0.1, without a port.")
        there = {name: f"{parts.scheme}://{parts.hostname}:{place.port(name)}" for name in (*SERVICES, "issuer")}
        kafka = place.kafka_bootstrap or f"{parts.hostname}:{PORTS['kafka'] + place.shift}"
        return cls(there, kafka, partial(_asked_for, there["issuer"]))


def _made(place: Place, *, role: str, council: str, sub: str, **claims: Any) -> str:
    issuer = place.url("issuer")
    return mint(key_of(place), role=role, council=council, sub=sub, client_id=f"demo-{role}", issuer=issuer, **claims)


def _asked_for(issuer: str, *, role: str, council: str, sub: str, **claims: Any) -> str:
    """From the sandbox's own issuer, by client credentials. Raises Trouble where it does not give one."""
    who = {"client_id": f"{role}@{council}/{sub}", "client_secret": SECRET}
    form = {"grant_type": "client_credentials", **who, **{name: str(value) for name, value in claims.items()}}
    try:
        answer = httpx2.post(f"{issuer}/token", data=form, timeout=10)
        answer.raise_for_status()
    except httpx2.HTTPError as error:
        raise Trouble(f"{issuer} gave no token ({type(error).__name__}). Is a sandbox running there?") from None
    return str(answer.json()["access_token"])
