"""What may be asked of safeguarding over HTTP. A file per resource."""

from services.safeguarding.api import alerts, concerns, restrictions

ROUTERS = (alerts.router, concerns.router, restrictions.router)
