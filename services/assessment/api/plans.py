"""What may be asked about plans, reviews and welfare checks?"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from services.assessment import store
from services.assessment.actions import plans as actions
from services.assessment.actions import reviews, switching
from services.assessment.api.views import PlanView, ReviewView, RoutesView, RouteView, WelfareCheckView
from services.assessment.policy import ROUTES
from services.assessment.rules.routes import routes_offered
from shared.auth import allowed
from shared.clock import civil_date
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of
from shared.runtime.messages import Caller

router = APIRouter(tags=["plans"], prefix="/v1")

Reader = Annotated[Caller, allowed("assessment:read")]
Writer = Annotated[Caller, allowed("assessment:write")]
Approver = Annotated[Caller, allowed("assessment:approve")]


@router.post("/assessments/{assessment_id}/plan", status_code=201, response_model=PlanView, **answers())
async def propose_plan(assessment_id: UUID, body: actions.ProposePlan, who: Writer, ask: Asking) -> Response:
    """Put a plan on the table; budget answers whether it is affordable."""
    return await ask(actions.propose_plan, who, body, target=assessment_id, show=PlanView.shown, status=201)


@router.post("/plans/{plan_id}/propose-anew", status_code=201, response_model=PlanView, **answers())
async def propose_plan_anew(plan_id: UUID, body: actions.ProposePlanAnew, who: Writer, ask: Asking) -> Response:
    """Put a plan on the table in place of this agreed one, which holds until the new one is agreed."""
    return await ask(actions.propose_plan_anew, who, body, target=plan_id, show=PlanView.shown, status=201)


@router.post("/plans/{plan_id}/propose-again", response_model=PlanView, **answers())
async def propose_plan_again(plan_id: UUID, body: actions.ProposePlan, who: Writer, ask: Asking) -> Response:
    """A new revision, after a return or when the budget falls short."""
    return await ask(actions.propose_plan_again, who, body, target=plan_id, show=PlanView.shown)


@router.post("/plans/{plan_id}/return", response_model=PlanView, **answers())
async def return_plan(plan_id: UUID, body: actions.ReturnPlan, who: Approver, ask: Asking) -> Response:
    return await ask(actions.return_plan, who, body, target=plan_id, show=PlanView.shown)


@router.post("/plans/{plan_id}/withdraw", response_model=PlanView, **answers())
async def withdraw_plan(plan_id: UUID, body: actions.WithdrawPlan, who: Writer, ask: Asking) -> Response:
    return await ask(actions.withdraw_plan, who, body, target=plan_id, show=PlanView.shown)


@router.post("/plans/{plan_id}/agree", response_model=PlanView, **answers())
async def agree_plan(plan_id: UUID, body: actions.AgreePlan, who: Approver, ask: Asking) -> Response:
    """Agree somebody else's plan, within the yearly limit of the token."""
    return await ask(actions.agree_plan, who, body, target=plan_id, show=PlanView.shown)


@router.post("/plans/{plan_id}/switch-route", response_model=PlanView, **answers())
async def switch_route(plan_id: UUID, body: switching.SwitchRoute, who: Writer, ask: Asking) -> Response:
    """Deploy one line another way until a day, for somebody too ill to manage; it goes back by itself."""
    return await ask(switching.switch_route, who, body, target=plan_id, show=PlanView.shown)


@router.post("/plans/{plan_id}/switch-back", response_model=PlanView, **answers())
async def switch_back(plan_id: UUID, body: switching.SwitchBack, who: Writer, ask: Asking) -> Response:
    """Bring a switched line back to its own route from today on, before its last day."""
    return await ask(switching.switch_back, who, body, target=plan_id, show=PlanView.shown)


@router.get("/people/{person_id}/routes", **answers())
async def read_routes(person_id: UUID, who: Reader, look: Looking) -> RoutesView:
    """All routes offered to the person, each explained with its conditions; and what was chosen so far, and why."""
    async with look(who, "read_routes", person_id) as tx:
        found(await store.person(tx, person_id, who.team))
        plans, today = await store.plans_of(tx, person_id), civil_date(tx.now)
        decision = await store.payment_decision(tx, person_id)
    offered = routes_offered(ROUTES, who.council, today, decision.refused_on if decision else None)
    choices = [choice for plan in plans for choice in plan.choices]
    return RoutesView(person_id=person_id, routes=[RouteView.explained(one) for one in offered], choices=choices)


@router.get("/plans/{plan_id}", **answers())
async def read_plan(plan_id: UUID, who: Reader, look: Looking, response: Response) -> PlanView:
    async with look(who, "read_plan", plan_id) as tx:
        plan = found(await store.plan(tx, plan_id, who.team))
    etag(response, plan)
    return PlanView.shown(plan)


@router.get("/reviews", **answers())
async def list_reviews(who: Reader, look: Looking, after: Cursor, limit: Limit = 50) -> Page[ReviewView]:
    async with look(who, "list_reviews") as tx:
        rows = await store.reviews(tx, after, who.team, limit + 1)
    return page_of(rows, limit, lambda row: row.review_id, ReviewView.of)


@router.get("/reviews/{review_id}", **answers())
async def read_review(review_id: UUID, who: Reader, look: Looking, response: Response) -> ReviewView:
    async with look(who, "read_review", review_id) as tx:
        review = found(await store.review(tx, review_id, who.team))
    etag(response, review)
    return ReviewView.of(review)


@router.post("/reviews/{review_id}/hold", response_model=ReviewView, **answers())
async def hold_review(review_id: UUID, body: reviews.HoldReview, who: Writer, ask: Asking) -> Response:
    """Note that the review took place."""
    return await ask(reviews.hold_review, who, body, target=review_id, show=ReviewView.of)


@router.get("/welfare-checks", **answers())
async def list_welfare_checks(who: Reader, look: Looking, after: Cursor, limit: Limit = 50) -> Page[WelfareCheckView]:
    async with look(who, "list_welfare_checks") as tx:
        rows = await store.welfare_checks(tx, after, who.team, limit + 1)
    return page_of(rows, limit, lambda row: row.check_id, WelfareCheckView.of)


@router.post("/welfare-checks/{check_id}/make", response_model=WelfareCheckView, **answers())
async def make_welfare_check(check_id: UUID, body: reviews.MakeWelfareCheck, who: Writer, ask: Asking) -> Response:
    """Note that somebody looked in, and how it went."""
    return await ask(reviews.make_welfare_check, who, body, target=check_id, show=WelfareCheckView.of)
