"""Nobody agrees what they proposed, and not a penny above what was delegated."""

from __future__ import annotations

import pytest

from services.assessment.rules.approval import ApprovalNotAllowed, may_agree, may_approve, within_limit

WEEKLY = 98760
YEARLY = 5135520


def test_the_author_may_not_approve_their_own_work() -> None:
    with pytest.raises(ApprovalNotAllowed) as refused:
        may_approve("ines", "ines")
    assert [(each.field, each.rule) for each in refused.value.failures] == [("approver", "APPROVE-1")]


def test_somebody_else_may() -> None:
    may_approve("ines", "omar")
    may_agree("ines", "omar", WEEKLY, YEARLY)


@pytest.mark.parametrize(("limit", "refused"), [(YEARLY, False), (YEARLY - 1, True), (YEARLY + 1, False)])
def test_the_limit_itself_is_within_and_a_penny_over_is_refused(limit: int, refused: bool) -> None:
    assert (within_limit(WEEKLY, limit) is not None) is refused


def test_all_that_stands_against_agreeing_is_said_at_once() -> None:
    with pytest.raises(ApprovalNotAllowed) as refused:
        may_agree("ines", "ines", WEEKLY, YEARLY - 1)
    assert [each.rule for each in refused.value.failures] == ["APPROVE-1", "APPROVE-2"]
    assert refused.value.failures[1].because.params == {"yearly_pence": YEARLY, "limit_pence": YEARLY - 1}
