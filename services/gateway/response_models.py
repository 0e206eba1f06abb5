"""What HTTP clients get, where it is not one of the contracts' views: for the documentation page."""

import operator
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from backchat_contracts import Language, Texts
from backchat_contracts.base import is_none
from backchat_contracts.metrics import Direction, Unit


class ProblemType(BaseModel):
    """A type of problem, with what it means in `title`."""

    type: str
    title: str
    status: int


class ProblemDetails(ProblemType):
    """Problem details (RFC 9457): `type` is stable, `detail` says what is wrong; some have more members."""

    model_config = ConfigDict(extra="allow")

    detail: str


class Health(BaseModel):
    status: str


class Degraded(BaseModel):
    """That a service does not answer, or answers `without` something, and since when that is known."""

    since: datetime
    without: tuple[str, ...] = Field(default=(), exclude_if=operator.not_)


class ReadinessAnswer(Health):
    """What was checked, true where it answers, and the services that do not, or not with all they have."""

    checks: dict[str, bool]
    degraded: dict[str, Degraded] = Field(default_factory=dict)


class SessionAnswer(BaseModel):
    session_id: str


class SessionTitle(BaseModel):
    session_id: str
    title: str


class TurnAnswer(BaseModel):
    """`replaces`: the turn whose answer this one replaces."""

    turn_id: str
    message: str
    language: Language
    strategy_ids: tuple[str, ...]
    answered_at: datetime
    replaces: str | None = Field(default=None, exclude_if=is_none)


class ChatAnswer(BaseModel):
    """`provider`: `computed`, or the language model that wrote the answer."""

    session_id: str
    answer: str
    provider: str
    turn: TurnAnswer


class ChatDelta(BaseModel):
    """A piece of an answer; `index` counts from 0."""

    turn_id: str
    index: int
    delta: str


class ChatReset(BaseModel):
    """The answer begins anew: what was sent of it is void."""

    turn_id: str


class TriggerAnswer(BaseModel):
    """`version` is the strategy's; it and the estimate are null where the answer came too late."""

    backtest_id: str
    status: Literal["pending"] = "pending"
    estimated_duration_seconds: float | None
    strategy_id: str
    version: int | None
    report_url: str | None = None


class PendingAnswer(BaseModel):
    """The command is kept and will be carried out; the address in `Location` shows when it has been."""

    status: Literal["pending"] = "pending"


class MetricView(BaseModel):
    """A performance metric: `signed` ones are shown with their sign, fractions as percentages.

    `formula` is of `r` and `b`, the daily returns of the backtest and of its benchmark (n of each), and `E`
    and `B`, their equity at each close. With fewer than `fewest_bars` trading days the metric is null.
    """

    name: str
    unit: Unit
    direction: Direction
    signed: bool
    label: Texts
    meaning: Texts
    formula: str
    source: str | None
    fewest_bars: int


class MetricList(BaseModel):
    """All performance metrics, in the order of a backtest's `performance`."""

    data: tuple[MetricView, ...]
