"""What must hold at the end of every run? Written apart from the product: from rows and facts alone.

Each is a generator of what is wrong, in words that hold no content. Its name is the name of the invariant.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from shared.clock import LONDON
from shared.contracts.base import topic_of
from shared.testing.simulation.parts import Home
from shared.testing.simulation.world import World
from tests.simulation.ahead import PAID_AHEAD, ahead_orders
from tests.simulation.decided import DECISIONS
from tests.simulation.early import EARLY, expected_of_early
from tests.simulation.market import MARKET
from tests.simulation.one_route import ONE_ROUTE
from tests.simulation.runs import Played
from tests.simulation.shared_out import SHARED_OUT
from tests.simulation.states import digest_of, facts, rows, state_of
from tests.simulation.telling import TELLING

Wrong = Iterator[str]
ACCOUNTS = ("allocated", "contribution", "available", "committed", "delivered", "disputed", "paid", "accounted_for",
            "reserved", "returned", "owed_back")  # fmt: skip
CREDITS = ("allocated", "contribution", "disputed")


# ── the runtime's promises ────────────────────────────────────────────────────────────────────────────────────────
def nothing_is_parked(played: Played) -> Wrong:
    for name, home in played.world.homes.items():
        for row in home.database.rows("parked").values():
            yield f"{name} parked {row['type']} at place {row['place']}: {row['code']} {row['detail']}"
        for row in home.database.rows("due").values():
            if row["code"] is not None:
                yield f"{name} parked its timer {row['name']}: {row['code']}"
        for key, standing in home.database.rows("inbox").items():
            if standing[2] or standing[3]:
                yield f"{name} holds {key[1:]}"


def outboxes_are_empty(played: Played) -> Wrong:
    for name, home in played.world.homes.items():
        if home.database.rows("outbox"):
            yield f"{name} has {len(home.database.rows('outbox'))} unpublished"


def places_are_contiguous(played: Played) -> Wrong:
    """From 1, one fact a place (or two versions of it), and the speaker's own count."""
    places: dict[tuple[str, str, str], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for (source, council, subject, place, _), said in facts(played.world).items():
        places[source, council, subject][place].add(said["ce_id"])
    for line, found in places.items():
        if sorted(found) != list(range(1, len(found) + 1)) or any(len(ids) > 1 for ids in found.values()):
            yield f"places of {line} are {sorted(found)}"
        if played.world.homes[line[0]].database.rows("place").get(line[1:]) != len(found):
            yield f"{line} was said {len(found)} times and counted otherwise"


def each_place_says_one_thing(played: Played) -> Wrong:
    """A fact that was published twice was the same fact both times."""
    said: dict[tuple[str, ...], bytes] = {}
    for records in played.world.log.stored.values():
        for record in (one for one in records if one.headers):
            head = dict(record.headers)
            ident = tuple(
                head[name].decode() for name in ("ce_source", "ce_council", "ce_subject", "ce_sequence", "ce_type")
            )
            if said.setdefault(ident, record.value) != record.value:
                yield f"{ident} says two things"


def readers_have_heard_all(played: Played) -> Wrong:
    """Every reader stands at the speaker's last place, for every subject of every service it listens to."""
    for name, home in played.world.homes.items():
        for source in home.service.hears:
            for (council, subject), last in played.world.homes[source].database.rows("place").items():
                standing = home.database.rows("inbox").get((name, source, council, subject))
                if (standing or (0,))[0] != last:
                    yield f"{name} heard {standing} of {last} from {source} about {subject}"
        yield from _unread(played.world, home)


def _unread(world: World, home: Home) -> Wrong:
    read = home.database.rows("reader_offset")
    for at, records in world.log.stored.items():
        if at.topic in map(topic_of, home.service.hears) and read.get((home.service.name, *at), 0) != len(records):
            yield f"{home.service.name} has read {read.get((home.service.name, *at), 0)} of {len(records)} in {at}"


def each_command_acted_once(played: Played) -> Wrong:
    """One answer a key, kept; a line in the access log at least; the facts it caused were each said once."""
    asked = {
        (ask.caller.client_id, key, ask.caller.council): ask
        for actor in played.world.everybody
        for ask, key in actor.sent
    }
    kept = [(key, home) for home in played.world.homes.values() for key in home.database.rows("answer")]
    if Counter(key for key, _ in kept) != Counter(list(asked)):
        yield f"{len(asked)} commands were answered, {len(kept)} answers are kept"
    looks = sum(len(home.database.rows("access_log")) for home in played.world.homes.values())
    if looks < len(asked):  # a command that broke, and was asked again, was a look, too
        yield f"{len(asked)} commands, {looks} lines in the access logs"
    ids = Counter((said["ce_id"], said["ce_type"]) for said in facts(played.world).values())
    for (ident, name), times in ids.items():
        if times > 1:
            yield f"{name} {ident} was said {times} times"


def no_council_meets_another(played: Played) -> Wrong:
    """Every id a council's row or fact holds belongs to that council: no id is ever seen in two."""
    seen: dict[str, str] = {}
    for (_, council, _, _, _), said in facts(played.world).items():
        for ident in _ids(said["body"]):
            if seen.setdefault(ident, council) != council:
                yield f"{said['ce_type']} of {council} holds an id of {seen[ident]}"
    for name, home in played.world.homes.items():
        for table, kind in home.statements.kinds.kinds.items():
            at = [column.name for column in kind.columns].index("council_id")
            for values in home.database.rows(table).values():
                for ident in (str(value) for value in values if isinstance(value, UUID)):
                    if seen.setdefault(ident, values[at]) != values[at]:
                        yield f"{name}.{table} of {values[at]} holds an id of {seen[ident]}"


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _ids(each)
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)
    elif isinstance(value, str) and len(value) == 36 and value.count("-") == 4:
        yield value


