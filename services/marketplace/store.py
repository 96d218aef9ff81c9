"""What does marketplace ask its database, besides plain fetches by key? The only place with SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from services.marketplace.models import (
    Award,
    Choice,
    Claim,
    Closure,
    Competition,
    Cover,
    Evidence,
    Framework,
    GroupPurchase,
    Injury,
    Listing,
    Member,
    Offer,
    Order,
    PaidFamily,
    PayOfWorkers,
    Requirement,
    Restriction,
    Supplier,
    UnmatchedVisit,
    Visit,
)
from services.marketplace.rules.conditions import Made
from services.marketplace.rules.matching import Record
from shared.clock import civil_date
from shared.contracts.base import SupplierKind
from shared.db import Tx
from shared.runtime.reading import select, select_one


@dataclass(frozen=True, slots=True)
class Sight:
    """Who looks: a supplier sees its own alone, a brokerage app the people who consented to it, a practitioner's team the
    people whose plans it agreed; None narrows nothing. Who `commissions` sees every supplier, also a person's own PA."""

    supplier_id: UUID | None
    app: str | None
    team: str | None
    commissions: bool = False


# Row-level security shows one council; these narrow that to what the caller may see. $1 supplier, $2 app, $3 today,
# $4 team.
_CONSENTED = """($2::text is null or exists (select 1 from consent c where c.person_id = t.person_id
    and c.council_id = t.council_id and c.client_id = $2 and not c.withdrawn and (c.until is null or c.until >= $3::date)))"""
_OF_TEAM = """($4::text is null or exists (select 1 from requirement r where r.person_id = t.person_id
    and r.council_id = t.council_id and r.team = $4))"""
_OF_PERSON = f"$1::uuid is null and {_CONSENTED} and {_OF_TEAM}".replace("t.person_id", "t.for_person_id")
_THERE = f"(t.for_person_id is null or $5::bool or t.supplier_id = $1 or ({_OF_PERSON}))"
_SEEN = f"($1::uuid is null or t.supplier_id = $1) and {_CONSENTED} and {_OF_TEAM}"
_ASKED = f"""($1::uuid is null or exists (select 1 from offer o where o.requirement_id = t.requirement_id
    and o.council_id = t.council_id and o.supplier_id = $1)) and {_CONSENTED} and {_OF_TEAM}"""
_NO_APP = "($1::uuid is null or t.supplier_id = $1) and $2::text is null and $3::date is not null and $4::text is null"
MOST_CANDIDATES = 1000


def _by(sight: Sight, tx: Tx) -> tuple[object, ...]:
    return sight.supplier_id, sight.app, civil_date(tx.now), sight.team


def _market(sight: Sight, tx: Tx) -> tuple[object, ...]:
    return *_by(sight, tx), sight.commissions


# ── suppliers and listings ────────────────────────────────────────────────────────────────────────────────────────
async def supplier(tx: Tx, sight: Sight, supplier_id: UUID) -> Supplier | None:
    return await select_one(tx, Supplier, f"{_THERE} and t.supplier_id = $6", *_market(sight, tx), supplier_id)


async def suppliers(tx: Tx, sight: Sight, after: UUID, kind: str | None, limit: int) -> Sequence[Supplier]:
    where = f"""{_THERE} and t.supplier_id > $6 and ($7::text is null or t.supplier_kind = $7)
        order by t.supplier_id limit $8"""
    return await select(tx, Supplier, where, *_market(sight, tx), after, kind, limit)


async def listing(tx: Tx, sight: Sight, listing_id: UUID) -> Listing | None:
    return await select_one(tx, Listing, f"{_THERE} and t.listing_id = $6", *_market(sight, tx), listing_id)


async def listings(
    tx: Tx, sight: Sight, after: UUID, supplier_id: UUID | None, support: str | None, state: str | None, limit: int
) -> Sequence[Listing]:
    where = f"""{_THERE} and t.listing_id > $6 and ($7::uuid is null or t.supplier_id = $7)
        and ($8::text is null or t.support = $8) and ($9::text is null or t.state = $9) order by t.listing_id limit $10"""
    return await select(tx, Listing, where, *_market(sight, tx), after, supplier_id, support, state, limit)


async def evidence(tx: Tx, of: Supplier) -> Sequence[Evidence]:
    """All that was seen of a supplier, and of whoever employs them, the newest first."""
    where = "t.supplier_id = $1 or t.employer_id = $2 order by t.holds_from desc, t.evidence_id"
    return [each.at(of) for each in await select(tx, Evidence, where, of.supplier_id, of.employer_id)]


