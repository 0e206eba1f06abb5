"""Builds the backtest service: the only place that knows which adapter is used."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.backtest.admission import Admission
from services.backtest.documents import read_entry
from services.backtest.domain.fair_queue import FairQueue
from services.backtest.followers import Followers
from services.backtest.handlers import Backtests, Catalogue, Data, Requests
from services.backtest.market_data import open_market_data
from services.backtest.mongo import MongoBacktests, MongoStrategies, starting
from services.backtest.process_pool import ProcessPool
from services.backtest.routes import routes
from services.backtest.runner import Runner
from services.backtest.settings import BacktestSettings
from services.backtest.workload import REMEMBERED, Durations, WorkerWorkload
from services.chassis.jobs.queue import Queue
from services.chassis.jobs.workers import Workers
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.publishing import KafkaPublish, KafkaPublishUnconfirmed, KafkaReply
from services.chassis.process.service import now, serving
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import connect

KEPT = 2000
"""New backtests that can be claimed without being read: a few megabytes, if so many wait."""


@asynccontextmanager
async def assemble(settings: BacktestSettings, kafka: Kafka) -> AsyncIterator[None]:
    """Start the service's parts in order; stop them in reverse."""
    processes = settings.backtest_workers
    engine = ProcessPool(processes, settings.backtest_deadline_seconds, settings.market_data)
    async with connect(settings, "backtest") as database, engine.open():
        strategy_documents = Aggregates(database["strategies"], kafka, settings)
        results = database["backtest_results"]
        backtest_documents = Aggregates(database["backtests"], kafka, settings, results, kept=KEPT)
        strategies = MongoStrategies(strategy_documents)
        backtests = MongoBacktests(backtest_documents, results)
        parts = (strategy_documents, backtest_documents, strategies, backtests)
        await asyncio.gather(*(part.start() for part in parts))

        followers = Followers(backtests, now)
        durations = Durations(await backtests.durations(REMEMBERED))
        runner = Runner(
            backtests,
            engine,
            durations,
            followers,
            settings.backtest_attempts,
            KafkaPublishUnconfirmed(kafka),
            now,
        )
        queue = Queue(backtest_documents, read_entry, starting(runner.start), queued=True)
        await queue.start()
        fair_queue = FairQueue()
        fair_queue.restore(await backtests.queued())
        workers = Workers(
            queue,
            runner.run,
            lambda: durations.at_once(processes, engine.busy_seconds()),
            settings,
            fair_queue.advance,
            processes,
        )
        workload = WorkerWorkload(workers, fair_queue, durations, processes)

        reply = KafkaReply(kafka)
        market = open_market_data(settings.market_data)
        data = Data(market.coverage(), market.fingerprint())
        admission = Admission(backtests, followers, workload, now)
        router = routes(
            Catalogue(strategies, reply, now),
            Requests(strategies, admission, data, reply, KafkaPublish(kafka), now),
            Backtests(backtests, followers, workload, reply, now),
        )
        consumer = Consumer(kafka, router)
        warming = asyncio.create_task(engine.warm_up(durations.remember))
        await consumer.start()
        workers.start()
        async with followers.watched(workers.announce), serving(settings, kafka, consumer, workers):
            yield
        warming.cancel()
        await asyncio.gather(consumer.stop(settings.drain_seconds), workers.stop(settings.drain_seconds))
        await backtest_documents.stop()
        await strategy_documents.stop()
