"""How does a service hear? Batches off the log into one transaction each; offsets live in the service's database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.errors import KafkaError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.contracts.base import topic_of
from shared.db import transaction
from shared.runtime.batches import Fault, run_batch
from shared.runtime.crash import crash_point
from shared.runtime.hearing import Condemned, Hearing
from shared.runtime.inbox import offsets_of
from shared.runtime.parking import Drain
from shared.runtime.part import CALL_SECONDS, Part, close
from shared.runtime.records import Record, read_record
from shared.runtime.service import Service

log = structlog.get_logger()

TOO_MANY_IN_A_ROW = 20
"""Bad code is not bad data: after so many parked with nothing applied in between, the reader pauses."""
POLL_MS = 250
SWEEP_SECONDS = 2.0
SHOW_SECONDS = 1.0


class Consumer(Part):
    """Reads the topics of the services this one listens to."""

    name = "consumer"

    def __init__(
        self,
        engine: AsyncEngine,
        service: Service,
        bootstrap: str,
        *,
        prefix: str = "",
        ordinal: int = 0,
        batch: int = 500,
    ) -> None:
        super().__init__()
        self.engine, self.service, self.reader, self.batch = engine, service, service.name, batch
        self.bootstrap, self.prefix, self.ordinal = bootstrap, prefix, ordinal
        self.drain = Drain(engine, service, self.reader)
        self.kafka: AIOKafkaConsumer | None = None
        self.unsought: Exception | None = None
        self._swept = self._shown = 0.0
        self._heard_of: dict[TopicPartition, int] = {}

    async def run(self) -> None:
        """Until stopped. A dead broker or database is waited for."""
        topics = [self.prefix + topic_of(source) for source in self.service.hears]
        while not self.stopping:
            await self.guarded(self._read_on, topics)

    async def _read_on(self, topics: list[str]) -> None:
        self.kafka, self.unsought, self._heard_of = self._client(), None, {}
        self.kafka.subscribe(topics, listener=_Seek(self))
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await self.kafka.start()
            while not self.stopping:
                await self._turn()
        finally:
            self.ready = False
            await close(self.kafka)

    def _client(self) -> AIOKafkaConsumer:
        group = self.prefix + self.reader
        return AIOKafkaConsumer(
            bootstrap_servers=self.bootstrap,
            group_id=group,
            group_instance_id=f"{group}-consumer-{self.ordinal}",
            client_id=f"{group}-consumer-{self.ordinal}",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            partition_assignment_strategy=(RangePartitionAssignor,),
            metadata_max_age_ms=5_000,
            fetch_max_wait_ms=100,
        )

    async def _turn(self) -> None:
        assert self.kafka is not None
        self.beat()
        if await self.is_paused():
            await self.sleep(1.0)
            return
        async with asyncio.timeout(CALL_SECONDS):
            fetched = await self.kafka.getmany(timeout_ms=POLL_MS, max_records=self.batch)
        if self.unsought:
            raise self.unsought
        if not self.ready:
            return  # from Kafka's own offsets, before the seek: the same records come again from where our data is
        records = [
            read_record(tp.topic.removeprefix(self.prefix), tp.partition, one.offset, one.headers, one.value)
            for tp, many in fetched.items()
            for one in many
        ]
        if records:
            crash_point("consume.fetched")
            await run_batch(records, self.attempt)
            self._heard_of.update({tp: self._following(many) for tp, many in fetched.items()})
        await self._show_lag(idle=not records)
        await self._sweep(idle=not records)

    async def attempt(self, records: Sequence[Record], condemned: Condemned | None = None) -> None:
        """One batch, one transaction; then the gaps it closed."""
        async with transaction(self.engine) as tx:
            hearing = Hearing(tx, self.service, self.reader, condemned)
            await hearing.hear(records)
            await self._count(hearing)
        crash_point("consume.committed")
        self.said()
        if closed := hearing.drainable():
            await self.drain.drain_closed_gaps(closed)
            self.said()
        crash_point("consume.drained")

    async def _count(self, hearing: Hearing) -> None:
        """Parked in a row, counted in the database so that a restart does not forget it. Written only when it moves."""
        if not hearing.bad:
            if hearing.good and self.parked_in_a_row:
                await hearing.tx.run("update reader_state set parked_in_a_row = 0 where reader = $1", self.reader)
            self.parked_in_a_row = 0 if hearing.good else self.parked_in_a_row
            return
        rows = await hearing.tx.rows(
            """insert into reader_state as s (reader, parked_in_a_row) values ($1, $2) on conflict (reader) do update
            set parked_in_a_row = case when $3 then 0 else s.parked_in_a_row end + excluded.parked_in_a_row
            returning parked_in_a_row""",
            self.reader, hearing.bad_in_a_row, hearing.good > 0,
        )  # fmt: skip
        self.parked_in_a_row = rows[0][0]

    async def is_paused(self) -> bool:
        """Paused by too many parked facts in a row, until `care parked resume` (or a replay) says otherwise."""
        if self.parked_in_a_row < TOO_MANY_IN_A_ROW:
            self.paused_because = ""
            return False
        async with transaction(self.engine) as tx:
            rows = await tx.rows("select parked_in_a_row from reader_state where reader = $1", self.reader)
        self.parked_in_a_row = rows[0][0] if rows else 0
        self.paused_because = f"{self.parked_in_a_row} facts in a row were parked"
        log.error("paused", service=self.reader, because=self.paused_because)
        return self.parked_in_a_row >= TOO_MANY_IN_A_ROW

    async def _sweep(self, idle: bool) -> None:
        """Gaps that closed while nobody looked: after a crash between a commit and its drain."""
        now = asyncio.get_running_loop().time()
        if idle and now - self._swept > SWEEP_SECONDS:
            self._swept = now
            await self.drain.drain_closed_gaps()

    async def _show_lag(self, idle: bool) -> None:
        """Kafka's own offsets are written only so that its tools see lag; nothing depends on them. Once a second at most."""
        assert self.kafka is not None
        now = asyncio.get_running_loop().time()
        if not self._heard_of or not (idle or now - self._shown > SHOW_SECONDS):
            return
        shown, self._heard_of, self._shown = self._heard_of, {}, now
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await self.kafka.commit(shown)
            crash_point("consume.shown")
        except KafkaError as error:
            log.debug("offsets not shown", because=type(error).__name__)

    @staticmethod
    def _following(many: Sequence[object]) -> int:
        return int(many[-1].offset) + 1  # type: ignore[attr-defined]

    async def seek(self, assigned: list[TopicPartition]) -> None:
        """Go to where this service's own data is."""
        assert self.kafka is not None
        crash_point("consume.assigned")
        await self.load_parked_in_a_row()
        named = {(tp.topic.removeprefix(self.prefix), tp.partition): tp for tp in assigned}
        async with transaction(self.engine) as tx:
            known = await offsets_of(tx, self.reader, list(named))
        for where, tp in named.items():
            self.kafka.seek(tp, known.get(where, 0))
        crash_point("consume.sought")
        self.ready = True

    async def load_parked_in_a_row(self) -> None:
        async with transaction(self.engine) as tx:
            rows = await tx.rows("select parked_in_a_row from reader_state where reader = $1", self.reader)
        self.parked_in_a_row = rows[0][0] if rows else 0


class _Seek(ConsumerRebalanceListener):  # type: ignore[misc]
    """On assignment, read on from where this service's own data is."""

    def __init__(self, consumer: Consumer) -> None:
        self.consumer = consumer

    async def on_partitions_revoked(self, revoked: list[TopicPartition]) -> None:
        self.consumer.ready = False

    async def on_partitions_assigned(self, assigned: list[TopicPartition]) -> None:
        """The client swallows what is raised here and would read on from Kafka's own offsets: so it is kept for `_turn`."""
        try:
            await self.consumer.seek(assigned)
        except Exception as error:
            self.consumer.unsought = error


__all__ = ["Consumer", "Fault"]
