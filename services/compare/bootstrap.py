"""Builds the compare service: the only place that knows which adapter is used."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from faststream.kafka import KafkaRouter

from backchat_contracts import Language
from services.chassis.jobs.queue import Queue
from services.chassis.jobs.workers import Workers
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.publishing import HEADER_BYTES, Reply, publish_event, send_reply
from services.chassis.process.service import now, serving
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.schema import open_database
from services.compare.comparing import Comparing
from services.compare.domain.statistics import warm_up
from services.compare.handlers import Comparisons, Projection
from services.compare.llm import LlmSummariser
from services.compare.migrations import MIGRATIONS
from services.compare.mongo import (
    MongoComparisons,
    MongoSeries,
    MongoStrategyModel,
    MongoTrials,
    read_comparison,
)
from services.compare.ports import (
    Clock,
    ComparisonStore,
    Publish,
    SeriesStore,
    StrategyModel,
    Summariser,
    TrialStore,
)
from services.compare.retention import forgetting
from services.compare.routes import routes
from services.compare.series import SeriesLibrary
from services.compare.settings import CompareSettings
from services.compare.summaries import Writer
from services.language_model.chain import Chain

WRITERS = 256
"""Comparisons that wait for a language model at once: that costs a connection and no processor."""


@dataclass(frozen=True, slots=True)
class Adapters:
    """The adapters of the service's ports; without a summariser, summaries are computed."""

    model: StrategyModel
    comparisons: ComparisonStore
    series: SeriesStore
    trials: TrialStore
    reply: Reply
    publish: Publish
    summariser: Summariser | None
    clock: Clock


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases, and the router that calls them."""

    projection: Projection
    comparing: Comparing
    comparisons: Comparisons
    writer: Writer
    router: KafkaRouter


def wire(adapters: Adapters, announce: Callable[[str], None], default_language: Language) -> UseCases:
    """Connect the use cases with each other and with their adapters: in production as in tests.

    Args:
        adapters: of the ports.
        announce: tells the workers of a comparison that is to be computed.
        default_language: of error texts, where a request names none.

    """
    store, reply, clock = adapters.comparisons, adapters.reply, adapters.clock
    library = SeriesLibrary(adapters.series, adapters.publish, clock)
    comparing = Comparing(adapters.model, adapters.trials, library, default_language)
    writer = Writer(comparing, store, adapters.summariser, reply, clock)
    projection = Projection(adapters.model, adapters.trials, library)
    writes = adapters.summariser is not None
    comparisons = Comparisons(comparing, store, announce, reply, clock, writes=writes)
    return UseCases(projection, comparing, comparisons, writer, routes(projection, comparisons))


@asynccontextmanager
async def assemble(settings: CompareSettings, kafka: Kafka) -> AsyncIterator[None]:
    """Start the service's parts in order; stop them in reverse."""
    async with open_database(settings, "compare", MIGRATIONS) as database:
        documents = Aggregates(database["comparisons"], kafka, settings)
        comparisons = MongoComparisons(documents, settings.kafka_max_record_bytes - HEADER_BYTES)
        model = MongoStrategyModel(database["strategies"])
        series, trials = MongoSeries(database["series"]), MongoTrials(database["trials"])
        queue = Queue(documents, read_comparison)
        parts = (documents, comparisons, model, series, trials, queue)
        await asyncio.gather(*(part.start() for part in parts))

        chain = Chain(settings)
        await chain.open()
        summariser = LlmSummariser(chain) if settings.llm_configured else None
        adapters = Adapters(
            model,
            comparisons,
            series,
            trials,
            partial(send_reply, kafka),
            partial(publish_event, kafka),
            summariser,
            now,
        )
        workers = Workers(
            queue,
            lambda claim: use_cases.writer.run(claim),  # noqa: PLW0108 - made below: they need each other
            lambda: WRITERS,
            settings,
        )
        use_cases = wire(adapters, workers.announce, settings.default_language)
        consumer = Consumer(kafka, use_cases.router)
        workers.start()
        await consumer.start()
        keep = timedelta(days=settings.comparison_keep_days)
        warming = asyncio.create_task(asyncio.to_thread(warm_up))
        async with (
            forgetting((comparisons, series), keep, now),
            serving(settings, kafka, consumer, database, workers, chain.degraded),
        ):
            yield
        warming.cancel()
        await asyncio.gather(consumer.stop(settings.drain_seconds), workers.stop(settings.drain_seconds))
        await use_cases.comparisons.stop()
        await model.stop()
        await chain.close()
        await documents.stop()
