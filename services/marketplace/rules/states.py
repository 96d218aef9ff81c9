"""What may happen next to a requirement, an offer, an order, a claim, a listing? One table each."""

from __future__ import annotations

from enum import StrEnum

from shared.contracts.supply import ClosureStage
from shared.moves import Moves


class RequirementState(StrEnum):
    OPEN = "open"
    OFFERED = "offered"
    FILLED = "filled"
    WITHDRAWN = "withdrawn"


class OfferState(StrEnum):
    MADE = "made"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


STANDING = (OfferState.MADE, OfferState.ANSWERED)
"""Offers that may still become an order."""


class CompetitionState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    AWARDED = "awarded"
    ABANDONED = "abandoned"


class GroupState(StrEnum):
    ASKED = "asked"
    BOUGHT = "bought"
    REFUSED = "refused"
    OVER = "over"


class OrderState(StrEnum):
    PLACED = "placed"
    CONFIRMED = "confirmed"
    HELD = "held"
    STARTED = "started"
    ENDED = "ended"
    CANCELLED = "cancelled"


class ClaimState(StrEnum):
    SUBMITTED = "submitted"
    DISPUTED = "disputed"
    ACCEPTED = "accepted"
    PAID = "paid"


class CoverState(StrEnum):
    ASKED = "asked"
    ARRANGED = "arranged"
    NOT_FOUND = "not_found"
    OVER = "over"


class ListingState(StrEnum):
    LIVE = "live"
    WITHDRAWN = "withdrawn"


REQUIREMENTS = Moves[RequirementState](
    "requirement",
    {
        (RequirementState.OPEN, "offer"): RequirementState.OFFERED,
        (RequirementState.OPEN, "award"): RequirementState.FILLED,  # called off a framework, nobody left to ask
        (RequirementState.OFFERED, "offer"): RequirementState.OFFERED,  # several suppliers may be asked at once
        (RequirementState.OFFERED, "fill"): RequirementState.FILLED,
        (RequirementState.OFFERED, "reopen"): RequirementState.OPEN,  # every offer was refused, expired or withdrawn
        (
            RequirementState.FILLED,
            "reopen",
        ): RequirementState.OPEN,  # its order was cancelled or ended; the need remains
        (RequirementState.FILLED, "withdraw"): RequirementState.WITHDRAWN,  # its order ended, and with it the need
        (RequirementState.OPEN, "withdraw"): RequirementState.WITHDRAWN,
        (RequirementState.OFFERED, "withdraw"): RequirementState.WITHDRAWN,
    },
)

OFFERS = Moves[OfferState](
    "offer",
    {
        (OfferState.MADE, "accept"): OfferState.ACCEPTED,
        (OfferState.MADE, "refuse"): OfferState.REFUSED,
        (OfferState.MADE, "expire"): OfferState.EXPIRED,
        (OfferState.MADE, "withdraw"): OfferState.WITHDRAWN,
        (OfferState.MADE, "answer"): OfferState.ANSWERED,  # asked beside others: a price, and no order yet
        (OfferState.ANSWERED, "award"): OfferState.ACCEPTED,
        (OfferState.ANSWERED, "withdraw"): OfferState.WITHDRAWN,
    },
    unasked=frozenset({"expire"}),
)

COMPETITIONS = Moves[CompetitionState](
    "competition",
    {
        (CompetitionState.OPEN, "close"): CompetitionState.CLOSED,  # its deadline passed
        (CompetitionState.OPEN, "abandon"): CompetitionState.ABANDONED,  # by somebody, or as nobody answered
        (CompetitionState.CLOSED, "award"): CompetitionState.AWARDED,
        (CompetitionState.CLOSED, "abandon"): CompetitionState.ABANDONED,
    },
    unasked=frozenset({"close"}),
)

GROUPS = Moves[GroupState](
    "group purchase",
    {
        (GroupState.ASKED, "accept"): GroupState.BOUGHT,
        (GroupState.ASKED, "refuse"): GroupState.REFUSED,
        (GroupState.BOUGHT, "leave"): GroupState.BOUGHT,  # the others share what it costs
        (GroupState.BOUGHT, "end"): GroupState.OVER,  # the last of them left
    },
)

