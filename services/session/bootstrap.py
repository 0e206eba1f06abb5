"""Builds the session service: the only place that knows which adapter is used."""

import asyncio
from collections.abc import AsyncIterator, Sequence
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
from services.chassis.messaging.request_client import RequestClient
from services.chassis.process.service import now, serving
from services.chassis.storage.aggregates import Aggregates
from services.chassis.storage.schema import open_database
from services.language_model.chain import Chain
from services.session.answering import Turns
from services.session.domain.budgets import Budgets
from services.session.handlers import Chat
from services.session.llm import LlmWriter
from services.session.minds import ComputedMind, ModelMind
from services.session.mongo import MIGRATIONS, MongoSessions, MongoUses, read_session
from services.session.ports import Mind, SessionStore, Tools, TurnWorkers, UseStore
from services.session.routes import routes
from services.session.sessions import Clock, Sessions
from services.session.settings import SessionSettings
from services.session.spending import Spending
from services.session.tool_client import ToolClient

NO_LIMITS = Budgets()
MOST_TURNS = 256
"""Turns that run at once. One that waits for a language model costs a connection and about 50 kB, no
processor; what would only wait for a provider that hangs is answered without it before they are all taken."""


@dataclass(frozen=True, slots=True)
class Adapters:
    """The adapters of the service's ports; `minds` are asked in this order."""

    sessions: SessionStore
    tools: Tools
    minds: Sequence[Mind]
    uses: UseStore
    reply: Reply
    clock: Clock


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases, and the router that calls them."""

    sessions: Sessions
    chat: Chat
    turns: Turns
    router: KafkaRouter


def wire(adapters: Adapters, workers: TurnWorkers, budgets: Budgets = NO_LIMITS) -> UseCases:
    """Connect the use cases with each other and with their adapters: in production as in tests.

    Args:
        adapters: of the ports.
        workers: run the turns that begin here.
        budgets: of language models.

    """
    spending = Spending(adapters.uses, adapters.sessions, budgets, adapters.clock)
    store, reply, clock = adapters.sessions, adapters.reply, adapters.clock
    sessions = Sessions(store, reply, clock)
    chat = Chat(store, workers, spending, reply, clock)
    turns = Turns(store, adapters.tools, adapters.minds, workers, spending, reply, clock)
    return UseCases(sessions, chat, turns, routes(sessions, chat))


@asynccontextmanager
async def assemble(settings: SessionSettings, kafka: Kafka) -> AsyncIterator[None]:
    """Start the service's parts in order; stop them in reverse."""
    async with open_database(settings, "session", MIGRATIONS) as database:
        documents = Aggregates(database["chat_sessions"], kafka, settings)
        sessions = MongoSessions(documents, timedelta(hours=settings.session_keep_hours))
        uses = MongoUses(database["model_use"])
        queue = Queue(documents, read_session)
        await documents.start()
        await sessions.start()
        await uses.start()
        await queue.start()

        chain = Chain(settings)
        await chain.open()
        writing = [ModelMind(LlmWriter(chain))] if settings.llm_configured else []
        request_client = RequestClient(kafka)
        adapters = Adapters(
            sessions,
            ToolClient(request_client, settings.chat_data_seconds),
            [*writing, ComputedMind()],
            uses,
            partial(send_reply, kafka),
            now,
        )
        workers = Workers(
            queue,
            lambda claim: use_cases.turns.run(claim),  # noqa: PLW0108 - made below: they need each other
            lambda: MOST_TURNS,
            settings,
        )
        use_cases = wire(adapters, workers, settings.budgets)
        consumer = Consumer(kafka, use_cases.router)
        await request_client.start()
        workers.start()
        await consumer.start()
        async with serving(settings, kafka, consumer, database, workers, chain.degraded, request_client):
            yield
        await asyncio.gather(consumer.stop(settings.drain_seconds), workers.stop(settings.drain_seconds))
        await request_client.stop()
        await chain.close()
        await documents.stop()
