"""A plan was agreed and nothing started: noticed when the time is up, and not before everything said was heard."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid5

import pytest

from shared.contracts.marketplace import OrderContinued
from shared.runtime.relay import make_producer
from shared.runtime.timers import Timers
from shared.runtime.topics import WATERMARKS
from shared.runtime.watermarks import Watermark
from shared.testing.facts import Speaker, hear, publish_records
from shared.testing.harness import Ground, Running, eventually
from tests.integration.safeguarding.heard import ANN, FIRM, PLAN, agreed, alerts, line, started, sweep


async def test_nothing_started_after_28_days_is_an_operational_alert_to_the_team(safeguarding: Running) -> None:
    await hear(safeguarding, Speaker().say(agreed()))
    (reminder,) = await safeguarding.rows("select at, subject from due where name = 'LookWhetherStarted'")
    assert reminder == {"at": datetime(2024, 6, 30, 23, tzinfo=UTC), "subject": str(ANN)}  # 1 July in London
    assert await sweep(safeguarding) == 1
    (alert,) = await alerts(safeguarding.as_("safeguarding_practitioner"))
    assert (alert["rule"], alert["kind"], alert["owner"]) == ("nothing_started", "operational", "team")
    assert (alert["person_id"], alert["evidence"]) == (str(ANN), [str(PLAN)])
    assert alert["explanation"] == "The plan was agreed on 2024-06-03 and 28 days later nothing has started."
    assert await safeguarding.outbox() == []


@pytest.mark.parametrize("line", [0, 1])
async def test_a_plan_of_which_anything_started_is_no_alert(safeguarding: Running, line: int) -> None:
    speaker = Speaker()
    await hear(safeguarding, [speaker.say(agreed()), speaker.say(started(line))])
    assert await sweep(safeguarding) == 1
    assert await alerts(safeguarding.as_("safeguarding_practitioner")) == []


async def test_a_plan_that_is_to_start_later_is_looked_at_the_day_after(safeguarding: Running) -> None:
    await hear(safeguarding, Speaker().say(agreed(starts_on=date(2024, 8, 1))))
    (reminder,) = await safeguarding.rows("select at from due where name = 'LookWhetherStarted'")
    assert reminder["at"] == datetime(2024, 8, 1, 23, tzinfo=UTC)


@pytest.mark.parametrize("until_replaced", [False, True])
async def test_a_plan_in_place_of_another_is_no_alert_while_the_old_support_goes_on(
    safeguarding: Running, until_replaced: bool
) -> None:
    """Care Act s.27: an untouched line, and one whose successor is still to start, are supported."""
    assessment, market, new = Speaker(), Speaker(), uuid5(PLAN, "anew")
    anew = agreed().model_copy(update={"plan_id": new, "revision": 2, "supersedes_plan_id": PLAN})
    continued = OrderContinued(
        order_id=uuid5(PLAN, "order/0"),
        plan_id=new,
        supersedes_plan_id=PLAN,
        line_id=line(0).line_id,
        person_id=ANN,
        supplier_id=FIRM,
        until_replaced=until_replaced,
        started_on=date(2024, 6, 10),
    )
    await hear(safeguarding, [market.say(started(0)), market.say(continued)])
    await hear(safeguarding, [assessment.say(agreed()), assessment.say(anew)])
    reminders = await safeguarding.rows("select key from due where name = 'LookWhetherStarted'")
    assert [one["key"] for one in reminders] == [str(new)]
    assert await sweep(safeguarding) == 1
    assert await alerts(safeguarding.as_("safeguarding_practitioner")) == []


async def test_a_plan_in_place_of_one_of_which_nothing_started_is_looked_at_itself(safeguarding: Running) -> None:
    speaker, new = Speaker(), uuid5(PLAN, "anew")
    anew = agreed().model_copy(update={"plan_id": new, "revision": 2, "supersedes_plan_id": PLAN})
    await hear(safeguarding, [speaker.say(agreed()), speaker.say(anew)])
    assert await sweep(safeguarding) == 1
    (alert,) = await alerts(safeguarding.as_("safeguarding_practitioner"))
    assert (alert["rule"], alert["evidence"]) == ("nothing_started", [str(new)])


async def test_on_the_real_log_it_waits_for_what_the_market_said_before(log_ground: Ground) -> None:
    said_at = datetime.now(UTC)
    plan = agreed().model_copy(update={"agreed_on": said_at.date(), "starts_on": said_at.date()})
    async with log_ground.run("safeguarding", parts="http,consumer") as safeguarding:
        producer, ends = make_producer(log_ground.bootstrap), dict.fromkeys(range(12), 0)
        timers = Timers(
            safeguarding.worker, safeguarding.app.state.service, log_ground.bootstrap, prefix=log_ground.prefix
        )
        await producer.start()
        await timers.tide.start()
        try:
            record = Speaker(now=said_at).say(plan)
            await publish_records(producer, log_ground.prefix, [record])
            await eventually(lambda: safeguarding.rows("select 1 from due"))
            await _leap(safeguarding, timedelta(days=30))
            assert await timers.sweep() == 0  # nobody has said how far they are
            for service in ("assessment", "marketplace"):
                mine = {**ends, record.partition: 1} if service == "assessment" else ends
                mark = Watermark(service=service, at=said_at + timedelta(days=29), ends=mine)
                await producer.send_and_wait(
                    log_ground.prefix + WATERMARKS, mark.model_dump_json().encode(), key=service.encode()
                )
            await eventually(lambda: _spoken(timers))
        finally:
            await timers.tide.stop()
            await producer.stop()
        (alert,) = await alerts(safeguarding.as_("safeguarding_practitioner"))
        assert alert["rule"] == "nothing_started"


async def _leap(service: Running, spell: timedelta) -> None:
    ops = service.as_("ops")
    now = datetime.fromisoformat((await ops.read("/sandbox/clock"))["now"])
    await ops.done("/sandbox/clock", {"to": (now + spell).isoformat()})


async def _spoken(timers: Timers) -> int:
    await timers.tide.read()
    return await timers.sweep()
