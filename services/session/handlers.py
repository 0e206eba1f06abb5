"""Use cases of the chat. Each may see the same message twice and does its work once.

A message is stored with the turn that answers it; a worker then runs the turn (`answering`).
"""

import re
from dataclasses import replace
from typing import Final, NoReturn

from backchat_contracts import (
    BacktestCancelled,
    BacktestCompleted,
    BacktestFailed,
    ChatCancelRequested,
    ChatFailed,
    ChatRegenerateRequested,
    ChatRequested,
    Language,
    TurnView,
)
from services.chassis.errors import RequestMismatchError
from services.chassis.faults import fault_point
from services.chassis.messaging.envelope import Delivery, ReplyAddress
from services.chassis.messaging.publishing import Reply
from services.chassis.stored import Stored
from services.language.asked_language import asked_language
from services.language.commands import has_own_words
from services.language.detection import language_of, language_of_rest
from services.session.acting import acted
from services.session.audience import address_of_listener
from services.session.domain.again import as_asked, has_acted
from services.session.domain.session import MOST_WAITING, NewTurn, Session
from services.session.domain.turn import NO_REPLY, Listener, Turn, turn_id_of_end
from services.session.domain.wording import NOT_ANSWERED, TURN_CANCELLED
from services.session.errors import (
    ConversationFullError,
    NotLastTurnError,
    SessionEndedError,
    TurnActedError,
    TurnEndedError,
    TurnInProgressError,
    TurnMayHaveActedError,
    TurnNotFoundError,
)
from services.session.ports import SessionStore, TurnWorkers
from services.session.sessions import Clock, found, running_in
from services.session.spending import Spending
from services.session.views import view_answer, view_told

CANCELLED: Final = "turn-cancelled"

BacktestEnded = BacktestCompleted | BacktestFailed | BacktestCancelled


