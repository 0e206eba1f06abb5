"""Use cases about sessions as a whole. Each may see the same message twice and does its work once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from backchat_contracts import (
    Language,
    SessionCreated,
    SessionEnded,
    SessionEndRequested,
    SessionForkRequested,
    SessionPage,
    SessionQueried,
    SessionRenamed,
    SessionRenameRequested,
    SessionRequested,
)
from services.chassis.errors import ExistsError, RequestMismatchError
from services.chassis.messaging.envelope import Delivery
from services.chassis.messaging.publishing import Reply
from services.chassis.paging import cursor_of, page_of, read_cursor
from services.chassis.stored import Stored
from services.session.domain.again import forked
from services.session.domain.session import Fork, Session
from services.session.errors import SessionNotFoundError, TurnInProgressError, TurnNotFoundError
from services.session.ports import SessionStore
from services.session.views import view_created, view_session, view_summary

Clock = Callable[[], datetime]


class Sessions:
    """Sessions: opened, renamed, forked, ended, looked up."""

    def __init__(self, sessions: SessionStore, reply: Reply, clock: Clock) -> None:
        self._sessions = sessions
        self._reply = reply
        self._clock = clock

    async def create(self, request: SessionRequested, delivery: Delivery) -> None:
        now = self._clock()
        session = Session(request.session_id, request.user_id, now, now, auto_run=request.auto_run)
        await self._add(session, delivery)

    async def fork(self, request: SessionForkRequested, delivery: Delivery) -> None:
        """Open a session with what was said in another one before a turn."""
        other = (await found(self._sessions, request.session_id)).state
        fork = Fork(request.session_id, request.turn_id, request.title)
        session = forked(other, request.fork_id, fork)
        if session is None:
            if other.has_turn(request.turn_id):  # it waits, and is not part of the history yet
                raise TurnInProgressError(other.language, **running_in(other))
            raise TurnNotFoundError(other.language, request.turn_id)
        now = self._clock()
        await self._add(replace(session, created_at=now, updated_at=now), delivery)

    async def _add(self, session: Session, delivery: Delivery) -> None:
        created = view_created(session)
        try:
            await self._sessions.add(session, [created], delivery)
        except ExistsError:
            created = await self._created_before(session)
        await self._reply(delivery.reply_address, created)

    async def _created_before(self, wanted: Session) -> SessionCreated:
        """Return the event of the session that an earlier delivery of the request has created."""
        session = (await found(self._sessions, wanted.session_id)).state
        if (session.user_id, session.auto_run, session.forked_from) != (
            wanted.user_id,
            wanted.auto_run,
            wanted.forked_from,
        ):
            raise RequestMismatchError(wanted.session_id)
        return view_created(session)

    async def rename(self, request: SessionRenameRequested, delivery: Delivery) -> None:
        stored = await found(self._sessions, request.session_id)
        renamed = SessionRenamed(session_id=request.session_id, title=request.title)
        if stored.state.title != request.title:
            await self._sessions.rename(stored, request.title, [renamed], delivery)
        await self._reply(delivery.reply_address, renamed)

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
            view = view_session(stored.state, query.after)
            return await self._reply(delivery.reply_address, view)
        return await self._list(query, delivery)

    async def _list(self, query: SessionQueried, delivery: Delivery) -> None:
        before = read_cursor(query.cursor)
        sessions = await self._sessions.page(query.user_id or "system", query.limit + 1, before)
        shown, more, cursor = page_of(sessions, query.limit, lambda s: cursor_of(s.created_at, s.session_id))
        page = SessionPage(data=tuple(map(view_summary, shown)), has_more=more, next=cursor)
        await self._reply(delivery.reply_address, page)


async def found(sessions: SessionStore, session_id: str, language: Language = "en") -> Stored[Session]:
    """Return the session. Raises SessionNotFoundError, in this language: there is no conversation."""
    stored = await sessions.get(session_id)
    if stored is None:
        raise SessionNotFoundError(language, session_id)
    return stored


def running_in(session: Session) -> dict[str, str]:
    """Return which turn is being run, as a problem names it."""
    return {"turn_id": session.turn.turn_id} if session.turn else {}
