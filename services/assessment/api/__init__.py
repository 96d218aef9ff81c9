"""What may be asked of assessment over HTTP. A file per resource."""

from services.assessment.api import assessments, people, plans

ROUTERS = (people.router, assessments.router, plans.router)
