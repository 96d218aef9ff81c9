"""Which processes of ours are alive, who holds a port, and how do we make sure that nothing is left?"""

import contextlib
import os
import socket
import time
from collections.abc import Iterable
from pathlib import Path

import psutil

from care.local.trouble import Trouble

CLOCK_GRAIN = 2.0  # seconds by which the system's boot time, and with it all birth times, may be corrected


def record(path: Path) -> None:
    """Note this process, pid and birth, so that it can be told apart from whoever gets its pid later."""
    me = psutil.Process()
    path.write_text(f"{me.pid} {me.create_time():.2f}")


def of_pid_file(path: Path) -> psutil.Process | None:
    """The live process that recorded itself here, or None.

    What this returns may be killed, so it must be proven ours: a bare pid, a reused one, init, ourselves and whoever
    started us never count.
    """
    process = _recorded(path)
    return process if process is not None and process.pid not in untouchable() else None


def is_recorded(path: Path) -> bool:
    """Whether the process that recorded itself here is still alive; ourselves and our parents included."""
    return _recorded(path) is not None


def _recorded(path: Path) -> psutil.Process | None:
    try:
        pid, born = path.read_text().split()
        process = psutil.Process(int(pid))
        same = abs(process.create_time() - float(born)) <= CLOCK_GRAIN
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, psutil.Error):
        return None


def untouchable() -> set[int]:
    """Pids that must never be signalled, whatever a file says."""
    return {0, 1, os.getpid(), *(parent.pid for parent in psutil.Process().parents())}


def left_over(run: Path) -> dict[str, psutil.Process]:
    """Programs still alive by their pid files, by name."""
    found = {path.stem: of_pid_file(path) for path in sorted(run.glob("*.pid"))}
    return {name: process for name, process in found.items() if process is not None}


def end(processes: Iterable[psutil.Process], patience: float = 10.0) -> None:
    """End these processes and their descendants: ask first, kill what is still there after `patience` seconds."""
    never = untouchable()
    found = [member for process in processes for member in (process, *_descendants(process))]
    family = [member for member in found if member.pid not in never]
    for member in family:
        _send(member, "resume")
        _send(member, "terminate")
    _, stubborn = psutil.wait_procs(family, timeout=patience)
    for member in stubborn:
        _send(member, "kill")
    psutil.wait_procs(stubborn, timeout=5)


def kept_by(pid: int) -> psutil.Process | None:
    """The process that a keeper keeps; None while it has none."""
    return next(iter(_family(pid)[1:]), None)


def kill(process: psutil.Process | None) -> None:
    """Trouble where there is none to kill."""
    if process is None:
        raise Trouble("The process that serves is not there.")
    _send(process, "kill")


def freeze(pid: int) -> None:
    """A process and its descendants stand still."""
    for member in _family(pid):
        _send(member, "suspend")


def thaw(pid: int) -> None:
    """A process and its descendants go on."""
    for member in _family(pid):
        _send(member, "resume")


def _family(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *_descendants(process)]
    except psutil.Error:
        return []


def await_end(process: psutil.Process | None, patience: float) -> None:
    """Wait for a process to end by itself, for at most `patience` seconds. One that only its parent has still to bury, and
    the parent may be another process than this, has ended."""
    deadline = time.monotonic() + patience
    while process is not None and _lives(process) and time.monotonic() < deadline:
        time.sleep(0.05)


def _lives(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running()) and bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def _send(process: psutil.Process, what: str) -> None:
    with contextlib.suppress(psutil.Error):
        getattr(process, what)()


def port_is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def holder_of(port: int) -> str:
    """Who listens on a port, for a sentence: 'postgres (pid 12)', or 'another program' where we may not look."""
    with contextlib.suppress(psutil.Error, OSError):
        for link in psutil.net_connections("tcp"):
            if link.pid and link.laddr and link.laddr[1] == port and link.status == psutil.CONN_LISTEN:
                return f"{psutil.Process(link.pid).name()} (pid {link.pid})"
    return "another program"


def memory(pid: int) -> int:
    """Resident bytes of a process and its descendants, shared pages counted once where the system can tell."""
    try:
        process = psutil.Process(pid)
        return sum(_own_memory(member) for member in (process, *_descendants(process)))
    except psutil.Error:
        return 0


def _own_memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return int(getattr(full, "pss", 0) or full.rss)
    except psutil.Error:
        return 0


def is_root() -> bool:
    return os.geteuid() == 0


def is_called(pid: int, name: str) -> bool:
    """Whether this pid is alive and its program has this name."""
    try:
        return bool(psutil.Process(pid).name() == name)
    except psutil.Error:
        return False
