"""Conversations: what a message refers to, and what is remembered for the next one."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final, Literal
from uuid import UUID, uuid5

from backchat_contracts import ComparisonCompleted, Language

Role = Literal["user", "assistant"]

_COMPARISONS: Final = UUID("4d6a1f3e-0c0b-4f0e-9a53-6f2f3a2f8c11")

MOST_BYTES: Final = 600_000
"""A conversation of this size as JSON takes no more messages. With one more and its answer, its session is
still below the million bytes that any broker takes as a record."""
LONGEST_ANSWER: Final = 40_000
"""The most characters of an answer, which may take six bytes each."""
_ENTRY_BYTES: Final = 180
"""How many bytes the names of a message's fields, its role, time and language take."""

_ONE: Final = re.compile(
    r"(?:그|이|해당)\s*전략(?!들)|그것|그거"
    r"|\b(?:it|its|(?:that|this) (?:one|strategy)|the same one)\b",
    re.IGNORECASE,
)
_SEVERAL: Final = re.compile(
    r"(?:그|이)\s*(?:전략)?들|두\s*전략|둘\s*(?:중|다)|나머지"
    r"|of the two|\b(?:they|them|their|these|those|both)\b",
    re.IGNORECASE,
)
_OTHERS: Final = re.compile(
    r"나머지|다른\s*(?:전략|것|거|하나|쪽|애)|(?:그|이|해당)\s*(?:전략|것|거)\s*(?:말고|빼고|제외|외에)"
    r"|\b(?:the (?:other|rest)|others|(?:other than|except|besides|apart from) (?:it|that))\b",
    re.IGNORECASE,
)
"""Those of the answer before but the one in focus."""
_CHOICE: Final = re.compile(
    r"어떤|어느|가장|제일|비교|더\s"
    r"|\b(?:which|what strategy|best|worst|compare|more|most|better|steadier|steadiest)\b",
    re.IGNORECASE,
)
_ALL: Final = re.compile(r"모든|모두|전체|전부|각각|\b각\s|\b(?:all|every|each)\b", re.IGNORECASE)
_TOPIC: Final = re.compile(r"전략|백테스트|결과|성과|strateg|backtest|result|perform", re.IGNORECASE)


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
class Message:
    """One entry of the history; of an answer, also who wrote it, in which language, about what."""

    turn_id: str
    role: Role
    content: str
    timestamp: datetime
    provider: str | None = None
    language: Language | None = None
    strategy_ids: tuple[str, ...] = ()
    model_use: ModelUse | None = None

    @property
    def size(self) -> int:
        """Return how many bytes it takes as JSON, or a few more."""
        use = [asdict(self.model_use)] if self.model_use else []
        texts = [self.turn_id, self.content, self.provider, *use, *self.strategy_ids]
        return _ENTRY_BYTES + len(json.dumps(texts, ensure_ascii=False).encode())


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation is about: the strategies compared last, and `focus`, the best of them."""

    strategy_ids: tuple[str, ...] = ()
    focus: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A user's message that has no answer yet. `data` is the comparison that it needs, once that has come."""

    turn_id: str
    message: str
    language: Language
    comparison_id: str
    stream: bool = False
    data: ComparisonCompleted | None = None


def comparison_of(session_id: str, turn_id: str) -> str:
    """Return the id of the comparison that a turn asks for: the same at every delivery of the turn."""
    return str(uuid5(_COMPARISONS, f"{session_id}\n{turn_id}"))


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

    def answer_to(self, turn_id: str) -> Message | None:
        """Return the answer that a turn already has."""
        return next((m for m in self.history if m.turn_id == turn_id and m.role == "assistant"), None)

    def message_of(self, turn_id: str) -> Message | None:
        """Return the user's message of a turn."""
        return next((m for m in self.history if m.turn_id == turn_id and m.role == "user"), None)


def referred(message: str, context: Context) -> tuple[str, ...] | None:
    """Return the strategies that a message is about if it names none; None: all there are.

    "그 전략의 최대 낙폭은?" is about the strategy in focus, "그 전략들 중" about those compared last.
    "Which is best?" is about all; "and the drawdown?" is about the strategy in focus.
    """
    if _OTHERS.search(message) and context.focus in context.strategy_ids:
        return tuple(each for each in context.strategy_ids if each != context.focus) or context.strategy_ids
    if _SEVERAL.search(message) and context.strategy_ids:
        return context.strategy_ids
    chooses = _CHOICE.search(message) or _ALL.search(message)
    if context.focus and (_ONE.search(message) or not chooses):
        return (context.focus,)
    return None


def on_topic(message: str, names: Iterable[str]) -> bool:
    """Tell whether a message that names no metric is about strategies at all."""
    lowered = message.casefold()
    patterns = (_ONE, _SEVERAL, _CHOICE, _TOPIC)
    return any(pattern.search(message) for pattern in patterns) or any(
        name.casefold() in lowered for name in names
    )


def remember(context: Context, strategy_ids: Sequence[str], best: str | None) -> Context:
    """Return the context after an answer about these strategies."""
    if len(strategy_ids) == 1 and strategy_ids[0] in context.strategy_ids:
        return replace(context, focus=strategy_ids[0])  # a closer look at one does not forget the others
    return Context(tuple(strategy_ids), best)
