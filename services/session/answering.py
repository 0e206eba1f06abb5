"""Turns, run under a lease: a mind decides what is done next, until it answers."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from backchat_contracts import (
    ChatFailed,
    ChatRestarted,
    ChatStreamed,
    ChatToolCompleted,
    ChatToolStarted,
    Event,
)
from services.chassis.errors import ChassisError
from services.chassis.faults import fault_point
from services.chassis.jobs.queue import Claim
from services.chassis.jobs.workers import Ending, nothing_left
from services.chassis.messaging.envelope import Origin
from services.chassis.messaging.publishing import Reply
from services.chassis.stored import Stored
from services.language_model.errors import ASKED_ONCE, LlmError
from services.language_model.pieces import Restarted, Taken
from services.session.audience import Audience
from services.session.domain.again import as_asked
from services.session.domain.history import Message, tools_of
from services.session.domain.model_use import ModelUse
from services.session.domain.proposals import started_after
from services.session.domain.referring import remember
from services.session.domain.session import Session
from services.session.domain.tools import TOOLS, Caller
from services.session.domain.turn import Outcome, ToolCall, Turn
from services.session.domain.wording import GIVEN_UP
from services.session.errors import BudgetExceededError, ConversationFullError
from services.session.ports import Answer, Calls, Decision, Failed, Mind, SessionStore, Tools, TurnWorkers
from services.session.spending import Spending
from services.session.views import view_answer

log = structlog.get_logger()

COMPUTED = "computed"
LOOK_EVERY_SECONDS = 1.0
"""How often a turn looks for requesters that have sent its request again."""
MOST_ATTEMPTS = 3
"""How many attempts language models get; after them the answer is computed."""
GIVEN_UP_AFTER = 6
"""After this number of attempts there is no answer: what always fails would be tried for ever."""


class Turns:
    """Runs claimed turns, each to one answer or to one failure.

    A turn is a loop: a mind sees the conversation and what was done for the turn, and decides to call tools
    or to answer. The outcomes of calls are stored before anything else is waited for, and calls that change
    something before they are made. So after a crash the turn goes on where it was, and nothing is done twice.

    Args:
        sessions: the store.
        tools: calls the services that own the data.
        minds: in this order; the last one always decides.
        workers: run the turns that begin here.
        spending: keeps account of what language models take.
        reply: sends what happens to the requester.
        clock: the present time.

    """

    def __init__(
        self,
        sessions: SessionStore,
        tools: Tools,
        minds: Sequence[Mind],
        workers: TurnWorkers,
        spending: Spending,
        reply: Reply,
        clock: Callable[[], datetime],
    ) -> None:
        self._spending = spending
        self._sessions = sessions
        self._tools = tools
        self._minds = minds
        self._workers = workers
        self._reply = reply
        self._clock = clock

    async def run(self, claim: Claim[Session]) -> Ending:
        """Run a claimed turn until its end is decided, and return how to end it."""
        stored, turn = claim.job, claim.state.turn
        if turn is None:
            return nothing_left
        audience = Audience(self._reply, stored, turn)
        await audience.join(turn.listeners)
        if claim.state.is_full:  # it has waited, and the answers before it took the room
            full = ConversationFullError(turn.language, claim.job_id)
            return partial(self._fail, stored, Failed(full.code, str(full)), audience)
        if claim.attempt > GIVEN_UP_AFTER:
            given_up = Failed("internal-error", GIVEN_UP.of(turn.language))
            return partial(self._fail, stored, given_up, audience)
        if claim.attempt > 1:  # what an attempt before has sent is void
            await audience.tell(_restarted(stored, turn))
        computed = claim.attempt > MOST_ATTEMPTS
        if not computed:
            try:  # those before it may have used the budget while it waited
                await self._spending.check(claim.state, turn.language)
            except BudgetExceededError:
                computed = True
        minds = self._minds[-1:] if computed else self._minds
        looking = asyncio.create_task(self._look_for_listeners(stored.id, turn.turn_id, audience))
        try:
            return await self._run(stored, turn, minds, audience)
        finally:
            looking.cancel()

    async def _look_for_listeners(self, session_id: str, turn_id: str, audience: Audience) -> None:
        """Let those join that have sent the request again: any process may have taken it from them."""
        while True:
            await asyncio.sleep(LOOK_EVERY_SECONDS)
            with suppress(ChassisError):  # the next look, or the end of the turn, finds them
                listeners = await self._sessions.listeners(session_id, turn_id)
                # Each is sent all that has happened, or nothing of it.
                await asyncio.shield(audience.join(listeners))

    async def _run(
        self, stored: Stored[Session], turn: Turn, minds: Sequence[Mind], audience: Audience
    ) -> Ending:
        began = asyncio.get_running_loop().time()
        while True:
            if turn.pending:
                turn = await self._call(stored, turn, audience)
                if not minds[0].instant:
                    stored = await self._sessions.save_turn(stored, turn)
            decision, said, failed = await self._decide(stored, turn, minds, audience, began)
            turn = replace(turn, model_use=turn.with_use(failed))
            if not isinstance(decision, Failed):
                await asyncio.shield(self._spending.add(stored.state, decision.model_use))
            match decision:
                case Calls(calls, model_use):
                    first, turn = not turn.steps, turn.calling(calls, model_use)
                    if not first or any(TOOLS[call.tool].changes for call in calls):
                        stored = await self._sessions.save_turn(stored, turn)
                case Answer():
                    return partial(self._finish, _with_steps(stored, turn), decision, audience, said=said)
                case Failed():
                    return partial(self._fail, _with_steps(stored, turn), decision, audience)

    async def _decide(
        self, stored: Stored[Session], turn: Turn, minds: Sequence[Mind], audience: Audience, began: float
    ) -> tuple[Decision, int, ModelUse | None]:
        """Return the decision of the first mind that comes to one, and how many pieces of it were sent.

        And what was taken of language models for what could not be used.
        """
        failed = None
        for mind in minds:
            said = 0
            try:
                async with aclosing(mind.think(as_asked(stored.state), turn, began)) as thoughts:
                    async for thought in thoughts:
                        match thought:
                            case str():
                                await audience.tell(_piece(stored, turn, said, thought))
                                said += 1
                            case Restarted():
                                await audience.tell(_restarted(stored, turn))
                                said = 0
                            case _:
                                return thought, said, failed
            except LlmError as error:
                log.warning("computed answer instead", turn=turn.turn_id, error=str(error))
                failed = _use_of(error.taken) if error.taken.requests else None
                await self._spending.add(stored.state, failed)
            except asyncio.CancelledError:
                if not mind.instant:
                    await asyncio.shield(self._spending.add(stored.state, _use_of(ASKED_ONCE)))
                raise
            if said:
                await audience.tell(_restarted(stored, turn))
        raise TypeError("the last mind has not decided")

    async def _call(self, stored: Stored[Session], turn: Turn, audience: Audience) -> Turn:
        """Make the calls that have no outcome, side by side."""
        pending = turn.pending
        outcomes = await asyncio.gather(*(self._outcome(stored, turn, call, audience) for call in pending))
        fault_point("called")
        return turn.with_outcomes({call.id: outcome for call, outcome in zip(pending, outcomes, strict=True)})

    async def _outcome(
        self, stored: Stored[Session], turn: Turn, call: ToolCall, audience: Audience
    ) -> Outcome:
        session = stored.state
        ids = {"turn_id": turn.turn_id, "session_id": session.session_id, "call_id": call.id}
        await audience.tell(ChatToolStarted(**ids, tool=call.tool, arguments=dict(call.arguments)))
        caller = Caller(session.session_id, session.user_id, turn.language)
        # Its reply must not be taken for the one that the requester of the turn waits for.
        origin = Origin(f"{stored.origin.correlation_id}/{call.id}", stored.origin.traceparent)
        outcome = await self._tools.call(call, caller, origin)
        completed = ChatToolCompleted(**ids, tool=call.tool, seconds=outcome.seconds, code=outcome.code)
        await audience.tell(completed)
        return outcome

    async def _finish(
        self, stored: Stored[Session], answer: Answer, audience: Audience, *, said: int
    ) -> None:
        """Store an answer and what it was about, and reply with it.

        What was not sent while it was written is sent in one piece.
        """
        session, turn = stored.state, stored.state.turn
        if turn is None:
            return
        message = Message(
            turn.turn_id,
            "assistant",
            answer.text,
            self._clock(),
            answer.model_use.model if answer.model_use else COMPUTED,
            turn.language,
            answer.strategy_ids,
            turn.with_use(answer.model_use),
            tools_of(turn),
            answer.focus,
            turn.replaces,
        )
        context = remember(as_asked(session).context, answer.strategy_ids, answer.focus, answer.asked)
        context = replace(
            context,
            proposals=answer.proposals,
            asked=answer.asked or context.asked,
            started=started_after(session.context.started, answer.started, answer.ended),
        )
        answered = view_answer(session, message)
        await self._end(stored, lambda session: session.answered(message, context), [answered], audience)
        if not said:
            await audience.tell(_piece(stored, turn, 0, answer.text))
        await audience.answer(answered)

    async def _fail(self, stored: Stored[Session], failure: Failed, audience: Audience) -> None:
        """End the turn without an answer."""
        session = stored.state
        if session.turn is None:
            return
        failed = ChatFailed(
            turn_id=session.turn.turn_id,
            session_id=session.session_id,
            code=failure.code,
            detail=failure.detail,
        )
        await self._end(stored, lambda session: session.failed(failure.code), [failed], audience)
        await audience.answer(failed)

    async def _end(
        self,
        stored: Stored[Session],
        ended: Callable[[Session], Session],
        events: Sequence[Event],
        audience: Audience,
    ) -> None:
        """End the turn, and run the next one that waits."""
        end = await self._sessions.end_turn(stored, ended, events, self._workers.lease())
        if end.claim:
            self._workers.adopt(end.claim)
        await audience.join(end.listeners)


def _with_steps(stored: Stored[Session], turn: Turn) -> Stored[Session]:
    """Return the session with all that was done for its turn, which is not stored before an answer."""
    held = stored.state.turn and stored.state.turn.done_as(turn)
    return replace(stored, state=replace(stored.state, turn=held))


def _use_of(taken: Taken) -> ModelUse:
    """Return the use of language models that gave no answer which could be used."""
    usage = taken.usage
    return ModelUse("", "", usage.input_tokens, usage.output_tokens, taken.cost, 0.0, taken.requests)


def _piece(stored: Stored[Session], turn: Turn, index: int, text: str) -> ChatStreamed:
    return ChatStreamed(turn_id=turn.turn_id, session_id=stored.id, index=index, delta=text)


def _restarted(stored: Stored[Session], turn: Turn) -> ChatRestarted:
    return ChatRestarted(turn_id=turn.turn_id, session_id=stored.id)
