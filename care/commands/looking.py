"""events, explain, parked, lag: look into a running Caremarket."""

import asyncio
import json
from collections.abc import Callable
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console
from rich.table import Table

from care.local.place import SERVICES, Place
from care.local.stack import Stack
from care.local.tokens import key_of, mint
from care.local.trouble import Trouble
from shared.contracts.base import topic_of
from shared.operations import lag as lag_of
from shared.operations import parked as parking
from shared.runtime.log import read_log
from shared.runtime.records import Record
from shared.settings import Settings

PANEL = "Look into it"
JSON = Annotated[bool, typer.Option("--json", help="As JSON, for scripts.")]
Service = Annotated[str, typer.Option(help=f"One of: {', '.join(SERVICES)}.")]

parked_app = typer.Typer(help="What was set aside: list, show, replay, drop, pass over, resume.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    app.command(rich_help_panel=PANEL)(events)
    app.command(rich_help_panel=PANEL)(explain)
    app.command(rich_help_panel=PANEL)(lag)
    app.add_typer(parked_app, name="parked", rich_help_panel=PANEL)


def events(
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on as new ones come.")] = False,
    kind: Annotated[str, typer.Option("--type", help="Only types that begin so, such as budget or budget.final.")] = "",
    council: Annotated[str, typer.Option(help="Only of this council.")] = "",
    subject: Annotated[str, typer.Option(help="Only about this person or supplier.")] = "",
    as_json: JSON = False,
) -> None:
    """Show the facts on the log."""
    wanted = {"type": kind, "council": council, "subject": subject}
    asyncio.run(_show_events(follow, wanted, as_json))


async def _show_events(follow: bool, wanted: dict[str, str], as_json: bool) -> None:
    stack = running()
    console = Console(highlight=False)
    async for record in read_log(stack.bootstrap, [topic_of(name) for name in SERVICES], follow=follow):
        if _is_wanted(record, wanted):
            console.print(_as_json(record) if as_json else _as_line(record), soft_wrap=True, markup=not as_json)


def _is_wanted(record: Record, wanted: dict[str, str]) -> bool:
    if record.envelope is None:
        return not any(wanted.values())
    return all(getattr(record.envelope, name).startswith(value) for name, value in wanted.items())


def _as_line(record: Record) -> str:
    said = record.envelope
    if said is None:
        return f"[red]unreadable[/] {record.topic} {record.partition}/{record.offset}"
    return f"{said.time:%Y-%m-%d %H:%M:%S}  [cyan]{said.type:<40}[/] {said.subject}  #{said.place}  {said.council}"


def _as_json(record: Record) -> str:
    headers = {name: value.decode(errors="replace") for name, value in record.headers}
    return json.dumps(headers | {"data": json.loads(record.payload or b"null")})


def explain(
    thing: Annotated[str, typer.Argument(help="The id of a budget or an assessment.")],
    council: Annotated[str, typer.Option(help="The council it belongs to.")] = "E99999999",
    rerun: Annotated[
        bool, typer.Option("--rerun", help="Decide again from what was stored; the result must be the same.")
    ] = False,
    as_json: JSON = False,
) -> None:
    """Say why something was decided as it was, step by step, with sources."""
    place = running().place
    for service, path in (("budget", f"/v1/budgets/{thing}"), ("assessment", f"/v1/assessments/{thing}")):
        answer = ask(place, service, f"{path}/explanation{'?rerun=true' if rerun else ''}", council)
        if answer.status_code == 200:
            return _say_explanation(answer.json(), as_json)
    raise Trouble(f"No budget or assessment {thing} was found in council {council}.")


def _say_explanation(told: dict[str, Any], as_json: bool) -> None:
    if as_json:
        return print(json.dumps(told, indent=2))
    table = Table("rule", "because", "effect", "verified", title=str(told.get("decided", "")))
    for step in told.get("steps", []):
        table.add_row(
            step["rule"], step["because"], str(step["effect"]), "yes" if step["verified"] else "[yellow]no[/]"
        )
    Console().print(table)
    if told.get("same") is not None:
        Console().print(f"Decided again from the snapshot: {'the same' if told['same'] else 'NOT the same'}.")
    return None


def lag(as_json: JSON = False) -> None:
    """How far behind each service is: ages first, then numbers."""
    reports = [asyncio.run(lag_of.lag(settings_of(running(), name))) for name in SERVICES]
    if as_json:
        return print(json.dumps(reports, indent=2))
    columns = [name for name in reports[0] if name not in ("read", "service")]
    table = Table("service", *(name.replace("_", " ") for name in columns))
    for report in reports:
        table.add_row(report["service"], *(str(report[name]) for name in columns))
    Console().print(table)
    return None


@parked_app.command("list")
def parked_list(
    everything: Annotated[bool, typer.Option("--all", help="What queues behind, too.")] = False, as_json: JSON = False
) -> None:
    """What is set aside, in all services, and why."""
    stack = running()
    found = {name: asyncio.run(parking.listed(settings_of(stack, name), everything=everything)) for name in SERVICES}
    if as_json:
        return print(json.dumps(found, indent=2, default=str))
    table = Table("service", "no.", "subject", "place", "type", "code", "detail")
    for name, report in found.items():
        for row in report["facts"]:
            table.add_row(name, *(str(row[key]) for key in ("id", "subject", "place", "type", "code", "detail")))
        for row in report["gaps"]:
            missing = f"{row['missing_from']}-{row['missing_to']}"
            table.add_row(name, str(row["id"]), row["subject"], missing, "", "missing", f"{row['waiting']} wait beyond")
        for row in report["timers"]:
            table.add_row(name, "timer", row["subject"], "", row["name"], row["parked_code"], row["parked_detail"])
    Console().print(table if table.row_count else "Nothing is parked.")
    return None


@parked_app.command("show")
def parked_show(number: int, service: Service) -> None:
    """One parked fact, whole."""
    _tell(lambda settings: parking.shown(settings, number), service)


@parked_app.command("replay")
def parked_replay(number: int, service: Service) -> None:
    """Try its subject again from the head, and drain what queued behind."""
    _tell(lambda settings: parking.replayed(settings, number), service)


@parked_app.command("drop")
def parked_drop(
    number: int,
    service: Service,
    reason: Annotated[str, typer.Option(help="Why it is given up; kept with it.")],
    by: Annotated[str, typer.Option(help="Who gives it up.")] = "ops",
) -> None:
    """Give one fact up, with a reason, and drain what queued behind it."""
    _tell(lambda settings: parking.dropped(settings, number, reason, by), service)


@parked_app.command("pass-over")
def parked_pass_over(
    number: int,
    service: Service,
    reason: Annotated[str, typer.Option(help="Why they are given up; kept.")],
    by: Annotated[str, typer.Option(help="Who gives them up.")] = "ops",
) -> None:
    """Give up the places its subject waits for, with a reason, and drain what waits beyond them."""
    _tell(lambda settings: parking.passed_over(settings, number, reason, by), service)


@parked_app.command("resume")
def parked_resume(service: Service) -> None:
    """Let a reader go on that paused because too many facts in a row were parked."""
    _tell(parking.resumed, service)


def _tell(work: Callable[[Settings], Any], service: str) -> None:
    if service not in SERVICES:
        raise Trouble(f"There is no service '{service}'. The services are: {', '.join(SERVICES)}.")
    told = asyncio.run(work(settings_of(running(), service)))
    if "error" in told:
        raise Trouble(told["error"])
    print(json.dumps(told, indent=2, default=str))


def running() -> Stack:
    """The stack of this folder, which must be up."""
    stack = Stack()
    if not stack.is_up():
        raise Trouble(
            "Caremarket is not running here. Start it with `care up` (or `make demo KEEP=1`), then try again."
        )
    return stack


def settings_of(stack: Stack, service: str) -> Settings:
    urls = {f"{kind}_database_url": stack.database_url(service, kind) for kind in ("owner", "http", "worker", "ops")}
    return Settings.model_validate({"service": service, "kafka_bootstrap": stack.bootstrap, **urls})


def ask(place: Place, service: str, path: str, council: str, role: str = "budget_officer") -> httpx2.Response:
    token = mint(key_of(place), role=role, council=council, sub="care", client_id="care", issuer=place.url("issuer"))
    return httpx2.get(place.url(service) + path, headers={"Authorization": f"Bearer {token}"}, timeout=10)
