"""What does safeguarding do about suppliers that several councils use? It tells each of the others' restrictions, once.

Nobody writes into another council: whoever restricts or lifts lets the others know that there is something to look at,
and each looks for itself, at the notices alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from services.safeguarding.common.keeping import keep
from services.safeguarding.models import Alert, Notice, Supplier, Told
from services.safeguarding.reminders import LookElsewhere, TellOthers
from services.safeguarding.rules import telling
from services.safeguarding.rules.telling import News
from shared.contracts.base import Fact
from shared.runtime.loads import Hold, by_key, by_match, everywhere
from shared.runtime.messages import Due
from shared.runtime.service import due
from shared.runtime.unit_of_work import UnitOfWork

KNOWN_ELSEWHERE = everywhere(Supplier, "location_id", of="location_id")


@due(TellOthers, wants=(KNOWN_ELSEWHERE,))
def tell_others(fell: Due[TellOthers], work: UnitOfWork) -> None:
    """Every other council that has this supplier in its directory has something to look at."""
    known: list[Supplier] = work.everywhere(KNOWN_ELSEWHERE, fell.reminder.location_id)
    for each in known:
        if each.council_id != fell.council:
            look = LookElsewhere(location_id=fell.reminder.location_id)
            work.remind_council(each.council_id, look, fell.now, key=look.location_id, subject=each.supplier_id)


NOTICES = everywhere(Notice, "location_id", of="location_id")
HERE = by_match(Supplier, "location_id", of="location_id", hold=Hold.RELY)
TOLD = by_key(Told, lambda fell, work: [_told_id(fell, one) for one in _notices(fell, work)], stage=1)
ALERTS = by_key(Alert, lambda fell, work: _alert_ids(fell, work), stage=1)


@due(LookElsewhere, wants=(HERE, NOTICES, TOLD, ALERTS))
def look_elsewhere(fell: Due[LookElsewhere], work: UnitOfWork) -> Iterator[Fact]:
    """What is new of other councils' restrictions is kept here, is an alert, and is said once."""
    for supplier in work.all(HERE, fell.reminder.location_id):
        for notice in _notices(fell, work):
            yield from _hear_of(fell, work, supplier, notice)


def _hear_of(fell: Due[LookElsewhere], work: UnitOfWork, supplier: Supplier, notice: Notice) -> Iterator[Fact]:
    told = work.get(Told, _told_id(fell, notice))
    news = telling.news_of(notice.lifted_on, told is not None, told is not None and told.lifted_on is not None)
    if news is News.PLACED:
        yield _placed(fell, work, supplier, notice)
    elif news is News.LIFTED and told is not None:
        yield _lifted(fell, work, told, notice)


def _placed(fell: Due[LookElsewhere], work: UnitOfWork, supplier: Supplier, notice: Notice) -> Fact:
    told = Told(
        council_id=fell.council,
        told_id=_told_id(fell, notice),
        supplier_id=supplier.supplier_id,
        level=notice.level,
        supports=notice.supports,
        placed_by=notice.council_id,
        since=notice.since,
    )
    about = (told.told_id, told.supplier_id, told.level, told.placed_by, told.since)
    keep(work, telling.placed_elsewhere(fell.council, *about), fell.now)
    return work.put(told).as_told()


def _lifted(fell: Due[LookElsewhere], work: UnitOfWork, told: Told, notice: Notice) -> Fact:
    lifted_on = notice.lifted_on or fell.today
    finding = telling.lifted_elsewhere(fell.council, told.told_id, told.supplier_id, told.placed_by, lifted_on)
    keep(work, finding, fell.now)
    return work.put(replace(told, lifted_on=lifted_on)).as_lifted(lifted_on)


def _notices(fell: Due[LookElsewhere], work: UnitOfWork) -> list[Notice]:
    """Those of other councils."""
    found: list[Notice] = work.everywhere(NOTICES, fell.reminder.location_id)
    return [one for one in found if one.council_id != fell.council]


def _told_id(fell: Due[LookElsewhere], notice: Notice) -> UUID:
    return telling.told_id(fell.council, notice.restriction_id)


def _alert_ids(fell: Due[LookElsewhere], work: UnitOfWork) -> list[UUID]:
    told = [_told_id(fell, notice) for notice in _notices(fell, work)]
    return [telling.alert_id(fell.council, news, one) for news in News for one in told]
