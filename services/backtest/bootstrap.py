"""Builds the backtest service: the only place that knows which adapter is used."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.backtest.consumers import route
from services.backtest.engine import ProcessEngine
from services.backtest.handlers import Backtests, Catalogue
from services.backtest.jobs import REMEMBERED, Durations, Pool, Runner
from services.backtest.market import SampleMarketData
from services.backtest.mongo import MongoBacktests, MongoStrategies
from services.backtest.settings import BacktestSettings
from services.chassis.aggregates import Aggregates
from services.chassis.consumer import Consumer
from services.chassis.kafka import Kafka
from services.chassis.lease import Queue, Workers
from services.chassis.mongo import connect
from services.chassis.publishing import KafkaPublish, KafkaReply
from services.chassis.service import now, serving


@asynccontextmanager
async def assemble(settings: BacktestSettings, kafka: Kafka) -> AsyncIterator[None]:
    """Start the service's parts in order; stop them in reverse."""
    async with connect(settings, "backtest") as database:
        strategy_documents = Aggregates(database["strategies"], kafka, settings)
        backtest_documents = Aggregates(database["backtests"], kafka, settings)
        strategies = MongoStrategies(strategy_documents)
        backtests = MongoBacktests(backtest_documents, database["backtest_results"])
        await asyncio.gather(strategy_documents.start(), backtest_documents.start(), backtests.start())

        durations = Durations(await backtests.durations(REMEMBERED))
        engine = ProcessEngine(settings.backtest_workers, settings.backtest_deadline_seconds)
        runner = Runner(backtests, engine, durations, settings.backtest_attempts, now)
        queue = Queue(backtest_documents, runner.started)
        await queue.start()
        workers = Workers(queue, runner.run, settings.backtest_workers, settings)
        pool = Pool(workers, durations, settings.backtest_workers)

        reply = KafkaReply(kafka)
        coverage = SampleMarketData().coverage()
        consumer = Consumer(kafka)
        route(
            consumer,
            Catalogue(strategies, reply, now),
            Backtests(backtests, strategies, pool, coverage, reply, KafkaPublish(kafka), now),
        )
        warming = asyncio.create_task(engine.warm_up(durations.remember))
        await consumer.start()
        workers.start()
        async with serving(settings, kafka, consumer):
            yield
        warming.cancel()
        await asyncio.gather(consumer.stop(settings.drain_seconds), workers.stop(settings.drain_seconds))
        await backtest_documents.stop()
        await strategy_documents.stop()