# ── money ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def journals_sum_to_zero(played: Played) -> Wrong:
    """And numbered from 1 without a gap, in each purse."""
    numbers: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row in rows(played.world, "budget", "journal"):
        numbers[row["budget_id"], row["year"]].append(row["number"])
        if sum(row[account] for account in ACCOUNTS) or any(not isinstance(row[account], int) for account in ACCOUNTS):
            yield f"a journal ({row['verb']}) does not sum to zero in whole pence"
    for found in numbers.values():
        if sorted(found) != list(range(1, len(found) + 1)):
            yield f"journals are numbered {sorted(found)}"


def purses_are_their_journals(played: Played) -> Wrong:
    """Balances follow from the journals; nothing below zero; no commitment beyond the allocation."""
    sums: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for row in rows(played.world, "budget", "journal"):
        for account in ACCOUNTS:
            sums[row["budget_id"], row["year"]][account] += -row[account] if account in CREDITS else row[account]
    for purse in rows(played.world, "budget", "purse"):
        found = sums.pop((purse["budget_id"], purse["year"]), Counter())
        if any(purse[account] != found[account] for account in ACCOUNTS):
            yield "a purse is not what its journals come to"
        if any(purse[account] < 0 for account in ACCOUNTS):
            yield "a balance is below zero"
        if purse["available"] + purse["committed"] > purse["allocated"] + purse["contribution"]:
            yield "more is committed than was allocated"
    if sums:
        yield "there are journals without a purse"


def money_is_counted_in_whole_pence(played: Played) -> Wrong:
    """Each order, visit and payment by our own arithmetic: minutes times price over 60, half up. Shares of what is bought
    together are looked at as such (`shared_out.py`)."""
    orders = [row for row in rows(played.world, "marketplace", "order") if row["group_id"] is None]
    for row in orders:
        if row["weekly_pence"] != _half_up(row["weekly_minutes"] * row["hourly_pence"], 60):
            yield f"an order of {row['weekly_minutes']} minutes is {row['weekly_pence']} pence a week"
    prices = {row["order_id"]: row["hourly_pence"] for row in orders}
    for row in (one for one in rows(played.world, "marketplace", "visit") if one["order_id"] in prices):
        if row["pence"] != _half_up(row["minutes"] * prices[row["order_id"]], 60):
            yield f"a visit of {row['minutes']} minutes is worth {row['pence']} pence"
    paid, ahead = Counter[Any](), ahead_orders(played)
    owed = {
        row["claim_id"]: row["pence"]
        for row in rows(played.world, "marketplace", "claim")
        if row["state"] == "paid" and row["order_id"] not in ahead
    }
    for row in rows(played.world, "budget", "journal"):
        if row["paid"] and row["order_id"] not in ahead:
            paid[row["about"]] += row["paid"]
    if paid != Counter({claim: pence for claim, pence in owed.items() if pence}):
        yield "what was paid is not what was owed"


