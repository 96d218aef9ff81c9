"""Who restarts what dies? One supervisord per state folder, spoken to over its Unix socket."""

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any
from xmlrpc.client import Error, Fault, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from care.local import processes
from care.local.place import ROOT, Place
from care.local.program import Program
from care.local.trouble import Trouble

SETTLED = ("STOPPED", "EXITED", "FATAL", "UNKNOWN")
NAME = "supervisord"
SILENT = (OSError, HTTPException, Error)  # what a supervisord that is not there, or just dying, looks like
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}
"""What starts again finds its modules compiled, whatever the shell says that started us."""


class Supervisor:
    """Starts, stops and lists the programs of one place."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.socket = place.socket("supervisor.sock")
        self.pid_file = place.run / f"{NAME}.pid"
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def _remote(self) -> Any:
        transport = SupervisorTransport(None, None, serverurl=f"unix://{self.socket}")
        return ServerProxy("http://127.0.0.1", transport=transport).supervisor

    def states(self) -> dict[str, dict[str, Any]]:
        """What supervisord says of each program (statename, pid, start …); empty where it does not answer."""
        try:
            return {info["name"]: info for info in self._remote.getAllProcessInfo()}
        except SILENT:
            return {}

    def answers(self) -> bool:
        return bool(self.states())

    def launch(self, programs: Sequence[Program], patience: float = 15.0) -> None:
        """Start supervisord in a session of its own, so that Ctrl-C reaches us and not its children."""
        configuration = self.write_configuration(programs)
        self.socket.unlink(missing_ok=True)
        program = Program(NAME, (sys.executable, "-m", "care.local.watchful", "--nodaemon", "-c", str(configuration)))
        with (self.place.logs / f"{NAME}.out").open("ab") as out:
            self._child = child = subprocess.Popen(
                program.launching(self.place),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                env={**os.environ, **COMPILED},
            )
        deadline = time.monotonic() + patience
        while not self.answers():
            if child.poll() is not None or time.monotonic() > deadline:
                raise Trouble(f"The supervisor did not start; {self.place.logs / NAME}.log says why.")
            time.sleep(0.05)

    def _ask(self, verb: str, *arguments: object) -> None:
        """Ask supervisord; a refusal (it runs already, it is stopped already) is as good as done."""
        try:
            getattr(self._remote, verb)(*arguments)
        except Fault:
            return
        except SILENT:
            raise Trouble("Nothing runs here: the supervisor does not answer. Start it with `care up`.") from None

    def write_configuration(self, programs: Sequence[Program]) -> Path:
        path = self.place.home / "supervisord.conf"
        head = HEAD.format(
            socket=_plain(self.socket), logs=_plain(self.place.logs), pid=_plain(self.place.run / f"{NAME}.own")
        )
        path.write_text(head + "\n".join(program.section(self.place) for program in programs))
        return path

    def start(self, names: Iterable[str]) -> None:
        """Ask for these programs; those that run already are left alone."""
        for name in names:
            self._ask("startProcess", name, False)

    def stop(self, names: Iterable[str], patience: float = 30.0) -> None:
        """Stop these programs, all at once, and wait until they have ended."""
        wanted = list(names)
        for name in wanted if self.answers() else ():
            self._ask("stopProcess", name, False)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            states = self.states()
            if all(states.get(name, {}).get("statename", "STOPPED") in SETTLED for name in wanted):
                return
            time.sleep(0.05)

    def kill(self, name: str, stay_down: bool) -> None:
        """kill -9. A program that should stay down is frozen first, so that it cannot clean up behind itself."""
        if stay_down:
            self.signal(name, "STOP")
            self._ask("stopProcess", name, False)
        self.signal(name, "KILL")
        if stay_down:
            self.stop([name])

    def signal(self, name: str, signal: str) -> None:
        """Send a signal, such as KILL, STOP or CONT, to a program that runs."""
        try:
            self._remote.signalProcess(name, signal)
        except (Fault, OSError):
            raise Trouble(f"{name} is not running, so it cannot be sent {signal}. See `care status`.") from None

    def shut_down(self) -> None:
        """End supervisord and whatever it still runs."""
        process = processes.of_pid_file(self.pid_file)
        with suppress(*SILENT):
            self._remote.shutdown()
            processes.await_end(process, patience=60)
        if self._child is not None and processes.of_pid_file(self.pid_file) is None:
            with suppress(subprocess.TimeoutExpired):
                self._child.wait(timeout=5)

    def tail(self, name: str, lines: int = 12) -> str:
        """The last lines of a program's log."""
        try:
            text = (self.place.logs / f"{name}.log").read_bytes()[-20_000:].decode(errors="replace")
        except OSError:
            return "(no log yet)"
        return "\n".join(text.rstrip().splitlines()[-lines:]) or "(its log is empty)"


def _plain(path: Path) -> str:
    return os.fspath(path).replace("%", "%%")


HEAD = """; Written anew by each start: change care/local/program.py instead.
[unix_http_server]
file={socket}
chmod=0700

[supervisord]
logfile={logs}/supervisord.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={pid}
childlogdir={logs}
silent=true

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

"""
