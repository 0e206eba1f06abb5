"""Stored backtests as contract types: the one place where the two meet."""

from functools import cache
from typing import Any

from backchat_contracts import (
    BacktestCancelled,
    BacktestCompleted,
    BacktestConfig,
    BacktestFailed,
    BacktestResultView,
    BacktestView,
    EquityPoint,
    Performance,
    Problem,
    StrategySaved,
    StrategyTypes,
    StrategyTypeView,
    StrategyView,
    Trade,
)
from services.backtest.domain.strategies import STRATEGIES
from services.chassis.storage.mongo import Document


def view_backtest(document: Document) -> BacktestView:
    return BacktestView(
        id=document["_id"],
        name=f"Auto: {document['strategy_name']}",
        description=f"Triggered by {document['reason']}",
        status=document["status"],
        strategy_id=document["strategy_id"],
        config=view_config(document),
        user_id=document["user_id"],
        created_at=document["created_at"],
        started_at=document.get("started_at"),
        completed_at=document.get("completed_at"),
        priority=document["priority"],
        sequence=document["sequence"],
        progress=document.get("progress") if document["status"] == "running" else None,
        performance=_performance(document),
        reused_from=document.get("reused_from"),
        error=document.get("error") and Problem(**document["error"]),
    )


def view_config(document: Document) -> BacktestConfig:
    return BacktestConfig.model_validate(document["config"])


def _performance(document: Document) -> Performance | None:
    return document.get("performance") and Performance(**document["performance"])


def view_result(document: Document, result: Document) -> BacktestResultView:
    return BacktestResultView(
        id=document["_id"],
        status=document["status"],
        performance=Performance(**document["performance"]),
        equity_curve=tuple(
            EquityPoint(date=day, equity=equity)
            for day, equity in zip(result["dates"], result["equity"], strict=True)
        ),
        trades=tuple(Trade(**trade) for trade in result["trades"]),
    )


def view_strategy(strategy: StrategySaved) -> StrategyView:
    return StrategyView.model_validate(strategy.model_dump())


@cache
def view_strategy_types() -> StrategyTypes:
    views = [
        StrategyTypeView(
            type=strategy.type,
            title=strategy.title,
            description=strategy.description,
            needed_bars=strategy().needed_bars,
            parameters=strategy.parameters_schema(),
        )
        for strategy in STRATEGIES.values()
    ]
    return StrategyTypes(data=tuple(views))


def about(document: Document) -> dict[str, Any]:
    """Return the fields that all events of an accepted backtest carry."""
    return {
        "backtest_id": document["_id"],
        "strategy_id": document["strategy_id"],
        "strategy_name": document["strategy_name"],
    }


def completed_event(document: Document) -> BacktestCompleted:
    return BacktestCompleted(
        **about(document),
        config=view_config(document),
        performance=_performance(document),
        user_id=document["user_id"],
        duration_seconds=document.get("duration_seconds"),
        reused_from=document.get("reused_from"),
        generate_report=document["generate_report"],
        notify_on_completion=document["notify_on_completion"],
        completed_at=document["completed_at"],
    )


def failed_event(document: Document) -> BacktestFailed:
    return BacktestFailed(
        **about(document),
        **document["error"],
        user_id=document["user_id"],
        notify_on_completion=document["notify_on_completion"],
        failed_at=document["completed_at"],
    )


def cancelled_event(document: Document) -> BacktestCancelled:
    return BacktestCancelled(
        **about(document),
        user_id=document["user_id"],
        notify_on_completion=document["notify_on_completion"],
        cancelled_at=document["completed_at"],
    )
