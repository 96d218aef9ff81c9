"""events, explain, parked, lag: look into a running Caremarket."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any

import httpx2
import typer
from rich.console import Console
from rich.table import Table

from care.local.place import SERVICES, Place
from care.local.stack import Stack, stack_here
from care.local.tokens import key_of, mint
from care.local.trouble import Trouble
from shared.contracts.base import FACTS, topic_of
from shared.money import pounds
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
    """Show the facts on the log, oldest first; times are UTC, of the business clock."""
    wanted = {"type": kind, "council": council, "subject": subject}
    _refuse_what_cannot_match(kind, council)
    shown, passed = asyncio.run(_show_events(follow, wanted, as_json))
    if passed and not shown:
        Console(stderr=True).print(f"None of the {passed} facts on the log is so.")


def _refuse_what_cannot_match(kind: str, council: str) -> None:
    if kind and not any(name.startswith(kind) for name in FACTS):
        raise Trouble(f"No type of fact begins with '{kind}'. All are in docs/events.md.")
    if council:
        refuse_no_council(council)


def refuse_no_council(council: str) -> None:
    """Raises Trouble for what is no council's code."""
    if not re.fullmatch(r"[ENSW]\d{8}", council):
        raise Trouble(f"'{council}' is no council's code. It has nine characters, such as E09000012.")


async def _show_events(follow: bool, wanted: dict[str, str], as_json: bool) -> tuple[int, int]:
    """Gives how many were shown, and how many were not."""
    console, shown, passed = Console(highlight=False), 0, 0
    async for record in _facts(running(), follow):
        if not _is_wanted(record, wanted):
            passed += 1
            continue
        shown += 1
        console.print(_as_json(record) if as_json else _as_line(record), soft_wrap=True, markup=not as_json)
    return shown, passed


async def _facts(stack: Stack, follow: bool) -> AsyncIterator[Record]:
    """What is there already in the order the broker took it in, across topics; then as it comes."""
    topics = [topic_of(name) for name in SERVICES]
    known = [record async for record in read_log(stack.bootstrap, topics)]
    for record in sorted(known, key=lambda each: each.timestamp_ms):
        yield record
    seen = {(record.topic, record.partition, record.offset) for record in known}
    async for record in read_log(stack.bootstrap, topics, follow=True) if follow else _nothing():
        if (record.topic, record.partition, record.offset) not in seen:
            yield record


async def _nothing() -> AsyncIterator[Record]:
    return
    yield


def _is_wanted(record: Record, wanted: dict[str, str]) -> bool:
    if record.envelope is None:
        return not any(wanted.values())
    return all(getattr(record.envelope, name).startswith(value) for name, value in wanted.items())


def _as_line(record: Record) -> str:
    said = record.envelope
    if said is None:
        return f"[red]unreadable[/] {record.topic} {record.partition}/{record.offset}"
    return f"{said.time:%Y-%m-%d %H:%M:%SZ}  [cyan]{said.type:<40}[/] {said.subject}  #{said.place}  {said.council}"


def _as_json(record: Record) -> str:
    headers = {name: value.decode(errors="replace") for name, value in record.headers}
    return json.dumps(headers | {"data": json.loads(record.payload or b"null")})


def explain(
    thing: Annotated[
        str, typer.Argument(help="The id of a budget or an assessment: `care events` shows them with --json.")
    ],
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
            return print(json.dumps(answer.json(), indent=2)) if as_json else _say_explanation(answer.json(), rerun)
    raise Trouble(f"No budget or assessment {thing} was found in council {council}.")


def _say_explanation(told: dict[str, Any], rerun: bool) -> None:
    """A budget's steps move pence and name their source; a determination's hold or do not, and are a judgement."""
    console, in_pence = Console(highlight=False), "policy" in told
    columns = ("rule", "because", "effect", "source") if in_pence else ("rule", "because", "holds")
    table = Table(*columns, title=str(told.get("decided", "")))
    for step in told.get("steps", []):
        table.add_row(
            step["rule"], step["because"], *(_money(step) if in_pence else ("yes" if step["effect"] else "no",))
        )
    console.print(table)
    if told.get("reason"):
        console.print(f"Reason given: {told['reason']}")
    if rerun and not in_pence:
        console.print("A determination is a practitioner's judgement: nothing decides it again.")
    if told.get("same") is not None:
        console.print(f"Decided again from the snapshot: {'the same' if told['same'] else 'NOT the same'}.")


def _money(step: dict[str, Any]) -> tuple[str, str]:
    return pounds(step["effect"]), step["source"] + ("" if step["verified"] else " — [yellow]not verified[/]")


MEASURES = {
    "oldest_unpublished_s": "oldest fact not yet published, in seconds",
    "unpublished": "facts not yet published",
    "parked": "facts set aside",
    "parked_in_a_row": "of them, one after the other",
    "timers_due": "timers due now",
    "timers_held_up": "timers held up for over an hour",
    "timers_parked": "timers set aside",
}


def lag(as_json: JSON = False) -> None:
    """How far behind each service is: ages first, then numbers."""
    reports = [asyncio.run(lag_of.lag(settings_of(running(), name))) for name in SERVICES]
    if as_json:
        return print(json.dumps(reports, indent=2))
    table = Table("", *SERVICES, box=None, header_style="bold")
    for measure, words in MEASURES.items():
        table.add_row(words, *(f"{report[measure]:g}" for report in reports))
    Console(highlight=False).print(table)
    return None


@parked_app.command("list")
def parked_list(
    everything: Annotated[bool, typer.Option("--all", help="What queues behind, too.")] = False, as_json: JSON = False
) -> None:
    """List what is set aside, in all services, and why."""
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
    Console().print(table if table.row_count else "Nothing is parked.", highlight=False)
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
    told = _done(parking.resumed, service)
    waited = told["was_parked_in_a_row"]
    print(f"{service} goes on; {waited} in a row were parked." if waited else f"{service} had not paused.")


def _tell(work: Callable[[Settings], Any], service: str) -> None:
    print(json.dumps(_done(work, service), indent=2, default=str))


def _done(work: Callable[[Settings], Any], service: str) -> dict[str, Any]:
    if service not in SERVICES:
        raise Trouble(f"There is no service '{service}'. The services are: {', '.join(SERVICES)}.")
    told: dict[str, Any] = asyncio.run(work(settings_of(running(), service)))
    if "error" in told:
        raise Trouble(told["error"])
    return told


def running() -> Stack:
    """The stack of this folder, or the demo's, which must be up."""
    stack = stack_here()
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
