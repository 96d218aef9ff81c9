"""What does budget do about urgent support and reablement? It opens a purse of the council's own, outside the personal budget."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from services.budget.common.books import Books, book_loads
from services.budget.common.orders import settle
from services.budget.models import Funding
from shared.contracts.assessment import ReablementStarted, UrgentSupportAgreed
from shared.contracts.base import Basis, Fact
from shared.runtime.loads import by_key
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork

Begun = UrgentSupportAgreed | ReablementStarted


def _id(heard: Heard[Begun], work: UnitOfWork) -> UUID:
    return heard.fact.urgent_id if isinstance(heard.fact, UrgentSupportAgreed) else heard.fact.reablement_id


BOOKS = book_loads(lambda heard, work: [(_id(heard, work),)])


@on(UrgentSupportAgreed, ReablementStarted, wants=(by_key(Funding, _id), *BOOKS.all))
def open_purse(heard: Heard[Begun], work: UnitOfWork) -> Iterator[Fact]:
    """It is empty until something is ordered: orders that came before are answered now. What is not bought here has none."""
    said, early_id = heard.fact, _id(heard, work)
    before = work.get(Funding, early_id)
    if said.to_buy is None or (before is not None and before.agreed):
        return
    funding = Funding(
        council_id=heard.council,
        version=before.version if before else 0,
        plan_id=early_id,
        budget_id=early_id,
        person_id=said.person_id,
        agreed=True,
        team=said.team,
        starts_on=said.starts_on,
        until=said.until,
        basis=Basis.URGENT if isinstance(said, UrgentSupportAgreed) else Basis.REABLEMENT,
    )
    yield from settle(Books(work, early_id, said.person_id, BOOKS), work.put(funding))