def _half_up(amount: int, by: int) -> int:
    return (2 * amount + by) // (2 * by)


# ── alerts ────────────────────────────────────────────────────────────────────────────────────────────────────────
LOOKED_AT_ELSEWHERE = ("restriction_review_due", "budget_still_short")
"""By safeguarding's own tests: whether a plan is short again once a service closes hangs on the whole market."""


def alerts_follow_from_facts(played: Played) -> Wrong:
    """The alerts there are, and their evidence, are those an oracle finds in the facts on the log."""
    kept = Counter(
        (row["rule"], str(row["person_id"] or row["supplier_id"]), frozenset(json.loads(row["evidence"])))
        for row in rows(played.world, "safeguarding", "alert")
        if row["rule"] not in LOOKED_AT_ELSEWHERE
    )
    expected = Counter(_expected(played))
    for alert in sorted((kept - expected) + (expected - kept), key=str):
        yield f"{'not called for' if alert in kept else 'missing'}: {alert[0]} about {alert[1]}"


Expected = tuple[str, str, frozenset[str]]


def _expected(played: Played) -> Iterator[Expected]:
    missed: dict[str, dict[str, Any]] = {}
    covered = _covered_days(played)
    agreed: dict[str, dict[str, Any]] = {}
    started: set[str] = set()
    for said in facts(played.world).values():
        body = said["body"]
        if said["ce_type"] == "marketplace.visit_missed.v1" and (
            (body["order_id"], _london(body["planned_at"])) not in covered
        ):
            missed[body["visit_id"]] = body | {"day": _london(body["planned_at"])}
        if said["ce_type"] == "assessment.plan_agreed.v1":
            agreed[body["plan_id"]] = body
        if said["ce_type"] == "marketplace.support_started.v1":
            started.add(body["plan_id"])
        if said["ce_type"] == "marketplace.order_continued.v1" and body["started_on"]:
            started.add(body["plan_id"])
        yield from _at_once(said["ce_type"], body)
    yield from _undelivered(played)
    yield from expected_of_early(played)
    yield from _critical(missed)
    yield from _patterns(missed)
    for plan, body in agreed.items():
        look = max(
            date.fromisoformat(body["agreed_on"]) + timedelta(28), date.fromisoformat(body["starts_on"]) + timedelta(1)
        )
        if plan not in started and look <= played.world.now.astimezone(LONDON).date():
            yield "nothing_started", body["person_id"], frozenset({plan})


def _covered_days(played: Played) -> set[tuple[str, date]]:
    """The days of an order on which somebody else was to come. In every journey a PA's misses of such days are told last."""
    bodies = [(said["ce_type"].split(".")[1], said["body"]) for said in facts(played.world).values()]
    spells = {
        body["order_id"]: (body["covers_order_id"], body["starts_on"], body["ends_on"])
        for name, body in bodies
        if name == "order_placed" and body["covers_order_id"]
    }
    sooner = {body["covering_order_id"]: body["last_day"] for name, body in bodies if name == "cover_ended"}
    never = {body["order_id"] for name, body in bodies if name == "order_cancelled"}
    found = set[tuple[str, date]]()
    for own, (order, first, last) in spells.items():
        day, until = date.fromisoformat(first), date.fromisoformat(sooner.get(own, last))
        while day <= until and own not in never:
            found.add((order, day))
            day += timedelta(days=1)
    return found


def _at_once(name: str, body: dict[str, Any]) -> Iterator[Expected]:
    """Facts that are an alert by themselves."""
    if name == "marketplace.evidence_lapsed.v1" and body["running_orders"]:
        yield "evidence_lapsed", body["supplier_id"], frozenset({body["evidence_id"]})
    if name == "marketplace.evidence_lapsing.v1":
        yield "evidence_lapsing", body["supplier_id"], frozenset({body["evidence_id"]})
    if name == "budget.payment_withheld.v1" and body["because"]["code"] != "direct_payment_stopped":
        yield "payment_withheld", body["person_id"], frozenset({body["order_id"]})
    if name == "budget.funds_short.v1" and body["covers_order_id"]:
        yield "cover_short", body["person_id"], frozenset({body["order_id"]})
    if name == "marketplace.cover_not_found.v1":
        yield "cover_not_found", body["person_id"], frozenset({body["cover_id"]})
    for told, rule in (("restriction", "restriction_elsewhere"), ("lifting", "restriction_elsewhere_lifted")):
        if name == f"safeguarding.{told}_told.v1":
            yield rule, body["supplier_id"], frozenset({body["told_id"]})


