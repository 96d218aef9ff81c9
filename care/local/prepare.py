"""What must be there before services start, where no `care up` makes it? Databases, roles, tables, topics. Then it ends."""

import sys
import time
from collections.abc import Callable

from care.local.progress import Teller
from care.local.stack import Stack
from care.local.trouble import Trouble

PATIENCE = 120.0  # seconds for PostgreSQL and Kafka to answer


def main() -> int:
    """0 when all is there, however often it is run; 1 with a sentence where a server does not come."""
    stack = Stack(teller=Teller())
    try:
        for name, answers in stack.checks().items():
            if name in ("postgres", "kafka"):
                _await(name, answers)
        stack.prepare_all()
    except Trouble as trouble:
        print(trouble.message, file=sys.stderr)
        return 1
    return 0


def _await(name: str, answers: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not answers():
        if time.monotonic() > deadline:
            raise Trouble(f"{name} did not answer within {PATIENCE:.0f} seconds.")
        time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
