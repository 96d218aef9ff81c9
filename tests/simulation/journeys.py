"""Which journeys are played? Councils, people and suppliers drawn from a seed; all synthetic.

Of every few journeys the first is long: several people, two lines, every fate, all of it at once. The others are short:
one person (or a few who buy together), one line, in as many chapters as there are steps to it. The same commands, facts,
timers and faults meet in both; what only several people of two councils can do to each other, the long ones show.

What a client asks depends only on the seed and on answers that are the same under every schedule: so that the same
journey may be played twice, once calmly and once in trouble, and must end in the same state.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from services.marketplace.rules.groups import Sharing
from services.marketplace.rules.visits import Outcome
from shared.contracts.base import Employer, Route, Slot, SupplierKind
from shared.testing.simulation.clients import Script, Until
from shared.testing.simulation.world import World
from tests.simulation.play.cast import (
    ABSENT,
    ANEW,
    COUNCILS,
    DEARER,
    LANES,
    OPENS,
    PRICE,
    STARTS,
    Group,
    Person,
    Supplier,
    at,
    starts,
)
from tests.simulation.play.competing import HOURS, Competing
from tests.simulation.play.deciding import Deciding
from tests.simulation.play.early import BEGINS, NEVER_BOUGHT, Early
from tests.simulation.play.falling_ill import FallingIll
from tests.simulation.play.planning import Planning
from tests.simulation.play.restricting import Restricting
from tests.simulation.play.together import Together

OF_THE_POOL = "pool"
"""Of the journeys with the council's own services half, by a chance of their own: other journeys stay as they were drawn."""
DRAWN = ("provider", "together", *(lane for lane in LANES if lane != OF_THE_POOL))
FATES = ("", "", "cancel", "cancel and order again", "end", "end", "dear")
LANES_ALONE = tuple(lane for lane, ways in LANES.items() if ways[0] == ways[1] and lane != OF_THE_POOL)
LIKELY = (Outcome.RECORDED, Outcome.RECORDED, Outcome.MISSED, Outcome.FRUSTRATED)
LONG_EVERY, EARLY_AT, ILL_AT, TOGETHER_AT, AWAY_AT = 8, 2, 3, 5, 6
"""Of so many journeys one is long, in one somebody is helped before any plan, in one somebody falls ill, in another people buy
together, and in one a PA is away, whatever is drawn."""
DECIDED_EVERY, STOPS_AT, BACK_AT, COMPETES_AT, ILL_ANEW_AT = 16, 7, 9, 10, 3
"""Of so many in one a direct payment is stopped, in another a claim that was paid is lowered, in one suppliers compete (there
nobody is helped before a plan), and in one the plan of somebody who is ill is agreed anew."""
PAID_TO_THEM = ("pa", "agency", "isf")
COUNCIL_MANAGED = ("provider", "in house")
EARLY = ("ended", NEVER_BOUGHT, "goes on", "goes on")
Chapter = tuple[datetime, dict[str, Callable[[], Script]]]


def is_long(journey: int) -> bool:
    return journey % LONG_EVERY == 0


