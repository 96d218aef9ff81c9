"""How does a fresh checkout become runnable? A virtual environment with exactly what requirements.lock names.

Standard library only, and no syntax newer than Python 3.8: it must be able to say that a Python is too old.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
STATE = ROOT / ".care"
LOCK = ROOT / "requirements.lock"
IMAGES = ROOT / "deploy" / "requirements.lock"
"""What a service runs with, and nothing else: the same versions, for its image."""
OLDEST = (3, 11)
ROOM = 2.5  # GB
ENTRY = """#!/bin/sh
exec "$(dirname -- "$(readlink -f -- "$0")")/python" -P -m care "$@"
"""
PACKAGES = ("care", "services", "shared")


class Refusal(Exception):
    """A sentence for the person at the keyboard."""


def set_up() -> None:
    """Make .venv, or make it anew if it is stale or half made; at once where it is right already."""
    refuse_old_python()
    STATE.mkdir(exist_ok=True)
    with (STATE / "setup.lock").open("a") as lock:
        take(lock)
        if not is_current():
            refuse_full_disk()
            make()


def refuse_old_python() -> None:
    if sys.version_info < OLDEST:
        have = ".".join(str(part) for part in sys.version_info[:3])
        raise Refusal(
            f"Python {have} is too old: 3.11 or newer is needed. Install one, or name it: make PYTHON=/its/path"
        )


def refuse_full_disk() -> None:
    free = shutil.disk_usage(ROOT).free / 1e9
    if free < ROOM:
        raise Refusal(f"Only {free:.1f} GB are free where this checkout is, and {ROOM} GB are needed. Make room.")


def take(lock: IO[str]) -> None:
    """Two makes at once: the second waits for the first, and then finds all done."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(" … another setup is at work here; waiting for it", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)


def stamp() -> Path:
    """A file named after what .venv was made from; it is written last, so without it .venv is not whole."""
    made_from = LOCK.read_bytes() + sys.version.encode() + str(ROOT).encode()
    return VENV / f"made-from-{hashlib.sha256(made_from).hexdigest()[:16]}"


def is_current() -> bool:
    return stamp().exists() and (VENV / "bin" / "python").exists()


def make() -> None:
    began = time.monotonic()
    shutil.rmtree(VENV, ignore_errors=True)
    create()
    install()
    make_importable()
    compile_all()
    stamp().touch()
    print(f" ✔ ready in {time.monotonic() - began:.0f} s: .venv/bin/care", flush=True)


def base_python() -> str:
    """The Python we run under, or the one behind it where that is .venv's own: what we are about to remove."""
    return str(getattr(sys, "_base_executable", None) or sys.executable)


def create() -> None:
    made = subprocess.run([base_python(), "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        raise Refusal(
            "This Python cannot make virtual environments. On Debian and Ubuntu: apt install python3-venv; "
            "elsewhere install a full Python and name it: make PYTHON=/its/path"
        )


def install() -> None:
    """Install what is locked, every file checked by its hash, saying how far we are."""
    total = sum(1 for line in LOCK.read_text().splitlines() if "==" in line)
    log = STATE / "setup.log"
    options = ["--require-hashes", "--no-deps", "--no-compile", "--disable-pip-version-check", "--progress-bar=off"]
    command = [str(VENV / "bin" / "python"), "-m", "pip", "install", *options, "-r", str(LOCK)]
    with log.open("wb") as out:
        pip = subprocess.Popen(command, cwd=str(ROOT), stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        follow(pip, log, total)
    if pip.returncode:
        raise Refusal(why(log.read_text(errors="replace")))


def follow(pip: subprocess.Popen[bytes], log: Path, total: int) -> None:
    said = ""
    while pip.poll() is None:
        time.sleep(0.3)
        line = how_far(log, total)
        if line != said:
            show(line)
            said = line
    if sys.stdout.isatty():
        print()


def how_far(log: Path, total: int) -> str:
    """'fetched 34 of 111 packages', in steps of ten where nobody watches."""
    fetched = log.read_text(errors="replace").count("Collecting ")
    installed = sum(1 for _ in VENV.glob("lib/*/site-packages/*.dist-info")) - 1
    done, verb = (installed, "installed") if installed > 2 else (fetched, "fetched")
    grain = 1 if sys.stdout.isatty() else 20
    return f"{verb} {min(done, total) // grain * grain} of about {total} packages"


def show(line: str) -> None:
    if sys.stdout.isatty():
        print(f"\r … {line:<60}", end="", flush=True)
    else:
        print(f" … {line}", flush=True)


def why(log: str) -> str:
    """What pip's log means, in a sentence."""
    if "DO NOT MATCH THE HASHES" in log:
        return (
            "A package is not the one that requirements.lock names; nothing was kept. Try again, or try another mirror."
        )
    if "No space left" in log:
        return "The disk filled up while packages were installed. Make room and run it again."
    if "Connection" in log or "timed out" in log or "Temporary failure" in log:
        return (
            "Packages could not be fetched: the network is closed. Open it, or point pip at a mirror (PIP_INDEX_URL)."
        )
    return "pip could not install what requirements.lock names; .care/setup.log says why."


def make_importable() -> None:
    """The checkout itself on the path, and a `care` to type: no build, no network."""
    packages = next(VENV.glob("lib/*/site-packages"))
    (packages / "caremarket.pth").write_text(f"{ROOT}\n")
    entry = VENV / "bin" / "care"
    entry.write_text(ENTRY)
    entry.chmod(0o755)


def compile_all() -> None:
    """Bytecode for all, on all cores, so that the first start is no slower than the second."""
    show("compiling")
    folders = [str(next(VENV.glob("lib/*/site-packages"))), *(str(ROOT / name) for name in PACKAGES)]
    command = [str(VENV / "bin" / "python"), "-m", "compileall", "-q", "-j", "0", *folders]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if sys.stdout.isatty():
        print()


def lock() -> None:
    """Make requirements.lock anew from pyproject.toml: for all systems, with hashes, naming no registry."""
    refuse_old_python()
    STATE.mkdir(exist_ok=True)
    tool = STATE / "uv"
    for command in ([base_python(), "-m", "venv", str(tool)], [str(tool / "bin" / "pip"), "install", "-q", "uv"]):
        if subprocess.run(command, stdin=subprocess.DEVNULL).returncode:
            raise Refusal("uv, which makes the lock, could not be installed. Is the network open?")
    options = ["--universal", "--python-version=3.11", "--generate-hashes"]
    silence = ["--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet"]
    resolve = [str(tool / "bin" / "uv"), "pip", "compile", "pyproject.toml", *options, *silence]
    for extra in (["--all-extras", "-o", str(LOCK)], ["-c", str(LOCK), "-o", str(IMAGES)]):
        if subprocess.run([*resolve, *extra], cwd=str(ROOT)).returncode:
            raise Refusal("uv found no set of versions that fits pyproject.toml; it says why above.")


def main() -> int:
    try:
        {"setup": set_up, "lock": lock}[sys.argv[1]]()
    except Refusal as refusal:
        print(f" ✘ {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\n ✘ Interrupted; run it again and it starts afresh.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f" ✘ {error.filename or ROOT}: {error.strerror}. Put that right and run it again.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
