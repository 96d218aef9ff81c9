"""Who may do what? Roles of people and programs, and the scopes each is given; what is not in the table is not allowed.

Services check scopes, never roles: a council may cut its roles differently without a change here.
"""

from collections.abc import Mapping
from types import MappingProxyType

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "assessment:read": "read assessments and care and support plans",
        "assessment:write": "write assessments and plans",
        "assessment:approve": "sign off assessments and plans",
        "budget:read": "read personal budgets, commitments and their explanations",
        "budget:write": "finalise and change personal budgets",
        "budget:approve": "agree a budget above what was indicated, within one's yearly limit",
        "market:read": "search the market, read requests, offers and orders",
        "market:write": "publish suppliers, services, prices and capacity",
        "market:request": "ask the market for offers and place orders",
        "market:offer": "answer requests with offers, accept orders",
        "market:commission": "approve suppliers, restrict and lift restrictions",
        "visits:write": "report visits and hours worked",
        "claims:write": "claim payment for delivered care",
        "claims:decide": "accept, query and pay claims",
        "safeguarding:read": "read concerns and enquiries one is assigned to",
        "safeguarding:report": "report a concern",
        "safeguarding:write": "record triage, enquiries and plans",
        "safeguarding:decide": "decide on enquiries, and on restrictions that follow",
        "ops:read": "lag, parked messages and health, without personal data",
        "ops:write": "replay and drop parked messages, move the sandbox clock",
    }
)

ROLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "practitioner": ("assessment:read", "assessment:write", "budget:read", "market:read", "safeguarding:report"),
        "approver": ("assessment:read", "assessment:approve", "budget:read", "budget:approve", "safeguarding:report"),
        "budget_officer": ("assessment:read", "budget:read", "budget:write"),
        "broker": ("assessment:read", "budget:read", "market:read", "market:request", "safeguarding:report"),
        "broker_app": ("market:read", "market:request"),
        "commissioner": ("market:read", "market:write", "market:commission", "safeguarding:report"),
        "supplier": ("market:read", "market:offer", "visits:write", "claims:write", "safeguarding:report"),
        "finance": ("budget:read", "market:read", "claims:decide"),
        "safeguarding_practitioner": (
            "assessment:read",
            "market:read",
            "safeguarding:read",
            "safeguarding:report",
            "safeguarding:write",
            "safeguarding:decide",
        ),
        "ops": ("ops:read", "ops:write"),
    }
)


def scopes_of(role: str) -> tuple[str, ...]:
    """The scopes of a role; KeyError where there is no such role."""
    return ROLES[role]
