"""What HTTP clients send: the contracts' fields, but a field that is not known is refused."""

from typing import Annotated

from fastapi import Header
from pydantic import BaseModel, ConfigDict, Field

from backchat_contracts import (
    BacktestStatus,
    Id,
    Language,
    Name,
    PageSize,
    Priority,
    StrategyConfig,
    Text,
)
from backchat_contracts.strategies import StrategyFields

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[ -~]+$",
        description="The same key with the same body is the same request, however often it is sent.",
    ),
]


class Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionBody(Body):
    user_id: Id | None = None


class ChatBody(Body):
    message: Text
    language: Language | None = None


class CompareBody(Body):
    strategy_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=50)]
    query: Text = "어떤 전략이 더 안정적인가요?"
    language: Language | None = None


class StrategyConfigBody(StrategyConfig):
    model_config = ConfigDict(extra="forbid")


class TriggerBody(Body):
    strategy_config: StrategyConfigBody
    trigger_reason: Name = "manual"
    user_id: Id = "system"
    priority: Priority = "normal"
    fresh: bool = False
    generate_report: bool = False
    notify_on_completion: bool = False


class StrategyBody(StrategyFields):
    model_config = ConfigDict(extra="forbid")


class PageQuery(Body):
    limit: PageSize = 50
    cursor: Annotated[str, Field(max_length=200)] | None = None


class BacktestsQuery(PageQuery):
    status: BacktestStatus | None = None


class SessionsQuery(PageQuery):
    user_id: Id = "system"
