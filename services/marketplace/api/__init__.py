"""What may be asked of marketplace over HTTP. A file per resource."""

from services.marketplace.api import (
    claims,
    covers,
    evidence,
    frameworks,
    offers,
    orders,
    requirements,
    suppliers,
    visits,
)

ROUTERS = (
    suppliers.router,
    evidence.router,
    frameworks.router,
    requirements.router,
    offers.router,
    orders.router,
    visits.router,
    covers.router,
    claims.router,
)
