"""What may be asked about group purchases? Nobody sees who else is in one, or what another's share is: how many, alone."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import group_records as records
from services.marketplace.actions import groups as actions
from services.marketplace.actions.claims import SubmitClaim
from services.marketplace.actions.visits import RecordVisit
from services.marketplace.api.callers import ClaimWriter, Offerer, Reader, Requester, VisitWriter, sight_of
from services.marketplace.api.claims_shown import ClaimView
from services.marketplace.api.views import VisitView
from services.marketplace.common.sharing import in_turn
from services.marketplace.models import Claim, Visit
from services.marketplace.rules.groups import Sharing, steps_of_share
from services.marketplace.rules.states import GroupState
from services.marketplace.rules.words import WORDS
from shared.contracts.base import Slot, Support
from shared.http import Asking, Cursor, Limit, Looking, Page, answers, etag, found, page_of
from shared.refusals import NotFound, refuse_unless
from shared.views import StepView, View, explain

router = APIRouter(tags=["group purchases"], prefix="/v1")


class GroupView(View):
    """`hourly_pence` is what an hour costs all of them together, the listing's published price when it was asked for."""

    group_id: UUID
    supplier_id: UUID
    listing_id: UUID
    support: Support
    hourly_pence: int
    sharing: Sharing
    pattern: list[Slot]
    weekly_minutes: int
    state: GroupState
    because: str | None


class GroupWhole(GroupView):
    """`members` is how many share it now."""

    members: int


class ShareView(View):
    """One person's own share a week, in pence, and how it came about."""

    order_id: UUID
    group_id: UUID
    members: int
    weekly_pence: int
    steps: list[StepView]


class RecordedView(View):
    """The visit of each, with their share of its price."""

    items: list[VisitView]

    @classmethod
    def of_all(cls, visits: Sequence[Visit]) -> RecordedView:
        return cls(items=[VisitView.of(each) for each in visits])


class ClaimedView(View):
    """The claim of each, matched by itself."""

    items: list[ClaimView]

    @classmethod
    def of_all(cls, claims: Sequence[Claim]) -> ClaimedView:
        return cls(items=[ClaimView.of(each) for each in claims])


@router.post("/group-purchases", status_code=201, response_model=GroupView, **answers())
async def buy_together(body: actions.BuyTogether, who: Requester, ask: Asking) -> Response:
    """Ask a supplier for several people at once, who share its published price."""
    return await ask(actions.buy_together, who, body, show=GroupView.of, status=201)


@router.get("/group-purchases", **answers())
async def list_groups(
    who: Reader, look: Looking, after: Cursor, state: GroupState | None = None, limit: Limit = 50
) -> Page[GroupView]:
    """A supplier finds here what it is asked for."""
    async with look(who, "list_groups") as tx:
        rows = await store.groups(tx, sight_of(who), after, state, limit + 1)
    return page_of(rows, limit, lambda row: row.group_id, GroupView.of)


@router.get("/group-purchases/{group_id}", **answers())
async def read_group(group_id: UUID, who: Reader, look: Looking, response: Response) -> GroupWhole:
    async with look(who, "read_group", group_id) as tx:
        group = found(await store.group(tx, sight_of(who), group_id))
        members = await store.members(tx, group_id)
    etag(response, group)
    sharing = sum(each.last_day is None for each in members)
    return GroupWhole(**GroupView.of(group).model_dump(), members=sharing)


@router.post("/group-purchases/{group_id}/accept", response_model=GroupView, **answers())
async def accept_group(group_id: UUID, body: actions.AcceptGroup, who: Offerer, ask: Asking) -> Response:
    """An order for each share is placed; money is sought in each one's own budget."""
    return await ask(actions.accept_group, who, body, target=group_id, show=GroupView.of)


@router.post("/group-purchases/{group_id}/refuse", response_model=GroupView, **answers())
async def refuse_group(group_id: UUID, body: actions.RefuseGroup, who: Offerer, ask: Asking) -> Response:
    return await ask(actions.refuse_group, who, body, target=group_id, show=GroupView.of)


@router.post("/group-purchases/{group_id}/leave", response_model=GroupView, **answers())
async def leave_group(group_id: UUID, body: actions.LeaveGroup, who: Requester, ask: Asking) -> Response:
    """One leaves after a day; the others share the price from the next."""
    return await ask(actions.leave_group, who, body, target=group_id, show=GroupView.of)


@router.post("/group-purchases/{group_id}/visits", status_code=201, response_model=RecordedView, **answers())
async def record_together(group_id: UUID, body: RecordVisit, who: VisitWriter, ask: Asking) -> Response:
    """Say what became of a planned visit, once for all of them."""
    return await ask(records.record_together, who, body, target=group_id, show=RecordedView.of_all, status=201)


@router.post("/group-purchases/{group_id}/claims", status_code=201, response_model=ClaimedView, **answers())
async def claim_together(group_id: UUID, body: SubmitClaim, who: ClaimWriter, ask: Asking) -> Response:
    """Claim for a period, in pence for all of them: each share is accepted or disputed by itself."""
    return await ask(records.claim_together, who, body, target=group_id, show=ClaimedView.of_all, status=201)


@router.get("/orders/{order_id}/share", **answers())
async def read_share(order_id: UUID, who: Reader, look: Looking) -> ShareView:
    """Why does this person pay what they pay? Not there for an order of one person alone."""
    sight = sight_of(who)
    async with look(who, "read_share", order_id) as tx:
        order = found(await store.order(tx, sight, order_id))
        refuse_unless(order.group_id is not None, NotFound())
        group = found(await store.group(tx, sight, order.group_id or order_id))
        members = await store.members(tx, group.group_id)
    own = next(each for each in members if each.order_id == order_id)
    sharing = [each for each in in_turn(members) if each.last_day is None or each is own]
    minutes = [each.minutes for each in sharing]
    steps = steps_of_share(group.hourly_pence, group.weekly_minutes, group.sharing, minutes, sharing.index(own))
    weekly = sum(step.effect for step in steps)
    return ShareView(
        order_id=order_id,
        group_id=group.group_id,
        members=len(sharing),
        weekly_pence=weekly,
        steps=explain(order_id, "share", [step.as_line() for step in steps], WORDS).steps,
    )
