"""How does a service say no? With a Refused: a status, a name that has a page, and what may be shown. Pure."""

from __future__ import annotations

from typing import Any, ClassVar

REFUSALS: dict[str, type[Refused]] = {}
"""Every way of saying no, by name; `docs/problems/` has a page for each."""


def _kebab(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("-")


class Refused(Exception):
    """A rule said no. `detail` and `extra` never repeat what the caller sent, except ids and codes."""

    status: ClassVar[int] = 409
    title: ClassVar[str] = "Not allowed"
    name: ClassVar[str] = "refused"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = _kebab(cls.__name__)
        REFUSALS.setdefault(cls.name, cls)  # the base goes before its namesakes, in whatever order they are imported

    def __init__(self, detail: str = "", **extra: Any) -> None:
        super().__init__(detail)
        self.detail, self.extra = detail or self.title, extra


class NotFound(Refused):
    """There is no such thing, or it is not the caller's to see: the two answers are the same."""

    status = 404
    title = "Not found"


class Forbidden(Refused):
    """The token lacks the scope the route needs."""

    status = 403
    title = "The token does not allow this"


class Unauthenticated(Refused):
    """No token, or one that does not hold."""

    status = 401
    title = "A valid token is needed"


class Invalid(Refused):
    """Fields that are missing, mistyped or at odds; `errors` lists each with its field and rule."""

    status = 422
    title = "The request is not valid"


class Stale(Refused):
    """The If-Match version is not the current one: read again, then decide again."""

    status = 412
    title = "It has changed since you read it"


class OwnWork(Refused):
    """Nobody approves what they proposed."""

    title = "Nobody approves their own work"


class TooLarge(Refused):
    """The request is larger than this route reads."""

    status = 413
    title = "The upload is too large"


def refuse_unless(holds: object, otherwise: Refused) -> None:
    if not holds:
        raise otherwise
