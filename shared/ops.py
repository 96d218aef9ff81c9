"""What can be done to a service by hand? `python -m shared.ops migrate|topics|parked|lag|restored|rebuild|new-migration|doctor`.

Works in any service's image: the service is the one CARE_SERVICE names.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Coroutine
from typing import Annotated, Any, NoReturn

import typer

from shared import migrate as migrations
from shared.operations import lag as lag_of
from shared.operations import parked as parking
from shared.operations import rebuilding
from shared.operations import restored as restoring
from shared.operations.draft import draft_migration
from shared.runtime.rebuild import NotEmpty, Unheard
from shared.runtime.topics import create_topics
from shared.settings import Settings
from shared.workers import WorkerFailed

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
parked_app = typer.Typer(help="Facts and timers that were set aside.", no_args_is_help=True)
app.add_typer(parked_app, name="parked")


OWNER, WORKER, KAFKA = "CARE_OWNER_DATABASE_URL", "CARE_WORKER_DATABASE_URL", "CARE_KAFKA_BOOTSTRAP"


def _settings(*needed: str) -> Settings:
    """This service's settings; a sentence and exit status 2 where one that the work needs is not set."""
    unset = [name for name in ("CARE_SERVICE", *needed) if not os.environ.get(name)]
    if unset:
        typer.echo(f"{' and '.join(unset)} must be set for this.", err=True)
        raise typer.Exit(2)
    return Settings()


def _run(work: Coroutine[Any, Any, Any]) -> None:
    result = asyncio.run(work)
    if result is not None:
        _show(result)


def _show(result: Any) -> None:
    typer.echo(json.dumps(result, indent=2, default=str))


def _fail(why: str) -> NoReturn:
    typer.echo(why, err=True)
    raise typer.Exit(1)


@app.command()
def migrate() -> None:
    """Bring this service's database to the newest migration."""
    settings = _settings(OWNER)
    _run(migrations.migrate(settings.service, settings.owner_database_url))


@app.command()
def topics() -> None:
    """Create the topics that are missing."""
    settings = _settings(KAFKA)
    _run(create_topics(settings.kafka_bootstrap, prefix=settings.topic_prefix, replication=settings.replication))


@app.command("new-migration")
def new_migration(name: str) -> None:
    """Write the next numbered migration: what the models say and the database does not have yet."""
    settings = _settings(OWNER)
    _run(draft_migration(settings.service, settings.owner_database_url, name))


@app.command()
def lag() -> None:
    """How far behind: outbox age, timers held up, what is parked."""
    _run(lag_of.lag(_settings(WORKER)))


@app.command()
def restored() -> None:
    """After restoring a backup: lift places to what was said already, and never say that again."""
    _run(restoring.restored(_settings(WORKER, KAFKA)))


@app.command()
def rebuild(
    workers: Annotated[
        int, typer.Option(min=0, help="processes that share the log; 0: as many as there are processors")
    ] = 0,
) -> None:
    """Into an empty database: make anew what follows from facts alone, by hearing the whole log again in silence."""
    settings = _settings(WORKER, KAFKA)
    try:
        _show(rebuilding.rebuilt(settings, workers))
    except NotEmpty:
        _fail("This database has heard or said something already. A rebuild begins in an empty one.")
    except (WorkerFailed, Unheard) as failed:
        _fail(f"{failed} The tables are not all there: rebuild into another empty database.")


@parked_app.command("list")
def parked_list() -> None:
    """What is set aside, and why."""
    _run(parking.listed(_settings(WORKER)))


@parked_app.command("show")
def parked_show(number: int) -> None:
    """One parked fact, whole."""
    _run(parking.shown(_settings(WORKER), number))


@parked_app.command("replay")
def parked_replay(number: int) -> None:
    """Try its subject again from the head, and drain what queued behind."""
    _run(parking.replayed(_settings(WORKER), number))


@parked_app.command("drop")
def parked_drop(
    number: int,
    reason: Annotated[str, typer.Option(help="why; kept")],
    by: Annotated[str, typer.Option(help="who")] = "ops",
) -> None:
    """Give one fact up, with a reason, and drain what queued behind it."""
    _run(parking.dropped(_settings(WORKER), number, reason, by))


@parked_app.command("pass-over")
def parked_pass_over(
    number: int,
    reason: Annotated[str, typer.Option(help="why; kept")],
    by: Annotated[str, typer.Option(help="who")] = "ops",
) -> None:
    """Give up the places its subject waits for, with a reason, and drain what waits beyond them."""
    _run(parking.passed_over(_settings(WORKER), number, reason, by))


@parked_app.command("resume")
def parked_resume() -> None:
    """Let a reader go on that paused because too many facts in a row were parked."""
    _run(parking.resumed(_settings(WORKER)))


@app.command()
def doctor() -> None:
    """Check database, migrations and broker, one line each."""
    _run(lag_of.doctor(_settings(WORKER, KAFKA)))


if __name__ == "__main__":
    app()
