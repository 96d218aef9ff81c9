"""What may be asked of marketplace over HTTP. A file per resource."""

from services.marketplace.api import (
    choices,
    claims,
    closures,
    competitions,
    conditions,
    covers,
    evidence,
    frameworks,
    groups,
    injuries,
    offers,
    orders,
    requirements,
    suppliers,
    visits,
)

ROUTERS = (
    suppliers.router,
    evidence.router,
    injuries.router,
    conditions.router,
    closures.router,
    frameworks.router,
    requirements.router,
    offers.router,
    competitions.router,
    choices.router,
    orders.router,
    groups.router,
    visits.router,
    covers.router,
    claims.router,
)
