"""Messages and tools, in the shape of OpenAI's Chat Completions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NotRequired, TypedDict


class SystemMessage(TypedDict):
    """Instructions."""

    role: Literal["system"]
    content: str


class UserMessage(TypedDict):
    """What a user said."""

    role: Literal["user"]
    content: str


class CalledFunction(TypedDict):
    """The name of a called tool, and the arguments as the text of a JSON object."""

    name: str
    arguments: str


class CalledTool(TypedDict):
    """A call of a tool in a message of the assistant."""

    id: str
    type: Literal["function"]
    function: CalledFunction


class AssistantMessage(TypedDict):
    """What a model said, and the tools that it called."""

    role: Literal["assistant"]
    content: str | None
    tool_calls: NotRequired[list[CalledTool]]


class ToolMessage(TypedDict):
    """The result of a call."""

    role: Literal["tool"]
    tool_call_id: str
    content: str


ChatMessage = SystemMessage | UserMessage | AssistantMessage | ToolMessage


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that a model may call; `parameters` is the JSON Schema of its arguments."""

    name: str
    description: str
    parameters: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Return the tool as the API takes it."""
        function = {"name": self.name, "description": self.description, "parameters": dict(self.parameters)}
        return {"type": "function", "function": function}


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is asked."""

    messages: Sequence[ChatMessage]
    tools: Sequence[Tool] = ()
