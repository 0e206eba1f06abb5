"""The job under taskiq, on Kafka, with start and result in MongoDB.

taskiq-aio-kafka lets its consumer commit what was fetched every five seconds, so a killed worker loses the
jobs that it had. taskiq can acknowledge after the result is stored if its broker can: `LateAcks` does.
"""

import os
from collections import defaultdict
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aiokafka import TopicPartition
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.partitioner import DefaultPartitioner
from kafka.admin import NewTopic
from kafka.errors import TopicAlreadyExistsError
from motor.motor_asyncio import AsyncIOMotorClient
from taskiq import AckableMessage, AsyncResultBackend, TaskiqMessage, TaskiqMiddleware, TaskiqResult
from taskiq_aio_kafka import AioKafkaBroker

from tests.bench.jobs.work import backtest

Document = dict[str, Any]


class MongoResults(AsyncResultBackend[Any]):  # type: ignore[misc]  # mypy skips taskiq
    """Keeps one document per job, written when it begins and when it ends."""

    async def startup(self) -> None:
        self._client: AsyncIOMotorClient[Document] = AsyncIOMotorClient(
            os.environ["MONGODB_URI"], w="majority", journal=True
        )
        self._jobs = self._client["taskiq"]["jobs"]

    async def shutdown(self) -> None:
        self._client.close()

    async def started(self, task_id: str) -> None:
        await self._set(task_id, {"status": "STARTED", "started_at": datetime.now(UTC)})

    async def set_result(self, task_id: str, result: TaskiqResult[Any]) -> None:
        status = "FAILURE" if result.is_err else "SUCCESS"
        ended = {"status": status, "result": result.return_value, "ended_at": datetime.now(UTC)}
        await self._set(task_id, ended)

    async def is_result_ready(self, task_id: str) -> bool:
        return bool(await self._jobs.find_one({"_id": task_id, "status": {"$ne": "STARTED"}}))

    async def get_result(self, task_id: str, with_logs: bool = False) -> TaskiqResult[Any]:  # noqa: ARG002, FBT001, FBT002 - its interface
        document = await self._jobs.find_one({"_id": task_id})
        result = document and document.get("result")
        return TaskiqResult(is_err=result is None, return_value=result, execution_time=0.0)

    async def _set(self, task_id: str, fields: Document) -> None:
        await self._jobs.update_one({"_id": task_id}, {"$set": fields}, upsert=True)


class Started(TaskiqMiddleware):  # type: ignore[misc]
    """Stores the beginning of each job."""

    async def pre_execute(self, message: TaskiqMessage) -> TaskiqMessage:
        await results.started(message.task_id)
        return message


class LateAcks(AioKafkaBroker):  # type: ignore[misc]
    """Commits a job's offset when it and all jobs before it in its partition are done."""

    def __init__(self, servers: str, topic: NewTopic) -> None:
        super().__init__(servers, kafka_topic=topic)
        self._under_way: dict[TopicPartition, set[int]] = defaultdict(set)
        self._next: dict[TopicPartition, int] = {}

    async def startup(self) -> None:
        """Start; client and worker create the topic at the same time, and one of them comes too late."""
        try:
            await super().startup()
        except TopicAlreadyExistsError:
            await super().startup()

    async def listen(self) -> AsyncGenerator[AckableMessage, None]:
        async for record in self._aiokafka_consumer:
            partition = TopicPartition(record.topic, record.partition)
            self._under_way[partition].add(record.offset)
            self._next[partition] = record.offset + 1
            yield AckableMessage(data=record.value, ack=partial(self._done, partition, record.offset))

    async def _done(self, partition: TopicPartition, offset: int) -> None:
        under_way = self._under_way[partition]
        first = offset == min(under_way, default=None)
        under_way.discard(offset)  # after a rebalance it may be delivered, and done, twice
        if first:
            done = min(under_way, default=self._next[partition])
            await self._aiokafka_consumer.commit({partition: done})


WORKERS = int(os.environ.get("WORKERS", "1"))
TOPIC = NewTopic("taskiq", num_partitions=WORKERS, replication_factor=1)  # one per worker

results = MongoResults()
broker = LateAcks(os.environ["KAFKA_BOOTSTRAP_SERVERS"], TOPIC).with_result_backend(results)
broker.add_middlewares(Started())
# Its defaults for these two do not work with the kafka-python that it requires.
broker.configure_producer(acks="all", partitioner=DefaultPartitioner())
broker.configure_consumer(
    partition_assignment_strategy=(RoundRobinPartitionAssignor,),
    group_id="taskiq",
    auto_offset_reset="earliest",
    enable_auto_commit=False,
    fetch_max_wait_ms=int(os.environ.get("KAFKA_FETCH_WAIT_MS", "500")),
)
run_backtest = broker.register_task(backtest, task_name="backtest")
