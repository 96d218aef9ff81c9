"""How does a supervised program start? It notes its pid, becomes the right user, and turns into the program.

Supervisor's own memory of its children dies with it; the records written here outlive it, so that `care down` can
always find what is left. Little is imported: this runs before each program and must cost nothing.
"""

import json
import os
import pwd
import sys
from pathlib import Path
from typing import Any, NoReturn

from care.local.processes import record


def launch(order: dict[str, Any]) -> NoReturn:
    """Replace this process by the ordered program; its pid file carries the pid, which stays the same."""
    record(Path(order["pid_file"]))
    os.chdir(order["folder"])
    if order["account"]:
        become(order["account"])
    os.execvpe(order["command"][0], order["command"], {**os.environ, **order["environment"]})


def become(account: str) -> None:
    """Drop root for an account of the system: PostgreSQL refuses to run as root."""
    user = pwd.getpwnam(account)
    os.initgroups(account, user.pw_gid)
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)


if __name__ == "__main__":
    launch(json.loads(Path(sys.argv[1]).read_text()))
