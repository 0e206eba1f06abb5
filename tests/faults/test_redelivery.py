"""Every event a hundred times, in any order: one effect. What is added to an envelope is ignored."""

import asyncio
import json
import random
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition

from backchat_contracts import BY_NAME, TOPICS
from deploy.embedded.stack import Stack
from tests.fakes import eventually
from tests.faults.retrying import trigger
from tests.faults.watching import Watch
from tests.flows.api import CHATOPS, Api, unique

pytestmark = pytest.mark.anyio

TIMES = 100
Record = ConsumerRecord[Any, Any]
Ends = dict[TopicPartition, int]


async def all_records(stack: Stack) -> list[Record]:
    """Read the records of every topic but the queries, which change nothing."""
    topics = [topic.name for topic in TOPICS if not topic.name.endswith(".queried")]
    consumer = AIOKafkaConsumer(*topics, bootstrap_servers=stack.kafka, auto_offset_reset="earliest")
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        records: list[Record] = []
        async with asyncio.timeout(60):
            while any([await consumer.position(partition) < end for partition, end in ends.items()]):
                batch = await consumer.getmany(timeout_ms=200)
                records += [record for found in batch.values() for record in found]
        return records
    finally:
        await consumer.stop()


async def publish(stack: Stack, records: list[Record]) -> Ends:
    """Publish records, and return where their partitions end."""
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka, acks="all")
    await producer.start()
    try:
        sent = await asyncio.gather(
            *[
                await producer.send(record.topic, record.value, key=record.key, headers=list(record.headers))
                for record in records
            ]
        )
    finally:
        await producer.stop()
    ends: Ends = {}
    for each in sent:
        partition = TopicPartition(each.topic, each.partition)
        ends[partition] = max(ends.get(partition, 0), each.offset + 1)
    return ends


async def handled(stack: Stack, service: str, ends: Ends) -> bool:
    """Tell whether a service has committed all that it reads."""
    group = f"backchat-{service}"
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka, group_id=group, enable_auto_commit=False)
    await consumer.start()
    try:
        theirs = [each for each in ends if service in BY_NAME[each.topic].consumers]
        consumer.assign(theirs)
        return all([(await consumer.committed(each) or 0) >= ends[each] for each in theirs])
    finally:
        await consumer.stop()


async def state(api: Api, session_id: str, backtest_ids: list[str]) -> list[Any]:
    paths = [f"{CHATOPS}/session/{session_id}", *(f"/api/v1/backtests/{each}" for each in backtest_ids)]
    return [(await api.get(path)).json() for path in paths]


async def test_everything_a_hundred_times_and_shuffled_has_one_effect(
    stack: Stack, api: Api, watch: Watch
) -> None:
    session_id = await api.session()
    pages = [await api.completed(type=kind) for kind in ("sma_crossover", "buy_and_hold")]
    waiting = await api.trigger({"fresh": True})
    await api.client.post(f"/api/v1/backtests/{waiting}/cancel")
    await api.say(session_id, "어떤 전략이 더 안정적인가요?")
    backtest_ids = [*(page["id"] for page in pages), waiting]
    await api.ended(waiting)
    for backtest_id in backtest_ids:
        await watch.ended(backtest_id)
    before = await state(api, session_id, backtest_ids)
    lives = [watch.life(backtest_id) for backtest_id in backtest_ids]
    compared = await api.compared([page["strategy_id"] for page in pages])

    records = await all_records(stack)
    again = records * TIMES
    random.Random(7).shuffle(again)
    ends = await publish(stack, again)
    for service in {service for topic in TOPICS for service in topic.consumers}:
        await eventually(partial(handled, stack, service, ends), 120)
    await api.ended(await trigger(api))  # the gateway has passed over all the answers, too

    assert await state(api, session_id, backtest_ids) == before
    assert [watch.life(backtest_id) for backtest_id in backtest_ids] == lives
    assert await api.compared([page["strategy_id"] for page in pages]) == compared
    known = {record.key for record in records}
    told = {event(record) for record in await all_records(stack) if record.key in known}
    new = told - {event(record) for record in records}
    # Curves are an answer: they are published for each request, and change nothing. Nothing else is anew.
    assert {topic for topic, _ in new} <= {"backtest.series-published"}
    assert told >= {event(record) for record in records}


def event(record: Record) -> tuple[str, str]:
    return record.topic, dict(record.headers)["ce_id"].decode()


async def test_the_least_that_a_producer_may_send_is_understood(stack: Stack, api: Api, watch: Watch) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=stack.kafka, acks="all")
    await producer.start()
    least, more = f"least-{uuid4()}", f"more-{uuid4()}"
    values = {
        least: {"strategy_config": {"name": unique("옛"), "symbols": ["IBM"]}},
        more: {
            "strategy_config": {"name": unique("새"), "symbols": ["IBM"]},
            "priority": "low",
            "fresh": True,
        },
    }
    try:
        for backtest_id, value in values.items():
            headers = {"specversion": "1.0", "id": str(uuid4()), "type": "backtest.requested", "source": "/x"}
            if backtest_id == more:
                headers |= {"partitionkey": "7", "dataschema": "https://example.com/v9"}
            await producer.send_and_wait(
                "backtest.requested",
                json.dumps({"backtest_id": backtest_id, **value}).encode(),
                key=backtest_id.encode(),
                headers=[(f"ce_{name}", text.encode()) for name, text in headers.items()],
            )
    finally:
        await producer.stop()
    for backtest_id in (least, more):
        await watch.ended(backtest_id)
        assert (await api.ended(backtest_id))["status"] == "completed"
