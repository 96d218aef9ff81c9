"""How do PostgreSQL and Kafka start, stop, die and come back here? The ground the services and the tests stand on.

All methods block and may be called from anywhere, a running event loop included (then better in a thread).
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from care.local import jars, kafka, postgres, processes, ready
from care.local.locks import only_one
from care.local.place import PORTS, Place
from care.local.program import Program
from care.local.progress import Teller
from care.local.supervisor import Supervisor
from care.local.trouble import Trouble

ROOM = 1.0  # GB free before we start
PATIENCE = 60.0  # seconds until a program must be ready
BUSY = "Another `care up` or `care down` is at work in this folder. Wait for it to end, then try again."


class Servers:
    """PostgreSQL and Kafka of one place, under one supervisor. Servers given by the environment are only used."""

    def __init__(self, place: Place | None = None, teller: Teller | None = None) -> None:
        self.place = place or Place.from_environment()
        self.teller = teller or Teller.quiet()
        self.supervisor = Supervisor(self.place)

    @property
    def admin_dsn(self) -> str:
        """PostgreSQL's administrator, as a plain postgresql:// address."""
        return postgres.admin_url(self.place)

    @property
    def bootstrap(self) -> str:
        """Kafka's host:port."""
        return kafka.bootstrap(self.place)

    def programs(self) -> list[Program]:
        """What the supervisor runs here, in the order of starting."""
        own_postgres = [] if self.place.database_url else [postgres.program(self.place)]
        own_kafka = [] if self.place.kafka_bootstrap else [kafka.program(self.place)]
        return [*own_postgres, *own_kafka]

    def up(self) -> bool:
        """Start everything and return when all of it is ready; False if it was running already.

        Raises Trouble, with nothing left running, where something is in the way or does not become ready.
        """
        self.place.make_folders()
        with only_one(self.place.run / "up.lock", otherwise=BUSY):
            if self.is_up():
                return False
            self._stop_all()
            try:
                self._start_all()
            except BaseException:
                self._stop_all()
                raise
        return True

    def down(self) -> bool:
        """Stop everything, whatever state it is in; False if nothing was running."""
        self.place.make_folders()
        with only_one(self.place.run / "up.lock"):
            return self._stop_all()

    def is_up(self) -> bool:
        """Whether every program here runs, or is being started again by the supervisor at this moment."""
        states = self.supervisor.states()
        words = [states.get(program.name, {}).get("statename", "STOPPED") for program in self.programs()]
        return bool(states) and not set(words) & {"STOPPED", "EXITED", "FATAL", "UNKNOWN"}

    def start(self, name: str) -> None:
        """Start one program that was stopped, and wait until it is ready."""
        if name == "postgres":
            postgres.prepare(self.place)
        self.supervisor.start([name])
        self.wait_ready(name)

    def stop(self, name: str) -> None:
        """Stop one program in an orderly way; it stays down."""
        self.supervisor.stop([name])

    def restart(self, name: str) -> None:
        self.stop(name)
        self.start(name)

    def kill9(self, name: str, *, stay_down: bool = False) -> None:
        """kill -9. The supervisor starts it again at once, unless it should stay down until `start`. A service dies with its
        keeper."""
        self.supervisor.kill(name, stay_down)

    def kill9_kept(self, name: str) -> None:
        """kill -9 the process that serves; its keeper replaces it."""
        processes.kill(processes.kept_by(self._pid(name)))

    def pause(self, name: str) -> None:
        """Freeze one program (SIGSTOP): alive, holding its connections, answering nothing."""
        processes.freeze(self._pid(name))

    def resume(self, name: str) -> None:
        """Let a frozen program go on."""
        processes.thaw(self._pid(name))

    def _pid(self, name: str) -> int:
        """Trouble where it does not run."""
        pid = self.supervisor.states().get(name, {}).get("pid")
        if not pid:
            raise Trouble(f"{name} is not running. See `care status`.")
        return int(pid)

    def wait_ready(self, name: str, patience: float = PATIENCE) -> None:
        """Wait until one program answers; Trouble with the end of its log if it does not."""
        ready.wait(self.supervisor, name, self.checks()[name], patience)

    def checks(self) -> dict[str, Callable[[], bool]]:
        """The question each program must answer to count as ready."""
        return {
            "postgres": lambda: ready.postgres(self.admin_dsn),
            "kafka": lambda: ready.kafka(self.bootstrap),
        }

    def _start_all(self) -> None:
        self._look_before()
        self._prepare()
        self.supervisor.launch(self.programs())
        self.supervisor.start(program.name for program in self.programs() if program.name in ("postgres", "kafka"))
        self._await_postgres()
        self._await_kafka()

    def _look_before(self) -> None:
        """Is there room, and are our ports free? Better a sentence now than a log file later."""
        free = shutil.disk_usage(self.place.home).free / 1e9
        if free < ROOM:
            raise Trouble(f"Only {free:.1f} GB are free in {self.place.home}, and {ROOM:.0f} GB are needed. Make room.")
        for program in self.programs():
            for port in program.ports:
                self._refuse_taken(port)

    def _refuse_taken(self, name: str) -> None:
        port = self.place.port(name)
        if not processes.port_is_free(port):
            shift = self.place.shift + 100
            raise Trouble(
                f"Port {port}, which {name} needs, is taken by {processes.holder_of(port)}. Stop that, "
                f"or run beside it, with CARE_PORT_SHIFT={shift} CARE_HOME=.care-{shift} before the command."
            )

    def _prepare(self) -> None:
        names = {program.name for program in self.programs()}
        if "kafka" in names:
            kafka.prepare(self.place, self.teller)
        if "postgres" in names:
            postgres.prepare(self.place)

    def _await_postgres(self) -> None:
        with self.teller.step(f"PostgreSQL {postgres.version()}", self._address("postgres")):
            if self.place.database_url:
                ready.wait_given("CARE_DATABASE_URL", self.checks()["postgres"])
            else:
                self.wait_ready("postgres")

    def _await_kafka(self) -> None:
        with self.teller.step(f"Apache Kafka {jars.VERSION}", self._address("kafka")):
            if self.place.kafka_bootstrap:
                ready.wait_given("CARE_KAFKA_BOOTSTRAP", self.checks()["kafka"])
            else:
                self.wait_ready("kafka")

    def _address(self, name: str) -> str:
        given = {"postgres": self.place.database_url, "kafka": self.place.kafka_bootstrap}[name]
        return "as given" if given else f"127.0.0.1:{self.place.port(name)}"

    def _stop_all(self) -> bool:
        """Stop in order while the supervisor answers, then end by pid whatever is left of any earlier start."""
        found = bool(processes.left_over(self.place.run))
        states = self.supervisor.states()
        for names in self._stopping_order(list(states)):
            self.supervisor.stop(names)
        self.supervisor.shut_down()
        processes.end(processes.left_over(self.place.run).values())
        for path in (*self.place.run.glob("*.pid"), self.supervisor.socket):
            with suppress(OSError):
                path.unlink()
        return found

    def _stopping_order(self, names: Sequence[str]) -> list[list[str]]:
        """Services before the servers they still want to say good-bye to."""
        ground = [name for name in names if name in ("postgres", "kafka")]
        return [[name for name in names if name not in ground], ground]