def _undelivered(played: Played) -> Iterator[Expected]:
    """Money went out, nobody came in its weeks, and eight days later that is worth a look."""
    bodies = [(said["ce_type"], said["body"]) for said in facts(played.world).values()]
    stands_in = {
        body["order_id"]: body["covers_order_id"] for name, body in bodies if name == "marketplace.order_placed.v1"
    }
    came = {
        (order, _london(body["started_at"]))
        for name, body in bodies
        if name == "marketplace.visit_recorded.v1"
        for order in (body["order_id"], stands_in.get(body["order_id"]))
    }
    for paid in (body for name, body in bodies if name == "budget.money_paid_out.v1"):
        first, last = (date.fromisoformat(paid["period"][end]) for end in ("first", "last"))
        over = last + timedelta(8) <= played.world.now.astimezone(LONDON).date()
        if over and not any(order == paid["order_id"] and first <= day <= last for order, day in came):
            yield "nothing_delivered", paid["person_id"], frozenset({paid["payment_id"], paid["order_id"]})


def _critical(missed: dict[str, dict[str, Any]]) -> Iterator[Expected]:
    for visit, body in missed.items():
        if body["time_critical"]:
            yield "time_critical_visit_missed", body["person_id"], frozenset({visit})


def _patterns(missed: dict[str, dict[str, Any]]) -> Iterator[Expected]:
    """By brute force: every day a window may begin on, all misses within the seven days after it."""
    of_people: dict[tuple[str, date], set[str]] = defaultdict(set)
    of_suppliers: dict[tuple[str, date], set[str]] = defaultdict(set)
    for first in {body["day"] for body in missed.values()}:
        monday, last = first - timedelta(first.weekday()), first + timedelta(7)
        window = {visit: body for visit, body in missed.items() if first <= body["day"] <= last}
        hit, alone = (_hits(window, *by) for by in (("supplier_id", "person_id"), ("person_id",)))
        for (person,), visits in alone.items():
            if any(window[visit]["day"] == first for visit in visits):
                of_people[person, monday] |= visits
        for supplier in {supplier for supplier, _ in hit}:
            whole = [visits for (one, _), visits in hit.items() if one == supplier]
            if len(whole) >= 3 and any(window[visit]["day"] == first for visits in whole for visit in visits):
                of_suppliers[supplier, monday] |= set().union(*whole)
    for (person, _), visits in of_people.items():
        yield "visits_missed_by_person", person, frozenset(visits)
    for (supplier, _), visits in of_suppliers.items():
        yield "visits_missed_by_supplier", supplier, frozenset(visits)


def _hits(window: dict[str, dict[str, Any]], *by: str) -> dict[tuple[str, ...], set[str]]:
    """Two or more of a person's: whoever was to come, or of one supplier."""
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for visit, body in window.items():
        found[tuple(body[name] for name in by)].add(visit)
    return {key: visits for key, visits in found.items() if len(visits) >= 2}


def _london(instant: str) -> date:
    return datetime.fromisoformat(instant.replace("Z", "+00:00")).astimezone(LONDON).date()


# ── all together ──────────────────────────────────────────────────────────────────────────────────────────────────
INVARIANTS: tuple[Callable[[Played], Wrong], ...] = (
    nothing_is_parked,
    outboxes_are_empty,
    places_are_contiguous,
    each_place_says_one_thing,
    readers_have_heard_all,
    each_command_acted_once,
    no_council_meets_another,
    journals_sum_to_zero,
    purses_are_their_journals,
    money_is_counted_in_whole_pence,
    alerts_follow_from_facts,
    *MARKET,
    *EARLY,
    *PAID_AHEAD,
    *ONE_ROUTE,
    *SHARED_OUT,
    *TELLING,
    *DECISIONS,
)


def broken(played: Played, calm: str | None = None) -> list[tuple[str, str]]:
    """(invariant, what is wrong) of a run; `calm`, the state the same journey must end in."""
    found = [(one.__name__, wrong) for one in INVARIANTS for wrong in one(played)]
    if calm is not None and digest_of(state_of(played.world)) != calm:
        found.append(("same_end_as_calm", "another schedule of this journey ended in another state"))
    return found
