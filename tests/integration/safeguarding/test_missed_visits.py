"""Missed visits become alerts and welfare checks."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from shared.testing.facts import Speaker, hear
from shared.testing.harness import Running
from tests.integration.safeguarding.heard import (
    ANN,
    BEN,
    CAT,
    DAN,
    FIRM,
    OTHER_FIRM,
    PATTERN_OF_THREE,
    alerts,
    missed,
    pattern_of_three,
    sweep,
)


async def test_two_missed_visits_in_a_week_are_one_alert_and_one_welfare_check(safeguarding: Running) -> None:
    market = Speaker()
    await hear(safeguarding, market.say(missed(ANN, 0)))
    assert await safeguarding.outbox() == []
    await hear(safeguarding, market.say(missed(ANN, 1, OTHER_FIRM)))  # whoever should have come
    ((kind, fact),) = await safeguarding.outbox()
    assert kind == "safeguarding.welfare_check_asked.v1"
    assert (fact["person_id"], fact["by"], fact["because"]["code"]) == (str(ANN), "2024-06-04", "visits_missed")
    (alert,) = await alerts(safeguarding.as_("safeguarding_practitioner"))
    assert (alert["rule"], alert["kind"], alert["owner"]) == ("visits_missed_by_person", "safeguarding", "team")
    assert (alert["person_id"], alert["supplier_id"], alert["state"]) == (str(ANN), None, "open")
    assert alert["explanation"] == "2 visits to this person were missed between 2024-06-03 and 2024-06-04."
    assert [miss["visit_id"] for miss in alert["misses"]] == alert["evidence"]


async def test_a_time_critical_miss_is_an_alert_at_once_with_a_check_the_same_day(safeguarding: Running) -> None:
    await hear(safeguarding, Speaker().say(missed(ANN, 0, critical=True)))
    ((_, fact),) = await safeguarding.outbox()
    assert (fact["person_id"], fact["by"]) == (str(ANN), "2024-06-03")
    (alert,) = await alerts(safeguarding.as_("safeguarding_practitioner"))
    assert (alert["rule"], alert["person_id"]) == ("time_critical_visit_missed", str(ANN))


async def test_three_people_are_one_alert_about_the_supplier_and_a_check_each(safeguarding: Running) -> None:
    await pattern_of_three(safeguarding)
    (alert,) = await alerts(safeguarding.as_("commissioner"))
    assert (alert["rule"], alert["supplier_id"], alert["person_id"]) == ("visits_missed_by_supplier", str(FIRM), None)
    assert len(alert["misses"]) == 6
    assert {miss["person_id"] for miss in alert["misses"]} == {str(ANN), str(BEN), str(CAT)}
    asked = [fact["person_id"] for _, fact in await safeguarding.outbox()]
    assert sorted(asked) == [str(ANN), str(BEN), str(CAT)]


async def test_more_misses_are_more_evidence_but_no_further_checks(safeguarding: Running) -> None:
    market = Speaker()
    await hear(safeguarding, [market.say(fact) for fact in PATTERN_OF_THREE])
    assert await sweep(safeguarding) == 1  # one look, however many misses
    await hear(safeguarding, [market.say(missed(person, 4)) for person in (ANN, BEN, CAT, DAN)])
    assert await sweep(safeguarding) == 1
    (alert,) = await alerts(safeguarding.as_("commissioner"))
    assert (alert["because"]["params"]["visits"], alert["because"]["params"]["people"]) == (9, 3)
    assert len(await safeguarding.outbox()) == 3


async def test_a_supplier_that_fails_everybody_is_heard_in_time(safeguarding: Running) -> None:
    """A thousand missed visits in two batches: each must fit into a transaction, and the look at the supplier too."""
    market = Speaker()
    records = [market.say(missed(UUID(int=10**6 + n % 250), n // 250 * 2)) for n in range(1000)]
    for batch in (records[:500], records[500:]):
        await hear(safeguarding, batch)
        await sweep(safeguarding)
    (alert,) = await alerts(safeguarding.as_("commissioner"))
    assert (alert["because"]["params"]["visits"], alert["because"]["params"]["people"]) == (1000, 250)
    assert len(await safeguarding.outbox()) == 250


async def test_nothing_is_said_about_alerts(safeguarding: Running) -> None:
    await pattern_of_three(safeguarding)
    assert {kind for kind, _ in await safeguarding.outbox()} == {"safeguarding.welfare_check_asked.v1"}


async def test_a_redelivered_miss_changes_nothing_even_after_the_alert_was_closed(safeguarding: Running) -> None:
    market = Speaker()
    records = [market.say(missed(ANN, 0)), market.say(missed(ANN, 1))]
    await hear(safeguarding, records)
    staff = safeguarding.as_("safeguarding_practitioner")
    ((alert),) = await alerts(staff)
    await staff.done(f"/v1/alerts/{alert['alert_id']}/acknowledge")
    await staff.done(f"/v1/alerts/{alert['alert_id']}/close", {"reason": "Rang them."})
    await hear(safeguarding, [*records, market.say(missed(ANN, 1))])
    (after,) = await alerts(staff)
    assert (after["state"], after["evidence"]) == ("closed", alert["evidence"])
    assert len(await safeguarding.outbox()) == 1


async def test_a_later_miss_opens_a_closed_alert_again(safeguarding: Running) -> None:
    market = Speaker()
    await hear(safeguarding, [market.say(missed(ANN, 0)), market.say(missed(ANN, 1))])
    staff = safeguarding.as_("safeguarding_practitioner")
    ((alert),) = await alerts(staff)
    await staff.done(f"/v1/alerts/{alert['alert_id']}/acknowledge")
    await staff.done(f"/v1/alerts/{alert['alert_id']}/close", {"reason": "Rang them."})
    await hear(safeguarding, market.say(missed(ANN, 3)))
    (after,) = await alerts(staff)
    assert (after["state"], len(after["evidence"]), after["closed_by"]) == ("open", 3, None)
    assert [note["verb"] for note in after["history"]] == ["acknowledge", "close"]


async def test_misses_of_two_councils_never_make_a_pattern_together(safeguarding: Running) -> None:
    here, there = Speaker(), Speaker(council="E99999998")
    await hear(safeguarding, [here.say(missed(ANN, 0)), there.say(missed(ANN, 1))])
    assert await safeguarding.outbox() == []
    assert await alerts(safeguarding.as_("safeguarding_practitioner")) == []


async def test_a_miss_at_the_end_of_time_is_parked_and_its_neighbours_are_heard(safeguarding: Running) -> None:
    market = Speaker()
    broken = missed(BEN, 0).model_copy(update={"planned_at": datetime.max.replace(tzinfo=UTC)})
    await hear(safeguarding, [market.say(broken), market.say(missed(ANN, 0)), market.say(missed(ANN, 1))])
    assert [fact["person_id"] for _, fact in await safeguarding.outbox()] == [str(ANN)]
    ((parked),) = await safeguarding.rows("select subject, code from parked")
    assert parked == {"subject": str(BEN), "code": "rule_raised"}
