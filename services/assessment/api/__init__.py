"""What may be asked of assessment over HTTP. A file per resource."""

from services.assessment.api import around_the_plan, assessments, people, plans

ROUTERS = (people.router, assessments.router, plans.router, around_the_plan.router)
