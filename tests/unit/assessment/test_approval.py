"""Nobody agrees what they proposed, and not a penny above what was delegated."""

from __future__ import annotations

import pytest

from services.assessment.rules.approval import ApprovalNotAllowed, may_agree, may_approve, within_limit
from services.assessment.rules.states import PLAN_MOVES, PlanState
from shared.money import yearly

YEARLY = 5135520


def test_the_author_may_not_approve_their_own_work() -> None:
    with pytest.raises(ApprovalNotAllowed) as refused:
        may_approve("ines", "ines")
    assert [(each.field, each.rule) for each in refused.value.failures] == [("approver", "APPROVE-1")]


def test_somebody_else_may() -> None:
    may_approve("ines", "omar")
    may_agree("ines", "omar", YEARLY, YEARLY)


@pytest.mark.parametrize(("limit", "refused"), [(YEARLY, False), (YEARLY - 1, True), (YEARLY + 1, False)])
def test_the_limit_itself_is_within_and_a_penny_over_is_refused(limit: int, refused: bool) -> None:
    assert (within_limit(YEARLY, limit) is not None) is refused


def test_to_whom_nothing_was_delegated_may_agree_nothing() -> None:
    refused = within_limit(1, None)
    assert refused is not None
    assert refused.because.params == {"yearly_pence": 1, "limit_pence": 0}


def test_all_that_stands_against_agreeing_is_said_at_once() -> None:
    with pytest.raises(ApprovalNotAllowed) as refused:
        may_agree("ines", "ines", YEARLY, YEARLY - 1)
    assert [each.rule for each in refused.value.failures] == ["APPROVE-1", "APPROVE-2"]
    assert refused.value.failures[1].because.params == {"yearly_pence": YEARLY, "limit_pence": YEARLY - 1}


def test_hackney_b1_a_package_a_penny_above_the_limit_is_not_approved() -> None:
    """PEERS (b1), cases 2 and 10: £556.50 a week is £28,938.00 a year; an approver one penny short is refused."""
    may_agree("broker", "approver", yearly(55_650), 2_893_800)
    with pytest.raises(ApprovalNotAllowed) as refused:
        may_agree("broker", "approver", yearly(55_650), 2_893_799)
    assert refused.value.failures[0].because.params["yearly_pence"] == 2_893_800


def test_hackney_b1_a_plan_sent_back_comes_round_again_and_an_agreed_one_is_never_amended() -> None:
    """PEERS (b1) case 10, the amendment round trip; (b2): a later change goes back for approval, here as a new plan."""
    state = PlanState.AFFORDABLE
    for verb in ("return", "propose_again", "find_affordable", "agree"):
        state = PLAN_MOVES.move(state, verb)
    assert state is PlanState.AGREED
    assert not {verb for at, verb in PLAN_MOVES if at is state} & {"amend", "return", "propose_again", "withdraw"}
