"""The job under taskiq, on the stack's Kafka, with start and result in the stack's MongoDB.

taskiq-aio-kafka has no acknowledgement after the work: its consumer commits by itself, every five seconds,
what it has fetched. That is left as it is.
"""

import os
from datetime import UTC, datetime
from typing import Any

from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.partitioner import DefaultPartitioner
from motor.motor_asyncio import AsyncIOMotorClient
from taskiq import AsyncResultBackend, TaskiqMessage, TaskiqMiddleware, TaskiqResult
from taskiq_aio_kafka import AioKafkaBroker

from deploy.bench.jobs.work import backtest

Document = dict[str, Any]


class MongoResults(AsyncResultBackend[Any]):  # type: ignore[misc]  # mypy never looks into it
    """A document per job, written when it begins and when it ends."""

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
    """Stores that a job has begun."""

    async def pre_execute(self, message: TaskiqMessage) -> TaskiqMessage:
        await results.started(message.task_id)
        return message


results = MongoResults()
broker = AioKafkaBroker(os.environ["KAFKA_BOOTSTRAP_SERVERS"]).with_result_backend(results)
broker.add_middlewares(Started())
# Its own defaults for these two are made for an older kafka-python than the one it asks for.
broker.configure_producer(acks="all", partitioner=DefaultPartitioner())
broker.configure_consumer(
    partition_assignment_strategy=(RoundRobinPartitionAssignor,),
    group_id="taskiq",
    auto_offset_reset="earliest",
    fetch_max_wait_ms=int(os.environ.get("KAFKA_FETCH_WAIT_MS", "500")),
)
run_backtest = broker.register_task(backtest, task_name="backtest")
