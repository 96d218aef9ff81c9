"""What may be asked for a person who chooses for themselves?"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from services.marketplace import store
from services.marketplace.actions import choices as actions
from services.marketplace.api.bought import OrderView
from services.marketplace.api.callers import Reader, Requester, sight_of
from services.marketplace.models import Choice
from services.marketplace.rules.words import WORDS
from shared.http import Asking, Looking, answers, found
from shared.refusals import NotFound, refuse_unless
from shared.views import StepView, View, explain

router = APIRouter(tags=["choices"], prefix="/v1")


class ChoiceView(View):
    """Whom the person chose and why, and how that listing stood by itself: each point of its score with its reason."""

    order_id: UUID
    requirement_id: UUID
    listing_id: UUID
    reason: str
    chosen_by: str
    score: int
    steps: list[StepView]

    @classmethod
    def of(cls, row: Choice) -> ChoiceView:
        fields = {name: getattr(row, name) for name in cls.model_fields if name != "steps"}
        steps = explain(row.order_id, "choice", [step.as_line() for step in row.steps], WORDS).steps
        return cls(**fields, steps=steps)


@router.post("/requirements/{requirement_id}/choose", status_code=201, response_model=OrderView, **answers())
async def choose_listing(requirement_id: UUID, body: actions.ChooseListing, who: Requester, ask: Asking) -> Response:
    """The person's own choice, with a direct payment: the order is placed without a round of offers."""
    return await ask(actions.choose_listing, who, body, target=requirement_id, show=OrderView.of, status=201)


@router.get("/orders/{order_id}/choice", **answers())
async def read_choice(order_id: UUID, who: Reader, look: Looking) -> ChoiceView:
    """Why this supplier; 404 where it was not the person's own choice."""
    sight = sight_of(who)
    refuse_unless(sight.supplier_id is None, NotFound())
    async with look(who, "read_choice", order_id) as tx:
        found(await store.order(tx, sight, order_id))
        chosen = found(await store.choice(tx, order_id))
    return ChoiceView.of(chosen)
