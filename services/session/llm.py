"""Answers by a chain of language models."""

import inspect
import json
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from backchat_contracts import BacktestView, ComparisonView, Language
from services.grounding.comparison import facts_of
from services.grounding.facts import Action, Facts, joined
from services.grounding.results import result_of
from services.language_model.chain import Chain
from services.language_model.drafting import RULES, Drafted, drafted, told
from services.language_model.messages import (
    AssistantMessage,
    CalledTool,
    ChatMessage,
    SystemMessage,
    Tool,
    ToolMessage,
    UserMessage,
)
from services.session.domain.history import Message
from services.session.domain.remembering import earlier, remembered
from services.session.domain.tools import CANCEL, TOOLS
from services.session.domain.turn import Outcome, Step, Turn
from services.session.steps import compared_from

INSTRUCTIONS: Final = f"""\
You are Backchat: a quant team talks to its backtests through you. The user's last message is a JSON object:
what the user says, the language of your answer (ko is Korean, en is English), a computed answer, figures
with their references, and what the conversation was about before. Answer what the user says in that
language, briefly. The computed answer decides: call none better, worse, the best or the worst where it does
not, and where it says that no difference is shown, say so. Keep its cautions, and what it says that a name
was read as. Where it does not answer, call tools for what is missing, if there are any that have it; their
results have references, too, and symbols that are numbers stand in quotes. If nothing answers, say that you
can't. A backtest is proposed with a tool; the user is then shown what it would run and asked, so don't
repeat its settings. {RULES}"""

_LEFT_OUT: Final = {"user_id", "description", "sequence", "provenance", "warnings", "also_called"}
"""The fields of replies that a model is not told: it needs none of them, or has no use for their prose."""


class LlmWriter:
    """Gives a model the conversation and the data, and passes on what may be said of its prose."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain

    def write(
        self, history: Sequence[Message], turn: Turn, tools: Sequence[str], began: float
    ) -> AsyncGenerator[Drafted, None]:
        *before, last = history
        computed, *steps = compared_from(turn)
        data = computed.outcome and computed.outcome.reply
        if not isinstance(data, ComparisonView):
            raise TypeError("a turn that a model answers has a comparison")
        facts = facts_of(data, turn.language)
        content = {"message": last.content, **told(data, facts), "earlier": earlier(before)}
        results = [_result(step, number, turn.language) for number, step in enumerate(steps, 2)]
        messages: list[ChatMessage] = [
            SystemMessage(role="system", content=INSTRUCTIONS),
            *map(_message, remembered(before)),
            UserMessage(role="user", content=_json(content)),
        ]
        for step, (result, _) in zip(steps, results, strict=True):
            messages += _called(step, result)
        all_facts = joined([facts, *(each for _, each in results)])
        deadline = began + self._chain.deadline_seconds
        offered = [_offered(name) for name in tools]
        return drafted(self._chain, messages, all_facts, last.content, offered, deadline)


@cache
def _offered(name: str) -> Tool:
    """Return a tool as a model is told of it."""
    schema = TOOLS[name].arguments.model_json_schema()
    description = schema.pop("description", "")
    return Tool(name, inspect.cleandoc(description), schema)


def _result(step: Step, number: int, language: Language) -> tuple[Mapping[str, Any], Facts]:
    """Return what a model is told of a step that it wanted, and what it may say of it."""
    outcome, prefix = step.outcome, f"t{number}"
    match outcome:
        case Outcome(reply=ComparisonView() as view):
            facts = facts_of(view, language, f"{prefix}.")
            return told(view, facts), facts
        case Outcome(reply=reply) if reply is not None:
            data = _without(reply.model_dump(mode="json"))
            if isinstance(reply, BacktestView) and reply.warnings:
                data["warnings"] = [each.code for each in reply.warnings]
            found = result_of(data, prefix, language)
            done: frozenset[Action] = frozenset({"cancelled"} if step.call.tool == CANCEL else ())
            return {"result": found.told}, replace(found.facts, done=done)
        case Outcome(code=code, detail=detail):
            return {"error": code, "detail": detail}, Facts(language=language)
    return {"error": "no-data", "detail": "there was no answer"}, Facts(language=language)


def _without(data: Any) -> Any:  # noqa: ANN401 - JSON
    """Return JSON values without the fields that a model is not told."""
    match data:
        case dict():
            return {key: _without(value) for key, value in data.items() if key not in _LEFT_OUT}
        case list():
            return [_without(each) for each in data]
    return data


def _called(step: Step, result: Mapping[str, Any]) -> Iterator[ChatMessage]:
    """Yield the messages of a call that the model made, and of its result."""
    call = step.call
    function = CalledTool(
        id=call.id, type="function", function={"name": call.tool, "arguments": _json(call.arguments)}
    )
    yield AssistantMessage(role="assistant", content=None, tool_calls=[function])
    yield ToolMessage(role="tool", tool_call_id=call.id, content=_json(result))


def _message(message: Message) -> ChatMessage:
    if message.role == "assistant":
        return AssistantMessage(role="assistant", content=message.content)
    return UserMessage(role="user", content=message.content)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
