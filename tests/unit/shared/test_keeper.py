"""A process that is killed is replaced by its keeper; one that ends is not; and neither outlives the other unasked."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import pytest

from care.local.place import ROOT
from shared.keeper import DEATHS
from shared.runtime.crash import KILLED

SERVE = """
import os, signal, sys
from shared.keeper import Keeper
{more}
def serve():
    print(os.getpid(), flush=True)
    {what}
{kind}(serve).keep()
sys.exit(7)
"""
LATE = """
class Late(Keeper):
    def _dies_often(self):
        os.kill(os.getpid(), signal.SIGTERM)
        return False
"""
"""A keeper that is told to end when it has decided to fork another."""


@contextmanager
def kept_by(what: str, kind: str = "Keeper", more: str = "") -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", SERVE.format(what=what, kind=kind, more=more)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as one:
        try:
            yield one
        finally:
            one.kill()


@pytest.fixture
def keeper() -> Iterator[subprocess.Popen[str]]:
    with kept_by("signal.pause()") as one:
        yield one


def kept(keeper: subprocess.Popen[str]) -> psutil.Process:
    """The next one that says its pid."""
    assert keeper.stdout
    while not (line := keeper.stdout.readline().strip()).isdigit():  # the keeper's own log is between
        assert line
    return psutil.Process(int(line))


def test_who_is_killed_is_replaced(keeper: subprocess.Popen[str]) -> None:
    first = kept(keeper)
    first.kill()
    second = kept(keeper)
    assert first.pid != second.pid
    assert second.ppid() == keeper.pid


@pytest.mark.parametrize("order", [signal.SIGTERM, signal.SIGINT])
def test_an_order_to_end_ends_both(keeper: subprocess.Popen[str], order: signal.Signals) -> None:
    one = kept(keeper)
    keeper.send_signal(order)
    assert keeper.wait(10) == 128 + signal.SIGTERM
    assert not one.is_running()


def test_an_order_that_comes_between_a_death_and_the_next_fork_ends_both() -> None:
    """Nobody is there to pass it on to at that moment: the next one is told."""
    with kept_by("signal.pause()", "Late", LATE) as one:
        first = kept(one)
        first.kill()
        assert one.wait(10) == 128 + signal.SIGTERM


def test_who_is_kept_ends_with_its_keeper(keeper: subprocess.Popen[str]) -> None:
    one = kept(keeper)
    keeper.kill()
    gone, _ = psutil.wait_procs([one], timeout=10)
    assert gone == [one]


def test_who_ends_by_itself_is_not_replaced_and_its_status_is_the_keepers() -> None:
    with kept_by("sys.exit(3)") as one:
        assert one.wait(10) == 3
    with kept_by("pass") as one:
        assert one.wait(10) == 7


def test_who_only_dies_again_is_left_to_whoever_runs_the_keeper() -> None:
    with kept_by("os.kill(os.getpid(), signal.SIGKILL)") as one:
        assert one.wait(10) == KILLED
        assert one.stdout
        assert sum(line.strip().isdigit() for line in one.stdout) == DEATHS
