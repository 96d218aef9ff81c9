"""How does the report show six lanes on the same measures, and what went wrong on them? A table, a picture, a chapter each."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from care.demo.measures import FEWEST, Group, Measured
from care.demo.stage import Stage
from care.demo.svg import PALETTE, bars, box, picture, text
from care.demo.tables import plain, table
from shared.money import pounds

NOT_COMPARABLE = "not comparable"
IN_PRICE = "in the price"
COLUMNS = (
    "lane", "price an hour", "employing adds, an hour", "days from request to start", "visits missed",
    "made by the same three", "paid after the way", "outcomes at the review", "claimed as", "money",
)  # fmt: skip


def compare(stage: Stage) -> str:
    """The table, the picture, and what the figures cannot say."""
    measured: list[Measured] = stage.found["measures"]
    return (
        "<h2>Six people, six lanes, the same measures</h2>"
        "<p>Everybody here is made up, so each lane is shown by itself. Of a real council no figure is shown that fewer than "
        f"{FEWEST} people stand behind: see the last table.</p>"
        + table(COLUMNS, [_row(one) for one in measured])
        + lanes_drawing(measured)
        + "<p>* The council's own price is what it says an hour costs it; what it counts in that is not what an agency counts: "
        "<b>own and bought-in are not like for like</b>. A PA's price is the wage; what employing adds (holiday, insurance, "
        "payroll, sickness) is reckoned by the budget's own steps and goes out with the wage; a payroll return accounts for "
        "both, holiday apart, which is kept until it is taken. Two weeks of visits each; Ada has four visits a day, the "
        "others one, so their counts are no match for hers. An hour's pay after the way is that of the whole supplier in those "
        "weeks: the way from one person to the next counts as work (National Minimum Wage Regulations 2015, cited from memory). "
        "Outcomes are those that each assessment found not achieved without support: Ada's are more than the others'.</p>"
        + _groups(stage.found["groups"])
        + "<h3>Each lane's ledger after its first weeks</h3><p>One ledger for every route; each journal in it sums to zero.</p>"
        + table(("lane", "deployed", *map(plain, ACCOUNTS)), [_books(one) for one in measured])
    )


ACCOUNTS = ("available", "committed", "delivered", "paid", "accounted_for", "disputed")


def _books(one: Measured) -> tuple[str, ...]:
    purse = one.ledger["purses"][0]
    return (one.name, plain(one.ledger["deployed"]), *(pounds(purse[account]) for account in ACCOUNTS))


def _row(one: Measured) -> tuple[str, ...]:
    prices = " and ".join(pounds(price) for price in one.prices) + (" *" if one.is_own else "")
    added = IN_PRICE if one.on_costs_pence is None else pounds(one.on_costs_pence)
    kinds = ", ".join(plain(kind) for kind in one.claimed)
    familiar = "nobody said who came" if one.share_percent is None else f"{one.share_percent} %"
    missed = f"{one.missed} of {one.planned}"
    days = f"{one.waited_days}"
    return (f"{one.name}: {one.title}", prices, added, days, missed, familiar, *_for_people(one), kinds, one.settled)


def _for_people(one: Measured) -> tuple[str, str]:
    """For those who come, and for those who are supported."""
    named = zip(one.achieved, ("fully", "partly", "not"), strict=True)
    return _after_the_way(one), ", ".join(f"{many} {how_far}" for many, how_far in named if many)


def _after_the_way(one: Measured) -> str:
    if one.after_way_pence is None:
        return "nobody said"
    below = f", {one.underpaid} below the lowest lawful wage" if one.underpaid else ""
    return f"{pounds(one.after_way_pence)} an hour{below}"


def _groups(groups: Sequence[Group]) -> str:
    few = f"fewer than {FEWEST}: not shown"
    rows = [
        (
            plain(one.route),
            few if one.people is None else f"{one.people}",
            few if one.missed_percent is None else f"{one.missed_percent} %",
        )
        for one in groups
    ]
    return table(("route (all whose support ran)", "people", "visits missed"), rows)


# ── the picture ───────────────────────────────────────────────────────────────────────────────────────────────────
LEFT, WIDE, ROW = 330, 150, 34
BAR = 70


def lanes_drawing(measured: Sequence[Measured]) -> str:
    """A row a lane, a column a measure; each column has a scale of its own. What is not comparable says so."""
    columns: tuple[tuple[str, list[tuple[float, str]]], ...] = (
        ("£ an hour, employed", [_hour(one) for one in measured]),
        ("days to the start", [(one.waited_days, f"{one.waited_days}") for one in measured]),
        ("visits missed", [(one.missed / one.planned, f"{one.missed} of {one.planned}") for one in measured]),
        ("by the same three", [(one.share_percent or 0, f"{one.share_percent} %") for one in measured]),
    )
    parts = [
        text(LEFT - 14, 54 + ROW * n, f"{one.name}: {one.title}", size=11, anchor="end")
        for n, one in enumerate(measured)
    ]
    for n, (title, values) in enumerate(columns):
        parts.append(text(LEFT + WIDE * n, 22, title, size=12, bold=True))
        parts += _column(LEFT + WIDE * n, values, PALETTE[n])
    return picture(LEFT + WIDE * len(columns), 50 + ROW * len(measured), "Six lanes on the same measures", parts)


def _hour(one: Measured) -> tuple[float, str]:
    if len(one.prices) > 1:
        return 0, NOT_COMPARABLE
    return one.hour_pence, pounds(one.hour_pence) + (" *" if one.is_own else "")


def _column(x: float, values: Sequence[tuple[float, str]], colour: str) -> list[str]:
    longest = max((value for value, _ in values), default=0) or 1
    drawn = []
    for n, (value, said) in enumerate(values):
        drawn.append(box(x, 42 + ROW * n, value / longest * BAR, 16, colour, title=said))
        drawn.append(text(x + value / longest * BAR + 5, 54 + ROW * n, said, size=11))
    return drawn


# ── what went wrong ───────────────────────────────────────────────────────────────────────────────────────────────
def tell_stories(stage: Stage) -> str:
    """A few lines a story, each from what the services said; nobody's own words."""
    told = (
        ("Help before any plan", _early(stage.found)),
        ("An employer without insurance", _employer(stage.found)),
        ("A PA falls ill", _absence(stage.found["absence"], stage.found["covering"])),
        ("Wishes about who comes", _wishes(stage.found["wishes"])),
        ("A day centre closes", _closure(stage.found)),
        ("A restriction, on every route at once", _restriction(stage.found["restricted_routes"])),
        ("Three small budgets buy one evening", _together(stage.found["together"])),
        ("Money runs short", _money(stage.found["short"])),
        ("A team sends its people one way", _paragraph(stage.found["channelled"]["explanation"])),
    )
    return "<h2>What went wrong, and what followed</h2>" + "".join(f"<h3>{title}</h3>{body}" for title, body in told)


