"""What is bought before any plan goes through the one pipeline, and through no personal budget."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Played

pytestmark = pytest.mark.xdist_group("stack")

HOUR = 2860
"""What the council says an hour of its own home care costs it."""
TWO_WEEKS = {"Max": 14 * HOUR, "Noor": 14 * HOUR // 2}
NAMES = {"Max": "urgent", "Noor": "reablement"}


@pytest.mark.parametrize("name", NAMES)
def test_support_came_on_the_day_it_was_asked_for_before_any_assessment(played: Played, name: str) -> None:
    early = played.story.found["early"][name]
    order = early.bought.order
    assert (order["basis"], order["plan_id"], order["supplier_kind"]) == (NAMES[name], None, "in_house")
    assert order["started_on"] == early.agreed["starts_on"] == "2024-06-03"
    person = early.journey.ids["person"]
    said = {one.name for one in played.journal if one.subject == person}
    assert {"RequirementOpened", "OrderPlaced", "SupportStarted", "VisitRecorded", "ClaimPaid"} <= said
    assert not said & {"AssessmentCompleted", "PlanAgreed", "BudgetIndicated", "FundsShort", "OrderHeld"}


@pytest.mark.parametrize("name", NAMES)
def test_its_visits_were_paid_out_of_a_purse_that_no_personal_budget_counts(played: Played, name: str) -> None:
    early = played.story.found["early"][name]
    assert (early.paid["claim_kind"], early.paid["pence"]) == ("internal_recharge", TWO_WEEKS[name])
    (purse,) = early.purse["purses"]
    a_day = TWO_WEEKS[name] // 14
    assert (purse["allocated"], purse["paid"], purse["committed"]) == (15 * a_day, 14 * a_day, a_day)
    assert purse["contribution"] == purse["available"] == purse["disputed"] == 0
    journals = early.ledger["journals"]
    assert journals
    assert all(sum(entry["pence"] for entry in journal["entries"]) == 0 for journal in journals)
    voice = played.story.staff.finance
    assert voice.get("budget", "/v1/budgets", person_id=early.journey.ids["person"])["items"] == []


def test_support_went_on_after_its_last_day_until_somebody_ended_it(played: Played) -> None:
    max_ = played.story.found["early"]["Max"]
    assert (max_.agreed["until"], max_.agreed["ended_on"]) == ("2024-06-09", "2024-06-17")
    (order,) = max_.agreed["orders"]
    assert (order["state"], order["on"]) == ("ended", "2024-06-17")
    assert "2024-06-09 is the last day" in played.story.found["early_alert"]["explanation"]
    person = max_.journey.ids["person"]
    told = [one for one in played.journal if one.name == "FundsCommitted" and one.subject == person]
    assert [one.body["period"]["last"] for one in told][:2] == ["2024-06-09", "2024-06-16"]


def test_the_report_has_a_line_of_each(played: Played) -> None:
    _, _, told = played.report.read_text().partition("Help before any plan")
    told = told.partition("An employer without insurance")[0]
    assert "Max: Urgent" in told
    assert "Noor: Reablement" in told
    assert "£400.40" in told
