"""Does the local run come up, survive what people and machines do to it, and leave nothing behind?"""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from care.local import processes
from care.local.place import SERVICES, Place
from care.local.servers import Servers, shared
from care.local.stack import Stack
from care.local.trouble import Trouble
from shared.db_admin import ensure_databases, url_of


def eventually(check: Callable[[], bool], patience: float = 15.0) -> bool:
    deadline = time.monotonic() + patience
    while not check() and time.monotonic() < deadline:
        time.sleep(0.05)
    return check()


def pid_of(stack: Servers, name: str) -> int:
    return int(stack.supervisor.states()[name]["pid"])


def test_everything_is_ready_once_up_returns(stack: Stack) -> None:
    assert {one.name for one in stack.status() if one.ready} == {*SERVICES, "issuer", "postgres", "kafka"}


def test_a_second_up_finds_it_running_and_touches_nothing(stack: Stack) -> None:
    before = pid_of(stack, "kafka")
    assert stack.up() is False
    assert pid_of(stack, "kafka") == before


def test_a_program_killed_with_9_is_started_again(stack: Stack) -> None:
    before = pid_of(stack, "budget")
    stack.kill9("budget")
    assert eventually(lambda: pid_of(stack, "budget") not in (0, before))
    stack.wait_ready("budget")


def test_postgres_killed_with_9_keeps_its_data_and_comes_back(stack: Stack) -> None:
    stack.kill9("postgres", stay_down=True)
    assert not stack.checks()["postgres"]()
    stack.start("postgres")
    assert asyncio.run(databases(stack.admin_dsn)) >= set(SERVICES)


async def databases(dsn: str) -> set[str]:
    connection = await asyncpg.connect(dsn)
    try:
        return {row["datname"] for row in await connection.fetch("SELECT datname FROM pg_database")}
    finally:
        await connection.close()


def test_a_frozen_broker_answers_again_after_it_was_let_go_on(stack: Stack) -> None:
    stack.pause("kafka")
    assert not stack.checks()["kafka"]()
    stack.resume("kafka")
    stack.wait_ready("kafka")


async def test_roles_are_made_once_however_many_ask_and_keep_to_their_own_database(stack: Stack) -> None:
    await asyncio.gather(*(ensure_databases(stack.admin_dsn, ["budget"]) for _ in range(4)))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(url_of(stack.admin_dsn, "assessment", "budget_http"))
    owner = await asyncpg.connect(stack.database_url("budget", "owner"))
    await owner.execute("CREATE TABLE once (id int); DROP TABLE once")
    await owner.close()


def test_a_failing_migration_is_told_in_a_sentence(stack: Stack) -> None:
    """As somebody the server does not know, nothing can be made."""
    stack.database_url = lambda service, kind: url_of(stack.admin_dsn, service, "nobody")  # type: ignore[method-assign]
    try:
        with pytest.raises(Trouble, match="The tables of budget could not be made"):
            stack._migrate_one("budget")
    finally:
        del stack.database_url  # type: ignore[method-assign]


def test_down_ends_everything_even_when_the_supervisor_was_killed(stack: Stack) -> None:
    supervisor = processes.of_pid_file(stack.supervisor.pid_file)
    assert supervisor is not None
    everyone = [pid_of(stack, name) for name in stack.checks()]
    os.kill(supervisor.pid, signal.SIGKILL)
    assert stack.down() is True
    assert not [pid for pid in everyone if alive(pid)]
    assert stack.down() is False
    stack.up()


def alive(pid: int) -> bool:
    return os.path.exists(f"/proc/{pid}") if sys.platform == "linux" else False


def test_up_repairs_what_an_earlier_start_left_half_done(stack: Stack) -> None:
    stack.down()
    servers = Servers(stack.place)
    (stack.place.run / "supervisor.sock").touch()
    (stack.place.run / "supervisord.pid").write_text("nobody's")
    (stack.place.home / "pg" / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n")
    (stack.place.home / "kafka" / "formatted").unlink()
    with shared(servers), shared(servers):
        assert servers.is_up()
    assert not processes.left_over(stack.place.run)
    stack.up()


def test_a_taken_port_is_a_sentence_that_says_what_to_do(place: Place) -> None:
    with socket.create_server(("127.0.0.1", place.port("kafka"))), pytest.raises(Trouble) as told:
        Stack(place).up()
    assert f"Port {place.port('kafka')}, which kafka needs, is taken by" in told.value.message
    assert "CARE_PORT_SHIFT=" in told.value.message


def test_a_service_that_keeps_dying_is_told_with_the_end_of_its_log(place: Place) -> None:
    broken = "import sys; sys.exit('cannot import name budget')"
    with pytest.raises(Trouble, match="cannot import name budget"):
        Stack(place, serve=(sys.executable, "-c", broken)).up()
    assert not processes.left_over(place.run)


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that is alive and none of ours."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def test_only_a_process_that_recorded_itself_is_ever_ours(tmp_path: Path, stranger: subprocess.Popen[bytes]) -> None:
    """Once a file that said just '1' had init and all its children sent a SIGKILL."""
    born = psutil.Process(stranger.pid).create_time()
    path = tmp_path / "old.pid"
    for said in (f"{stranger.pid}", f"{stranger.pid} {born - 60}", "", "nobody"):
        path.write_text(said)
        assert processes.of_pid_file(path) is None
    path.write_text(f"{stranger.pid} {born}")
    assert processes.of_pid_file(path) is not None


@pytest.mark.parametrize("pid", [1, os.getpid()], ids=["init", "ourselves"])
def test_init_ourselves_and_our_parents_are_never_ours(tmp_path: Path, pid: int) -> None:
    path = tmp_path / "care.pid"
    path.write_text(f"{pid} {psutil.Process(pid).create_time()}")
    assert processes.of_pid_file(path) is None


def test_a_process_whose_parent_has_still_to_bury_it_has_ended() -> None:
    """Patience without end: a wait for its burial would never return."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        ended = psutil.Process(child.pid)
        assert eventually(lambda: ended.status() == psutil.STATUS_ZOMBIE)
        processes.await_end(ended, patience=float("inf"))
