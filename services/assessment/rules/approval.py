"""Who may approve an assessment or agree a plan? Somebody else than its author, within what was delegated to them.

Source: the council's scheme of delegation, as DOMAIN.md puts it ("within a delegated limit, by someone else than the
author"). The limit is held against what the final budget comes to in a year, with what employing somebody adds.
"""

from __future__ import annotations

from services.assessment.rules.failures import Failure, NotSo, those
from shared.explain import because


class ApprovalNotAllowed(NotSo):
    """This practitioner may not approve or agree this."""

    status = 409
    title = "You may not approve or agree this"


def someone_else(author: str, approver: str) -> Failure | None:
    """Nobody approves or agrees what they proposed (DOMAIN.md, the journey; ARCHITECTURE §6)."""
    return Failure("approver", "APPROVE-1", because("same_as_author")) if author == approver else None


def within_limit(yearly_pence: int, limit_pence: int | None) -> Failure | None:
    """The yearly cost is at most what was delegated (scheme of delegation); the limit itself is within it. To whom nothing
    was delegated may agree nothing."""
    limit = limit_pence or 0
    if yearly_pence <= limit:
        return None
    return Failure(
        "yearly_pence", "APPROVE-2", because("above_delegated_limit", yearly_pence=yearly_pence, limit_pence=limit)
    )


def may_approve(author: str, approver: str) -> None:
    """Approving an assessment. Raises ApprovalNotAllowed (DOMAIN.md, the journey)."""
    _refuse(those([someone_else(author, approver)]))


def may_agree(author: str, approver: str, yearly_pence: int, limit_pence: int | None) -> None:
    """Agreeing a plan. Raises ApprovalNotAllowed with all that stands against it (DOMAIN.md, the journey)."""
    _refuse(those([someone_else(author, approver), within_limit(yearly_pence, limit_pence)]))


def _refuse(failures: tuple[Failure, ...]) -> None:
    if failures:
        raise ApprovalNotAllowed(failures)
