"""A token whose signature was checked a moment ago is taken again, but never past its end."""

from __future__ import annotations

from time import monotonic
from time import time as now
from typing import Any

import pytest

from shared import auth
from shared.auth import CHECKED_SECONDS, Tokens
from shared.refusals import Unauthenticated
from shared.testing.tokens import ISSUER, known_keys, token


class Counting(Tokens):
    """Counts how often a signature is checked."""

    checks = 0

    async def _claims(self, token: str) -> dict[str, Any]:
        self.checks += 1
        return await super()._claims(token)


class Clock:
    """The machine's clock, some seconds ahead."""

    def __init__(self, ahead: float) -> None:
        self.ahead = ahead

    def time(self) -> float:
        return now() + self.ahead

    def monotonic(self) -> float:
        return monotonic()


async def test_a_signature_is_checked_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, said = Counting(known_keys(), ISSUER), token("broker")
    assert await tokens.caller(said) == await tokens.caller(said)
    assert tokens.checks == 1
    monkeypatch.setattr(auth, "time", Clock(CHECKED_SECONDS + 1))
    assert (await tokens.caller(said)).role == "broker"
    assert tokens.checks == 2


async def test_what_was_checked_is_checked_again_once_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens, said = Counting(known_keys(), ISSUER), token("broker", lifetime=30)
    await tokens.caller(said)
    monkeypatch.setattr(auth, "time", Clock(31))
    await tokens.caller(said)
    assert tokens.checks == 2


async def test_a_token_that_does_not_hold_is_never_remembered() -> None:
    tokens, ended = Counting(known_keys(), ISSUER), token("broker", lifetime=-10)
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            await tokens.caller(ended)
    assert tokens.checks == 2
