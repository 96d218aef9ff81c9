"""What may be asked of marketplace over HTTP. A file per resource."""

from services.marketplace.api import claims, frameworks, offers, orders, requirements, suppliers, visits

ROUTERS = (
    suppliers.router,
    frameworks.router,
    requirements.router,
    offers.router,
    orders.router,
    visits.router,
    claims.router,
)
