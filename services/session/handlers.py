"""Use cases of the session service. Each may see the same message twice and does its work once.

A turn is a small saga. One update stores the message and requests the comparison that its answer needs. When
the comparison comes, the answer is computed from it at once, or a language model writes it under a lease.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from backchat_contracts import (
    ChatFailed,
    ChatRequested,
    ComparisonCompleted,
    ComparisonFailed,
    ComparisonRequested,
    SessionCreated,
    SessionEnded,
    SessionEndRequested,
    SessionPage,
    SessionQueried,
    SessionRequested,
)
from services.chassis.errors import ExistsError, RequestMismatchError
from services.chassis.messaging.envelope import Delivery
from services.chassis.messaging.publishing import Reply
from services.chassis.paging import cursor_of, page_of, read_cursor
from services.chassis.stored import Stored
from services.language.detection import language_of
from services.session.answering import Answers
from services.session.domain import Message, Session, Turn, comparison_of, referred
from services.session.errors import (
    ConversationFullError,
    RepeatedTurnError,
    SessionEndedError,
    SessionNotFoundError,
    TurnInProgressError,
)
from services.session.ports import SessionStore
from services.session.views import view_answer, view_session, view_summary

Clock = Callable[[], datetime]


class Sessions:
    """Sessions: opened, ended, looked up."""

    def __init__(self, sessions: SessionStore, reply: Reply, clock: Clock) -> None:
        self._sessions = sessions
        self._reply = reply
        self._clock = clock

    async def create(self, request: SessionRequested, delivery: Delivery) -> None:
        now = self._clock()
        session = Session(request.session_id, request.user_id, created_at=now, updated_at=now)
        created = SessionCreated(session_id=request.session_id, user_id=request.user_id, created_at=now)
        try:
            await self._sessions.add(session, [created], delivery)
        except ExistsError:
            created = await self._created_before(request)
        await self._reply(delivery.reply_address, created)

    async def _created_before(self, request: SessionRequested) -> SessionCreated:
        """Return the event of the session that an earlier delivery of the request has created."""
        session = (await found(self._sessions, request.session_id)).state
        if session.user_id != request.user_id:
            raise RequestMismatchError(request.session_id)
        return SessionCreated(
            session_id=session.session_id, user_id=session.user_id, created_at=session.created_at
        )

    async def end(self, request: SessionEndRequested, delivery: Delivery) -> None:
        stored = await found(self._sessions, request.session_id)
        now = self._clock()
        ended = SessionEnded(session_id=request.session_id, ended_at=now)
        if stored.state.is_active:
            await self._sessions.end(stored, now, [ended], delivery)
        await self._reply(delivery.reply_address, ended)

    async def query(self, query: SessionQueried, delivery: Delivery) -> None:
        if query.session_id is not None:
            stored = await found(self._sessions, query.session_id)
            return await self._reply(delivery.reply_address, view_session(stored.state))
        return await self._list(query, delivery)

    async def _list(self, query: SessionQueried, delivery: Delivery) -> None:
        before = read_cursor(query.cursor)
        sessions = await self._sessions.page(query.user_id or "system", query.limit + 1, before)
        shown, more, cursor = page_of(sessions, query.limit, lambda s: cursor_of(s.created_at, s.session_id))
        page = SessionPage(data=tuple(map(view_summary, shown)), has_more=more, next=cursor)
        await self._reply(delivery.reply_address, page)


class Chat:
    """Turns: taken, given their data, answered."""

    def __init__(
        self,
        sessions: SessionStore,
        answers: Answers,
        announce: Callable[[str], None] | None,
        reply: Reply,
        clock: Clock,
        data_timeout: timedelta,
    ) -> None:
        self._sessions = sessions
        self._answers = answers
        self._announce = announce
        self._reply = reply
        self._clock = clock
        self._data_timeout = data_timeout

    async def take_turn(self, request: ChatRequested, delivery: Delivery) -> None:
        stored = await found(self._sessions, request.session_id)
        session = stored.state
        language = request.language or language_of(request.message)
        if earlier := session.message_of(request.turn_id):
            if (earlier.content, earlier.language) != (request.message, language):
                raise RequestMismatchError(request.turn_id)
            await self._repeat(stored, request.turn_id, delivery)
            return
        if not session.is_active:
            raise SessionEndedError(request.session_id)
        if session.is_full:
            raise ConversationFullError(request.session_id)
        if delivery.id in session.refused:  # a second delivery: what was refused stays refused
            raise TurnInProgressError
        if session.turn is not None:
            await self._sessions.refuse(request.session_id, delivery.id)
            raise TurnInProgressError(session.turn.turn_id)
        now = self._clock()
        comparison_id = comparison_of(request.session_id, request.turn_id)
        turn = Turn(request.turn_id, request.message, language, comparison_id, request.stream)
        said = Message(request.turn_id, "user", request.message, now, language=language)
        wanted = ComparisonRequested(
            comparison_id=comparison_id,
            session_id=request.session_id,
            context_strategy_ids=referred(request.message, session.context),
            query=request.message,
            language=language,
            summary="computed",
        )
        due = now + self._data_timeout
        await self._sessions.begin_turn(stored, said, turn, [wanted], delivery, due)

    async def _repeat(self, stored: Stored[Session], turn_id: str, delivery: Delivery) -> None:
        """Answer a turn that was taken before. While it is under way, only its first request is answered."""
        turn = stored.state.turn
        if answer := stored.state.answer_to(turn_id):
            answered = view_answer(stored.state.session_id, answer)
            await self._reply(delivery.reply_address, answered)
        elif turn is None or turn.turn_id != turn_id:
            detail = "this message got no answer; say it again, as a new one"
            failed = ChatFailed(
                turn_id=turn_id, session_id=stored.state.session_id, code="no-data", detail=detail
            )
            await self._reply(delivery.reply_address, failed)
        elif stored.reply_address != delivery.reply_address:
            raise RepeatedTurnError(turn_id)

    async def add_data(self, event: ComparisonCompleted, _delivery: Delivery) -> None:
        stored = await self._waiting_for(event.session_id, event.comparison_id)
        if stored is None or stored.state.turn is None:
            return
        if self._announce is None:
            await self._answers.compute(stored, stored.state.turn, event)
            return
        await self._sessions.add_data(stored, replace(stored.state.turn, data=event), self._clock())
        self._announce(stored.state.session_id)

    async def fail_turn(self, event: ComparisonFailed, _delivery: Delivery) -> None:
        stored = await self._waiting_for(event.session_id, event.comparison_id)
        if stored is not None:
            await self._answers.fail(stored, event.code, event.detail)

    async def _waiting_for(self, session_id: str | None, comparison_id: str) -> Stored[Session] | None:
        """Return the session that waits for a comparison; None: it is not for a turn, or came before."""
        stored = await self._sessions.get(session_id) if session_id else None
        turn = stored and stored.state.turn
        return stored if turn and turn.comparison_id == comparison_id else None


async def found(sessions: SessionStore, session_id: str) -> Stored[Session]:
    """Return the session. Raises SessionNotFoundError."""
    stored = await sessions.get(session_id)
    if stored is None:
        raise SessionNotFoundError(session_id)
    return stored
