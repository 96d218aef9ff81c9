"""How is an alert kept? Raised once, extended by what is new; a welfare check is asked for once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.safeguarding.models import Alert, WelfareCheck
from services.safeguarding.rules import states
from services.safeguarding.rules.alerts import Finding, Owner
from shared.contracts.base import Fact
from shared.contracts.safeguarding import WelfareCheckAsked
from shared.runtime.messages import Message
from shared.runtime.unit_of_work import UnitOfWork


def keep(work: UnitOfWork, finding: Finding, as_of: datetime) -> None:
    """Raise the alert, or add what is new to it; what adds nothing changes nothing."""
    alert = work.get(Alert, finding.alert_id)
    if alert is None:
        work.put(_raised(work.message, finding, as_of))
    elif not set(finding.evidence) <= set(alert.evidence):
        work.put(
            replace(
                alert,
                state=states.ALERTS.move(alert.state, "extend"),
                because=finding.because,
                evidence=finding.evidence,
                as_of=as_of,
                acknowledged_by=None,
                closed_by=None,
            )
        )


def _raised(message: Message[Any], finding: Finding, as_of: datetime) -> Alert:
    of_supplier = finding.of_supplier or finding.owner is Owner.COMMISSIONER
    return Alert(
        council_id=message.council,
        alert_id=finding.alert_id,
        alert_kind=finding.kind,
        owner=finding.owner,
        rule=finding.because.code,
        state=states.Alert.OPEN,
        person_id=None if of_supplier else finding.subject,
        supplier_id=finding.subject if of_supplier else None,
        because=finding.because,
        evidence=finding.evidence,
        as_of=as_of,
    )


def ask_for_checks(work: UnitOfWork, finding: Finding) -> Iterator[Fact]:
    """Once each, whichever rules call for it."""
    for check in finding.checks:
        if work.get(WelfareCheck, check.check_id) is None:
            asked = WelfareCheckAsked(
                check_id=check.check_id, person_id=check.person_id, because=check.because, by=check.by
            )
            work.put(WelfareCheck(council_id=work.message.council, **dict(asked)))
            yield asked
