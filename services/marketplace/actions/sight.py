"""Whose things may a caller see and act on? What they may not see is not there for them."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar
from uuid import UUID

from services.marketplace.models import Consent, Listing
from shared.refusals import NotFound, refuse_unless
from shared.runtime.messages import Asked, Caller
from shared.runtime.unit_of_work import UnitOfWork

NOBODY = UUID(int=0)
"""No supplier has this id: a supplier's token that names none sees nothing."""


class OfASupplier(Protocol):
    @property
    def supplier_id(self) -> UUID: ...


class OfAPerson(Protocol):
    @property
    def person_id(self) -> UUID: ...


S = TypeVar("S", bound=OfASupplier)
P = TypeVar("P", bound=OfAPerson)


def supplier_of(caller: Caller) -> UUID | None:
    """The supplier whose things alone this caller sees; None for those who see all suppliers' things."""
    return caller.supplier_id or (NOBODY if caller.role == "supplier" else None)


def app_of(caller: Caller) -> str | None:
    """The brokerage app to whom people must have consented; None for those who need no consent."""
    return caller.client_id if caller.role == "broker_app" else None


def theirs(caller: Caller, thing: S) -> S:
    """The thing, if it is this supplier's own; NotFound otherwise."""
    refuse_unless(supplier_of(caller) == thing.supplier_id, NotFound())
    return thing


def consented(asked: Asked[Any], work: UnitOfWork, thing: P) -> P:
    """The thing, if the caller needs no consent or has the person's, in force today; NotFound otherwise."""
    app = app_of(asked.caller)
    consent = work.get(Consent, thing.person_id, app) if app else None
    refuse_unless(app is None or (consent and consent.holds_on(asked.today)), NotFound())
    return thing


def listed_for(caller: Caller, listing: Listing, person_id: UUID) -> Listing:
    """The listing; NotFound where it is the PA of another person and the caller sees some people alone."""
    narrowed = app_of(caller) or caller.team or supplier_of(caller)
    refuse_unless(not narrowed or listing.for_person_id in (None, person_id), NotFound())
    return listing
