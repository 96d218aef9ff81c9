"""What does assessment do when a direct payment was decided? It keeps whether that route is the person's to choose."""

from __future__ import annotations

from services.assessment.models import PaymentDecision
from shared.contracts.budget import DirectPaymentDecided
from shared.runtime.loads import by_key
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork


@on(DirectPaymentDecided, wants=(by_key(PaymentDecision, "person_id"),))
def note_decision(heard: Heard[DirectPaymentDecided], work: UnitOfWork) -> None:
    """The last decision counts: a refusal stands until somebody agrees it."""
    said, before = heard.fact, work.get(PaymentDecision, heard.fact.person_id)
    work.put(
        PaymentDecision(
            council_id=heard.council,
            version=before.version if before else 0,
            person_id=said.person_id,
            decision_id=said.decision_id,
            agreed=said.agreed,
            decided_on=heard.today,
        )
    )
