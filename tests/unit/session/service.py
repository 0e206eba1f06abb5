"""The session service's use cases on fakes."""

from datetime import datetime, timedelta

from backchat_contracts import ChatRequested, Contract, StrategyFigures, StrategyGap
from services.chassis.jobs.queue import Claim
from services.chassis.messaging.envelope import Delivery
from services.session.bootstrap import NO_LIMITS, Adapters, wire
from services.session.domain.budgets import Budgets
from services.session.domain.session import Session
from services.session.domain.tools import CompareArguments
from services.session.minds import ComputedMind, ModelMind
from services.session.ports import Tools, Writer
from tests.builders import chat_requested, comparison_viewed, delivery, session_requested
from tests.fakes import Clock, FakeQueue, FakeReply, FakeSessions, FakeTools, FakeUses

LEASE = timedelta(seconds=30)


class Service:
    """The use cases with everything they need; with a writer, a language model writes the answers."""

    def __init__(
        self,
        writer: Writer | None = None,
        store: FakeSessions | None = None,
        tools: Tools | None = None,
        budgets: Budgets = NO_LIMITS,
    ) -> None:
        self.clock = Clock()
        self.store = store or FakeSessions()
        self.tools = FakeTools()
        self.reply = FakeReply()
        self.held: dict[str, Claim[Session]] = {}
        self.room = True
        minds = [*([ModelMind(writer)] if writer else []), ComputedMind()]
        self.uses = FakeUses()
        adapters = Adapters(self.store, tools or self.tools, minds, self.uses, self.reply, self.clock)
        use_cases = wire(adapters, self, budgets)
        self.sessions, self.chat = use_cases.sessions, use_cases.chat
        self.turns, self.router = use_cases.turns, use_cases.router
        self.queue = FakeQueue(self.store.memory, FakeSessions.read)

    async def open(self) -> str:
        request = session_requested()
        await self.sessions.create(request, delivery(answered=False))
        return request.session_id

    def lease(self) -> datetime | None:
        return self.clock() + LEASE if self.room else None

    def adopt(self, claim: Claim[Session]) -> None:
        self.held[claim.job_id] = claim
        self.said_in = claim.job_id

    def drop(self, job_id: str, fence: int) -> None:
        if job_id in self.held and self.held[job_id].fence == fence:
            del self.held[job_id]

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

    def give(self, *entries: StrategyFigures | StrategyGap, **given: object) -> None:
        """Prepare the comparison that the next call gets."""
        self.tools.prepared.append(comparison_viewed(*entries, **given))

    async def bring(self, *entries: StrategyFigures | StrategyGap, **given: object) -> None:
        """Let the message that was sent last be answered from a comparison of these strategies."""
        self.give(*entries, **given)
        await self.work(self.said_in)

    async def work(self, session_id: str) -> Claim[Session]:
        """Run the session's turn, as the worker does that holds it, or the next one."""
        claim = self.held.pop(session_id, None) or await self.claim(session_id)
        await self.work_on(claim)
        return claim

    async def claim(self, session_id: str) -> Claim[Session]:
        """Claim the session's turn when the lease of its holder, which has died, has run out."""
        self.held.pop(session_id, None)
        self.clock.advance(seconds=2 * LEASE.seconds)
        claim = await self.queue.claim(session_id, self.clock(), self.clock() + LEASE)
        assert claim is not None
        return claim

    async def work_on(self, claim: Claim[Session]) -> None:
        end = await self.turns.run(claim)
        await end()

    def wanted(self) -> CompareArguments:
        """Return what the last comparison was asked for."""
        return CompareArguments.model_validate(self.tools.calls[-1].arguments)

    def published(self) -> list[str]:
        return [record.topic for record in self.store.memory.sent]

    def session(self, session_id: str) -> Session:
        session: Session = self.store.memory.documents[session_id]["session"]
        return session

    def answers_to(self, request: Delivery) -> list[Contract]:
        return [answer for to, answer in self.reply.sent if to == request.reply_address]
