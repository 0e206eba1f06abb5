"""What HTTP clients send: the contracts' fields, but a field that is not known is refused."""

from typing import Annotated, Self

from fastapi import Header
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backchat_contracts import (
    BacktestStatus,
    Flag,
    Id,
    Identifier,
    Language,
    Name,
    Priority,
    StrategyConfig,
    Symbol,
    Text,
)
from backchat_contracts.base import NameOrId
from backchat_contracts.comparisons import MOST_COMPARED, RequestedWindow
from backchat_contracts.strategies import ParameterValues, StrategyFields

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=16,
        max_length=255,
        pattern=r"^[!-~]+$",
        description="Visible ASCII characters, best a UUID. Sent again with the same key and body, it is the "
        "same request.",
    ),
]


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionBody(Body):
    user_id: Id | None = None
    auto_run: Flag = False


class ChatBody(Body):
    message: Text
    language: Language | None = None


class TitleBody(Body):
    title: Name


class ForkBody(Body):
    """`message`: null, the session is only made.

    `title`: null, that of the other session; of one that begins empty, its own first message.
    """

    message: Text | None = None
    language: Language | None = None
    title: Name | None = None

    @model_validator(mode="after")
    def language_of_a_message(self) -> Self:
        if self.language is not None and self.message is None:
            raise ValueError("a language is that of the answer: give a message too")
        return self


class WindowBody(RequestedWindow, Body):
    model_config = Body.model_config


class CompareBody(Body):
    strategy_ids: Annotated[tuple[NameOrId, ...], Field(min_length=1, max_length=MOST_COMPARED)] | None = None
    backtest_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_COMPARED)] | None = None
    query: Text = "어떤 전략이 더 안정적인가요?"
    window: WindowBody | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def of_one_kind(self) -> Self:
        if (self.strategy_ids is None) == (self.backtest_ids is None):
            raise ValueError("give strategy_ids or backtest_ids, the ids of what to compare, and not both")
        return self


class TriggerBody(Body):
    strategy_config: StrategyConfig
    trigger_reason: Name = "manual"
    user_id: Id = "system"
    priority: Priority = "normal"
    fresh: Flag = False
    generate_report: Flag = False
    notify_on_completion: Flag = False


StrategyBody = StrategyFields


class StandingBody(Body):
    backtest_id: Id


class VersionBody(Body):
    type: Identifier
    parameters: ParameterValues = Field(default_factory=dict)


class PageQuery(Body):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=200)] | None = None


class BacktestsQuery(PageQuery):
    status: BacktestStatus | None = None
    strategy_id: Id | None = None
    version: Annotated[int, Field(ge=1, description="Of the strategy; it needs `strategy_id`.")] | None = None
    symbol: Annotated[Symbol, Field(description="Among those of the backtest.")] | None = None
    user_id: Id | None = None
    tag: Annotated[Name, Field(description="Such as the `trigger_reason`.")] | None = None

    @model_validator(mode="after")
    def version_of_a_strategy(self) -> Self:
        if self.version is not None and self.strategy_id is None:
            raise ValueError("a version needs the strategy_id of its strategy")
        return self


class InstrumentsQuery(PageQuery):
    query: Annotated[Name, Field(description="Part of the symbol, or beginning of the source.")] | None = None


class SessionsQuery(PageQuery):
    user_id: Id = "system"
