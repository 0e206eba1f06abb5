"""What HTTP clients send: the contracts' fields, but a field that is not known is refused."""

from typing import Annotated

from fastapi import Header
from pydantic import BaseModel, ConfigDict, Field

from backchat_contracts import (
    BacktestStatus,
    Flag,
    Id,
    Language,
    Name,
    Priority,
    StrategyConfig,
    Text,
)
from backchat_contracts.strategies import StrategyFields

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


class ChatBody(Body):
    message: Text
    language: Language | None = None


class CompareBody(Body):
    strategy_ids: Annotated[tuple[Id, ...], Field(min_length=1, max_length=50)]
    query: Text = "어떤 전략이 더 안정적인가요?"
    language: Language | None = None


class TriggerBody(Body):
    strategy_config: StrategyConfig
    trigger_reason: Name = "manual"
    user_id: Id = "system"
    priority: Priority = "normal"
    fresh: Flag = False
    generate_report: Flag = False
    notify_on_completion: Flag = False


StrategyBody = StrategyFields


class PageQuery(Body):
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=200)] | None = None


class BacktestsQuery(PageQuery):
    status: BacktestStatus | None = None


class SessionsQuery(PageQuery):
    user_id: Id = "system"
