"""Where on this machine does the local run live: which folders, which ports, whose servers?"""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from care.local.trouble import Trouble

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / ".care" / "demo"
"""Where `care demo` keeps its report, and, in `stack`, a sandbox of its own."""
SERVICES = ("assessment", "budget", "marketplace", "safeguarding")
# All below 32768, where the system does not take ports for outgoing connections, with any shift.
PORTS = {
    "postgres": 25432,
    "kafka": 19092,
    "kafka-controller": 19093,
    "issuer": 8100,
    "assessment": 8101,
    "budget": 8102,
    "marketplace": 8103,
    "safeguarding": 8104,
}
LONGEST_SOCKET_PATH = 90  # macOS allows 103 bytes, Linux 107; supervisord and PostgreSQL add a suffix of their own


@dataclass(frozen=True)
class Place:
    """One local run: its state folder, its download cache, its ports and the servers it was given, if any."""

    home: Path
    cache: Path
    shift: int = 0
    database_url: str | None = None
    kafka_bootstrap: str | None = None

    @classmethod
    def from_environment(cls, env: Mapping[str, str] | None = None) -> "Place":
        """Read CARE_HOME, CARE_CACHE, CARE_PORT_SHIFT, CARE_DATABASE_URL and CARE_KAFKA_BOOTSTRAP."""
        env = os.environ if env is None else env
        return cls(
            home=Path(env.get("CARE_HOME") or ROOT / ".care").absolute(),
            cache=Path(env.get("CARE_CACHE") or ROOT / ".care" / "cache").absolute(),
            shift=_shift(env.get("CARE_PORT_SHIFT") or "0"),
            database_url=env.get("CARE_DATABASE_URL") or None,
            kafka_bootstrap=env.get("CARE_KAFKA_BOOTSTRAP") or None,
        )

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def run(self) -> Path:
        """Pid files and the orders programs are launched with."""
        return self.home / "run"

    def port(self, name: str) -> int:
        """The TCP port of a program on 127.0.0.1, shifted by CARE_PORT_SHIFT."""
        return PORTS[name] + self.shift

    def url(self, name: str) -> str:
        """The HTTP address of a service or the issuer."""
        return f"http://127.0.0.1:{self.port(name)}"

    def socket(self, name: str) -> Path:
        """A path for a Unix socket: in the state folder, or in the temporary folder where that path is too long."""
        near = self.run / name
        if len(os.fsencode(near)) <= LONGEST_SOCKET_PATH:
            return near
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"care-{digest}-{name}"

    def make_folders(self) -> None:
        """Create the state folders; Trouble if this user may not write there."""
        try:
            for folder in (self.home, self.logs, self.run):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Trouble(
                f"{self.home} cannot be written to ({error.strerror}). Set CARE_HOME to a folder of yours."
            ) from None


def _shift(text: str) -> int:
    try:
        shift = int(text)
    except ValueError:
        raise Trouble(f"CARE_PORT_SHIFT must be a whole number such as 100, not '{text}'.") from None
    if not 0 <= shift <= 6000:
        raise Trouble(f"CARE_PORT_SHIFT must be between 0 and 6000, not {shift}.")
    return shift
