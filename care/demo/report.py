"""What does the report show? One file, no network: the journey, the budget's reasons, the ledger, the alerts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from care.demo import national, quarter_report
from care.demo.comparison import compare, tell_stories
from care.demo.drawings import budget_drawing, hops_drawing, ledger_drawing, timeline_drawing
from care.demo.journal import Said, hops_of, percentiles, read_journal
from care.demo.story import Story
from care.demo.tables import plain, table
from shared.money import pounds

STYLE = """
body{font:16px/1.5 Arial,sans-serif;color:#0b0c0c;margin:0 auto;max-width:1000px;padding:24px}
h1{font-size:32px}h3{margin-bottom:4px}h2{border-top:2px solid #12436D;padding-top:12px;margin-top:40px}
table{border-collapse:collapse;width:100%;margin:12px 0}th,td{border-bottom:1px solid #b1b4b6;padding:6px 8px;text-align:left}
.note{background:#f3f2f1;border-left:6px solid #12436D;padding:10px 14px}.unverified{color:#801650;font-weight:700}
svg{max-width:100%;height:auto;display:block;margin:12px 0}
"""


def write_report(bootstrap: str, story: Story, path: Path) -> Path:
    """Write the whole report; gives its path."""
    journal = read_journal(bootstrap)
    ada = (_journey(story, journal), _budget(story), _ledger(story), _alerts(story))
    whole = (quarter_report.show(story), national.show(story))
    parts = (compare(story), *whole, tell_stories(story), *ada, _public(story))
    body = _head(story) + "".join(parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f'<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Caremarket: the demo council</title>'
        f"<style>{STYLE}</style></head><body>{body}</body></html>"
    )
    return path


def _head(story: Story) -> str:
    return (
        "<h1>A council's first quarter, end to end</h1>"
        '<p class="note">A made-up council, made-up people and suppliers: everything that acts here is <b>synthetic</b>. Its '
        "calendar runs from Monday 3 June to 2 September 2024 (sandbox clock), because 2024-25 is the latest year for which "
        "every figure used is published. Figures nobody has verified in the original are marked "
        '<span class="unverified">not verified</span>. '
        f"Played over {len(story.council.asked)} requests to the public HTTP APIs.</p>"
        "<p>Ada is 83, lives at home, and needs help there after a stroke. She asks the council for support, is assessed, gets "
        "a budget that can be explained, and support from an agency; some visits are missed, and that has consequences. Ben and "
        "Cleo go the same way to the same agency; Dev is still looking for one. Elif, Finn, Gita, Hugo and Iris each come to "
        "support by another lane; three others buy one evening a week together. Every fact, figure and alert below was said by "
        "the running services.</p>"
    )


def _journey(story: Story, journal: Sequence[Said]) -> str:
    mine = [said for said in journal if said.subject == story.ada.ids["person"]]
    hops = hops_of(journal)
    p50, p99 = percentiles([hop.ms for hop in hops])
    return (
        "<h2>Ada's journey, across the services</h2>"
        "<p>Each dot is a fact about Ada on Kafka, in the order the broker took them in; each arrow leads from a fact to what "
        "another service said because it heard it, with the milliseconds between the two.</p>"
        + timeline_drawing(mine, hops)
        + f"<p>{len(journal)} facts were said in the demo. From a fact of one service to what follows from it in the next: "
        f"half took {p50:.0f} ms or less (p50), all but one in a hundred {p99:.0f} ms or less (p99); {len(hops)} such steps, "
        "everything on one machine.</p>" + hops_drawing(hops) + _seconds(story)
    )


def _seconds(story: Story) -> str:
    said = story.found["restricted_seconds"]
    return f"<p>From placing the restriction to an offer being refused: {said * 1000:.0f} ms, seen from outside.</p>"


def _budget(story: Story) -> str:
    told = story.staff.budget_officer.get("budget", f"/v1/budgets/{story.ada.ids['budget']}/explanation", rerun="true")
    verdict = story.found["adequacy"]
    rows = [(step["rule"], step["because"], _effect(step), _source(step)) for step in told["steps"]]
    again = "the same pence and the same lines" if told["same"] else "something else: a rule has changed silently"
    return (
        "<h2>Ada's budget, line by line</h2>"
        + budget_drawing(verdict)
        + f"<p>{escape(verdict['in_words'])} So the plan could not be agreed until the budget was raised, with a reason.</p>"
        + "<p>The name in the first column is the rule's name in the code, where it cites the same source.</p>"
        + table(("rule", "because", "effect", "source"), rows)
        + "<p>The reason for the change is recorded with it. What people write in their own words never leaves its service, "
        "so it is not shown here: <code>care explain</code> shows it to who may read it.</p>"
        + f"<p>Decided again from the stored snapshot: {again}. {escape(told['decided'])}</p>"
    )


def _effect(step: dict[str, Any]) -> str:
    return pounds(step["effect"])


def _source(step: dict[str, Any]) -> str:
    return str(step["source"]) + ("" if step["verified"] else " — not verified")


def _ledger(story: Story) -> str:
    ledger, claim = story.found["ledger"], story.found["claim"]
    purse = ledger["purses"][0]
    told = [
        (name.replace("_", " "), pounds(purse[name]))
        for name in ("allocated", "contribution", "available", "committed", "delivered", "disputed", "paid")
        if purse[name]
    ]
    owed = f"{pounds(claim['claimed_pence'])} was claimed and {pounds(claim['delivered_pence'])} had been delivered"
    return (
        "<h2>Ada's ledger, as it moved</h2><p>Double entry: every journal sums to zero, and the database itself refuses a "
        "commitment beyond what is allocated. Visits are posted as they are recorded, one journal each.</p>"
        + ledger_drawing(ledger["journals"])
        + table(("account (those at nothing are left out)", "at the end"), told)
        + f"<p>{owed}: the visits that were missed are not paid for. Each visit is priced by itself and rounded to the penny, so "
        "that two weeks of visits come to a few pence more than twice the weekly figure.</p>"
    )


def _alerts(story: Story) -> str:
    rows = [
        (plain(one["rule"]), OWNERS[one["owner"]], one["explanation"], _evidence(one), one["state"])
        for one in (*story.found["alerts"], *story.found["others_alerts"])
    ]
    return "<h2>Alerts, with their reasons</h2>" + table(("what", "whose", "why", "evidence", "state"), rows)


OWNERS = {"team": "the person's team", "commissioner": "the supplier's commissioner"}


def _evidence(alert: dict[str, Any]) -> str:
    many = len(alert["evidence"])
    return f"{many} piece{'s' if many > 1 else ''}"


def _public(story: Story) -> str:
    found = story.found["imports"]
    directory = found["directory"]
    rows = [
        (one["name"], one["year"], one["provision"], pounds(one["pence"]) + " an hour") for one in found["home_care"]
    ]
    return (
        "<h2>Real published data, as what it is</h2>"
        f"<p>A directory of registered services (Care Quality Commission, republished by Trafford Data Lab, July 2025, Open "
        f"Government Licence v3): {directory['read']} rows read, {len(directory['defects'])} defects reported as published. "
        "None of these services takes part in the demo, and no price, rating, visit or concern is attached to any.</p>"
        "<p>Unit costs (Personal Social Services: Expenditure and Unit Costs, England; HSCIC, Open Government Licence v3). Of "
        "their year; own and bought-in are <b>not like for like</b>; used for nothing here.</p>"
        + table(("council", "year", "provision", "home care"), rows)
    )
