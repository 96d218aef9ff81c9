"""May this restriction be proposed, placed, declined, kept or lifted? What stands against it, as a refusal."""

from __future__ import annotations

from datetime import date

from services.safeguarding.rules import decisions
from services.safeguarding.rules.decisions import Terms
from services.safeguarding.rules.failures import Failure, NotSo
from services.safeguarding.rules.restriction_reviews import LONGEST_DAYS
from shared.contracts.base import Reason
from shared.refusals import OwnWork


class TermsDoNotHold(NotSo):
    """A restriction's terms do not hold: its reason, its scope or its review date."""

    title = "The terms of the restriction do not hold"


class TermsOutOfDate(NotSo):
    """The terms held when they were proposed and no longer do: decline it, propose it again."""

    status = 409
    title = "The terms of the restriction no longer hold"


FIELDS = {
    "reason_missing": ("reasons", "RESTRICT-1"),
    "support_repeated": ("supports", "RESTRICT-2"),
    "review_not_after_today": ("review_on", "RESTRICT-3"),
    "review_too_late": ("review_on", "RESTRICT-4"),
}
OWN = "decided_by_the_proposer"


def may_be_proposed(terms: Terms, today: date) -> None:
    """Raises TermsDoNotHold (decisions.why_not_proposed)."""
    _refuse(decisions.why_not_proposed(terms, today, LONGEST_DAYS), TermsDoNotHold)


def may_be_placed(terms: Terms, proposed_by: str, decided_by: str, today: date) -> None:
    """Raises OwnWork or TermsOutOfDate (decisions.why_not_placed)."""
    _refuse(decisions.why_not_placed(terms, proposed_by, decided_by, today, LONGEST_DAYS), TermsOutOfDate)


def may_be_declined(reason: str, proposed_by: str, decided_by: str) -> None:
    """Raises OwnWork or TermsDoNotHold (decisions.why_not_declined)."""
    _refuse(decisions.why_not_declined(reason, proposed_by, decided_by), TermsDoNotHold)


def may_be_kept(reason: str, review_on: date, today: date) -> None:
    """Raises TermsDoNotHold (decisions.why_not_kept)."""
    _refuse(decisions.why_not_kept(reason, review_on, today, LONGEST_DAYS), TermsDoNotHold)


def may_be_lifted(reason: str) -> None:
    """Raises TermsDoNotHold (decisions.why_not_lifted)."""
    _refuse(decisions.why_not_lifted(reason), TermsDoNotHold)


def _refuse(reasons: tuple[Reason, ...], otherwise: type[NotSo]) -> None:
    if any(reason.code == OWN for reason in reasons):
        raise OwnWork()
    if reasons:
        raise otherwise(tuple(Failure(*FIELDS[reason.code], reason) for reason in reasons))