class Chat:
    """Messages: taken, each with the turn that answers it."""

    def __init__(
        self,
        sessions: SessionStore,
        workers: TurnWorkers,
        spending: Spending,
        reply: Reply,
        clock: Clock,
    ) -> None:
        self._sessions = sessions
        self._spending = spending
        self._workers = workers
        self._reply = reply
        self._clock = clock

    async def take_turn(self, request: ChatRequested, delivery: Delivery) -> None:
        spoken = request.language or language_of(request.message)
        stored = await found(self._sessions, request.session_id, spoken)
        session = stored.state
        language = request.language or _language_of(request.message, session)
        if earlier := session.message_of(request.turn_id):
            asked = request.language or earlier.language
            if (earlier.content, earlier.language) != (request.message, asked):
                raise RequestMismatchError(request.turn_id)
            await self._repeat(stored, request.turn_id, delivery, stream=request.stream)
            return
        self._check_open(session, delivery, language)
        turn = Turn(request.turn_id, request.message, language, request.stream)
        if acted(session, turn) is None:
            await self._spending.check(session, language)
        if session.messages_waiting >= MOST_WAITING:
            await self._refuse(session, delivery, language)
        await self._take(stored, turn, delivery)

    async def answer_again(self, request: ChatRegenerateRequested, delivery: Delivery) -> None:
        """Answer the message of the last turn again: the new answer takes the place of the one before."""
        stored = await found(self._sessions, request.session_id)
        session, turn_id = stored.state, request.turn_id
        if session.message_of(turn_id):
            root = session.root_of(turn_id)
            if root == turn_id or root != session.root_of(request.replaces):
                raise RequestMismatchError(turn_id)
            await self._repeat(stored, turn_id, delivery, stream=request.stream)
            return
        said = session.message_of(request.replaces)
        language = said.language or _language_of(said.content, session) if said else session.language
        self._check_open(session, delivery, language)
        if said is None:
            raise TurnNotFoundError(language, request.replaces)
        if session.turn is not None:
            await self._refuse(session, delivery, language)
        last = session.last_turn_of(request.replaces)
        if last is None:
            raise NotLastTurnError(language, request.replaces, session.history[-1].turn_id)
        if (has_done := has_acted(session, request.replaces)) is not False:
            raise (TurnActedError if has_done else TurnMayHaveActedError)(language, request.replaces)
        turn = Turn(turn_id, said.content, language, request.stream, replaces=last)
        if acted(as_asked(replace(session, turn=turn)), turn) is None:
            await self._spending.check(session, language)
        await self._take(stored, turn, delivery)

    async def _refuse(self, session: Session, delivery: Delivery, language: Language) -> NoReturn:
        """Refuse a message that would have to wait, also when it is delivered again."""
        await self._sessions.refuse(session.session_id, delivery.id)
        raise TurnInProgressError(language, **running_in(session))

    @staticmethod
    def _check_open(session: Session, delivery: Delivery, language: Language) -> None:
        """Raise why a session takes no message."""
        if not session.is_active:
            raise SessionEndedError(language, session.session_id)
        if session.is_full:
            raise ConversationFullError(language, session.session_id)
        if delivery.id in session.refused:
            raise TurnInProgressError(language)

    async def cancel(self, request: ChatCancelRequested, delivery: Delivery) -> None:
        """End a turn without an answer. What it has done stays done."""
        stored = await found(self._sessions, request.session_id)
        session, turn_id = stored.state, request.turn_id
        turn, said = session.turn_under_way(turn_id), session.message_of(turn_id)
        language = turn.language if turn else session.language
        if session.answer_to(turn_id):
            raise TurnEndedError(language, turn_id)
        if not (turn or said or session.without_answer(turn_id)):
            raise TurnNotFoundError(language, turn_id)
        ids = {"turn_id": turn_id, "session_id": session.session_id}
        failed = ChatFailed(**ids, code=CANCELLED, detail=TURN_CANCELLED.of(language))
        address: ReplyAddress | None = None
        listeners: tuple[Listener, ...] = ()
        if turn and turn == session.turn:
            address, lease = stored.reply_address, self._workers.lease()
            claim, listeners = await self._sessions.end_turn(
                stored, lambda session: session.failed(CANCELLED), [failed], lease
            )
            self._workers.drop(stored.id, stored.fence)
            if claim:
                self._workers.adopt(claim)
        elif turn:
            address = await self._sessions.drop_waiting(stored, turn_id, CANCELLED, [failed])
            listeners = turn.listeners
        for each in (address, *map(address_of_listener, listeners)):
            await self._reply(each, failed)
        await self._reply(delivery.reply_address, TurnView(**ids))

    async def hear_end(self, event: BacktestEnded, delivery: Delivery) -> None:
        """Take the end of a backtest as a turn of the session that it names, if that still goes on."""
        stored = await self._sessions.get(event.session_id) if event.session_id else None
        if stored is None or not stored.state.is_active or stored.state.is_full:
            return
        session = stored.state
        turn_id = turn_id_of_end(session.session_id, event.backtest_id)
        started = {each.backtest_id: each for each in session.context.started}
        begun = started.get(event.backtest_id)
        if (begun and begun.ended) or session.has_turn(turn_id):
            return
        language = begun.language if begun else session.language
        turn = Turn(turn_id, "", language, backtest_id=event.backtest_id)
        await self._take(stored, turn, replace(delivery, reply_address=None))

    async def _take(self, stored: Stored[Session], turn: Turn, delivery: Delivery) -> None:
        """Begin a turn, or let it wait for those before it."""
        new = NewTurn(turn, self._clock())
        if stored.state.turn is not None:
            return await self._sessions.add_waiting(stored, new, delivery)
        claim = await self._sessions.begin_turn(stored, new, delivery, self._workers.lease())
        fault_point("turn begun")
        if claim:
            self._workers.adopt(claim)
        return None

    async def _repeat(
        self, stored: Stored[Session], turn_id: str, delivery: Delivery, *, stream: bool
    ) -> None:
        """Answer a turn that was taken before; while it is under way, its end is told to this request too."""
        session, address = stored.state, delivery.reply_address
        if answer := session.answer_to(turn_id):
            for event in view_told(session, answer) if stream else ():
                await self._reply(address, event)
            await self._reply(address, view_answer(session, answer))
        elif turn := session.turn_under_way(turn_id):
            if address is None or address == await self._address_of(stored, turn_id):
                return
            listener = Listener(address.topic, address.partition, address.correlation_id, stream)
            if listener not in turn.listeners:
                await self._sessions.add_listener(stored, turn_id, listener)
        else:
            ended, said = session.without_answer(turn_id), session.message_of(turn_id)
            language = (said and said.language) or session.language
            code = (ended and ended.code) or NO_REPLY
            detail = (TURN_CANCELLED if code == CANCELLED else NOT_ANSWERED).of(language)
            failed = ChatFailed(turn_id=turn_id, session_id=session.session_id, code=code, detail=detail)
            await self._reply(address, failed)

    async def _address_of(self, stored: Stored[Session], turn_id: str) -> ReplyAddress | None:
        """Return where the answer of a turn that runs or waits is to be sent."""
        if stored.state.turn and stored.state.turn.turn_id == turn_id:
            return stored.reply_address
        return await self._sessions.waiting_address(stored.id, turn_id)


def _language_of(message: str, session: Session) -> Language:
    """Return the language that was asked for last, else that of the message.

    Of one without words of its own it is that of the conversation. Names that the last answers have quoted
    are of no language.
    """
    before = (each.content for each in reversed(session.history) if each.role == "user")
    for text in (message, *before):
        if asked := asked_language(text):
            return asked
    if not has_own_words(message):
        return session.language
    said = [each.content for each in session.history[-_RECENT:] if each.role == "assistant"]
    names = {name for text in said for name in _QUOTED.findall(text)}
    return language_of_rest(message, names) or session.language


_RECENT: Final = 10
"""Of the last messages the answers say which names there are."""
_QUOTED: Final = re.compile(r"'([^'\n]{1,100})'")
