"""The toy's tables made anew by the workers of a program of their own: forked before any loop runs, as in life.

`python -m tests.integration.runtime.again <database url> <bootstrap> <prefix> <workers> <batch>` says how many facts were heard.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from shared.contracts.base import Fact
from shared.contracts.marketplace import VisitRecorded
from shared.operations.rebuilding import heard_again
from shared.runtime import rebuild
from shared.runtime.loads import by_key
from shared.runtime.messages import Heard
from shared.runtime.service import Service, on
from shared.runtime.unit_of_work import UnitOfWork
from shared.settings import Settings
from shared.workers import WorkerFailed
from tests.integration.runtime import toy


@on(VisitRecorded, wants=(by_key(toy.Tally, "supplier_id"),))
def count_visit(heard: Heard[VisitRecorded], work: UnitOfWork) -> Iterator[Fact]:
    """People whose facts stand on different partitions meet in their supplier's row."""
    tally = toy.bump(work, heard.fact.supplier_id, heard.council, "v")
    yield toy.spoke(heard, tally.count)


def service() -> Service:
    return Service.of("toy", toy, sys.modules[__name__])


def main(url: str, bootstrap: str, prefix: str, workers: str, batch: str) -> None:
    rebuild.BATCH = int(batch)
    settings = Settings(service="toy", worker_database_url=url, kafka_bootstrap=bootstrap, topic_prefix=prefix)
    try:
        print(heard_again(settings, service(), int(workers)))
    except WorkerFailed as failed:
        sys.exit(str(failed))


if __name__ == "__main__":
    main(*sys.argv[1:])
