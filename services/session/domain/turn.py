"""Turns: a message that is being answered, and the steps that were done for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID, uuid5

from backchat_contracts import Contract, Language
from services.session.domain.model_use import ModelUse

_CALLS: Final = UUID("4d6a1f3e-0c0b-4f0e-9a53-6f2f3a2f8c11")


START: Final = "start_backtest"
"""The tool that starts a backtest, which has the id of its call."""
NO_REPLY: Final = "no-data"
"""The code of a call that got no reply in time: it may have been carried out."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool, with arguments as JSON values.

    `id` is that of what the call makes or asks for: the same call again, after a crash, is the same request.
    """

    id: str
    tool: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call: a reply, or `code`, `detail` and `extra` fields of why there is none."""

    seconds: float
    reply: Contract | None = None
    code: str | None = None
    detail: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A call and its outcome; None: it is still to be made, or was being made when a process ended."""

    call: ToolCall
    outcome: Outcome | None = None


MOST_LISTENERS: Final = 8
"""Of a turn, beside its first requester: the last ones."""


@dataclass(frozen=True, slots=True)
class Listener:
    """A further requester of a turn: it has sent the same request again, and gets the answer too.

    `topic`, `partition` and `correlation_id` are its reply address; with `stream`, it gets all that happens.
    """

    topic: str
    partition: int
    correlation_id: str
    stream: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A user's message that has no answer yet; or the end of a backtest, which is told of without one.

    `backtest_id` is of the backtest that has ended; `message` is empty then. `model_use`: what language
    models took so far, to call tools. `replaces`: the turn whose message is answered again.
    """

    turn_id: str
    message: str
    language: Language
    stream: bool = False
    steps: tuple[Step, ...] = ()
    backtest_id: str | None = None
    model_use: ModelUse | None = None
    listeners: tuple[Listener, ...] = ()
    replaces: str | None = None

    @property
    def pending(self) -> Sequence[ToolCall]:
        """Return the calls that have no outcome."""
        return [step.call for step in self.steps if step.outcome is None]

    def calling(self, calls: Sequence[ToolCall], model_use: ModelUse | None = None) -> "Turn":
        """Return the turn with further calls, and what a language model took to want them."""
        steps = (*self.steps, *map(Step, calls))
        return replace(self, steps=steps, model_use=self.with_use(model_use))

    def with_use(self, model_use: ModelUse | None) -> ModelUse | None:
        """Return what language models took so far, with what one has taken since."""
        if self.model_use and model_use:
            return self.model_use.and_then(model_use)
        return model_use or self.model_use

    def with_outcomes(self, outcomes: Mapping[str, Outcome]) -> "Turn":
        """Return the turn with the outcomes of calls, by their ids."""
        steps = (replace(each, outcome=outcomes.get(each.call.id, each.outcome)) for each in self.steps)
        return replace(self, steps=tuple(steps))

    def done_as(self, other: "Turn") -> "Turn":
        """Return the turn with what was done for it as it is known in another place."""
        return replace(self, steps=other.steps, model_use=other.model_use)

    def heard_by(self, listener: Listener) -> "Turn":
        """Return the turn with a further requester."""
        return replace(self, listeners=(*self.listeners, listener)[-MOST_LISTENERS:])

    def without_replies(self) -> "Turn":
        """Return what is kept of the turn when it has ended: its calls, and how they went."""
        outcomes = {step.call.id: replace(step.outcome, reply=None) for step in self.steps if step.outcome}
        return replace(self.with_outcomes(outcomes), listeners=())


def turn_id_of_end(session_id: str, backtest_id: str) -> str:
    """Return the id of the turn that tells of the end of a backtest: there is one."""
    return str(uuid5(_CALLS, f"{session_id}\nend of {backtest_id}"))


def call_id(session_id: str, turn_id: str, number: int) -> str:
    """Return the id of a turn's call: the same whenever the turn is run."""
    return str(uuid5(_CALLS, f"{session_id}\n{turn_id}\n{number}"))