ORDERS = Moves[OrderState](
    "order",
    {
        (OrderState.PLACED, "confirm"): OrderState.CONFIRMED,
        (OrderState.PLACED, "hold"): OrderState.HELD,
        (OrderState.PLACED, "cancel"): OrderState.CANCELLED,
        (OrderState.HELD, "confirm"): OrderState.CONFIRMED,  # re-costed: a budget is not a cap
        (OrderState.HELD, "cancel"): OrderState.CANCELLED,
        (OrderState.CONFIRMED, "start"): OrderState.STARTED,
        (OrderState.CONFIRMED, "cancel"): OrderState.CANCELLED,
        (OrderState.PLACED, "stand_in"): OrderState.STARTED,  # whoever covers: on the day, whatever budget answers
        (OrderState.PLACED, "start_at_once"): OrderState.STARTED,  # urgent support and reablement wait for no money
        (OrderState.STARTED, "end"): OrderState.ENDED,  # and no "hold": support never stops by software
    },
    unasked=frozenset({"confirm", "hold", "stand_in", "start_at_once"}),  # as budget answers, or on the first day
)

CLAIMS = Moves[ClaimState](
    "claim",
    {
        (ClaimState.SUBMITTED, "accept"): ClaimState.ACCEPTED,
        (ClaimState.SUBMITTED, "dispute"): ClaimState.DISPUTED,
        (ClaimState.DISPUTED, "accept"): ClaimState.ACCEPTED,  # a corrected record made the difference go away
        (ClaimState.DISPUTED, "settle"): ClaimState.ACCEPTED,  # somebody decided, with a reason
        (ClaimState.ACCEPTED, "pay"): ClaimState.PAID,
        (ClaimState.ACCEPTED, "lower"): ClaimState.ACCEPTED,  # found too high: by a revision, and before it is paid
        (ClaimState.PAID, "lower"): ClaimState.PAID,  # or after: what was paid beyond it is owed back
    },
    unasked=frozenset({"accept", "dispute"}),  # matching says which
)

COVERS = Moves[CoverState](
    "cover",
    {
        (CoverState.ASKED, "arrange"): CoverState.ARRANGED,
        (CoverState.ASKED, "give_up"): CoverState.NOT_FOUND,
        (CoverState.NOT_FOUND, "arrange"): CoverState.ARRANGED,  # somebody looked again
        (CoverState.NOT_FOUND, "give_up"): CoverState.NOT_FOUND,
        (CoverState.ARRANGED, "end"): CoverState.OVER,  # the last day passed: the room is free again
        (CoverState.NOT_FOUND, "end"): CoverState.OVER,
        (CoverState.ARRANGED, "shorten"): CoverState.ARRANGED,  # the PA is back sooner
        (CoverState.NOT_FOUND, "shorten"): CoverState.NOT_FOUND,
    },
)

CLOSURES = Moves[ClosureStage](
    "closure",
    {
        (ClosureStage.PROPOSED, "consult"): ClosureStage.CONSULTING,
        (ClosureStage.PROPOSED, "drop"): ClosureStage.DROPPED,
        (ClosureStage.CONSULTING, "answer"): ClosureStage.CONSULTING,
        (ClosureStage.CONSULTING, "decide"): ClosureStage.DECIDED,  # by somebody else than who proposed it
        (ClosureStage.CONSULTING, "drop"): ClosureStage.DROPPED,
        (ClosureStage.DECIDED, "close"): ClosureStage.CLOSING,
        (ClosureStage.DECIDED, "drop"): ClosureStage.DROPPED,
    },
)

LISTINGS = Moves[ListingState](
    "listing",
    {
        (ListingState.LIVE, "change"): ListingState.LIVE,
        (ListingState.LIVE, "withdraw"): ListingState.WITHDRAWN,
        (ListingState.WITHDRAWN, "publish"): ListingState.LIVE,
    },
)
