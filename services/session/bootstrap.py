"""Builds the session service: the only place that knows which adapter is used."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from faststream.kafka import KafkaRouter

from services.chassis.jobs.queue import Queue
from services.chassis.jobs.workers import Workers
from services.chassis.messaging.consumer import Consumer
from services.chassis.messaging.kafka import Kafka
from services.chassis.messaging.publishing import Reply, send_reply
from services.chassis.process.service import now, serving
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.schema import open_database
from services.language_model.chain import Chain
from services.session.answering import Answers, Conversation
from services.session.handlers import Chat, Clock, Sessions
from services.session.llm import LlmWriter
from services.session.mongo import MIGRATIONS, MongoSessions, read_session
from services.session.ports import SessionStore, Writer
from services.session.routes import routes
from services.session.settings import SessionSettings

WRITERS = 256
"""Answers that wait for a language model at once. Each costs a connection and about 50 kB, no processor; what
would only wait for a provider that hangs is answered without it before they are all taken."""


@dataclass(frozen=True, slots=True)
class Adapters:
    """The adapters of the service's ports; without a writer, answers are computed."""

    sessions: SessionStore
    reply: Reply
    writer: Writer | None
    clock: Clock


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases, and the router that calls them."""

    sessions: Sessions
    chat: Chat
    conversation: Conversation
    router: KafkaRouter


def wire(adapters: Adapters, announce: Callable[[str], None], data_timeout: timedelta) -> UseCases:
    """Connect the use cases with each other and with their adapters: in production as in tests.

    Args:
        adapters: of the ports.
        announce: tells the workers of a turn to be answered.
        data_timeout: how long a turn waits for its comparison.

    """
    store, reply, clock = adapters.sessions, adapters.reply, adapters.clock
    answers = Answers(store, reply, clock)
    sessions = Sessions(store, reply, clock)
    chat = Chat(store, answers, announce if adapters.writer else None, reply, clock, data_timeout)
    conversation = Conversation(answers, adapters.writer)
    return UseCases(sessions, chat, conversation, routes(sessions, chat))


@asynccontextmanager
async def assemble(settings: SessionSettings, kafka: Kafka) -> AsyncIterator[None]:
    """Start the service's parts in order; stop them in reverse."""
    async with open_database(settings, "session", MIGRATIONS) as database:
        documents = Aggregates(database["chat_sessions"], kafka, settings)
        sessions = MongoSessions(documents)
        queue = Queue(documents, read_session)
        await documents.start()
        await sessions.start()
        await queue.start()

        chain = Chain(settings)
        await chain.open()
        adapters = Adapters(
            sessions, partial(send_reply, kafka), LlmWriter(chain) if settings.llm_configured else None, now
        )
        workers = Workers(
            queue,
            lambda claim: use_cases.conversation.run(claim),  # noqa: PLW0108 - made below: they need each other
            lambda: WRITERS,
            settings,
        )
        use_cases = wire(adapters, workers.announce, timedelta(seconds=settings.chat_data_seconds))
        consumer = Consumer(kafka, use_cases.router)
        workers.start()
        await consumer.start()
        async with serving(settings, kafka, consumer, database, workers, chain.degraded):
            yield
        await asyncio.gather(consumer.stop(settings.drain_seconds), workers.stop(settings.drain_seconds))
        await chain.close()
        await documents.stop()
