"""Stored backtests as contract types: the one place where the two meet."""

from typing import Any

from backchat_contracts import (
    BacktestConfig,
    BacktestResultView,
    BacktestView,
    EquityPoint,
    Performance,
    Problem,
    StrategySaved,
    StrategyView,
    Trade,
)
from services.chassis.mongo import Document


def view_backtest(document: Document) -> BacktestView:
    return BacktestView(
        id=document["_id"],
        name=f"Auto: {document['strategy_name']}",
        description=f"Triggered by {document['reason']}",
        status=document["status"],
        strategy_id=document["strategy_id"],
        config=BacktestConfig.model_validate(document["config"]),
        user_id=document["user_id"],
        created_at=document["created_at"],
        started_at=document.get("started_at"),
        completed_at=document.get("completed_at"),
        performance=document.get("performance") and Performance(**document["performance"]),
        error=document.get("error") and Problem(**document["error"]),
    )


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


def about(document: Document) -> dict[str, Any]:
    """Return the fields that all events of an accepted backtest carry."""
    return {
        "backtest_id": document["_id"],
        "strategy_id": document["strategy_id"],
        "strategy_name": document["strategy_name"],
    }
