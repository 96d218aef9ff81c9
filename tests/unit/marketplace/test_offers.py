"""When an offer may be made, how long it stands, and when it may no longer be accepted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.marketplace.rules.matching import Candidate, Restricted, Wanted
from services.marketplace.rules.offers import expires_at, has_expired, why_not_accepted, why_not_offered
from services.marketplace.rules.states import ListingState, OfferState, RequirementState
from shared.contracts.base import PlanLine, Route, Slot, SupplierKind, Support
from shared.contracts.safeguarding import Level

MADE = datetime(2026, 3, 28, 12, tzinfo=UTC)  # the clocks go forward that night
EXPIRES = MADE + timedelta(hours=24)
LINE = PlanLine(
    line_id=UUID(int=1),
    support=Support.HOME_CARE,
    kind_wanted=SupplierKind.PROVIDER,
    route=Route.COUNCIL_MANAGED,
    pattern=(Slot(weekday=0, starts="08:00", minutes=60),),
    weekly_minutes=600,
    hourly_pence=2000,
    weekly_pence=20000,
)
WANTED = Wanted(LINE, "north")
GOOD = Candidate(UUID(int=2), UUID(int=3), SupplierKind.PROVIDER, Support.HOME_CARE, ("north",), 2000, 600)


def test_an_offer_stands_for_the_hours_of_the_policy_even_over_a_clock_change() -> None:
    assert expires_at(MADE, 24) == datetime(2026, 3, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize("hours", [0, -1])
def test_an_offer_that_would_never_stand_is_refused(hours: int) -> None:
    with pytest.raises(ValueError, match="at least an hour"):
        expires_at(MADE, hours)


def test_an_offer_is_expired_from_its_last_instant_on() -> None:
    assert not has_expired(EXPIRES, EXPIRES - timedelta(microseconds=1))
    assert has_expired(EXPIRES, EXPIRES)


@pytest.mark.parametrize("state", [RequirementState.OPEN, RequirementState.OFFERED])
def test_an_offer_within_the_published_price_may_be_made(state: RequirementState) -> None:
    assert why_not_offered(WANTED, state, GOOD, 2000) == ()


@pytest.mark.parametrize(
    ("state", "change", "price", "code"),
    [
        (RequirementState.FILLED, {}, 2000, "requirement_not_open"),
        (RequirementState.WITHDRAWN, {}, 2000, "requirement_not_open"),
        (RequirementState.OPEN, {"room_minutes": 599}, 2000, "no_room"),
        (RequirementState.OPEN, {"restrictions": (Restricted(Level.SUSPENSION),)}, 2000, "supplier_restricted"),
        (RequirementState.OPEN, {"state": ListingState.WITHDRAWN}, 2000, "listing_not_live"),
        (RequirementState.OPEN, {}, 2001, "above_published_price"),
    ],
)
def test_an_offer_may_not_be_made(state: RequirementState, change: dict[str, object], price: int, code: str) -> None:
    reasons = why_not_offered(WANTED, state, replace(GOOD, **change), price)  # type: ignore[arg-type]
    assert [reason.code for reason in reasons] == [code]


def test_an_offer_in_time_may_be_accepted_although_the_listing_takes_nobody_else() -> None:
    withdrawn = replace(GOOD, state=ListingState.WITHDRAWN)
    assert why_not_accepted(WANTED, OfferState.MADE, withdrawn, EXPIRES, MADE) == ()


@pytest.mark.parametrize(
    ("state", "change", "now", "code"),
    [
        (OfferState.WITHDRAWN, {}, MADE, "offer_not_open"),
        (OfferState.MADE, {}, EXPIRES, "offer_expired"),
        (OfferState.MADE, {"room_minutes": 10}, MADE, "no_room"),
        (OfferState.MADE, {"restrictions": (Restricted(Level.NO_NEW_PLACEMENTS),)}, MADE, "supplier_restricted"),
    ],
)
def test_an_offer_may_not_be_accepted(state: OfferState, change: dict[str, object], now: datetime, code: str) -> None:
    reasons = why_not_accepted(WANTED, state, replace(GOOD, **change), EXPIRES, now)  # type: ignore[arg-type]
    assert [reason.code for reason in reasons] == [code]
