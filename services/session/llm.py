"""Answers by a chain of language models."""

import json
from collections.abc import AsyncGenerator, Sequence
from typing import Final

from backchat_contracts import ComparisonView, Language
from services.grounding.comparison import facts_of
from services.language_model.chain import Chain
from services.language_model.drafting import RULES, Drafted, drafted, told
from services.language_model.messages import AssistantMessage, ChatMessage, SystemMessage, UserMessage
from services.session.domain.session import Message

REMEMBERED_MESSAGES: Final = 20
REMEMBERED_CHARACTERS: Final = 24_000
"""Of the messages before, some 8,000 tokens."""

INSTRUCTIONS: Final = f"""\
You are Backchat: a quant team talks to its backtests through you. The last message is a JSON object: what
the user says, the language of your answer (ko is Korean, en is English), a computed answer, and figures
with their references. Answer what the user says in that language, briefly. The computed answer decides:
call none better, worse, the best or the worst where it does not, and where it says that no difference is
shown, say so. Keep its cautions. Where it does not answer, say that you can't. {RULES}"""


class LlmWriter:
    """Gives a model the conversation and the data, and passes on what may be said of its prose."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain

    def write(
        self, history: Sequence[Message], language: Language, data: ComparisonView
    ) -> AsyncGenerator[Drafted, None]:
        *before, last = history
        facts = facts_of(data, language)
        content = {"message": last.content, **told(data, facts)}
        messages: list[ChatMessage] = [
            SystemMessage(role="system", content=INSTRUCTIONS),
            *map(_message, remembered(before)),
            UserMessage(role="user", content=json.dumps(content, ensure_ascii=False)),
        ]
        return drafted(self._chain, messages, facts, last.content)


def remembered(history: Sequence[Message]) -> Sequence[Message]:
    """Return the last messages that a model is told of; the first one is a user's."""
    left, start = REMEMBERED_CHARACTERS, len(history)
    while start > max(0, len(history) - REMEMBERED_MESSAGES) and left >= len(history[start - 1].content):
        start -= 1
        left -= len(history[start].content)
    while start < len(history) and history[start].role != "user":
        start += 1
    return history[start:]


def _message(message: Message) -> ChatMessage:
    if message.role == "assistant":
        return AssistantMessage(role="assistant", content=message.content)
    return UserMessage(role="user", content=message.content)