def _early(found: dict[str, Any]) -> str:
    rows = [
        (
            f"{name}: {plain(early.purse['basis'])}",
            early.agreed["until"],
            early.agreed["ended_on"],
            plain(early.bought.claim["kind"]),
            pounds(early.paid["pence"]),
        )
        for name, early in found["early"].items()
    ]
    said = (
        "Two people had support from the council's own home care on the day they asked, before any assessment, plan or budget. "
        "It was bought, visited, claimed and paid for as anybody's is, out of a purse of the council's own that no personal "
        "budget counts; the person pays nothing. Max's last day passed before anybody said what comes next: the team was told, "
        "support went on, and so did the money, until somebody ended it."
    )
    return _paragraph(said) + table(("who, and what", "decided until", "ended", "claimed as", "two weeks"), rows)


def _employer(found: dict[str, Any]) -> str:
    missing = ", ".join(map(plain, found["blocked"]["missing"]))
    cover, order = found["lapse"]["cover"], found["lapse"]["order"]
    covered = ["yes" if one else "no" for one in found["injuries"]]
    return _paragraph(
        f"Gita's PA could not start: {missing} was missing. A week later it was there, and support began. When the insurance "
        f"ended, cover was asked for by itself and came from the {cover['step']}; the order went on ({order['state']}). Hurt at "
        f"work on the last day of the insurance, was cover in force? {covered[0]}. The day after? {covered[1]}."
    )