async def pay(tx: Tx, supplier_id: UUID) -> Sequence[PayOfWorkers]:
    """What was said of their pay, in the order of the days it holds from."""
    return await select(tx, PayOfWorkers, "t.supplier_id = $1 order by t.holds_from", supplier_id)


async def visits_made(tx: Tx, supplier_id: UUID, first: datetime, end: datetime) -> list[Made]:
    """A supplier's visits from `first` to before `end` of which it is known who came."""
    sql = """select worker, person_id, started_at, minutes from visit where supplier_id = $1 and outcome = 'recorded'
        and worker is not null and started_at >= $2 and started_at < $3"""
    return [Made(*row) for row in await tx.rows(sql, supplier_id, first, end)]


async def wage_of(tx: Tx, supplier_id: UUID) -> int | None:
    """What is agreed for an hour of a PA whom a person or a nominee employs: pence, of the latest order."""
    rows = await tx.rows(
        'select hourly_pence from "order" where supplier_id = $1 order by starts_on desc limit 1', supplier_id
    )
    return rows[0][0] if rows else None


async def injuries(tx: Tx, supplier_id: UUID) -> Sequence[Injury]:
    return await select(tx, Injury, "t.supplier_id = $1 order by t.happened_on desc, t.injury_id", supplier_id)


async def employs_since(tx: Tx, of: Supplier) -> date | None:
    """The first day on which support by this supplier began; of a PA by any whom the same employer employs."""
    sql = """select min(o.started_on) from "order" o where o.supplier_id = $1 or o.supplier_id in (
        select s.supplier_id from supplier s where s.employer_id = $2)"""
    rows = await tx.rows(sql, of.supplier_id, of.employer_id)
    first: date | None = rows[0][0]
    return first


async def closure(tx: Tx, closure_id: UUID) -> Closure | None:
    return await select_one(tx, Closure, "t.closure_id = $1", closure_id)


async def closures(tx: Tx, after: UUID, supplier_id: UUID | None, limit: int) -> Sequence[Closure]:
    where = "t.closure_id > $1 and ($2::uuid is null or t.supplier_id = $2) order by t.closure_id limit $3"
    return await select(tx, Closure, where, after, supplier_id, limit)


async def framework(tx: Tx, framework_id: UUID) -> Framework | None:
    return await select_one(tx, Framework, "t.framework_id = $1", framework_id)


async def frameworks(tx: Tx, after: UUID, support: str | None, limit: int) -> Sequence[Framework]:
    where = "t.framework_id > $1 and ($2::text is null or t.support = $2) order by t.framework_id limit $3"
    return await select(tx, Framework, where, after, support, limit)


# ── requirements, offers, orders ──────────────────────────────────────────────────────────────────────────────────
async def requirement(tx: Tx, sight: Sight, requirement_id: UUID) -> Requirement | None:
    return await select_one(tx, Requirement, f"{_ASKED} and t.requirement_id = $5", *_by(sight, tx), requirement_id)


async def requirements(
    tx: Tx, sight: Sight, after: UUID, state: str | None, person_id: UUID | None, limit: int
) -> Sequence[Requirement]:
    where = f"""{_ASKED} and t.requirement_id > $5 and ($6::text is null or t.state = $6)
        and ($7::uuid is null or t.person_id = $7) order by t.requirement_id limit $8"""
    return await select(tx, Requirement, where, *_by(sight, tx), after, state, person_id, limit)


async def award(tx: Tx, requirement_id: UUID) -> Award | None:
    """What a framework led to. Who may see the requirement, and is no supplier, may see it."""
    return await select_one(tx, Award, "t.requirement_id = $1", requirement_id)


async def choice(tx: Tx, order_id: UUID) -> Choice | None:
    """What the person chose. Who may see the order, and is no supplier, may see it."""
    return await select_one(tx, Choice, "t.order_id = $1", order_id)


# The few that serve the area come by an index, the others in the order of their ids. Rules decide on both, and say why.
_NOT_ANOTHERS = "(t.for_person_id is null or t.for_person_id = $1)"
_COULD = f"""{_NOT_ANOTHERS} and t.state = 'live' and t.room_minutes >= $5 and t.listing_id in (
    select s.listing_id from served s where s.area = $2 and s.support = $3 and s.supplier_kind = any($4::text[]))
    order by t.hourly_pence, t.listing_id limit $6"""
_OTHERS = f"{_NOT_ANOTHERS} and t.listing_id <> all($2::uuid[]) order by t.listing_id limit $3"


