"""What may happen next to an alert, a concern, a restriction? One table each."""

from __future__ import annotations

from enum import StrEnum

from shared.moves import Moves


class Alert(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Concern(StrEnum):
    RAISED = "raised"
    DECIDED = "decided"
    CONCLUDED = "concluded"
    CLOSED = "closed"


class Restriction(StrEnum):
    PROPOSED = "proposed"
    PLACED = "placed"
    KEPT = "kept"
    LIFTED = "lifted"
    DECLINED = "declined"


ALERTS = Moves[Alert](
    "alert",
    {
        (Alert.OPEN, "acknowledge"): Alert.ACKNOWLEDGED,
        (Alert.OPEN, "extend"): Alert.OPEN,  # a later miss in the same window
        (Alert.ACKNOWLEDGED, "extend"): Alert.OPEN,  # there is something new to look at
        (Alert.CLOSED, "extend"): Alert.OPEN,  # something came after it was closed: nobody has looked at that
        (Alert.ACKNOWLEDGED, "close"): Alert.CLOSED,  # a human closes it, and has seen it first
    },
)

CONCERNS = Moves[Concern](
    "concern",
    {
        (Concern.RAISED, "decide"): Concern.DECIDED,  # the s.42(1) decision is always recorded
        (Concern.DECIDED, "conclude"): Concern.CONCLUDED,  # how the enquiry ended
        (Concern.DECIDED, "close"): Concern.CLOSED,  # never past a statutory enquiry that has no end: rules/enquiries
        (Concern.CONCLUDED, "close"): Concern.CLOSED,
    },
)

RESTRICTIONS = Moves[Restriction](
    "restriction",
    {
        (Restriction.PROPOSED, "place"): Restriction.PLACED,
        (Restriction.PROPOSED, "decline"): Restriction.DECLINED,
        (Restriction.PLACED, "keep"): Restriction.KEPT,
        (Restriction.PLACED, "lift"): Restriction.LIFTED,
        (Restriction.KEPT, "keep"): Restriction.KEPT,
        (Restriction.KEPT, "lift"): Restriction.LIFTED,
    },
)

IN_FORCE = (Restriction.PLACED, Restriction.KEPT)
"""The states in which a restriction holds."""
