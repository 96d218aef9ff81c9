"""Which jars does our Kafka consist of? Asks Maven's metadata once, and writes jars.lock: `make lock`."""

import hashlib
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from jgo.maven import MavenContext
from jgo.parse import Endpoint

from care.local.jars import LOCK, VERSION, maven_at

KAFKA = f"org.apache.kafka:kafka_2.13:{VERSION}"
BINDING = ("org.apache.logging.log4j", "log4j-slf4j-impl")  # in Kafka's tarball, but not in its POM


def artifacts(maven: MavenContext) -> list[Any]:
    """Kafka and what it needs at run time, and the log binding in the version of Kafka's own log4j.

    The binding is not resolved together with Kafka: its parent would manage kafka-clients down to 3.9.
    """
    kafka = maven.create_dependency(replace(Endpoint.parse(KAFKA).coordinates[0], scope="compile"))
    direct, transitive = maven.resolver.resolve([kafka])
    found = [dependency.artifact for dependency in (*direct, *transitive)]
    log4j = next(artifact.version for artifact in found if artifact.artifactId == "log4j-core")
    return [*found, maven.project(*BINDING).at_version(log4j).artifact()]


def line(artifact: Any) -> str:
    digest = hashlib.sha256(Path(artifact.resolve()).read_bytes()).hexdigest()
    return f"{digest}  {artifact.groupId}:{artifact.artifactId}:{artifact.version}"


def write_lock() -> None:
    """Fetch everything into a throw-away folder and write the committed list."""
    with tempfile.TemporaryDirectory() as folder:
        lines = sorted(
            (line(artifact) for artifact in artifacts(maven_at(Path(folder)))), key=lambda text: text.split()[1]
        )
    LOCK.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    write_lock()
