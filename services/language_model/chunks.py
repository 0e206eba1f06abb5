"""Reads the chunks of a streamed answer. The SDK validates none: each may be any JSON value."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from services.language_model.errors import AttemptError, Failure
from services.language_model.pieces import ToolCall, Usage

MOST_CALLS: Final = 64
COMPLETE: Final = frozenset({"stop", "tool_calls"})


def malformed(detail: str) -> AttemptError:
    return AttemptError(Failure.MALFORMED, detail)


@dataclass(slots=True)
class _Call:
    id: str
    name: str = ""
    arguments: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Answer:
    """An answer while it comes; its calls of tools are put together from their parts."""

    finish_reason: str | None = None
    usage: Usage = field(default_factory=Usage)
    said: bool = False
    _calls: list[_Call] = field(default_factory=list)
    _at: dict[int, _Call] = field(default_factory=dict)

    @property
    def begun(self) -> bool:
        """Whether any text or call has come."""
        return self.said or bool(self._calls)

    def read(self, chunk: Any) -> tuple[str, bool]:  # noqa: ANN401 - any JSON value
        """Take a chunk in; return the text in it, and whether it moves the answer on.

        Raises AttemptError for one of the wrong shape.
        """
        if (usage := getattr(chunk, "usage", None)) is not None:
            self.usage = Usage(_count(usage, "prompt_tokens"), _count(usage, "completion_tokens"))
        choices = getattr(chunk, "choices", None)
        if not isinstance(choices, list):
            raise malformed(f"choices of a chunk are {_kind(choices)}")
        if not choices:  # those with the usage have none
            return "", False
        choice = choices[0]
        delta = getattr(choice, "delta", None)
        reason = getattr(choice, "finish_reason", None)
        if reason is not None:
            if not isinstance(reason, str):
                raise malformed(f"finish_reason is {_kind(reason)}")
            self.finish_reason = reason or self.finish_reason
        elif delta is None:
            raise malformed("a choice has neither a delta nor a finish_reason")
        text = self._text(delta)
        calls = getattr(delta, "tool_calls", None)
        if calls is not None:
            self._take_calls(calls)
        return text, bool(text or calls or reason)

    def calls(self) -> tuple[ToolCall, ...]:
        """Return the calls of the complete answer. Raises AttemptError if one is unusable."""
        return tuple(_complete(call) for call in self._calls)

    def check_complete(self) -> None:
        """Raise AttemptError if the answer is none, or a part of one."""
        if self.finish_reason not in COMPLETE:
            raise AttemptError(Failure.INCOMPLETE, f"finish_reason is {str(self.finish_reason)[:40]}")
        if not self.begun:
            raise AttemptError(Failure.EMPTY, "neither text nor the call of a tool")

    def _text(self, delta: Any) -> str:  # noqa: ANN401 - any JSON value
        text = getattr(delta, "content", None)
        if text is None:
            return ""
        if not isinstance(text, str):
            raise malformed(f"the text of a delta is {_kind(text)}")
        if not text.isascii():
            _check_encodable(text)
        # White space alone is no answer; it is passed on as a part of one.
        self.said = self.said or not (not text or text.isspace())
        return text

    def _take_calls(self, parts: Any) -> None:  # noqa: ANN401 - any JSON value
        if not isinstance(parts, list):
            raise malformed(f"tool_calls are {_kind(parts)}")
        for part in parts:
            call = self._call_of(part)
            function = getattr(part, "function", None)
            name, arguments = getattr(function, "name", None), getattr(function, "arguments", None)
            if name is not None and not isinstance(name, str):
                raise malformed(f"the name of a tool is {_kind(name)}")
            call.name = call.name or name or ""
            if isinstance(arguments, dict):  # some servers send the object, not its text
                arguments = json.dumps(arguments)
            if arguments is not None:
                if not isinstance(arguments, str):
                    raise malformed(f"the arguments of a tool are {_kind(arguments)}")
                call.arguments.append(arguments)

    def _call_of(self, part: Any) -> _Call:  # noqa: ANN401 - any JSON value
        """Return the call that a part belongs to: by its index, or, without one, the last that was begun.

        A server that counts no index, or always the same, begins the next call with a new id.
        """
        index, identity = getattr(part, "index", None), getattr(part, "id", None)
        if not isinstance(index, int | None) or not isinstance(identity, str | None):
            raise malformed(f"index and id of a call are {_kind(index)} and {_kind(identity)}")
        known = self._at.get(index) if index is not None else (self._calls[-1] if self._calls else None)
        if known is None or (identity and identity != known.id):
            if len(self._calls) == MOST_CALLS:
                raise malformed(f"more than {MOST_CALLS} calls of tools")
            known = _Call(identity or f"call_{len(self._calls) + 1}")
            self._calls.append(known)
        if index is not None:
            self._at[index] = known
        return known


def _complete(call: _Call) -> ToolCall:
    arguments = "".join(call.arguments).strip() or "{}"
    if not call.name:
        raise malformed("the call of a tool has no name")
    try:
        is_object = isinstance(json.loads(arguments), dict)
    except (ValueError, RecursionError):
        is_object = False
    if not is_object:
        raise malformed("the arguments of a tool are no JSON object")
    for text in (call.id, call.name, arguments):
        _check_encodable(text)
    return ToolCall(call.id, call.name, arguments)


def _check_encodable(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair: JSON can name it, nothing can store it
        raise malformed("text that is no Unicode") from None


def _count(usage: Any, name: str) -> int | None:  # noqa: ANN401 - any JSON value
    value = getattr(usage, name, None)
    return value if type(value) is int and 0 <= value < 2**53 else None


def _kind(value: object) -> str:
    return "null" if value is None else f"of type {type(value).__name__}"
