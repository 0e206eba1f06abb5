"""Builds the session service: the only place that knows which adapter is used."""

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
from services.session.answering import Answers, Conversation
from services.session.handlers import Chat, Sessions
from services.session.llm import LlmWriter
from services.session.mongo import MongoSessions, read_session
from services.session.routes import routes
from services.session.settings import SessionSettings

WRITERS = 8
"""Answers that wait for the language model at once; each costs a connection, not a processor."""


@asynccontextmanager
async def assemble(settings: SessionSettings, kafka: Kafka) -> AsyncIterator[None]:
    """Start the service's parts in order; stop them in reverse."""
    async with connect(settings, "session") as database:
        documents = Aggregates(database["chat_sessions"], kafka, settings)
        sessions = MongoSessions(documents)
        queue = Queue(documents, read_session)
        await documents.start()
        await sessions.start()
        await queue.start()

        reply = KafkaReply(kafka)
        llm = Llm(settings)
        writer = LlmWriter(llm) if settings.llm_configured else None
        answers = Answers(sessions, reply, now)
        workers = Workers(queue, Conversation(answers, writer).run, lambda: WRITERS, settings)
        chat = Chat(
            sessions,
            answers,
            workers.announce if writer else None,
            reply,
            now,
            timedelta(seconds=settings.chat_data_seconds),
        )
        consumer = Consumer(kafka, routes(Sessions(sessions, reply, now), chat))
        workers.start()
        await consumer.start()
        async with serving(settings, kafka, consumer, workers):
            yield
        await asyncio.gather(consumer.stop(settings.drain_seconds), workers.stop(settings.drain_seconds))
        await llm.close()
        await documents.stop()