@contextmanager
def shared(these: Servers) -> Iterator[Servers]:
    """Servers used by several processes at once (pytest-xdist): the first one starts them, the last one stops them."""
    users, lock = these.place.run / "users", these.place.run / "users.lock"
    users.mkdir(parents=True, exist_ok=True)
    mine = users / f"{os.getpid()}.pid"
    with only_one(lock):
        if not (others(users) and these.supervisor.answers()):
            these.up()
        processes.record(mine)
    try:
        yield these
    finally:
        with only_one(lock):
            mine.unlink(missing_ok=True)
            if not others(users):
                these.down()


def others(users: Path) -> bool:
    """Whether some other process that recorded itself here is still alive."""
    return any(processes.is_recorded(path) for path in users.glob("*.pid"))


def free_shift(first: int = 2000) -> int:
    """A CARE_PORT_SHIFT at which every port is free now; for tests that must not meet another run."""
    for shift in range(first, first + 3000, 50):
        if all(processes.port_is_free(port + shift) for port in PORTS.values()):
            return shift
    raise Trouble("No free range of ports was found for the tests. Stop other runs with `care down`.")


def servers(home: Path, cache: Path | None = None, shift: int | None = None) -> Servers:
    """PostgreSQL and Kafka in a folder of your own, not yet started; for tests. The rest is as in the environment."""
    usual = Place.from_environment()
    place = Place(
        home=home.absolute(),
        cache=cache or usual.cache,
        shift=usual.shift if shift is None else shift,
        database_url=usual.database_url,
        kafka_bootstrap=usual.kafka_bootstrap,
    )
    return Servers(place)
