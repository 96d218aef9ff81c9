"""What may be asked when a PA cannot come: to report it, to look for cover again, and to come back sooner."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from services.marketplace.actions.sight import consented, supplier_of, theirs
from services.marketplace.actions.visits import SupportNotStarted
from services.marketplace.common.covering import CoverLoads, ask_for_cover, look_for_cover
from services.marketplace.common.standing_in import cut_short
from services.marketplace.models import Consent, Cover, Listing, Order
from services.marketplace.rules.cover import be_back_sooner, be_days_ahead
from services.marketplace.rules.states import COVERS, CoverState, OrderState
from shared.contracts.base import Code, Fact, SupplierKind
from shared.fields import Day
from shared.refusals import Refused, refuse_unless
from shared.runtime.loads import Hold, Load, by_key, by_match
from shared.runtime.messages import Asked, Command
from shared.runtime.perform import match_version
from shared.runtime.service import command
from shared.runtime.unit_of_work import UnitOfWork


class NoPa(Refused):
    """Only a PA's absence is covered from here: an in-house service or a provider sends somebody else itself."""

    title = "This support is not given by a PA"


class CoveredAlready(Refused):
    """Cover was asked for on one of these days."""

    title = "Cover was asked for on one of these days already"


class ReportAbsence(Command):
    """The PA cannot come on these days, both included. `because` is a code that stays in this service."""

    first: Day
    last: Day
    because: Code = "not_said"


def _the_order(asked: Asked[Any], work: UnitOfWork) -> list[Order]:
    return [work.one(Order, asked.target)]


def _asking_app(asked: Asked[Any], work: UnitOfWork) -> tuple[Any, str]:
    return _the_order(asked, work)[0].person_id, asked.caller.client_id


FOR_ORDER = CoverLoads(_the_order, 1)
EARLIER = by_match(Cover, "order_id", of=lambda asked, work: (asked.target,), hold=Hold.GLANCE)
# The order is held for change, so that of two reports at once the second sees the first.
REPORTING: tuple[Load, ...] = (
    by_key(Order),
    EARLIER,
    by_key(Consent, _asking_app, hold=Hold.RELY, stage=1),
    *FOR_ORDER.wants,
)


@command(wants=REPORTING)
def report_absence(asked: Asked[ReportAbsence], work: UnitOfWork) -> Generator[Fact, None, Cover]:
    """Cover is looked for at once: the council's pool, then the framework, then whoever has room."""
    order, body = _own(asked, work, work.one(Order, asked.target)), asked.body
    refuse_unless(order.supplier_kind is SupplierKind.PA, NoPa())
    refuse_unless(order.state is OrderState.STARTED, SupportNotStarted())
    be_days_ahead(body.first, body.last, asked.today, order.last_day)
    earlier: list[Cover] = work.all(EARLIER, order.order_id)
    stands = [each for each in earlier if not each.is_lapse or each.state is CoverState.ARRANGED]
    clash = any(each.first <= body.last and body.first <= each.last for each in stands)
    refuse_unless(not clash, CoveredAlready())
    return (yield from ask_for_cover(work, FOR_ORDER, order, (body.first, body.last), body.because, asked.now))


def _own(asked: Asked[Any], work: UnitOfWork, order: Order) -> Order:
    """A PA reports their own absence; a broker or app that of whom they act for."""
    return consented(asked, work, order) if supplier_of(asked.caller) is None else theirs(asked.caller, order)


def _its_order(asked: Asked[Any], work: UnitOfWork) -> list[Order]:
    return [work.one(Order, work.one(Cover, asked.target).order_id)]


def _its_app(asked: Asked[Any], work: UnitOfWork) -> tuple[Any, str]:
    return work.one(Cover, asked.target).person_id, asked.caller.client_id


AGAIN = CoverLoads(_its_order, 2)
ORDER = by_key(Order, lambda asked, work: work.one(Cover, asked.target).order_id, hold=Hold.GLANCE)


class LookAgain(Command):
    """Nothing to say besides."""


@command(wants=(by_key(Cover), by_key(Consent, _its_app, hold=Hold.RELY), ORDER, *AGAIN.wants))
def look_again(asked: Asked[LookAgain], work: UnitOfWork) -> Generator[Fact, None, Cover]:
    """Where nobody was found: the market may have changed. The earlier steps stay as they were."""
    cover = consented(asked, work, work.one(Cover, asked.target))
    if asked.caller.supplier_id is not None:
        theirs(asked.caller, cover)
    match_version(asked, cover.version)
    COVERS.move(cover.state, "arrange")
    return (yield from look_for_cover(work, AGAIN, work.one(Order, cover.order_id), cover, asked.now))


# ── back sooner ───────────────────────────────────────────────────────────────────────────────────────────────────
class CoveredForLapse(Refused):
    """Evidence lapsed: whoever it is comes again once the evidence is there, not by coming back."""

    title = "This cover is for a lapse, not for an absence"


class ComeBack(Command):
    """The last day on which somebody else comes; the PA comes again from the next."""

    last_day: Day


# The order of whoever covers is only looked at: a visit recorded meanwhile, or its start, makes the save start again.
ITS_LISTING = by_key(Listing, lambda asked, work: work.one(Cover, asked.target).listing_id, stage=1)
COVERING = by_key(Order, lambda asked, work: work.one(Cover, asked.target).covering_order_id, hold=Hold.GLANCE)


@command(wants=(by_key(Cover), by_key(Consent, _its_app, hold=Hold.RELY), ITS_LISTING, COVERING))
def come_back(asked: Asked[ComeBack], work: UnitOfWork) -> Generator[Fact, None, Cover]:
    """Nobody comes in their place after that day: room and money are free from then on, and the order goes on as before."""
    cover = _of_whoever_is_back(asked, work, work.one(Cover, asked.target))
    match_version(asked, cover.version)
    refuse_unless(not cover.is_lapse, CoveredForLapse())
    COVERS.move(cover.state, "shorten")
    be_back_sooner(cover.first, cover.last, asked.body.last_day, asked.today)
    return (yield from cut_short(work, cover, asked.body.last_day, asked.today))


def _of_whoever_is_back(asked: Asked[Any], work: UnitOfWork, cover: Cover) -> Cover:
    """A PA says so of their own absence; a broker or app of whom they act for."""
    return consented(asked, work, cover) if supplier_of(asked.caller) is None else theirs(asked.caller, cover)
