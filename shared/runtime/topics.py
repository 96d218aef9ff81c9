"""Which topics are there? One per service, 12 partitions, kept for ever; and one compacted for watermarks."""

from __future__ import annotations

from typing import Any

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code

from shared.contracts import SERVICES, topic_of
from shared.runtime.crash import crash_point

PARTITIONS = 12
"""Of every service's topic, fixed from the start: a key must never move to another partition."""
WATERMARKS = "watermarks"

LOG = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete"}
LATEST = {"cleanup.policy": "compact", "segment.ms": "600000", "max.compaction.lag.ms": "600000"}


def all_topics(prefix: str, replication: int) -> list[NewTopic]:
    durable = {"min.insync.replicas": "2"} if replication >= 3 else {}
    logs = [
        NewTopic(prefix + topic_of(name), PARTITIONS, replication, topic_configs=LOG | durable) for name in SERVICES
    ]
    return [*logs, NewTopic(prefix + WATERMARKS, 1, replication, topic_configs=LATEST | durable)]


async def create_topics(bootstrap: str, *, prefix: str = "", replication: int = 1) -> None:
    """Create what is missing. Topics that exist are left as they are."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        existing = set(await admin.list_topics())
        crash_point("topics.listed")
        wanted = [topic for topic in all_topics(prefix, replication) if topic.name not in existing]
        if wanted:
            _check(await admin.create_topics(wanted))
            crash_point("topics.created")
    finally:
        await admin.close()


def _check(response: Any) -> None:
    """Another process may have created a topic in between: that is fine, any other error is not."""
    for name, code, *_ in response.topic_errors:
        if code not in (0, TopicAlreadyExistsError.errno):
            raise for_code(code)(name)


async def missing_topics(bootstrap: str, prefix: str = "") -> list[str]:
    """The topics that should be there and are not."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        return sorted({topic.name for topic in all_topics(prefix, 1)} - set(await admin.list_topics()))
    finally:
        await admin.close()
