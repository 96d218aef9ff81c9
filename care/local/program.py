"""What is a program that the supervisor runs? Its command, its environment, and how it likes to be stopped."""

import json
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from care.local.place import ROOT, Place


@dataclass(frozen=True)
class Program:
    """One supervised program. `account` is a system account to become, where we are root and it must not be."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    account: str | None = None
    stop_signal: str = "TERM"
    ports: tuple[str, ...] = ()  # names in place.PORTS; the first one is where it answers

    def order(self, place: Place) -> dict[str, object]:
        """What care.local.launch needs to know."""
        return {
            "pid_file": str(place.run / f"{self.name}.pid"),
            "folder": str(place.home if self.account else ROOT),
            "account": self.account,
            "command": list(self.command),
            "environment": dict(self.environment),
        }

    def write_order(self, place: Place) -> Path:
        path = place.run / f"{self.name}.json"
        path.write_text(json.dumps(self.order(place), indent=1))
        return path

    def launching(self, place: Place) -> tuple[str, ...]:
        """The command that records itself and becomes this program."""
        return (sys.executable, "-m", "care.local.launch", str(self.write_order(place)))

    def section(self, place: Place) -> str:
        """Its part of supervisord.conf; paths are escaped, as '%' and spaces mean something there."""
        lines = {
            "command": _plain(shlex.join(self.launching(place))),
            "directory": _plain(str(ROOT)),
            "autostart": "false",
            "autorestart": "true",
            "startsecs": "1",
            "startretries": "20",
            "stopsignal": self.stop_signal,
            "stopwaitsecs": "25",
            "redirect_stderr": "true",
            "stdout_logfile": _plain(str(place.logs / f"{self.name}.log")),
            "stdout_logfile_maxbytes": "10MB",
            "stdout_logfile_backups": "2",
        }
        return "\n".join([f"[program:{self.name}]", *(f"{key}={value}" for key, value in lines.items()), ""])


def _plain(text: str) -> str:
    return text.replace("%", "%%")
