"""Do the services hold whatever happens, in whatever order? Many schedules of many journeys, each replayed from its seed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.simulation.catching import caught_by
from tests.simulation.journeys import LONG_EVERY, is_long
from tests.simulation.planted import PLANTED
from tests.simulation.runs import play, quiet
from tests.simulation.seeds import SCHEDULES, run_seed, seeds_from
from tests.simulation.states import digest_of, state_of

ROOT = Path(__file__).parents[2]
RUNS = 200
"""In the suite: every schedule of five journeys. `make simulate RUNS=20000` is the long form."""


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with quiet():
        yield


def test_every_run_holds_and_ends_as_its_calm_journey_does() -> None:
    for seed in range(RUNS):
        verdict = run_seed(seed)
        assert verdict.holds, f"python -m tests.simulation --runs 1 --seed {seed}: {verdict.wrong}"


def test_a_seed_is_played_again_bit_for_bit() -> None:
    one, other = play(0, 7), play(0, 7)

    assert one.trace == other.trace
    assert digest_of(state_of(one.world)) == digest_of(state_of(other.world))
    assert play(0, 8).trace != one.trace


def test_a_seed_is_played_again_in_another_process() -> None:
    command = [sys.executable, "-m", "tests.simulation", "--runs", "1", "--seed", "7"]
    said = [_say(command, hash_seed) for hash_seed in ("1", "2")]

    assert said[0][0].startswith("trace ")
    assert said[0][0] == said[1][0]
    assert all(lines[-1].startswith("PASS 1 runs") for lines in said)


def test_many_seeds_are_shared_out_among_workers() -> None:
    said = _say([sys.executable, "-m", "tests.simulation", "--runs", "24", "--seed", "113"], "0")

    assert said[-1].startswith("PASS 24 runs, seeds 113 to 136")


def test_long_journeys_are_played_alone_where_that_is_asked_for() -> None:
    seeds = seeds_from(SCHEDULES - 1, 2 + SCHEDULES, long=True)

    assert {is_long(seed // SCHEDULES) for seed in seeds} == {True}
    assert (seeds[0], len(seeds), len(set(seeds))) == (SCHEDULES - 1, 2 + SCHEDULES, 2 + SCHEDULES)
    assert seeds[1] == LONG_EVERY * SCHEDULES


def _say(command: list[str], hash_seed: str) -> list[str]:
    where = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(command, cwd=ROOT, env=where, capture_output=True, text=True, check=True, timeout=300)
    return done.stdout.splitlines()


def test_trouble_is_met_in_the_runs_that_hold() -> None:
    met = {name for schedule in range(5) for name in play(0, schedule).world.counts}

    assert {"kill", "kill_all", "lose", "rebalance", "zombie", "ask_again"} <= met


CAUGHT_BY = {
    "no_inbox": {"nothing_is_parked", "same_end_as_calm"},
    "float_money": {"money_is_counted_in_whole_pence"},
    "timers_do_not_wait": {"alerts_follow_from_facts"},
    "relay_reads_on_from_its_last": {"outboxes_are_empty", "stuck"},
    "place_without_its_lock": {"places_are_contiguous", "readers_have_heard_all", "nothing_is_parked", "stuck"},
    "same_four_weeks_paid_twice": {"no_day_is_paid_for_twice"},
    "spent_beyond_and_not_disputed": {"each_account_is_posted_once"},
    "return_comes_out_of_nothing": {"what_was_paid_out_is_somewhere", "paused", "nothing_is_parked"},
    "visit_posted_twice": {"nothing_delivered_is_posted_twice"},
    "odd_penny_lost": {"shares_of_a_group_add_up", "shares_of_a_visit_add_up"},
    "new_share_a_week_late": {"what_is_set_aside_follows_the_price"},
    "new_price_half_heard": {"each_commitment_is_at_its_orders_price"},
    "paid_ahead_and_forgotten": {"each_day_is_paid_by_one_route"},
    "cover_by_sevenths_of_a_week": {"a_cover_costs_its_visits"},
    "cover_is_no_reason": {"alerts_follow_from_facts"},
    "early_visit_posted_twice": {"each_early_visit_is_posted_once_to_its_own_purse"},
    "early_support_keeps_what_it_does_not_need": {"an_early_purse_has_what_its_orders_cost"},
    "early_support_goes_on_and_its_money_does_not": {"early_support_waits_for_no_money", "stuck"},
    "stopped_and_paid_all_the_same": {"nothing_goes_out_after_a_stop"},
    "nominee_left_out": {"whoever_is_paid_employs"},
    "switch_stays_behind": {"a_line_in_another_s_place_is_switched_with_it", "stuck"},
    "half_a_refund": {"what_was_lowered_is_owed_back"},
    "awarded_at_another_price": {"a_competition_is_awarded_at_an_answer"},
    "closing_ends_support": {"a_closure_ends_nobody_s_support"},
    "undo_missing": {"each_command_acted_once", "unexpected", "same_end_as_calm", "stuck"},
}
"""By which check, for those faults that have one of their own."""


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_caught_by_the_checks_of_a_few_journeys(fault) -> None:  # type: ignore[no-untyped-def]
    verdict = caught_by(fault, by=CAUGHT_BY.get(fault.__name__))

    assert verdict is not None, f"{fault.__name__} was not caught"