class Journey(Planning, Competing, Together, Restricting, FallingIll, Deciding, Early):
    """Everything that clients do in one run, chapter by chapter. The clock moves between chapters only."""

    def __init__(self, seed: str, world: World) -> None:
        self.world, self.chance = world, Random(f"journey {seed}")
        self.long = is_long(int(seed))
        self.councils = COUNCILS[: self.chance.choice((1, 1, 1, 2)) if self.long else 1]
        people = self.chance.choice((1, 1, 1, 1, 2, 2, 3)) if self.long else 1
        self.framework = self.chance.choice(("", "", "", "obliged", "asked"))
        self.races = not self.framework and self.chance.random() < 0.25
        self.ends = STARTS + timedelta(days=self.chance.choice((20, 40, 42)))
        drawn = self.chance.choice(DRAWN if self.long else LANES_ALONE)
        if int(seed) % LONG_EVERY == TOGETHER_AT:
            self.framework, self.races, drawn = "", False, "together"
        self.falls_ill = int(seed) % LONG_EVERY == ILL_AT
        if self.falls_ill:
            self.framework, self.races, drawn = "", False, self.chance.choice(PAID_TO_THEM)
        self.away = int(seed) % LONG_EVERY == AWAY_AT
        if self.away:
            self.framework, self.races, drawn = "", False, "pa"
        self.decides = int(seed) % DECIDED_EVERY
        if self.decides in (STOPS_AT, BACK_AT, COMPETES_AT):
            self.framework, self.races = "", False
            drawn = self.chance.choice(("pa", "agency")) if self.decides == STOPS_AT else "provider"
        if self.decides == ILL_ANEW_AT:
            drawn = self.chance.choice(("agency", "isf"))
        if self.decides == STOPS_AT:
            self.ends = STARTS + timedelta(days=42)
        self.early = int(seed) % LONG_EVERY == EARLY_AT and self.decides != COMPETES_AT
        if self.early:
            self.framework, self.races, drawn = "", False, self.chance.choice(COUNCIL_MANAGED)
        self.lane = "provider" if self.framework or self.races else drawn
        if self.lane == "in house" and Random(f"pool {seed}").random() < 0.5:
            self.lane = OF_THE_POOL
        people = people + 1 if self.lane == "together" else people
        self.people = [self._in_lane(self._person(council, n)) for council in self.councils for n in range(people)]
        self.together = [self._group(one) for one in self.councils] if self.lane == "together" else []
        self.closes = Random(f"closes {seed}").random() < 0.2
        self.suppliers = [one for council in self.councils for one in self._suppliers(council)]

    def _in_lane(self, one: Person) -> Person:
        chance = self.chance
        if self.away or self.decides in (STOPS_AT, BACK_AT, COMPETES_AT, ILL_ANEW_AT):
            one = replace(one, buys=True, late=False)
        if self.decides == ILL_ANEW_AT:
            one = replace(one, fate="")
        if self.decides in (STOPS_AT, BACK_AT, COMPETES_AT):
            one = replace(one, fate="", lines=1, outcomes=(Outcome.RECORDED, *one.outcomes[1:]))
        ways = LANES[self.lane]
        lines = 2 if ways[0] != ways[1] else one.lines
        late, absent = chance.random() < 0.6, chance.random() < 0.5
        if self.falls_ill:
            one = replace(one, late=False)
        by_payment = ways[0][1] is Route.DIRECT_PAYMENT and not one.late
        anew = chance.choice(("", "changed", "left out"))
        stays = one.buys and not one.late and one.fate in ("", "dear") and not self.races and not self.framework
        stays = (
            stays
            and (not self.falls_ill or self.decides == ILL_ANEW_AT)
            and not self.away
            and self.decides not in (STOPS_AT, COMPETES_AT)
        )
        anew = anew if stays and (lines == 2 or anew == "changed") else ""
        anew = "changed" if self.decides == ILL_ANEW_AT else anew
        late = late and self.decides != STOPS_AT
        one = replace(one, lane=self.lane, lines=lines, decided_late=late and by_payment, anew=anew)
        paid_to_them = any(route is not Route.COUNCIL_MANAGED for _, route in ways[:lines])
        may_fall_ill = paid_to_them and one.buys and not one.late and not self.away
        may_fall_ill = may_fall_ill and self.decides != STOPS_AT
        may_fall_ill = may_fall_ill and (not anew or (anew == "changed" and self.decides == ILL_ANEW_AT))
        ill = self._ill(one) if may_fall_ill else ""
        beside = self._beside(one)
        absent = self.away or (absent and not ill) or (bool(ill) and not anew and beside.random() < 0.5)
        return self._helped_early(self._with_what_is_decided(replace(one, ill=ill, absent=absent), beside))

    def _helped_early(self, one: Person) -> Person:
        """By a chance of its own, too."""
        chance = Random(f"early {one.name} {self.ends} {one.outcomes} {one.fate}")
        may_be = self.lane in COUNCIL_MANAGED and not self.framework and not self.races and not one.competes
        if not may_be or not (self.early or chance.random() < 0.25):
            return one
        until = BEGINS + timedelta(days=chance.choice((6, 17)))
        outcomes = tuple(chance.choice(LIKELY) for _ in range(3))
        early, urgent, whose = chance.choice(EARLY), chance.random() < 0.5, chance.choice((0, 1))
        return replace(one, early=early, urgent=urgent, early_until=until, early_from=whose, early_outcomes=outcomes)

    def _beside(self, one: Person) -> Random:
        """What is drawn with this is drawn by a chance of its own: all else is as if it had not been."""
        return Random(f"beside {one.name} {self.ends} {one.outcomes} {one.fate} {self.lane}")

    def _with_what_is_decided(self, one: Person, chance: Random) -> Person:
        """Decisions about support that runs by itself otherwise."""
        plain = one.buys and not one.late and not one.anew and not self.races
        by_payment = any(route is Route.DIRECT_PAYMENT for _, route in LANES[one.lane][: one.lines])
        nominee = by_payment and chance.random() < 0.4
        stopped = plain and by_payment and not one.ill and not one.decided_late
        stopped = stopped and (chance.random() < 0.4 or self.decides == STOPS_AT)
        asked_back = one.buys and not one.late and not self.races and one.lane != "together"
        asked_back = asked_back and (chance.random() < 0.4 or self.decides == BACK_AT)
        competes = (
            plain and one.lane == "provider" and one.lines == 1 and not self.framework and one.fate in ("", "end")
        )
        competes = competes and not self.early and (chance.random() < 0.6 or self.decides == COMPETES_AT)
        return replace(one, nominee=nominee, stopped=stopped, asked_back=asked_back, competes=competes)

    def _ill(self, one: Person) -> str:
        """By a chance of its own: what else is drawn for the journey is as if nobody fell ill."""
        return Random(f"ill {one.name} {self.ends} {one.outcomes} {one.fate}").choice(
            ("", "until", "until", "sooner", "sooner")
        )

    def _group(self, council: str) -> Group:
        """Whoever buys at all buys together, at the same times, and stays as long as they need."""
        chance, them = self.chance, [one for one in self.people if one.council == council]
        weekdays = (0, chance.choice((2, 4)))
        for n, one in enumerate(them):
            one.buys, one.lines, one.fate, one.anew = one.buys or n < 2, 1, "", ""
            one.slots = tuple(
                slot.model_copy(update={"weekday": day}) for slot, day in zip(one.slots, weekdays, strict=False)
            )
            one.leaves = chance.choice(("", "", "early", "midway", "end"))
            one.alone = one.leaves == "early" and chance.random() < 0.5
        outcomes = tuple(chance.choice(LIKELY) for _ in range(5))
        names = tuple(one.name for one in them if one.buys)
        asked = chance.choice(((0,), (1,), (2,), (1, 0), (2, 0)))
        return Group(council, names, chance.choice(list(Sharing)), asked, outcomes, chance.random() < 0.3)

    def _suppliers(self, council: str) -> Iterator[Supplier]:
        """Two at the same price, and a dearer one; of PAs, as many for each person, and the council's pool."""
        kind, _ = LANES[self.lane][0]
        if kind is SupplierKind.PA and self.lane != OF_THE_POOL:
            for one in (one for one in self.people if one.council == council):
                yield from self._pas(one)
            yield Supplier(council, "Synthetic Pool", PRICE, SupplierKind.PA, Employer.POOL)
        else:
            for n in range(3):
                price, pool = PRICE + DEARER * (n == 2), self.lane == OF_THE_POOL
                location, employer = (None, Employer.POOL) if pool else (f"1-10000000{n}", None)
                yield Supplier(council, f"Synthetic {n}", price, kind, employer, location=location)
        if self.lane == "mixed":
            yield Supplier(council, "Synthetic In-house", PRICE, SupplierKind.IN_HOUSE)

    def _pas(self, one: Person) -> Iterator[Supplier]:
        lapses = self.chance.random() < 0.5
        for n in range(3 if self.long else 1):
            price = PRICE + DEARER * (n == 2)
            employer = Employer.NOMINEE if one.nominee else Employer.PERSON
            yield Supplier(
                one.council, f"Synthetic {n} of {one.name}", price, SupplierKind.PA, employer,
                lapses, works_for=one.name,
            )  # fmt: skip

    def _person(self, council: str, n: int) -> Person:
        chance = self.chance
        days = sorted(chance.sample(range(7), chance.choice((2, 2, 3))))
        minutes = chance.choice((35, 45, 60))
        slots = tuple(
            Slot(weekday=day, starts=starts(0), minutes=minutes, time_critical=chance.random() < 0.3) for day in days
        )
        lines = chance.choice((1, 1, 1, 2)) if self.long else 1
        outcomes = tuple(chance.choice(LIKELY) for _ in range(6))
        return Person(
            council, f"{council}-{n}", slots, lines, n == 0 or chance.random() < 0.7, chance.choice((0, 0, 1)),
            outcomes, chance.random() < 0.5, chance.random() < 0.25, chance.random() < 0.5, chance.choice(FATES),
        )  # fmt: skip

    def known(self) -> bytes:
        """What the clients know by now: the ids of what they have made."""
        return pickle.dumps((self.people, self.suppliers, self.together))

    def recall(self, known: bytes) -> None:
        self.people, self.suppliers, self.together = pickle.loads(known)

    @property
    def ends_by_schedule(self) -> bool:
        """Who wins a race is for the schedule to say; and, where the plan of somebody who is ill is agreed anew, whether a
        payment goes out by its timer or by the switch back, and up to which day the old order's switch is explained."""
        return self.races or any(one.ill and one.anew for one in self.people)

    def chapters(self) -> list[Chapter]:
        """Those in which anybody does anything."""
        return [chapter for chapter in self._chapters() if chapter[1]]

    def _chapters(self) -> Iterator[Chapter]:
        yield OPENS, {f"open {one}": partial(self.open, one) for one in self.councils}
        racing = self._twice(self.race) if self.races else {}
        buying = {**self._groups(self.buy_together), **racing}
        yield OPENS, self._early(self.ask_for_help)
        if self.long:
            yield OPENS, {**self._each(self.come_to_an_order), **self._apps(), **buying}
        else:
            yield OPENS, self._each(self.assess)
            yield OPENS, {**self._each(self.come_to_a_plan), **self._apps()}
            yield OPENS, {**self._each(self.buy), **buying}
        yield OPENS + timedelta(hours=HOURS + 1), self._those(self.award, lambda one: one.competes)
        yield at(BEGINS + timedelta(days=7), 1), self._early(self.deliver_early)
        cancelling = self._twice(self.cancel_at_once, "cancel") if self.races else {}
        soon = self._groups(partial(self.start_together, late=False), "start_together")
        yield at(STARTS, 6), {**self._each(self.start), **soon, **cancelling}
        weeks: dict[str, Callable[[], Script]] = {
            **self._each(self.deliver),
            **self._groups(self.deliver_together),
            **{f"restrict {one}": partial(self.restrict, one) for one in self.councils},
        }
        yield at(STARTS + timedelta(days=7), 1), weeks
        yield at(STARTS + timedelta(days=7), 3), self._who_is_ill(self.fall_ill)
        anew = self._anew(self.agree_and_buy_anew)
        yield at(ANEW - timedelta(days=1), 10), {**anew, **self._groups(self.leave_midway)}
        yield at(ANEW, 10), {**self._anew(self.start_anew), **self._groups(self.deliver_again)}
        away = any(one.absent and not one.late for one in self.people) and LANES[self.lane][0][0] is SupplierKind.PA
        yield at(ABSENT[1] + timedelta(days=1), 9), self._each(self.be_covered) if away else {}
        late = self._groups(partial(self.start_together, late=True), "start_late_together")
        alone = self._each(self.start_late) if any(one.late for one in self.people) else {}
        yield at(STARTS + timedelta(days=13), 9), {**alone, **late} if alone else {}
        yield at(STARTS + timedelta(days=16), 9), self._who_is_ill(self.recover)
        closes = self.closes and not any(
            one.early for one in self.people
        )  # not both: there is no plan to look at again
        decided = {
            **self._those(self.stop_payment, lambda one: one.stopped),
            **self._those(self.ask_back, lambda one: one.asked_back),
            **({f"close {one}": partial(self.decide_to_close, one) for one in self.councils} if closes else {}),
        }
        yield at(STARTS + timedelta(days=18), 9), decided
        ending = {**self._each(self.end), **self._groups(self.end_together)}
        some_time = {"time": lambda: self.let_time_pass(100 if self.long else 40)}
        over = self._early(self.end_at_last)
        yield at(self.ends, 9), {**self._each(self.review), **ending, **over, **some_time}

    def _apps(self) -> dict[str, Callable[[], Script]]:
        """Beside a person's own journey, and beside each other, apps are let see them, and are not any more."""
        pairs = [(one, n) for one in self.people[:1] for n in range(2 if self.long else 1)]
        return {f"app {n} of {one.name}": partial(self.let_see, one, f"app-{n}") for one, n in pairs}

    def _anew(self, does: Callable[[Person], Script]) -> dict[str, Callable[[], Script]]:
        return {f"{does.__name__} {one.name}": partial(does, one) for one in self.people if one.anew}

    def _those(
        self, does: Callable[[Person], Script], which: Callable[[Person], bool]
    ) -> dict[str, Callable[[], Script]]:
        return {f"{does.__name__} {one.name}": partial(does, one) for one in self.people if which(one)}

    def _early(self, does: Callable[[Person], Script]) -> dict[str, Callable[[], Script]]:
        return self._those(does, lambda one: bool(one.early))

    def ask_for_help(self, one: Person) -> Script:
        yield from self.register(one)
        yield from self.help_at_once(one)

    def start_late(self, one: Person) -> Script:
        """What takes the place of early support ends it."""
        yield from self.let_it_go_on(one)
        yield from super().start_late(one)
        yield from self.let_it_be_over(one)

    def _who_is_ill(self, does: Callable[[Person], Script]) -> dict[str, Callable[[], Script]]:
        return {f"{does.__name__} {one.name}": partial(does, one) for one in self.people if one.ill}

    def agree_and_buy_anew(self, one: Person) -> Script:
        yield from self.agree_anew(one)
        yield from self.buy_anew(one)

    def _each(self, does: Callable[[Person], Script]) -> dict[str, Callable[[], Script]]:
        return {f"{does.__name__} {one.name}": partial(does, one) for one in self.people}

    def _groups(self, does: Callable[[Group], Script], name: str = "") -> dict[str, Callable[[], Script]]:
        return {f"{name or does.__name__} {one.council}": partial(does, one) for one in self.together}

    def _twice(self, does: Callable[[Person, int], Script], fate: str = "") -> dict[str, Callable[[], Script]]:
        pairs = [(one, n) for one in self.people if one.buys and one.fate.startswith(fate) for n in range(2)]
        return {f"{does.__name__} {n} {one.name}": partial(does, one, n) for one, n in pairs}

    def open(self, council: str) -> Script:
        yield from self.open_market(council)
        if self.framework:
            yield from self.set_up_framework(council)

    def come_to_an_order(self, one: Person) -> Script:
        yield from self.assess(one)
        yield from self.come_to_a_plan(one)
        yield from self.buy(one)

    def come_to_a_plan(self, one: Person) -> Script:
        yield from self.hire(one)
        yield from self.plan(one)
        if not one.decided_late:
            yield from self.decide_payment(one)

    def let_time_pass(self, steps: int) -> Script:
        """Nobody asks for anything, and things go on."""
        until = self.world.steps + steps
        yield Until(lambda: not self.world.wild or self.world.steps >= until, "time")
