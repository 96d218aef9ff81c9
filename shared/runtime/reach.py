"""Does the broker answer? Asked by whoever starts or watches it, without the client's own warnings."""

import logging
from contextlib import suppress

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError


async def broker_answers(bootstrap: str) -> bool:
    """Whether `describe_cluster` succeeds and names at least one broker; an open port says nothing yet."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=3000)
    try:
        await client.start()
        return bool((await client.describe_cluster())["brokers"])
    except (KafkaError, OSError, TimeoutError):
        return False
    finally:
        with suppress(KafkaError, OSError):
            await client.close()
