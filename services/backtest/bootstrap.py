"""Builds the backtest service: the only place that knows which adapter is used."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from faststream.kafka import KafkaRouter

from services.backtest.admission import Admission
from services.backtest.catalogue import Catalogue
from services.backtest.data import Data
from services.backtest.documents import progress_fields, read_entry
from services.backtest.domain.fair_queue import FairQueue
from services.backtest.folder_watch import FolderWatch
from services.backtest.followers import Followers
from services.backtest.handlers import Backtests, Requests
from services.backtest.market import FolderReport, Market
from services.backtest.market_data import MarketReference, open_market, open_market_data
from services.backtest.migrations import MIGRATIONS
from services.backtest.mongo import MongoBacktests, MongoStrategies, starting
from services.backtest.ports import (
    BacktestStore,
    Clock,
    Engine,
    Publish,
    PublishUnconfirmed,
    StrategyStore,
    Workload,
)
from services.backtest.previous_runs import PreviousRuns
from services.backtest.price_files.folder import PriceFolder, Snapshot
from services.backtest.process_pool import ProcessPool
from services.backtest.publishing import publish_unconfirmed
from services.backtest.republishing import Republishing
from services.backtest.routes import routes
from services.backtest.runner import Runner
from services.backtest.series import SeriesRequests
from services.backtest.settings import BacktestSettings
from services.backtest.verification import Verification
from services.backtest.workload import REMEMBERED, Durations, WorkerWorkload
from services.chassis.environment import names_in
from services.chassis.jobs.queue import Queue
from services.chassis.jobs.workers import Workers
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.publishing import Reply, publish_event, send_reply
from services.chassis.process.service import now, serving
from services.chassis.redaction import Redaction
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.schema import open_database

KEPT = 2000
"""The most new backtests that are remembered, to be claimed without being read: a few megabytes."""


@dataclass(frozen=True, slots=True)
class Adapters:
    """The adapters of the service's ports."""

    strategies: StrategyStore
    backtests: BacktestStore
    engine: Engine
    reply: Reply
    publish: Publish
    publish_unconfirmed: PublishUnconfirmed
    clock: Clock


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases, and the router that calls them."""

    catalogue: Catalogue
    requests: Requests
    backtests: Backtests
    runner: Runner
    followers: Followers
    verification: Verification
    series: SeriesRequests
    market: Market
    router: KafkaRouter


def wire(adapters: Adapters, workload: Workload, data: Data, durations: Durations, attempts: int) -> UseCases:
    """Connect the use cases with each other and with their adapters: in production as in tests.

    Args:
        adapters: of the ports.
        workload: the backtests that are queued and run.
        data: which prices there are.
        durations: of the last backtests, for estimates.
        attempts: how often a backtest is tried that kills its worker.

    """
    store, reply, clock = adapters.backtests, adapters.reply, adapters.clock
    followers, previous = Followers(store, clock), PreviousRuns(store)
    publish = adapters.publish_unconfirmed
    runner = Runner(store, adapters.engine, durations, followers, previous, attempts, publish, clock)
    admission = Admission(store, followers, previous, workload, clock)
    catalogue = Catalogue(adapters.strategies, store, reply, clock)
    requests = Requests(adapters.strategies, admission, data, reply, adapters.publish, clock)
    backtests = Backtests(store, followers, workload, reply, clock)
    verification = Verification(store, adapters.engine, reply)
    market = Market(data, reply)
    series = SeriesRequests(store, adapters.publish, reply)
    router = routes(catalogue, requests, backtests, verification, series, market)
    return UseCases(catalogue, requests, backtests, runner, followers, verification, series, market, router)


@asynccontextmanager
async def republishing(settings: BacktestSettings, kafka: Kafka) -> AsyncIterator[Republishing]:
    """Open the database only, beside a running service: what is needed to publish its events again."""
    async with open_database(settings, "backtest", MIGRATIONS, migrate=False) as database:
        strategies = MongoStrategies(Aggregates(database["strategies"], kafka, settings))
        backtests = MongoBacktests(
            Aggregates(database["backtests"], kafka, settings), database["backtest_results"]
        )
        await backtests.start()
        yield Republishing(strategies, backtests, partial(publish_event, kafka, republished=True))


@asynccontextmanager
async def assemble(settings: BacktestSettings, kafka: Kafka) -> AsyncIterator[None]:
    """Start the service's parts in order; stop them in reverse."""
    processes = settings.backtest_workers
    engine = ProcessPool(
        processes,
        settings.backtest_deadline_seconds,
        MarketReference(settings.market_data),
        names_in(settings.market_data_env),
        Redaction.of(settings, os.environ),
    )
    async with open_database(settings, "backtest", MIGRATIONS) as database, engine.open():
        strategy_documents = Aggregates(database["strategies"], kafka, settings)
        results = database["backtest_results"]
        backtest_documents = Aggregates(database["backtests"], kafka, settings, results, kept=KEPT)
        strategies = MongoStrategies(strategy_documents)
        backtests = MongoBacktests(backtest_documents, results)
        parts = (strategy_documents, backtest_documents, strategies, backtests)
        await asyncio.gather(*(part.start() for part in parts))

        adapters = Adapters(
            strategies,
            backtests,
            engine,
            partial(send_reply, kafka),
            partial(publish_event, kafka),
            partial(publish_unconfirmed, kafka),
            now,
        )
        durations = Durations(await backtests.durations(REMEMBERED))
        fair_queue = FairQueue()
        fair_queue.restore(await backtests.queued())
        start = starting(lambda entry, attempt: use_cases.runner.start(entry, attempt))  # noqa: PLW0108 - made below: they need each other
        queue = Queue(backtest_documents, read_entry, start, progress_fields, queued=True)
        await queue.start()
        workers = Workers(
            queue,
            lambda claim: use_cases.runner.run(claim),  # noqa: PLW0108 - made below: they need each other
            lambda: durations.at_once(processes, engine.busy_seconds()),
            settings,
            fair_queue.advance,
            processes,
        )
        workload = WorkerWorkload(workers, fair_queue, durations, processes)
        data = Data(open_market_data(settings.market_data))

        def use(snapshot: Snapshot, report: FolderReport) -> None:
            reference = MarketReference(settings.market_data, snapshot.manifest)
            data.replace(open_market(reference))
            engine.market = reference
            use_cases.market.report = report

        folder = PriceFolder(settings.market_data_dir, settings.market_cache_dir)
        watch = FolderWatch(folder, use, now)
        use_cases = wire(adapters, workload, data, durations, settings.backtest_attempts)
        followers = use_cases.followers
        consumer = Consumer(kafka, use_cases.router)
        warming = asyncio.create_task(engine.warm_up(durations.remember))
        async with watch.watching():
            await consumer.start()
            workers.start()
            async with (
                followers.watched(workers.announce),
                serving(settings, kafka, consumer, database, workers),
            ):
                yield
        warming.cancel()
        await asyncio.gather(consumer.stop(settings.drain_seconds), workers.stop(settings.drain_seconds))
        await use_cases.verification.stop()
        await backtest_documents.stop()
        await strategy_documents.stop()
