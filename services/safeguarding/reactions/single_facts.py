"""What does safeguarding do about a fact that is an alert by itself?"""

from __future__ import annotations

from collections.abc import Iterator

from services.safeguarding.common.keeping import ask_for_checks, keep
from services.safeguarding.models import Alert, WelfareCheck
from services.safeguarding.rules.alerts import Finding
from services.safeguarding.rules.single_facts import detect
from shared.contracts.assessment import PreferenceRefused
from shared.contracts.base import Fact
from shared.contracts.budget import FundsShort, PaymentWithheld
from shared.contracts.marketplace import OfferRefused
from shared.contracts.supply import (
    ClosureMoved,
    ClosureReachesPerson,
    CoverNotFound,
    EvidenceLapsed,
    EvidenceLapsing,
    InjuryReported,
    PersonLeftAtClosing,
    StartBlocked,
    TakeUpFell,
    WageBelowFloor,
)
from shared.runtime.loads import by_key
from shared.runtime.messages import Heard
from shared.runtime.service import on
from shared.runtime.unit_of_work import UnitOfWork


def _found(heard: Heard[Fact]) -> list[Finding]:
    finding = detect(heard.council, heard.fact, heard.today)
    return [finding] if finding else []


ALERT = by_key(Alert, lambda heard, work: [one.alert_id for one in _found(heard)])
CHECKS = by_key(WelfareCheck, lambda heard, work: [check.check_id for one in _found(heard) for check in one.checks])


@on(
    PreferenceRefused,
    OfferRefused,
    EvidenceLapsed,
    EvidenceLapsing,
    StartBlocked,
    InjuryReported,
    CoverNotFound,
    ClosureMoved,
    ClosureReachesPerson,
    PersonLeftAtClosing,
    TakeUpFell,
    PaymentWithheld,
    WageBelowFloor,
    FundsShort,
    wants=(ALERT, CHECKS),
)
def raise_at_once(heard: Heard[Fact], work: UnitOfWork) -> Iterator[Fact]:
    """Nothing else need be known to say that somebody should look."""
    for finding in _found(heard):
        keep(work, finding, heard.now)
        yield from ask_for_checks(work, finding)