async def candidates(
    tx: Tx, requirement: Requirement, others: int = MOST_CANDIDATES
) -> tuple[Sequence[Listing], dict[UUID, Restriction]]:
    """Of all listings but PAs of other people: those that could take it on, as far as the database can tell, the cheapest
    first where there are more than a thousand, and so many others; with what restricts the suppliers behind them."""
    person_id, line = requirement.person_id, requirement.line
    kinds = [kind.value for kind in SupplierKind if requirement.any_kind or kind is line.kind_wanted]
    wanted = (requirement.area, line.support.value, kinds, line.weekly_minutes)
    could = await select(tx, Listing, _COULD, person_id, *wanted, MOST_CANDIDATES)
    rest = await select(tx, Listing, _OTHERS, person_id, [listing.listing_id for listing in could], others)
    found = [*could, *rest]
    ids = sorted({listing.supplier_id for listing in found})
    restricted = await select(tx, Restriction, "t.supplier_id = any($1::uuid[])", ids)
    return found, {each.supplier_id: each for each in restricted}


async def competition(tx: Tx, sight: Sight, competition_id: UUID) -> Competition | None:
    where = f"$1::uuid is null and {_CONSENTED} and {_OF_TEAM} and t.competition_id = $5"
    return await select_one(tx, Competition, where, *_by(sight, tx), competition_id)


async def offers_of(tx: Tx, competition_id: UUID) -> Sequence[Offer]:
    """Who may see the competition, and is no supplier, may see them."""
    return await select(tx, Offer, "t.competition_id = $1 order by t.offer_id", competition_id)


async def listed(tx: Tx, ids: Sequence[UUID]) -> tuple[dict[UUID, Listing], dict[UUID, Restriction]]:
    """These listings, and what restricts the suppliers behind them."""
    found = await select(tx, Listing, "t.listing_id = any($1::uuid[])", ids)
    suppliers = [each.supplier_id for each in found]
    restricted = await select(tx, Restriction, "t.supplier_id = any($1::uuid[])", suppliers)
    return {each.listing_id: each for each in found}, {each.supplier_id: each for each in restricted}


async def suppliers_of_person(tx: Tx, person_id: UUID) -> frozenset[UUID]:
    """Who supports this person already."""
    sql = """select distinct supplier_id from "order" where person_id = $1 and state = any($2::text[])"""
    return frozenset(row[0] for row in await tx.rows(sql, person_id, ["confirmed", "started"]))


async def records(tx: Tx, suppliers: Sequence[UUID], days: int) -> dict[UUID, Record]:
    """What became of these suppliers' own visits of so many days back: none of who called off, nobody without visits."""
    sql = """select o.supplier_id, count(*), count(*) filter (where v.outcome = 'missed') from "order" o
        join visit v on v.order_id = o.order_id and v.council_id = o.council_id
        and v.planned_at >= $2 and v.planned_at <= $3 and v.outcome <> 'cancelled'
        where o.supplier_id = any($1::uuid[]) group by o.supplier_id"""
    rows = await tx.rows(sql, suppliers, tx.now - timedelta(days=days), tx.now)
    return {row[0]: Record(row[1], row[2]) for row in rows}


async def paid_family(tx: Tx, person_id: UUID) -> PaidFamily | None:
    """That the council found it necessary that close family of this person is paid."""
    return await select_one(tx, PaidFamily, "t.person_id = $1", person_id)


async def to_be_reviewed(tx: Tx, closure: Closure) -> list[UUID]:
    """Who is there, and of whom no review was held since the closure was decided, or at all until it is."""
    sql = """select distinct o.person_id from "order" o where o.supplier_id = $1 and o.state = any($2::text[])
        and not exists (select 1 from reviewed r where r.person_id = o.person_id and r.council_id = o.council_id
        and ($3::date is null or r.held_on >= $3)) order by 1"""
    rows = await tx.rows(sql, closure.supplier_id, ["confirmed", "started"], closure.decided_on)
    return [row[0] for row in rows]


async def offer(tx: Tx, sight: Sight, offer_id: UUID) -> Offer | None:
    return await select_one(tx, Offer, f"{_SEEN} and t.offer_id = $5", *_by(sight, tx), offer_id)


async def offers(
    tx: Tx,
    sight: Sight,
    after: UUID,
    requirement_id: UUID | None,
    supplier_id: UUID | None,
    state: str | None,
    limit: int,
) -> Sequence[Offer]:
    where = f"""{_SEEN} and t.offer_id > $5 and ($6::uuid is null or t.requirement_id = $6)
        and ($7::uuid is null or t.supplier_id = $7) and ($8::text is null or t.state = $8)
        order by t.offer_id limit $9"""
    return await select(tx, Offer, where, *_by(sight, tx), after, requirement_id, supplier_id, state, limit)


