"""Builds the compare service: the only place that knows which adapter is used."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from services.chassis.jobs.queue import Queue
from services.chassis.jobs.workers import Workers
from services.chassis.llm import Llm
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.publishing import KafkaReply
from services.chassis.process.service import now, serving
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.mongo import connect
from services.compare.handlers import Comparisons, Projection
from services.compare.llm import LlmSummariser
from services.compare.mongo import MongoComparisons, MongoStrategyModel, read_comparison
from services.compare.retention import forgetting
from services.compare.routes import routes
from services.compare.settings import CompareSettings
from services.compare.summaries import Writer

WRITERS = 8
"""Summaries that wait for the language model at once; each costs a connection, not a processor."""


@asynccontextmanager
async def assemble(settings: CompareSettings, kafka: Kafka) -> AsyncIterator[None]:
    """Start the service's parts in order; stop them in reverse."""
    async with connect(settings, "compare") as database:
        documents = Aggregates(database["comparisons"], kafka, settings)
        comparisons = MongoComparisons(documents)
        model = MongoStrategyModel(database["strategies"])
        queue = Queue(documents, read_comparison)
        await asyncio.gather(*(part.start() for part in (documents, comparisons, model, queue)))

        reply = KafkaReply(kafka)
        llm = Llm(settings)
        # Without a model too: what was stored for one is completed after it has been taken away.
        writer = Writer(comparisons, LlmSummariser(llm) if settings.llm_configured else None, reply, now)
        workers = Workers(queue, writer.run, lambda: WRITERS, settings)

        announce = workers.announce if settings.llm_configured else None
        handlers = Comparisons(model, comparisons, announce, reply, settings.default_language, now)
        consumer = Consumer(kafka, routes(Projection(model), handlers))
        workers.start()
        await consumer.start()
        keep = timedelta(days=settings.comparison_keep_days)
        async with forgetting(comparisons, keep, now), serving(settings, kafka, consumer, workers):
            yield
        await asyncio.gather(consumer.stop(settings.drain_seconds), workers.stop(settings.drain_seconds))
        await llm.close()
        await documents.stop()
