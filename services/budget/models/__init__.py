"""What does budget remember? Budgets and their reasons, what was said of plans, where the money is, what it hears.

Rows are locked in the order in which their classes are made, here and in the files below: never change it lightly.
"""

from services.budget.models.books import Claim, Commitment, Held, HeldKind, Journal, Position, Purse
from services.budget.models.budgets import SYSTEM, Budget, Finalised, FinancialAssessment, Funding, PlanCheck
from services.budget.models.direct_payments import DirectPayment
from services.budget.models.market import ListingCopy, RestrictionCopy, UnitCost

__all__ = [
    "SYSTEM",
    "Budget",
    "Claim",
    "Commitment",
    "DirectPayment",
    "Finalised",
    "FinancialAssessment",
    "Funding",
    "Held",
    "HeldKind",
    "Journal",
    "ListingCopy",
    "PlanCheck",
    "Position",
    "Purse",
    "RestrictionCopy",
    "UnitCost",
]
