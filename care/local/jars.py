"""Which Kafka do we run, and are these really its jars? Fetch once, check against jars.lock, then work offline.

A jar that is not the one we locked never reaches the class path. The lock names coordinates, never an address: where
jars come from is the machine's business (CARE_MAVEN_URL names a mirror).
"""

import hashlib
import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import requests
from jgo.maven import MavenContext

from care.local.locks import only_one
from care.local.place import Place
from care.local.progress import Advance, Teller
from care.local.trouble import Trouble

VERSION = "4.3.1"
LOCK = Path(__file__).with_name("jars.lock")
ABOUT_BYTES = 46_000_000  # only for the progress bar
AT_ONCE = 6  # downloads in flight


@dataclass(frozen=True)
class Jar:
    """One line of jars.lock."""

    sha256: str
    group: str
    artifact: str
    version: str

    @property
    def file_name(self) -> str:
        return f"{self.artifact}-{self.version}.jar"


def locked(lock: Path = LOCK) -> list[Jar]:
    """The jars we trust, from lines of `sha256 group:artifact:version`."""
    lines = (line.split() for line in lock.read_text().splitlines() if line and not line.startswith("#"))
    return [Jar(digest, *coordinates.split(":")) for digest, coordinates in lines]


def class_path(cache: Path, teller: Teller, lock: Path = LOCK) -> str:
    """The class path of a checked Kafka, fetched first where the cache does not have it.

    Raises Trouble where a jar is not the locked one, or where it cannot be fetched.
    """
    shelf = cache / f"kafka-{VERSION}"
    with only_one(cache / "kafka.lock"):
        if not _complete(shelf, locked(lock)):
            _fetch_all(cache / "m2", shelf, locked(lock), teller)
    return str(shelf / "*")


def _complete(shelf: Path, jars: list[Jar]) -> bool:
    """Whether the shelf holds exactly the locked jars; reading 44 MB costs less than wondering."""
    have = {path.name for path in shelf.glob("*.jar")}
    return have == {jar.file_name for jar in jars} and all(_is(jar, shelf / jar.file_name) for jar in jars)


def _is(jar: Jar, path: Path) -> bool:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest() == jar.sha256
    except OSError:
        return False


def _fetch_all(repository: Path, shelf: Path, jars: list[Jar], teller: Teller) -> None:
    """Fetch into a repository that survives an interruption, then put the whole shelf in place with one rename."""
    maven = maven_at(repository)
    title = f"Apache Kafka {VERSION}: {len(jars)} jars"
    with teller.download(title, ABOUT_BYTES) as advance, ThreadPoolExecutor(AT_ONCE) as threads:
        paths = list(threads.map(partial(_fetch, maven, advance), jars))
    fresh = shelf.with_name(f"{shelf.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for jar, path in zip(jars, paths, strict=True):
        shutil.copyfile(path, fresh / jar.file_name)
    shutil.rmtree(shelf, ignore_errors=True)
    fresh.rename(shelf)
    shutil.rmtree(repository, ignore_errors=True)


def maven_at(repository: Path) -> MavenContext:
    mirror = os.environ.get("CARE_MAVEN_URL")
    return MavenContext(repo_cache=repository, timeout=60, remote_repos={"mirror": mirror} if mirror else None)


def _fetch(maven: MavenContext, advance: Advance, jar: Jar) -> Path:
    """One checked jar. What an earlier, interrupted run left is kept if it is whole and fetched anew if not."""
    artifact = maven.project(jar.group, jar.artifact).at_version(jar.version).artifact()
    path = Path(str(artifact.cached_path))
    if not _is(jar, path):
        path.unlink(missing_ok=True)
        _download(artifact, jar)
    if not _is(jar, path):
        path.unlink(missing_ok=True)
        raise Trouble(
            f"{jar.file_name} is not the file this project was locked with: its checksum differs from "
            "care/local/jars.lock. It was thrown away and nothing was started. Try again, or point CARE_MAVEN_URL "
            "at a mirror you trust."
        )
    advance(path.stat().st_size)
    return path


def _download(artifact: object, jar: Jar) -> None:
    try:
        artifact.resolve()  # type: ignore[attr-defined]
    except (requests.RequestException, RuntimeError, OSError) as error:
        raise Trouble(
            f"{jar.file_name} could not be fetched ({type(error).__name__}). The first start needs the network, once: "
            "open it, or set CARE_MAVEN_URL to a Maven mirror you can reach, or CARE_CACHE to a cache that was filled "
            "elsewhere, or CARE_KAFKA_BOOTSTRAP to a Kafka of yours. What was fetched so far is kept."
        ) from None


def main() -> int:
    """Fetch and check the jars into CARE_CACHE; 1 with a sentence where that is not possible."""
    try:
        class_path(Place.from_environment().cache, Teller())
    except Trouble as trouble:
        print(trouble.message, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
