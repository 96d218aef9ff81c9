"""A council that changes a figure in one service is told that the other has another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from typer.testing import CliRunner

from care.alike import BUDGETS, MARKETS, MATTERS, NOWHERE, Difference, differences
from care.commands import policies as commands

APRIL = date(2026, 4, 1)


def test_what_is_shipped_is_alike() -> None:
    assert differences() == ()
    shown = CliRunner().invoke(commands.policy_app, ["check"])
    assert (shown.exit_code, f"the same {len(MATTERS)} figures" in shown.output) == (0, True)


def test_a_floor_raised_in_marketplace_alone_is_named_with_its_first_day() -> None:
    raised = [
        replace(each, figures=each.figures | {"from_21": replace(each.figures["from_21"], value=1400)})
        if (each.name, each.valid_from) == ("wage_floor", APRIL)
        else each
        for each in MARKETS
    ]
    found = [each for each in differences(BUDGETS, raised) if each.council == NOWHERE]
    assert found == [Difference("lowest wage from 21", NOWHERE, APRIL, 1271, 1400)]


def test_a_councils_own_row_in_one_service_alone_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hackney lets its services be bought week by week, and told budget alone."""
    hackney, day = "E09000012", date(2025, 4, 1)
    changed = []
    for policy in BUDGETS:
        rows = [
            replace(row, council=hackney, choice="allowed", valid_from=day)
            for row in policy.rows
            if row.rule_id == "dp_may_buy_inhouse" and row.council is None
        ]
        changed.append(replace(policy, rows=(*policy.rows, *rows)))
    found = differences(changed, MARKETS)
    assert found == (Difference("in-house services by direct payment", hackney, day, 1, 0),)
    monkeypatch.setattr(commands, "differences", lambda: found)
    shown = CliRunner().invoke(commands.policy_app, ["check"])
    assert shown.exit_code == 1
    assert "for E09000012 from 2025-04-01: budget has 1, marketplace 0." in shown.output


def test_sick_pay_is_compared_too() -> None:
    changed = [
        replace(
            policy,
            rows=tuple(
                replace(row, value=Decimal(1)) if (row.rule_id, row.valid_to) == ("sick_pay", None) else row
                for row in policy.rows
            ),
        )
        for policy in BUDGETS
    ]
    (found, *_) = [each for each in differences(changed, MARKETS) if each.council == NOWHERE]
    assert (found.matter, found.since, found.in_budget) == ("statutory sick pay a week", date(2026, 4, 6), 1)
