"""What does marketplace remember? Suppliers and what they list, what is wanted, and all that follows from an award.

Rows are locked in the order in which their classes are made, here and in the files below: never change it lightly.
"""

from services.marketplace.models.market import (
    Consent,
    Framework,
    Listing,
    PaidFamily,
    Placed,
    Restriction,
    Served,
    Supplier,
)
from services.marketplace.models.orders import Award, Choice, Competition, Offer, Order, Requirement
from services.marketplace.models.standing_in import Cover
from services.marketplace.models.supply import Evidence, Injury, PayOfWorkers
from services.marketplace.models.together import GroupPurchase, Member
from services.marketplace.models.visits import Claim, UnmatchedVisit, Visit
from services.marketplace.models.winding_up import Closure, Reviewed, WithoutReview

__all__ = [
    "Award",
    "Choice",
    "Claim",
    "Closure",
    "Competition",
    "Consent",
    "Cover",
    "Evidence",
    "Framework",
    "GroupPurchase",
    "Injury",
    "Listing",
    "Member",
    "Offer",
    "Order",
    "PaidFamily",
    "PayOfWorkers",
    "Placed",
    "Requirement",
    "Restriction",
    "Reviewed",
    "Served",
    "Supplier",
    "UnmatchedVisit",
    "Visit",
    "WithoutReview",
]
