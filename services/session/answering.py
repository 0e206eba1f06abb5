"""Answers to turns: computed, or written by a language model."""

from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import asdict
from datetime import datetime
from functools import partial

import structlog

from backchat_contracts import (
    ChatFailed,
    ChatRestarted,
    ChatStreamed,
    ComparisonCompleted,
    Contract,
    Language,
    StrategyFigures,
)
from services.chassis.jobs.queue import Claim
from services.chassis.jobs.workers import Ending, nothing_left
from services.chassis.messaging.publishing import Reply
from services.chassis.stored import Stored
from services.language_model.errors import LlmError
from services.language_model.pieces import Finished, Restarted
from services.session.domain import LONGEST_ANSWER, Message, ModelUse, Session, Turn, on_topic, remember
from services.session.ports import SessionStore, Writer
from services.session.views import view_answer

log = structlog.get_logger()

COMPUTED = "computed"
MOST_ATTEMPTS = 3
"""How many attempts the language model gets; after them the answer is computed."""
GIVEN_UP_AFTER = 6
"""After this number of attempts there is no answer: what always fails would be tried for ever."""

HELP: Mapping[Language, str] = {
    "ko": "저장된 백테스트 결과로 답합니다. 예: '어떤 전략이 더 안정적인가요?', '그 전략의 최대 낙폭은?', "
    "'수익률이 가장 높은 전략은?'",
    "en": "I answer from stored backtest results. Try: 'Which strategy is steadier?', 'What is its maximum "
    "drawdown?', 'Which one has the highest return?'",
}


def computed_text(turn: Turn, data: ComparisonCompleted) -> str:
    """Return the computed answer; to a message that is about no strategy, what can be asked."""
    names = [name for entry in data.strategies_data for name in (entry.name, entry.strategy_id)]
    if data.metric is None and not _is_understood(data) and not on_topic(turn.message, names):
        return HELP[turn.language]
    return data.summary or ""


def _is_understood(data: ComparisonCompleted) -> bool:
    """Tell whether the answer speaks of what was asked where it ranks nothing."""
    read = data.understood
    return bool(read and (read.unknown or read.unresolved or read.relation or read.beyond))


class Answers:
    """Ends turns: each with one answer, or with one failure."""

    def __init__(self, sessions: SessionStore, reply: Reply, clock: Callable[[], datetime]) -> None:
        self._sessions = sessions
        self._reply = reply
        self._clock = clock

    async def compute(self, stored: Stored[Session], turn: Turn, data: ComparisonCompleted) -> None:
        """Answer with the summary that came with the data."""
        await self.finish(stored, turn, data, computed_text(turn, data))

    async def finish(
        self,
        stored: Stored[Session],
        turn: Turn,
        data: ComparisonCompleted,
        text: str,
        model_use: ModelUse | None = None,
    ) -> None:
        """Store an answer and the strategies that it was about, and reply with it.

        What no model has written was not sent while it was written: it is sent in one piece.
        """
        session = stored.state
        strategy_ids = tuple(entry.strategy_id for entry in data.strategies_data)
        now = self._clock()
        provider = model_use.model if model_use else COMPUTED
        answer = Message(
            turn.turn_id, "assistant", text, now, provider, turn.language, strategy_ids, model_use
        )
        figures = [entry.strategy_id for entry in data.strategies_data if isinstance(entry, StrategyFigures)]
        focus = data.best_strategy_id or (figures[0] if len(figures) == 1 else None)
        context = remember(session.context, strategy_ids, focus)
        answered = view_answer(session.session_id, answer)
        await self._sessions.end_turn(stored, answer, context, [answered])
        if turn.stream and model_use is None:
            await self.say(stored, turn, 0, text)
        await self._reply(stored.reply_address, answered)

    async def fail(self, stored: Stored[Session], code: str, detail: str) -> None:
        """End the turn without an answer."""
        session = stored.state
        if session.turn is None:
            return
        failed = ChatFailed(
            turn_id=session.turn.turn_id, session_id=session.session_id, code=code, detail=detail
        )
        await self._sessions.end_turn(stored, None, session.context, [failed])
        await self._reply(stored.reply_address, failed)

    async def restart(self, stored: Stored[Session], turn: Turn) -> None:
        """Tell the requester that what was sent of an answer is void."""
        piece = ChatRestarted(turn_id=turn.turn_id, session_id=stored.state.session_id)
        await self._reply(stored.reply_address, piece)

    async def say(self, stored: Stored[Session], turn: Turn, index: int, delta: str) -> None:
        """Send a piece of an answer to the requester."""
        piece: Contract = ChatStreamed(
            turn_id=turn.turn_id, session_id=stored.state.session_id, index=index, delta=delta
        )
        await self._reply(stored.reply_address, piece)


class Conversation:
    """Runs turns that are due: writes their answers, and ends those that got no data."""

    def __init__(self, answers: Answers, writer: Writer | None) -> None:
        self._answers = answers
        self._writer = writer

    async def run(self, claim: Claim[Session]) -> Ending:
        """Prepare the answer to a claimed turn, and return how to give it."""
        stored, turn = claim.job, claim.state.turn
        if turn is None:
            return nothing_left
        if turn.data is None:
            detail = "the comparison that the answer needs did not come"
            return partial(self._answers.fail, stored, "no-data", detail)
        if claim.attempt > GIVEN_UP_AFTER:
            detail = "the answer could not be given; the log of the session service says why"
            return partial(self._answers.fail, stored, "internal-error", detail)
        if turn.stream and claim.attempt > 1:  # what an attempt before has sent is void
            await self._answers.restart(stored, turn)
        if self._writer is None or claim.attempt > MOST_ATTEMPTS:
            return partial(self._answers.compute, stored, turn, turn.data)
        return await self._write(stored, turn, turn.data, self._writer)

    async def _write(
        self, stored: Stored[Session], turn: Turn, data: ComparisonCompleted, writer: Writer
    ) -> Ending:
        texts: list[str] = []
        written: Finished | None = None
        try:
            async with aclosing(writer.write(stored.state.history, turn.language, data)) as pieces:
                async for piece in pieces:
                    match piece:
                        case str():
                            await self._say(stored, turn, len(texts), piece)
                            texts.append(piece)
                        case Restarted():
                            await self._restart(stored, turn)
                            texts.clear()
                        case Finished():
                            written = piece
        except LlmError as error:
            log.warning("computed answer instead", turn=turn.turn_id, error=str(error))
        answer = "".join(texts).strip()
        if written is not None and answer and len(answer) <= LONGEST_ANSWER:
            log.info("answer written by a language model", turn=turn.turn_id, **asdict(written))
            return partial(self._answers.finish, stored, turn, data, answer, _use_of(written))
        answer = computed_text(turn, data)  # half an answer is none
        if texts:
            await self._restart(stored, turn)
        return partial(self._answers.finish, stored, turn, data, answer)

    async def _say(self, stored: Stored[Session], turn: Turn, index: int, delta: str) -> None:
        if turn.stream:
            await self._answers.say(stored, turn, index, delta)

    async def _restart(self, stored: Stored[Session], turn: Turn) -> None:
        if turn.stream:
            await self._answers.restart(stored, turn)


def _use_of(written: Finished) -> ModelUse:
    return ModelUse(
        provider=written.provider,
        model=written.model,
        input_tokens=written.usage.input_tokens,
        output_tokens=written.usage.output_tokens,
        cost=written.cost,
        seconds=round(written.seconds, 3),
    )
