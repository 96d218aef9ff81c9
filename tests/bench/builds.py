"""Which builds stand side by side, and how is each started? The product as `care up` runs it; the others as themselves."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiokafka.admin import AIOKafkaAdminClient

from tests.bench.ground import Site, await_ready

CHAIN = ("marketplace", "budget", "safeguarding")
PRODUCT, TEXTBOOK, BARE = "product", "textbook", "bare"
OUTBOX = {PRODUCT: "outbox", TEXTBOOK: "book_outbox", BARE: "book_outbox"}


def product_environment(site: Site, service: str, **more: str) -> dict[str, str]:
    """One service with all its parts, as the local run tells it."""
    urls = {f"CARE_{role.upper()}_DATABASE_URL": site.url(service, role) for role in ("owner", "http", "worker", "ops")}
    return {
        "CARE_SERVICE": service,
        "CARE_MODE": "sandbox",
        "CARE_PORT": str(site.servers.place.port(service)),
        "CARE_KAFKA_BOOTSTRAP": site.servers.bootstrap,
        "CARE_TOPIC_PREFIX": site.prefix,
        **urls,
        **more,
    }


async def start_product(site: Site) -> None:
    for service in CHAIN:
        site.launch(service, ["shared.serve"], product_environment(site, service))
    await await_ready([f"{site.servers.place.url(service)}/health/ready" for service in CHAIN])


async def start_textbook(site: Site) -> None:
    await _start_build(site, "tests.bench.textbook")


async def start_bare(site: Site) -> None:
    await _start_build(site, "tests.bench.bare")


async def _start_build(site: Site, module: str) -> None:
    for service in CHAIN:
        environment = {
            "BENCH_DATABASE_URL": site.url(service),
            "BENCH_KAFKA": site.servers.bootstrap,
            "BENCH_PREFIX": site.prefix,
        }
        site.launch(service, [module, service], environment)
    await _await_groups(site)


async def _await_groups(site: Site, patience: float = 60) -> None:
    """Until every service's group has its member: it reads."""
    admin = AIOKafkaAdminClient(bootstrap_servers=site.servers.bootstrap)
    await admin.start()
    try:
        async with asyncio.timeout(patience):
            for service in CHAIN:
                while not await _is_stable(admin, site.prefix + service):  # noqa: ASYNC110 - the broker tells nobody
                    await asyncio.sleep(0.1)
    finally:
        await admin.close()


async def _is_stable(admin: AIOKafkaAdminClient, group: str) -> bool:
    (answer,) = await admin.describe_consumer_groups([group])
    (described,) = answer.groups
    return bool(described[2] == "Stable")


START: dict[str, Callable[[Site], Awaitable[None]]] = {
    PRODUCT: start_product,
    TEXTBOOK: start_textbook,
    BARE: start_bare,
}
