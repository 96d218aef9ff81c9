"""What may happen next to a requirement, an offer, an order, a claim, a listing? One table each."""

from __future__ import annotations

from enum import StrEnum

from shared.moves import Moves


class Requirement(StrEnum):
    OPEN = "open"
    OFFERED = "offered"
    FILLED = "filled"
    WITHDRAWN = "withdrawn"


class Offer(StrEnum):
    MADE = "made"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class Order(StrEnum):
    PLACED = "placed"
    CONFIRMED = "confirmed"
    HELD = "held"
    STARTED = "started"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Claim(StrEnum):
    SUBMITTED = "submitted"
    DISPUTED = "disputed"
    ACCEPTED = "accepted"
    PAID = "paid"


class Listing(StrEnum):
    LIVE = "live"
    WITHDRAWN = "withdrawn"


REQUIREMENTS = Moves[Requirement](
    "requirement",
    {
        (Requirement.OPEN, "offer"): Requirement.OFFERED,
        (Requirement.OFFERED, "offer"): Requirement.OFFERED,  # several suppliers may be asked at once
        (Requirement.OFFERED, "fill"): Requirement.FILLED,
        (Requirement.OFFERED, "reopen"): Requirement.OPEN,  # every offer was refused, expired or withdrawn
        (Requirement.FILLED, "reopen"): Requirement.OPEN,  # its order was cancelled or ended; the need remains
        (Requirement.OPEN, "withdraw"): Requirement.WITHDRAWN,
        (Requirement.OFFERED, "withdraw"): Requirement.WITHDRAWN,
    },
)

OFFERS = Moves[Offer](
    "offer",
    {
        (Offer.MADE, "accept"): Offer.ACCEPTED,
        (Offer.MADE, "refuse"): Offer.REFUSED,
        (Offer.MADE, "expire"): Offer.EXPIRED,
        (Offer.MADE, "withdraw"): Offer.WITHDRAWN,
    },
)

ORDERS = Moves[Order](
    "order",
    {
        (Order.PLACED, "confirm"): Order.CONFIRMED,
        (Order.PLACED, "hold"): Order.HELD,
        (Order.PLACED, "cancel"): Order.CANCELLED,
        (Order.HELD, "confirm"): Order.CONFIRMED,  # re-costed: a budget is not a cap
        (Order.HELD, "cancel"): Order.CANCELLED,
        (Order.CONFIRMED, "start"): Order.STARTED,
        (Order.CONFIRMED, "cancel"): Order.CANCELLED,
        (Order.STARTED, "end"): Order.ENDED,  # and no "hold": support never stops by software
    },
)

CLAIMS = Moves[Claim](
    "claim",
    {
        (Claim.SUBMITTED, "accept"): Claim.ACCEPTED,
        (Claim.SUBMITTED, "dispute"): Claim.DISPUTED,
        (Claim.DISPUTED, "accept"): Claim.ACCEPTED,  # a corrected record made the difference go away
        (Claim.DISPUTED, "settle"): Claim.ACCEPTED,  # somebody decided, with a reason
        (Claim.ACCEPTED, "pay"): Claim.PAID,
    },
)

LISTINGS = Moves[Listing](
    "listing",
    {
        (Listing.LIVE, "change"): Listing.LIVE,
        (Listing.LIVE, "withdraw"): Listing.WITHDRAWN,
        (Listing.WITHDRAWN, "publish"): Listing.LIVE,
    },
)
