"""Conversations: their messages, and what they are about."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from backchat_contracts import Language
from backchat_contracts.comparisons import MOST_EARLIER
from services.language.parsing import LONGEST
from services.session.domain.budgets import NOTHING, Used
from services.session.domain.history import Message, Unanswered, tools_of
from services.session.domain.proposals import Proposal, Started, started_after
from services.session.domain.titles import title_of
from services.session.domain.turn import NO_REPLY, START, Listener, Turn

MOST_BYTES: Final = 600_000
"""A conversation of this size as JSON takes no more messages. With one more and its answer, its session is
still below the million bytes that any broker takes as a record."""
LONGEST_ANSWER: Final = 40_000
"""The most characters of an answer, which may take six bytes each."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about strategies: the next question may lack what these say.

    Attributes:
        queries: the last question, and those that it continues, in order.
        strategy_ids: the strategies that it was about; None: all there are.
        period: the first and the last day of the only period that the answer named, as ISO dates.

    """

    queries: tuple[str, ...]
    strategy_ids: tuple[str, ...] | None = None
    period: tuple[str, str] | None = None

    def then(self, message: str) -> tuple[str, ...]:
        """Return the queries with a further one; of too many the first and the last ones."""
        queries = (*self.queries, message[:LONGEST])
        return queries if len(queries) <= MOST_EARLIER else (queries[0], *queries[1 - MOST_EARLIER :])


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation is about.

    Attributes:
        strategy_ids: the strategies compared last.
        focus: the best of them.
        proposals: the backtests that run if the next message says yes.
        started: those that it has started, the last ones, in that order.
        asked: the question that was answered last.

    """

    strategy_ids: tuple[str, ...] = ()
    focus: str | None = None
    proposals: tuple[Proposal, ...] = ()
    started: tuple[Started, ...] = ()
    asked: Asked | None = None


