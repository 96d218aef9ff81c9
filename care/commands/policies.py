"""policy: what a new allocation policy would do to the budgets there were; whether two services have the same figures."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.progress import track
from rich.table import Table

from care.alike import MATTERS, NOWHERE, differences
from care.commands.looking import JSON, ask, refuse_no_council, running
from care.local.trouble import Trouble
from services.budget.policy.reading import parse
from services.budget.rules.backtest import SMALLEST, Case, Group, by_group, decide_again
from services.budget.rules.policies import InForce, Policy
from shared.contracts.assessment import Needs
from shared.policies import PolicyUnsound

policy_app = typer.Typer(
    help="Try a new allocation policy on the past: write the history of a running Caremarket down, then back-test against it; "
    "or check that two services have the same figures.",
    no_args_is_help=True,
    epilog="care policy history old.jsonl, then care policy backtest new.yaml --against old.jsonl",
)
Council = Annotated[str, typer.Option(help="The council whose policy it is: nine characters, such as E09000012.")]
DEMO = "E99999999"


def add_to(app: typer.Typer) -> None:
    app.add_typer(policy_app, name="policy", rich_help_panel="Look into it")


@policy_app.command("history")
def history(
    out: Annotated[Path, typer.Argument(help="Where to write it, a JSON object a line.")], council: Council = DEMO
) -> None:
    """Write what every indicative budget was made from, and what it came to: needs and pence, and nobody's id.

    It reads the budget service of the Caremarket that runs here; a line is {"needs": {"points", "weekly_minutes", "area", …},
    "indicated_pence", "on", "policy"}. A history of fewer than five budgets can be written, but none of it is shown.
    """
    refuse_no_council(council)
    place = running().place
    lines = [json.dumps(one) for one in _pages(lambda path: ask(place, "budget", path, council))]
    _write(out, "".join(f"{line}\n" for line in lines))
    Console(highlight=False, soft_wrap=True).print(f"{len(lines)} indicative budgets in {out}.")


def _pages(get: Any) -> Iterator[dict[str, Any]]:
    cursor: str | None = ""
    while cursor is not None:
        answer = get(f"/v1/indications?limit=200{f'&cursor={cursor}' if cursor else ''}")
        if answer.status_code != 200:
            raise Trouble(f"Budget answered {answer.status_code} instead of its history.")
        page = answer.json()
        yield from page["items"]
        cursor = page["next_cursor"]


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text)
    except OSError as trouble:
        raise Trouble(f"{path} cannot be written: {trouble.strerror}.") from trouble


@policy_app.command("check")
def check() -> None:
    """See that budget and marketplace have the same figures where both decide by them. Nothing needs to run.

    They are in files of two services: in-house services by direct payment, lowest wages, sick pay. Exits with 1
    where they differ.
    """
    found = differences()
    console = Console(highlight=False, soft_wrap=True)
    for one in found:
        whose = "councils without rows of their own" if one.council == NOWHERE else one.council
        both = f"budget has {one.in_budget}, marketplace {one.in_market}"
        console.print(f"✘ {one.matter}, for {whose} from {one.since}: {both}.")
    if found:
        raise typer.Exit(1)
    console.print(f"Budget and marketplace have the same {len(MATTERS)} figures, for every council and day.")


@policy_app.command("backtest")
def backtest(
    new: Annotated[Path, typer.Argument(help="The new policy, a YAML file as the shipped ones are.")],
    against: Annotated[Path, typer.Option(help="A history, as `care policy history` writes it.")],
    council: Council = DEMO,
    as_json: JSON = False,
) -> None:
    """Show who would gain, who would lose, and by how much a week, by points and area; small groups are not shown.

    NEW is a whole policy file, such as a changed copy of services/budget/policy/allocation-demo-2024.yaml. It is taken as it
    stands on its first day. Nothing needs to run. A group of fewer than five is not shown, nor the one that could then be
    told from the sum.
    """
    refuse_no_council(council)
    policy, cases = _policy(new), _cases(against)
    if policy.councils and council not in policy.councils:
        raise Trouble(f"{new} is a policy of {', '.join(policy.councils)}; say whose history it is with --council.")
    rule = InForce(policy, council, policy.valid_from)
    quiet = as_json or not Console().is_terminal
    told = by_group(decide_again(case, rule) for case in track(cases, "Deciding again", disable=quiet, transient=True))
    if as_json:
        return print(json.dumps([asdict(group) for group in told], indent=2))
    Console().print(table_of(told, f"{policy.name} {policy.version}, {len(cases)} budgets, a week"))
    return None


def table_of(groups: tuple[Group, ...], title: str) -> Table:
    """Within 80 columns; money in whole pounds, half up."""
    columns = ("people", "gain", "lose", "same", "none")
    table = Table("by", title=title, caption=f"- : fewer than {SMALLEST} people, or told by the others' sum")
    table.add_column("group", overflow="fold")
    for name in (*columns, "gained", "lost"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in groups:
        table.add_row(one.by.replace("_band", ""), one.name, *_cells(one))
    return table


def _cells(group: Group) -> Iterator[str]:
    for count in (group.people, group.gain, group.lose, group.same, group.no_figure):
        yield "-" if count is None else str(count)
    for pence in (group.gained_pence, group.lost_pence):
        yield "-" if pence is None else f"£{(pence + 50) // 100:,}"


def _policy(path: Path) -> Policy:
    try:
        policy = parse(_read(path).encode())
    except PolicyUnsound as trouble:
        raise Trouble(f"{path} is not a policy: {trouble}.") from trouble
    if policy.name != "allocation":
        raise Trouble(f"{path} is a policy of {policy.name}; only allocation can be tried on the past.")
    return policy


def _cases(path: Path) -> list[Case]:
    lines = [(number, line) for number, line in enumerate(_read(path).splitlines(), 1) if line.strip()]
    return [_case(path, number, line) for number, line in lines]


def _case(path: Path, number: int, line: str) -> Case:
    try:
        said = json.loads(line)
        return Case(Needs.model_validate(said["needs"]), int(said["indicated_pence"]))
    except (ValueError, KeyError, TypeError, ValidationError) as trouble:
        raise Trouble(f"{path}, line {number} is not a line of a history.") from trouble


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, UnicodeDecodeError) as trouble:
        raise Trouble(f"{path} cannot be read.") from trouble
