"""What does safeguarding do about suppliers: to know them, and to review what restricts them?"""

from __future__ import annotations

from services.safeguarding.common.keeping import keep
from services.safeguarding.models import Alert, Concern, Restriction, Supplier
from services.safeguarding.policy import THRESHOLDS
from services.safeguarding.reminders import LookAtConcerns, LookElsewhere, RestrictionReviewDue
from services.safeguarding.rules import restriction_reviews, states
from services.safeguarding.rules.alerts import Finding
from services.safeguarding.rules.repeated_concerns import repeated_concerns
from shared.contracts.marketplace import SupplierRegistered
from shared.runtime.loads import Hold, by_key, by_match
from shared.runtime.messages import Due, Heard
from shared.runtime.service import due, on
from shared.runtime.unit_of_work import UnitOfWork


@on(SupplierRegistered, wants=(by_key(Supplier, "supplier_id"),))
def know_supplier(heard: Heard[SupplierRegistered], work: UnitOfWork) -> None:
    """Only a supplier that exists can be restricted. Who else restricts it is looked for once it is known here."""
    fact = heard.fact
    if work.get(Supplier, fact.supplier_id) is not None:
        return
    location_id = fact.location_id
    work.put(
        Supplier(
            council_id=heard.council, supplier_id=fact.supplier_id, supplier_kind=fact.kind, location_id=location_id
        )
    )
    if location_id is not None:
        look = LookElsewhere(location_id=location_id)
        work.remind(look, heard.now, key=location_id, subject=fact.supplier_id)


RESTRICTION = by_key(Restriction, "restriction_id")
REVIEW_ALERT = by_key(
    Alert,
    lambda fell, work: restriction_reviews.alert_id(
        fell.council, fell.reminder.restriction_id, fell.reminder.review_on
    ),
)


@due(RestrictionReviewDue, wants=(RESTRICTION, REVIEW_ALERT))
def call_for_review(fell: Due[RestrictionReviewDue], work: UnitOfWork) -> None:
    """The commissioner is to keep or lift it. Until then it holds."""
    restriction = work.one(Restriction, fell.reminder.restriction_id)
    if restriction.state not in states.IN_FORCE or restriction.review_on != fell.reminder.review_on:
        return
    supplier_id, review_on = restriction.supplier_id, restriction.review_on
    keep(
        work, restriction_reviews.review_due(fell.council, restriction.restriction_id, supplier_id, review_on), fell.now
    )


CONCERNS = by_match(Concern, "supplier_id", of="supplier_id", hold=Hold.GLANCE)
OF_CONCERNS = by_key(Alert, lambda fell, work: [one.alert_id for one in _repeated(fell, work)], stage=1)


@due(LookAtConcerns, wants=(CONCERNS, OF_CONCERNS))
def look_at_concerns(fell: Due[LookAtConcerns], work: UnitOfWork) -> None:
    """Several reported the same supplier; who they were and what they said stays in their concerns."""
    for finding in _repeated(fell, work):
        keep(work, finding, fell.now)


def _repeated(fell: Due[LookAtConcerns], work: UnitOfWork) -> list[Finding]:
    concerns: list[Concern] = work.all(CONCERNS, fell.reminder.supplier_id)
    return list(repeated_concerns(fell.council, fell.reminder.supplier_id, concerns, THRESHOLDS))
