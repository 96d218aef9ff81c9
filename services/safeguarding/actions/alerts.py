"""What may be asked about an alert: acknowledge, close."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from services.safeguarding.actions.sight import acted_on_by
from services.safeguarding.models import Alert, Note
from services.safeguarding.rules.states import ALERTS
from shared.contracts.base import Fact
from shared.fields import Text
from shared.runtime.loads import by_key
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork

ALERT = by_key(Alert)


class AcknowledgeAlert(Command):
    """Nothing to say besides."""


@command(wants=(ALERT,))
def acknowledge_alert(asked: Asked[AcknowledgeAlert], work: UnitOfWork) -> Generator[Fact, None, Alert]:
    """Somebody has seen it and looks into it."""
    alert = acted_on_by(asked.caller, work.one(Alert, asked.target))
    match_version(asked, alert.version)
    state = ALERTS.move(alert.state, "acknowledge")
    yield from ()
    note = Note(asked.now, asked.caller.sub, "acknowledge")
    return work.put(replace(alert, state=state, acknowledged_by=asked.caller.sub, history=(*alert.history, note)))


class CloseAlert(Command):
    reason: Text


@command(wants=(ALERT,))
def close_alert(asked: Asked[CloseAlert], work: UnitOfWork) -> Generator[Fact, None, Alert]:
    """What was done about it, or why nothing is to be done."""
    alert = acted_on_by(asked.caller, work.one(Alert, asked.target))
    match_version(asked, alert.version)
    state = ALERTS.move(alert.state, "close")
    yield from ()
    note = Note(asked.now, asked.caller.sub, "close", asked.body.reason)
    return work.put(replace(alert, state=state, closed_by=asked.caller.sub, history=(*alert.history, note)))
