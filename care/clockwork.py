"""How does time pass in the sandbox? From one due time to the next in all services, letting each settle in between."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx2

from care.local.place import SERVICES
from care.local.trouble import Trouble
from care.sandbox import Sandbox
from shared.contracts.base import topic_of

SETTLE_SECONDS = 60.0
Clocks = dict[str, dict[str, Any]]


class Clockwork:
    """The business clocks of the four services of one sandbox."""

    def __init__(self, sandbox: Sandbox, told: Callable[[datetime], None] = lambda at: None) -> None:
        self.addresses, self.told = sandbox.addresses, told
        token = sandbox.token(role="ops", council="E99999999", sub="care")
        self.client = httpx2.Client(headers={"Authorization": f"Bearer {token}"}, timeout=10)

    def read(self) -> Clocks:
        return {name: self._get(name) for name in SERVICES}

    def now(self) -> datetime:
        """The clock furthest ahead."""
        return max(_instant(clock["now"]) for clock in self.read().values())

    def move(self, to: datetime) -> None:
        """Move all clocks to `to`, stopping wherever a timer falls due, so that what follows from it is heard in time."""
        clocks = self.settle()
        if to < max(_instant(clock["now"]) for clock in clocks.values()):
            raise Trouble("The clock only moves forward.")
        while True:
            dues = [_instant(clock["next_due"]) for clock in clocks.values() if clock["next_due"]]
            step = min([to, *(due for due in dues if due < to)])
            self._set_all(step)
            clocks = self.settle()
            if step == to:
                return

    def begin(self, at: datetime) -> None:
        """Set the clocks of an empty sandbox to any instant, also one long ago. Trouble where something was said."""
        if any(clock["said"] for clock in self.read().values()):
            raise Trouble("That sandbox was used already, and its calendar only moves forward. Start a fresh one.")
        self._set_all(at)

    def settle(self) -> Clocks:
        """Wait until nothing is unpublished, unread or due; Trouble if that does not come about."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while time.monotonic() < deadline:
            clocks = self.read()
            unsettled = unsettled_in(clocks)
            if not unsettled:
                return clocks
            time.sleep(0.05)
        raise Trouble(f"The services do not settle: {'; '.join(unsettled)}. Look at `care lag` and `care parked list`.")

    def _set_all(self, to: datetime) -> None:
        self.told(to)
        for name in SERVICES:
            answer = self.client.post(f"{self.addresses[name]}/sandbox/clock", json={"to": to.isoformat()})
            if answer.status_code == 422 and _instant(self._get(name)["now"]) >= to:
                continue  # its clock ran past this instant while the others were set
            if answer.status_code != 200:
                raise Trouble(f"The clock of {name} could not be set (status {answer.status_code}).")

    def _get(self, name: str) -> dict[str, Any]:
        answer = self.client.get(f"{self.addresses[name]}/sandbox/clock")
        if answer.status_code != 200:
            raise Trouble(f"The clock of {name} cannot be read (status {answer.status_code}). Is `care up` running?")
        clock: dict[str, Any] = answer.json()
        return clock


def unsettled_in(clocks: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What is still under way, a sentence each."""
    told = []
    for name, clock in clocks.items():
        if clock["unpublished"]:
            told.append(f"{name} has {clock['unpublished']} facts to publish")
        if clock["overdue"]:
            told.append(f"{name} has {clock['overdue']} timers due")
        told += [f"{name} has not read all of {topic}" for topic in clock["hears"] if _behind(clock, topic, clocks)]
    return told


def _behind(clock: Mapping[str, Any], topic: str, clocks: Mapping[str, Mapping[str, Any]]) -> bool:
    said = next(other["said"] for name, other in clocks.items() if topic_of(name) == topic)
    return bool(clock["read"].get(topic, 0) < said)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
