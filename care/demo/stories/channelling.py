"""What if one team sends everybody the same way? Thirty people of three teams agree plans; on Monday the teams are compared."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from care.demo.council import Council
from care.demo.delivery import at_hour
from care.demo.lane import Journey
from care.demo.lanes import NEEDS
from care.demo.pattern import line_of, week_of
from care.demo.people import PRICE, Staff
from care.demo.stage import Stage

TEAMS = {"working-age-east": 8, "working-age-south": 2, "working-age-west": 1}
"""How many of a team's plans go by direct payment."""
EACH, AT_ONCE = 10, 4
"""People of each team: of fewer nothing is compared. And how many are served at the same time."""
DAILY = (("10:00", 30, False),)


def play(stage: Stage, today: date) -> None:
    """Nobody of them buys here: what is compared is what was agreed."""
    starts_on = today + timedelta(days=14)
    crowd = [_journey(stage, team, n, starts_on) for team in TEAMS for n in range(EACH)]
    with ThreadPoolExecutor(AT_ONCE) as several:
        list(several.map(Journey.up_to_agreement, crowd))
    stage.tell.say("assessment", f"{len(crowd)} people of {len(TEAMS)} other teams agree plans, each by the same steps")
    stage.move(at_hour(today + timedelta(days=7 - today.weekday()), 1))
    alert = stage.alert("channelled_to_route")
    stage.found["channelled"] = alert
    stage.tell.say("safeguarding", f"to the commissioner, {alert['kind']}: {alert['explanation']}")
    stage.tell.detail("said in percent, of teams with ten plans or more: nobody can be made out in it")


def _journey(stage: Stage, team: str, number: int, starts_on: date) -> Journey:
    """Of somebody who acts in no other chapter; what was asked for them is not kept with the council's own."""
    beside = Council(stage.council.addresses, stage.council.mint, stage.council.client)
    route = "direct_payment" if number < TEAMS[team] else "council_managed"
    lines = [line_of(week_of(DAILY), PRICE, route=route)]
    return Journey(beside, Staff.of(beside, team), stage.tell.quiet(), f"{team}-{number}", lines, starts_on, NEEDS)
