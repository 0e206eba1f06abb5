"""What is kept of the turns of a conversation: messages, answers, and turns without an answer."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final, Literal

from backchat_contracts import Language
from services.session.domain.model_use import ModelUse
from services.session.domain.turn import NO_REPLY, Outcome, Turn

Role = Literal["user", "assistant"]

_ENTRY_BYTES: Final = 180
"""How many bytes the names of a message's fields, its role, time and language take."""


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call of a tool for an answer; `code` says why it was refused or failed."""

    id: str
    tool: str
    seconds: float
    code: str | None = None


def tools_of(turn: Turn) -> tuple[ToolUse, ...]:
    """Return the calls of a turn that ends."""
    outcomes = ((step.call, step.outcome or Outcome(0.0, code=NO_REPLY)) for step in turn.steps)
    return tuple(ToolUse(call.id, call.tool, round(each.seconds, 3), each.code) for call, each in outcomes)


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the history; of an answer, also who wrote it, in which language, about what, and how.

    `focus`: the strategy that is in focus after it. `replaces`: the turn whose answer it replaces.
    """

    turn_id: str
    role: Role
    content: str
    timestamp: datetime
    provider: str | None = None
    language: Language | None = None
    strategy_ids: tuple[str, ...] = ()
    model_use: ModelUse | None = None
    tools: tuple[ToolUse, ...] = ()
    focus: str | None = None
    replaces: str | None = None

    @property
    def size(self) -> int:
        """Return how many bytes it takes as JSON, or a few more."""
        use = [asdict(each) for each in (self.model_use, *self.tools) if each]
        return _size([self.turn_id, self.content, self.provider, self.replaces, *use, *self.strategy_ids])


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A turn that has ended without an answer.

    `code`: why; None: that was not kept. `tools`: what was called for it. `replaces`: the turn whose answer
    it was to replace.
    """

    turn_id: str
    code: str | None
    tools: tuple[ToolUse, ...] = ()
    replaces: str | None = None

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        return _size([self.turn_id, self.code, self.replaces, *map(asdict, self.tools)])


def _size(values: Sequence[object]) -> int:
    return _ENTRY_BYTES + len(json.dumps(values, ensure_ascii=False).encode())