async def order(tx: Tx, sight: Sight, order_id: UUID) -> Order | None:
    return await select_one(tx, Order, f"{_SEEN} and t.order_id = $5", *_by(sight, tx), order_id)


async def orders(
    tx: Tx, sight: Sight, after: UUID, person_id: UUID | None, plan_id: UUID | None, state: str | None, limit: int
) -> Sequence[Order]:
    where = f"""{_SEEN} and t.order_id > $5 and ($6::uuid is null or t.person_id = $6)
        and ($7::uuid is null or t.plan_id = $7) and ($8::text is null or t.state = $8) order by t.order_id limit $9"""
    return await select(tx, Order, where, *_by(sight, tx), after, person_id, plan_id, state, limit)


# Whoever sees one of those who share it.
_IN_GROUP = f"""($1::uuid is null or t.supplier_id = $1) and exists (select 1 from member m
    where m.group_id = t.group_id and m.council_id = t.council_id and {_CONSENTED} and {_OF_TEAM})""".replace(
    "t.person_id", "m.person_id"
)


async def group(tx: Tx, sight: Sight, group_id: UUID) -> GroupPurchase | None:
    return await select_one(tx, GroupPurchase, f"{_IN_GROUP} and t.group_id = $5", *_by(sight, tx), group_id)


async def groups(tx: Tx, sight: Sight, after: UUID, state: str | None, limit: int) -> Sequence[GroupPurchase]:
    where = f"""{_IN_GROUP} and t.group_id > $5 and ($6::text is null or t.state = $6) order by t.group_id limit $7"""
    return await select(tx, GroupPurchase, where, *_by(sight, tx), after, state, limit)


async def members(tx: Tx, group_id: UUID) -> Sequence[Member]:
    """All of them, also who left. For working out shares: who may see the group is shown how many, and nobody else."""
    return await select(tx, Member, "t.group_id = $1 order by t.requirement_id", group_id)


# Whoever covers sees it, too.
_COVERS = f"($1::uuid is null or t.supplier_id = $1 or t.covered_by = $1) and {_CONSENTED} and {_OF_TEAM}"


async def cover(tx: Tx, sight: Sight, cover_id: UUID) -> Cover | None:
    return await select_one(tx, Cover, f"{_COVERS} and t.cover_id = $5", *_by(sight, tx), cover_id)


async def covers(tx: Tx, sight: Sight, order_id: UUID) -> Sequence[Cover]:
    where = f"{_COVERS} and t.order_id = $5 order by t.asked_at, t.cover_id"
    return await select(tx, Cover, where, *_by(sight, tx), order_id)


# ── visits and claims ─────────────────────────────────────────────────────────────────────────────────────────────
async def visits(tx: Tx, order_id: UUID, first: datetime, end: datetime) -> Sequence[Visit]:
    """An order's visits planned from `first` to before `end`. Who may see the order may see them."""
    where = "t.order_id = $1 and t.planned_at >= $2 and t.planned_at < $3 order by t.planned_at, t.visit_id"
    return await select(tx, Visit, where, order_id, first, end)


async def visits_by_worker(tx: Tx, order_id: UUID) -> dict[str | None, int]:
    """How many visits each care worker made; of some nothing was said."""
    sql = "select worker, count(*) from visit where order_id = $1 and outcome = 'recorded' group by worker"
    return {row[0]: int(row[1]) for row in await tx.rows(sql, order_id)}


async def unmatched_visits(tx: Tx, sight: Sight, after: UUID, limit: int) -> Sequence[UnmatchedVisit]:
    """Nobody knows whose visits these are: no consent opens them to an app, and no team owns them."""
    where = f"{_NO_APP} and t.unmatched_id > $5 order by t.unmatched_id limit $6"
    return await select(tx, UnmatchedVisit, where, *_by(sight, tx), after, limit)


async def claim(tx: Tx, sight: Sight, claim_id: UUID) -> Claim | None:
    return await select_one(tx, Claim, f"{_SEEN} and t.claim_id = $5", *_by(sight, tx), claim_id)


async def claims(
    tx: Tx, sight: Sight, after: UUID, order_id: UUID | None, state: str | None, limit: int
) -> Sequence[Claim]:
    where = f"""{_SEEN} and t.claim_id > $5 and ($6::uuid is null or t.order_id = $6)
        and ($7::text is null or t.state = $7) order by t.claim_id limit $8"""
    return await select(tx, Claim, where, *_by(sight, tx), after, order_id, state, limit)