MOST_WAITING: Final = 5
"""Of messages, behind the one that is being answered."""


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A turn that begins now, or when those before it have ended; `came_at`: when its cause came."""

    turn: Turn
    came_at: datetime

    @property
    def said(self) -> Message | None:
        """Return the message for the history; None: it has none."""
        turn = self.turn
        if turn.backtest_id or turn.replaces:
            return None
        return Message(turn.turn_id, "user", turn.message, self.came_at, language=turn.language)


@dataclass(frozen=True, slots=True)
class Fork:
    """The session and the turn before which another one goes on otherwise, and the title asked for it."""

    session_id: str
    turn_id: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    session_id: str
    user_id: str
    created_at: datetime
    updated_at: datetime
    is_active: bool = True
    history: tuple[Message, ...] = ()
    context: Context = Context()
    turn: Turn | None = None
    refused: tuple[str, ...] = ()
    auto_run: bool = False
    """Whether backtests are started without asking first."""
    waiting: tuple[NewTurn, ...] = ()
    """The turns behind the one that is being run."""
    last: Turn | None = None
    """The last turn that has ended with what was done for it, without the replies of its calls."""
    before: Context | None = None
    """What the conversation was about before the last message was answered; None: it was not kept yet."""
    title: str | None = None
    forked_from: Fork | None = None
    unanswered: tuple[Unanswered, ...] = ()
    used: Used = NOTHING
    """What it has taken of language models, also for turns without an answer."""

    @property
    def language(self) -> Language:
        """Return the language of the last message that has one."""
        return next((each.language for each in reversed(self.history) if each.language), "ko")

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another message; that of the turn which is run has its room."""
        running = self.turn.turn_id if self.turn else None
        kept: Iterable[Message | Unanswered] = (*self.history, *self.unanswered)
        return sum(each.size for each in kept if each.turn_id != running) >= MOST_BYTES

    def beginning(self, new: NewTurn) -> "Session":
        """Return the session with a turn that begins, and its message."""
        said = (new.said,) if new.said else ()
        title = self.title or (title_of(new.said.content) if new.said else None)
        history = (*self.history, *said)
        return replace(self, history=history, turn=new.turn, updated_at=new.came_at, title=title)

    def answered(self, answer: Message, context: Context) -> "Session":
        """Return the session after its turn, with the answer, and with the turn that begins then."""
        history = (*self.history, answer)
        return self._after(context, history=history, updated_at=answer.timestamp, **self._kept_of_turn())

    def failed(self, code: str) -> "Session":
        """Return the session after its turn, which has got no answer, and with the turn that begins then."""
        if self.turn is None:
            return self
        unanswered = Unanswered(self.turn.turn_id, code, tools_of(self.turn), self.turn.replaces)
        kept = {} if self.turn.backtest_id else self._kept_of_turn()
        return self._after(self._context_after_failure, unanswered=(*self.unanswered, unanswered), **kept)

    def not_waiting(self, turn_id: str, code: str) -> "Session":
        """Return the session without a turn that waits, which gets no answer."""
        gone = [each for each in self.waiting if each.turn.turn_id == turn_id]
        return replace(
            self,
            waiting=tuple(each for each in self.waiting if each not in gone),
            history=(*self.history, *(each.said for each in gone if each.said)),
            unanswered=(*self.unanswered, *(Unanswered(each.turn.turn_id, code) for each in gone)),
        )

    def _kept_of_turn(self) -> dict[str, Any]:
        """Return what is kept of the turn, for one that answers its message again."""
        if self.turn is None:
            return {}
        before = self.before if self.turn.replaces else self.context
        return {"last": self.turn.without_replies(), "before": before}

    def _after(self, context: Context, **changed: Any) -> "Session":  # noqa: ANN401 - its own fields
        """Return the session when its turn has ended, with the turn that begins then."""
        ended = replace(self, turn=None, context=context, **changed)
        waiting = [self.waiting[n] for n in self.still_waiting(context)]
        if not waiting:
            return replace(ended, waiting=())
        _, *later = waiting
        begun = ended.beginning(waiting[0])
        return replace(begun, waiting=tuple(later), updated_at=ended.updated_at)

    def still_waiting(self, context: Context) -> list[int]:
        """Return which of the waiting turns have something to tell: the end of a backtest is told once."""
        told = {each.backtest_id for each in context.started if each.ended}
        return [n for n, each in enumerate(self.waiting) if each.turn.backtest_id not in told]

    @property
    def _context_after_failure(self) -> Context:
        """What is remembered when the turn ends without an answer: what it has started stays started."""
        steps = self.turn.steps if self.turn else ()
        begun = [
            Started(step.call.id, str(step.call.arguments["strategy_config"].get("name")), self.language)
            for step in steps
            if step.call.tool == START
        ]
        if not begun:
            return self.context
        started = started_after(self.context.started, begun, ())
        return replace(self.context, proposals=(), started=started)

    def hearing(self, turn_id: str, listener: Listener) -> "Session":
        """Return the session with a further requester of a turn that runs or waits."""
        if self.turn and self.turn.turn_id == turn_id:
            return replace(self, turn=self.turn.heard_by(listener))
        waiting = (
            replace(each, turn=each.turn.heard_by(listener)) if each.turn.turn_id == turn_id else each
            for each in self.waiting
        )
        return replace(self, waiting=tuple(waiting))

    def as_far_as(self, other: "Session") -> "Session":
        """Return the session with all that is known to be done for its turn, which is stored later."""
        turns = [each.turn for each in (self, other) if each.turn]
        furthest = max(turns, key=lambda turn: [bool(step.outcome) for step in turn.steps])
        return replace(self, turn=self.turn and self.turn.done_as(furthest))

    @property
    def messages_waiting(self) -> int:
        """How many messages wait, without the ends of backtests."""
        return sum(each.turn.backtest_id is None for each in self.waiting)

    def turn_under_way(self, turn_id: str) -> Turn | None:
        """Return a turn that is being run, or waits."""
        turns = [*([self.turn] if self.turn else []), *(each.turn for each in self.waiting)]
        return next((each for each in turns if each.turn_id == turn_id), None)

    def has_turn(self, turn_id: str) -> bool:
        """Tell whether a turn is being run, waits, or has its answer."""
        return bool(self.turn_under_way(turn_id) or self.answer_to(turn_id))

    @property
    def last_answer(self) -> Message | None:
        return next((each for each in reversed(self.history) if each.role == "assistant"), None)

    def answer_to(self, turn_id: str) -> Message | None:
        """Return the answer that a turn already has."""
        return next((m for m in self.history if m.turn_id == turn_id and m.role == "assistant"), None)

    def replaced_by(self, turn_id: str) -> str | None:
        """Return the turn whose answer a turn replaces, or was to replace."""
        turns = (each for each in (*self.history, *self.unanswered, self.turn) if each)
        return next((each.replaces for each in turns if each.turn_id == turn_id), None)

    def root_of(self, turn_id: str) -> str:
        """Return the turn in which the message was said that a turn answers."""
        while replaced := self.replaced_by(turn_id):
            turn_id = replaced
        return turn_id

    def without_answer(self, turn_id: str) -> Unanswered | None:
        """Return a turn that has ended without an answer."""
        return next((each for each in self.unanswered if each.turn_id == turn_id), None)

    @property
    def messages_without_answer(self) -> dict[str, str]:
        """Return why messages have no answer, by their turns: the last code of each."""
        answers = [each for each in self.history if each.role == "assistant"]
        answered = {each.turn_id for each in answers} | {each.replaces for each in answers}
        why = {self.root_of(each.turn_id): each.code or NO_REPLY for each in self.unanswered}
        return {turn_id: code for turn_id, code in why.items() if turn_id not in answered}

    def last_turn_of(self, turn_id: str) -> str | None:
        """Return the last turn, if this one is it or has failed to replace its answer."""
        last = self.history[-1].turn_id if self.history else None
        failed = last and self.without_answer(turn_id) and self.root_of(turn_id) == self.root_of(last)
        return last if turn_id == last or failed else None

    def message_of(self, turn_id: str) -> Message | None:
        """Return the user's message that a turn answers, also of one that waits."""
        turn_id = self.root_of(turn_id)
        waiting = (each.said for each in self.waiting)
        said = (m for m in (*self.history, *waiting) if m and m.role == "user")
        return next((m for m in said if m.turn_id == turn_id), None)