def _absence(cover: dict[str, Any], covering: dict[str, Any]) -> str:
    rows = [(one["step"], f"{one['possible']} of {one['considered']}") for one in cover["tried"]]
    found = f"Iris's PA was away from {cover['first']} to {cover['last']}; {cover['state']} at once, by the {cover['step']}."
    paid = pounds(covering["paid"]["pence"])
    after = (
        f"Whoever came had an order of their own, from the first day; its {pounds(covering['committed']['cost_pence'])} came out "
        f"of what the budget keeps for weeks when the PA is away. {covering['upload']['new']} visits were recorded, claimed as "
        f"{plain(covering['claim']['kind']).lower()} and paid ({paid}) out of the same budget."
    )
    return _paragraph(found) + table(("where it was looked", "could come"), rows) + _paragraph(after)


def _wishes(wishes: Sequence[dict[str, Any]]) -> str:
    rows = [(plain(one["characteristic"]), one["asked_by"], plain(one["answer"]), one["explanation"]) for one in wishes]
    after = "The need went to the market as it was, without the refused wish, and is met."
    return table(("about", "asked by the", "answer", "why"), rows) + _paragraph(after)


def _closure(found: dict[str, Any]) -> str:
    impact, parties = found["closure"]["impact"], found["closure"]["consulted"]
    return _paragraph(
        f"Reached: {impact['people']}; with nowhere to go: {impact['unplaced']}. {len(parties)} parties were consulted and all "
        "answered before somebody else than the proposer decided. The review of whoever is reached was held before it went on: "
        f"stage {found['closure']['stage']}, and the order there is still {found['after_closure']['state']}."
    )


def _restriction(routes: Sequence[str]) -> str:
    listed = ", ".join(map(plain, routes))
    return _paragraph(f"One restriction took the agency out of Dev's three searches together: {listed}.")


def _money(order: dict[str, Any]) -> str:
    return _paragraph(
        f"Finn's agency asked more than had been reckoned with: {pounds(order['short_pence'])} short to the end of the year. The "
        f"order was held, with an owner and a day to re-cost ({order['recost_by']}), and confirmed at the new figure."
    )


def _together(found: dict[str, Any]) -> str:
    """Shares are shown by how many bear them: who they are, and who left, is nobody's to know."""
    stages = [found["shared_by_all"], found["shared_by_the_rest"]]
    rows = [
        (f"{len(shares)}", _pounds_each(shares), pounds(sum(one["weekly_pence"] for one in shares)))
        for shares in stages
    ]
    said = (
        f"An evening a week at a community centre is {pounds(found['alone_pence'])}; each of three people has "
        f"{pounds(found['budget_pence'])} a week, so alone none of them could go. Together they can: the centre was asked for "
        "all of them at once, records each evening once and claims once, and each share is paid out of its own budget, to the "
        "penny. Then one left. From the next day the others bear the price, each is told how their own share came about, and "
        "nobody learns what another pays."
    )
    return _paragraph(said) + table(("share it", "each one's share a week", "in all"), rows) + _evening_drawing(found)


def _pounds_each(shares: Sequence[dict[str, Any]]) -> str:
    return ", ".join(pounds(one["weekly_pence"]) for one in sorted(shares, key=lambda one: -int(one["weekly_pence"])))


def _evening_drawing(found: dict[str, Any]) -> str:
    """The price, one person's budget, and the largest share of each time."""
    largest = [max(one["weekly_pence"] for one in found[when]) for when in ("shared_by_all", "shared_by_the_rest")]
    named = (
        ("the evening, for one alone", found["alone_pence"]),
        ("what each has", found["budget_pence"]),
        ("a share of three", largest[0]),
        ("a share of two", largest[1]),
    )
    return bars([(label, pence, pounds(pence)) for label, pence in named], "One evening, shared", unit=" a week")


def _paragraph(said: str) -> str:
    return f"<p>{escape(said)}</p>"
