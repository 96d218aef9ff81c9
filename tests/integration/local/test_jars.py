"""Can a jar that we did not lock ever reach the class path?"""

import shutil
from pathlib import Path

import pytest

from care.local import jars
from care.local.place import Place
from care.local.progress import Teller
from care.local.trouble import Trouble

JAR = next(jar for jar in jars.locked() if jar.artifact == "slf4j-api")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A mirror, as a folder behind CARE_MAVEN_URL, with one jar from the checked cache."""
    cache = Place.from_environment().cache
    jars.class_path(cache, Teller.quiet())
    folder = tmp_path / "m2" / "org" / "slf4j" / "slf4j-api" / JAR.version
    folder.mkdir(parents=True)
    shutil.copy(cache / f"kafka-{jars.VERSION}" / JAR.file_name, folder)
    return tmp_path


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "jars.lock"
    path.write_text(f"{JAR.sha256}  {JAR.group}:{JAR.artifact}:{JAR.version}\n")
    return path


def test_what_an_interrupted_run_fetched_is_used_without_the_network(
    repository: Path, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARE_MAVEN_URL", "http://127.0.0.1:9")
    jars.class_path(repository, Teller.quiet(), lock)
    assert [path.name for path in (repository / f"kafka-{jars.VERSION}").iterdir()] == [JAR.file_name]


def test_half_a_jar_is_fetched_anew_and_a_closed_network_is_a_sentence(
    repository: Path, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CARE_MAVEN_URL", "http://127.0.0.1:9")
    half = next((repository / "m2").rglob("*.jar"))
    half.write_bytes(half.read_bytes()[:1000])
    with pytest.raises(Trouble, match="could not be fetched"):
        jars.class_path(repository, Teller.quiet(), lock)


def test_a_jar_with_another_checksum_is_refused_by_name(
    repository: Path, lock: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock.write_text(lock.read_text().replace(JAR.sha256, "0" * 64))
    served = next((repository / "m2").rglob("*.jar")).read_bytes()
    monkeypatch.setattr(jars, "_download", lambda artifact, jar: Path(artifact.cached_path).write_bytes(served))
    with pytest.raises(Trouble, match=f"{JAR.file_name} is not the file"):
        jars.class_path(repository, Teller.quiet(), lock)
    assert not (repository / f"kafka-{jars.VERSION}").exists()
