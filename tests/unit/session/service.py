"""The session service's use cases on fakes."""

from datetime import timedelta

from backchat_contracts import (
    ChatRequested,
    ComparisonCompleted,
    ComparisonRequested,
    Contract,
    StrategyFigures,
    StrategyGap,
)
from services.chassis.jobs.queue import Claim
from services.chassis.messaging.envelope import Delivery
from services.session.bootstrap import Adapters, wire
from services.session.domain import Session
from services.session.ports import Writer
from tests.builders import chat_requested, comparison_completed, delivery, session_requested
from tests.fakes import Clock, FakeQueue, FakeReply, FakeSessions

DATA_TIMEOUT = timedelta(seconds=15)


class Service:
    """The use cases with everything they need; with a writer, answers are written by workers."""

    def __init__(self, writer: Writer | None = None, store: FakeSessions | None = None) -> None:
        self.clock = Clock()
        self.store = store or FakeSessions()
        self.reply = FakeReply()
        self.announced: list[str] = []
        adapters = Adapters(self.store, self.reply, writer, self.clock)
        use_cases = wire(adapters, self.announced.append, DATA_TIMEOUT)
        self.sessions, self.chat = use_cases.sessions, use_cases.chat
        self.conversation, self.router = use_cases.conversation, use_cases.router
        self.queue = FakeQueue(self.store.memory, FakeSessions.read)

    async def open(self) -> str:
        request = session_requested()
        await self.sessions.create(request, delivery(answered=False))
        return request.session_id

    async def say(self, session_id: str, message: str, **given: object) -> ChatRequested:
        request = chat_requested(session_id, message, **given)
        await self.chat.take_turn(request, delivery())
        return request

    async def converse(
        self, session_id: str, message: str, *entries: StrategyFigures, **given: object
    ) -> None:
        """Send a message, and let it be answered from a comparison of these strategies."""
        await self.say(session_id, message)
        await self.bring(*entries, **given)

    async def bring(self, *entries: StrategyFigures | StrategyGap, **given: object) -> ComparisonCompleted:
        """Deliver the comparison that was requested last, with these strategies."""
        wanted = self.wanted()
        completed = comparison_completed(
            *entries, **wanted.model_dump(include={"comparison_id", "session_id", "query"}), **given
        )
        await self.chat.add_data(completed, delivery(answered=False))
        return completed

    async def work(self, session_id: str) -> Claim[Session]:
        """Claim the session's turn when its lease has run out, and answer it, as a worker does."""
        self.clock.advance(seconds=60)
        claim = await self.queue.claim(session_id, self.clock(), self.clock() + timedelta(seconds=30))
        assert claim is not None
        await self.work_on(claim)
        return claim

    async def work_on(self, claim: Claim[Session]) -> None:
        end = await self.conversation.run(claim)
        await end()

    def wanted(self) -> ComparisonRequested:
        records = [record for record in self.store.memory.sent if record.topic == "comparison.requested"]
        return ComparisonRequested.model_validate_json(records[-1].value)

    def published(self) -> list[str]:
        return [record.topic for record in self.store.memory.sent]

    def session(self, session_id: str) -> Session:
        session: Session = self.store.memory.documents[session_id]["session"]
        return session

    def answers_to(self, request: Delivery) -> list[Contract]:
        return [answer for to, answer in self.reply.sent if to == request.reply_address]
