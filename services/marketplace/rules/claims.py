"""Does what a supplier claims agree with what was recorded, and if not, where exactly?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.marketplace.rules.failures import Failure, NotSo
from services.marketplace.rules.visits import CAME, TOLERANCE, MatchedVisit, as_param
from shared.contracts.base import ClaimKind, Employer, EmployingCost, Period, Reason, Route, SupplierKind
from shared.explain import because
from shared.money import price_of


def kind_of_claim(route: Route, supplier: SupplierKind, employer: Employer | None = None) -> ClaimKind:
    """How what was delivered is claimed or accounted for follows from the route and who supplied it (DOMAIN's routes): what
    the council's own people did is recharged; out of a direct payment a PA's pay is returned, what others were paid is
    stated. A PA whom the council does not employ is paid by the council on an invoice."""
    if route is Route.ISF:
        return ClaimKind.ISF_STATEMENT
    if route is Route.DIRECT_PAYMENT:
        return ClaimKind.PAYROLL_RETURN if supplier is SupplierKind.PA else ClaimKind.STATEMENT
    invoices = supplier is SupplierKind.PROVIDER or employer in ELSEWHERE
    return ClaimKind.INVOICE if invoices else ClaimKind.INTERNAL_RECHARGE


ELSEWHERE = frozenset({Employer.PERSON, Employer.NOMINEE, Employer.NONE})


def route_on(route: Route, switched: Iterable[Period], day: date) -> Route:
    """An order's route on a day: for a time the council may manage it (ADR 18)."""
    managed = any(spell.first <= day <= spell.last for spell in switched)
    return Route.COUNCIL_MANAGED if managed else route


def claim_days_of_one_route(first: date, last: date, switched: Iterable[Period]) -> None:
    """One paper asks for money or accounts for it, never both: days before and after a switch are claimed apart. Raises
    PeriodNotClaimable, naming the first day of the other route."""
    turns = (day for spell in switched for day in (spell.first, spell.last + timedelta(days=1)))
    turn = min((day for day in turns if first < day <= last), default=None)
    if turn is not None:
        raise PeriodNotClaimable((Failure("period", "CLAIM-6", because("period_over_a_switch", day=turn.isoformat())),))


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One visit a supplier claims: when it was planned to start (or started), minutes, and pence for all of it."""

    at: datetime
    minutes: int
    pence: int


@dataclass(frozen=True, slots=True)
class Matched:
    """A claim beside the record; `differences` are in the order of time."""

    claimed_pence: int
    delivered_pence: int
    differences: tuple[Reason, ...]

    @property
    def difference_pence(self) -> int:
        """Above nothing where more is claimed than was delivered."""
        return self.claimed_pence - self.delivered_pence

    @property
    def verb(self) -> str:
        """What becomes of the claim: a difference of minutes is one even where the pence agree (our own rule)."""
        return "dispute" if self.differences else "accept"


def match_claim(
    lines: Sequence[ClaimLine],
    visits: Sequence[MatchedVisit],
    hourly_pence: int,
    claimed_before: frozenset[UUID] = frozenset(),
) -> Matched:
    """Put a claim's lines beside the visits recorded for its period. Any order of lines or visits gives the same.

    Visits `claimed_before` belong to an earlier claim: they are not owed again and not part of what was delivered here.
    """
    pairs = sorted(((line, _visit_of(line, visits)) for line in lines), key=_by_visit_best_first)
    said = [
        *_about_lines(pairs, hourly_pence, claimed_before),
        *_not_claimed({visit.plan.visit_id for _, visit in pairs if visit} | claimed_before, visits),
    ]
    ours = (visit for visit in visits if visit.plan.visit_id not in claimed_before)
    differences = tuple(reason for _, reason in sorted(said, key=lambda pair: (pair[0], repr(pair[1]))))
    return Matched(sum(line.pence for line in lines), sum(visit.pence for visit in ours), differences)


def why_not_settled(matched: Matched, pence: int, reason: str | None) -> Reason | None:
    """A disputed claim is settled with a reason, and for no more than was claimed or delivered (our own rule)."""
    most = max(matched.claimed_pence, matched.delivered_pence)
    if not reason:
        return because("reason_missing")
    if not 0 <= pence <= most:
        return because("outside_the_dispute", pence=pence, most_pence=most)
    return None


def differ(line: ClaimLine, visit: MatchedVisit, hourly_pence: int) -> Iterator[Reason]:
    """Where one line and its visit differ; minutes and price are told apart (our own rule)."""
    at = as_param(visit.plan.planned_at)
    if visit.outcome not in CAME:
        yield because("missed_visit_claimed", at=at, outcome=visit.outcome.value, claimed_pence=line.pence)
        return
    if line.minutes != visit.minutes:
        yield because("minutes_differ", at=at, claimed_minutes=line.minutes, recorded_minutes=visit.minutes)
    expected = visit.pence if line.minutes == visit.minutes else price_of(line.minutes, hourly_pence)
    if line.pence != expected:
        yield because("price_differs", at=at, claimed_pence=line.pence, agreed_pence=expected)


MOST_DAYS = 35
"""A claim is for five weeks at most, so that it can be read (our own operating threshold)."""


class PeriodNotClaimable(NotSo):
    """The days of a claim are reversed, not over yet, too many, or of two routes."""

    title = "This period cannot be claimed"


def claim_days_that_are_over(first: date, last: date, today: date) -> None:
    """What is claimed lies behind us (our own rule). Raises PeriodNotClaimable."""
    checks = (
        (last < first, "CLAIM-1", because("period_reversed")),
        (last > today, "CLAIM-2", because("period_not_over")),
        ((last - first).days >= MOST_DAYS, "CLAIM-3", because("period_too_long", most=MOST_DAYS)),
    )
    if found := tuple(Failure("period", rule, reason) for wrong, rule, reason in checks if wrong):
        raise PeriodNotClaimable(found)


class EmployingNotTaken(NotSo):
    """What a claim says of the cost of employing has no place in it."""

    title = "This claim cannot say what employing cost"


def say_what_employing_cost(lines: Sequence[EmployingCost], kind: ClaimKind) -> None:
    """Only a payroll return says it, each item once (RULES §4.2). Raises EmployingNotTaken, naming each line."""
    items = [line.item for line in lines]
    found = []
    for place, item in enumerate(items):
        if kind is not ClaimKind.PAYROLL_RETURN:
            found.append(Failure(f"employing[{place}]", "CLAIM-4", because("not_a_payroll_return", kind=kind.value)))
        elif item in items[:place]:
            found.append(Failure(f"employing[{place}].item", "CLAIM-5", because("said_twice", item=item.value)))
    if found:
        raise EmployingNotTaken(tuple(found))


SAID_AT_MOST = 100


def as_said(differences: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """As many differences as a fact carries, and how many more there are; the claim itself keeps them all."""
    more = len(differences) - SAID_AT_MOST
    return differences if more <= 0 else (*differences[:SAID_AT_MOST], because("and_more", more=more))


Dated = tuple[datetime, Reason]
Pair = tuple[ClaimLine, MatchedVisit | None]


def _about_lines(pairs: Iterable[Pair], hourly_pence: int, before: frozenset[UUID]) -> Iterator[Dated]:
    taken: set[UUID] = set()
    for line, visit in pairs:
        if visit is None:
            yield line.at, because("not_recorded", at=as_param(line.at), claimed_pence=line.pence)
        elif visit.plan.visit_id in before:
            at = visit.plan.planned_at
            yield at, because("claimed_before", at=as_param(at), claimed_pence=line.pence)
        elif visit.plan.visit_id in taken:
            at = visit.plan.planned_at
            yield at, because("claimed_twice", at=as_param(at), claimed_pence=line.pence)
        else:
            taken.add(visit.plan.visit_id)
            yield from ((visit.plan.planned_at, reason) for reason in differ(line, visit, hourly_pence))


def _not_claimed(claimed: set[UUID], visits: Iterable[MatchedVisit]) -> Iterator[Dated]:
    for visit in visits:
        if visit.pence and visit.plan.visit_id not in claimed:
            at = visit.plan.planned_at
            yield at, because("recorded_not_claimed", at=as_param(at), recorded_pence=visit.pence)


def _visit_of(line: ClaimLine, visits: Sequence[MatchedVisit]) -> MatchedVisit | None:
    """The visit planned nearest to the line within TOLERANCE, else the one that actually started nearest."""
    starts = [(False, visit.plan.planned_at, visit) for visit in visits]
    starts += [(True, visit.started_at, visit) for visit in visits if visit.started_at]
    near = [(actual, abs(line.at - start), visit) for actual, start, visit in starts]
    near = [one for one in near if one[1] <= TOLERANCE]
    return min(near, key=_nearness, default=(None, None, None))[2]


def _nearness(near: tuple[bool, timedelta, MatchedVisit]) -> tuple[bool, timedelta, datetime]:
    return (near[0], near[1], near[2].plan.planned_at)


def _by_visit_best_first(pair: Pair) -> tuple[datetime, bool, datetime, int, int]:
    """Of two lines for one visit the one that agrees with it is taken as the claim, the other as the repetition."""
    line, visit = pair
    agrees = visit is not None and (line.minutes, line.pence) == (visit.minutes, visit.pence)
    return (visit.plan.planned_at if visit else line.at, not agrees, line.at, line.minutes, line.pence)
