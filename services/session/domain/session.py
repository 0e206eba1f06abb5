"""Conversations: their messages, and what they are about."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final, Literal

from backchat_contracts import Language
from services.session.domain.turn import Turn

Role = Literal["user", "assistant"]

MOST_BYTES: Final = 600_000
"""A conversation of this size as JSON takes no more messages. With one more and its answer, its session is
still below the million bytes that any broker takes as a record."""
LONGEST_ANSWER: Final = 40_000
"""The most characters of an answer, which may take six bytes each."""
_ENTRY_BYTES: Final = 180
"""How many bytes the names of a message's fields, its role, time and language take."""


@dataclass(frozen=True, slots=True)
class ModelUse:
    """What a language model took for an answer; `cost` is in the currency of its prices."""

    provider: str
    model: str
    input_tokens: int | None
    output_tokens: int | None
    cost: float | None
    seconds: float


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call of a tool for an answer; `code` says why it was refused or failed."""

    id: str
    tool: str
    seconds: float
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the history; of an answer, also who wrote it, in which language, about what, and how."""

    turn_id: str
    role: Role
    content: str
    timestamp: datetime
    provider: str | None = None
    language: Language | None = None
    strategy_ids: tuple[str, ...] = ()
    model_use: ModelUse | None = None
    tools: tuple[ToolUse, ...] = ()

    @property
    def size(self) -> int:
        """Return how many bytes it takes as JSON, or a few more."""
        use = [asdict(each) for each in (self.model_use, *self.tools) if each]
        texts = [self.turn_id, self.content, self.provider, *use, *self.strategy_ids]
        return _ENTRY_BYTES + len(json.dumps(texts, ensure_ascii=False).encode())


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation is about: the strategies compared last, and `focus`, the best of them."""

    strategy_ids: tuple[str, ...] = ()
    focus: str | None = None


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

    @property
    def is_full(self) -> bool:
        """Whether there is no room for another message."""
        return sum(message.size for message in self.history) >= MOST_BYTES

    def saying(self, said: Message, turn: Turn) -> "Session":
        """Return the session with a user's message, and the turn that answers it."""
        return replace(self, history=(*self.history, said), turn=turn, updated_at=said.timestamp)

    def answer_to(self, turn_id: str) -> Message | None:
        """Return the answer that a turn already has."""
        return next((m for m in self.history if m.turn_id == turn_id and m.role == "assistant"), None)

    def message_of(self, turn_id: str) -> Message | None:
        """Return the user's message of a turn."""
        return next((m for m in self.history if m.turn_id == turn_id and m.role == "user"), None)
