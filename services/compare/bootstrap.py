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
from services.chassis.messaging.publishing import Reply, send_reply
from services.chassis.process.service import now, serving
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.schema import open_database
from services.compare.handlers import Clock, Comparisons, Projection
from services.compare.llm import LlmSummariser
from services.compare.mongo import MIGRATIONS, MongoComparisons, MongoStrategyModel, read_comparison
from services.compare.ports import ComparisonStore, StrategyModel, Summariser
from services.compare.retention import forgetting
from services.compare.routes import routes
from services.compare.settings import CompareSettings
from services.compare.summaries import Writer
from services.language_model.client import Llm

WRITERS = 8
"""Summaries that wait for the language model at once; each costs a connection, not a processor."""


@dataclass(frozen=True, slots=True)
class Adapters:
    """The adapters of the service's ports; without a summariser, summaries are computed."""

    model: StrategyModel
    comparisons: ComparisonStore
    reply: Reply
    summariser: Summariser | None
    clock: Clock


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases, and the router that calls them."""

    projection: Projection
    comparisons: Comparisons
    writer: Writer
    router: KafkaRouter


def wire(adapters: Adapters, announce: Callable[[str], None], default_language: Language) -> UseCases:
    """Connect the use cases with each other and with their adapters: in production as in tests.

    Args:
        adapters: of the ports.
        announce: tells the workers of a comparison whose summary is to be written.
        default_language: of error texts, where a request names none.

    """
    store, reply, clock = adapters.comparisons, adapters.reply, adapters.clock
    # Without a summariser too: a comparison that was stored for one is completed after it was taken away.
    writer = Writer(store, adapters.summariser, reply, clock)
    projection = Projection(adapters.model)
    announced = announce if adapters.summariser else None
    comparisons = Comparisons(adapters.model, store, announced, reply, default_language, clock)
    return UseCases(projection, comparisons, writer, routes(projection, comparisons))


@asynccontextmanager
async def assemble(settings: CompareSettings, kafka: Kafka) -> AsyncIterator[None]:
    """Start the service's parts in order; stop them in reverse."""
    async with open_database(settings, "compare", MIGRATIONS) as database:
        documents = Aggregates(database["comparisons"], kafka, settings)
        comparisons = MongoComparisons(documents)
        model = MongoStrategyModel(database["strategies"])
        queue = Queue(documents, read_comparison)
        await asyncio.gather(*(part.start() for part in (documents, comparisons, model, queue)))

        llm = Llm(settings)
        summariser = LlmSummariser(llm) if settings.llm_configured else None
        adapters = Adapters(model, comparisons, partial(send_reply, kafka), summariser, now)
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
        async with forgetting(comparisons, keep, now), serving(settings, kafka, consumer, database, workers):
            yield
        await asyncio.gather(consumer.stop(settings.drain_seconds), workers.stop(settings.drain_seconds))
        await llm.close()
        await documents.stop()
