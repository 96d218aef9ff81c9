"""Missed visits become alerts and welfare checks, whatever order and batches they are heard in."""

from __future__ import annotations

from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running
from tests.integration.safeguarding.heard import ANN, missed


async def test_two_missed_visits_in_a_week_are_one_alert_and_one_welfare_check(safeguarding: Running) -> None:
    market = Speaker()
    await hear(safeguarding, market.say(missed(ANN, 0)))
    assert await safeguarding.outbox() == []
    await hear(safeguarding, market.say(missed(ANN, 1)))
    ((kind, fact),) = await safeguarding.outbox()
    assert (kind, fact["person_id"], fact["by"]) == ("safeguarding.welfare_check_asked.v1", str(ANN), "2024-06-04")
    (alert,) = (await safeguarding.as_("safeguarding_practitioner").read("/v1/alerts"))["items"]
    assert (alert["rule"], alert["kind"], alert["owner"]) == ("visits_missed_by_person", "safeguarding", "team")
