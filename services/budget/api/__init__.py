"""What may be asked of budget over HTTP. A file per resource."""

from services.budget.api import (
    budgets,
    charging,
    claims,
    direct_payments,
    early_support,
    indications,
    plans,
    policies,
    surplus,
    unit_costs,
)

ROUTERS = (
    budgets.router,
    early_support.router,
    charging.router,
    direct_payments.router,
    surplus.router,
    plans.router,
    claims.router,
    policies.router,
    indications.router,
    unit_costs.router,
)
"""In the order the generated documents show them."""
