"""How does PostgreSQL or Kafka run by itself, in a container of the sandbox? The same programs, heard from outside.

`python -m care.local.alone postgres|kafka`; it becomes that program. PostgreSQL wants CARE_DATABASE_PASSWORD from
whoever is not on its own loopback; Kafka tells clients to come to CARE_ADVERTISED, and those on the host to 127.0.0.1.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from care.local import kafka, postgres
from care.local.place import Place
from care.local.progress import Teller
from care.local.trouble import Trouble

FROM_ELSEWHERE = "host all all all scram-sha-256\n"


def run_postgres(place: Place) -> Sequence[str]:
    password = os.environ.get("CARE_DATABASE_PASSWORD")
    if not password:
        raise Trouble("CARE_DATABASE_PASSWORD must be set: PostgreSQL is heard from outside here.")
    postgres.prepare(place)
    _let_in(place.home / "pg" / "data" / "pg_hba.conf")
    command = postgres.program(place).command
    _set_password(command, password)
    return (*command, "-c", "listen_addresses=*")


def _let_in(rules: Path) -> None:
    if FROM_ELSEWHERE not in rules.read_text():
        with rules.open("a") as file:
            file.write(FROM_ELSEWHERE)


def _set_password(command: Sequence[str], password: str) -> None:
    """In single-user mode: nobody can come in before there is a password."""
    quoted = password.replace("'", "''")
    single = [command[0], "--single", "-j", *command[1:3], "postgres"]
    said = f"alter role postgres password '{quoted}';\n\n"
    subprocess.run(single, input=said, text=True, check=True, stdout=subprocess.DEVNULL)


def run_kafka(place: Place) -> Sequence[str]:
    kafka.prepare(place, Teller())
    inside = os.environ.get("CARE_ADVERTISED", "127.0.0.1:9092")
    host, controller = place.port("kafka"), place.port("kafka-controller")
    changed = {
        "listeners": f"INSIDE://0.0.0.0:9092,PLAINTEXT://0.0.0.0:{host},CONTROLLER://127.0.0.1:{controller}",
        "advertised.listeners": f"INSIDE://{inside},PLAINTEXT://127.0.0.1:{host}",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,INSIDE:PLAINTEXT",
        "inter.broker.listener.name": "INSIDE",
    }
    command = kafka.program(place).command
    return (*command, *(word for key, value in changed.items() for word in ("--override", f"{key}={value}")))


PROGRAMS = {"postgres": run_postgres, "kafka": run_kafka}


def main() -> int:
    """Becomes the program; 1 with a sentence where it cannot, 2 where there is no such program."""
    if len(sys.argv) != 2 or sys.argv[1] not in PROGRAMS:
        print(f"Say which: {' or '.join(PROGRAMS)}.", file=sys.stderr)
        return 2
    place = Place.from_environment()
    place.make_folders()
    try:
        command = PROGRAMS[sys.argv[1]](place)
    except Trouble as trouble:
        print(trouble.message, file=sys.stderr)
        return 1
    return os.execv(command[0], list(command))


if __name__ == "__main__":
    sys.exit(main())
