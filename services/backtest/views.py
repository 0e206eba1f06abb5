"""Translates backtests and strategies to the contract's views."""

from functools import cache

from backchat_contracts import (
    BacktestResultView,
    BacktestView,
    EquityPoint,
    Performance,
    StrategyTypes,
    StrategyTypeView,
    StrategyVersionView,
    StrategyView,
    Trade,
)
from services.backtest.domain.backtest import Backtest, Result
from services.backtest.domain.catalogue import Strategy
from services.backtest.domain.strategies import STRATEGIES
from services.chassis.stored import Stored


def view_backtest(stored: Stored[Backtest]) -> BacktestView:
    backtest, spec = stored.state, stored.state.spec
    return BacktestView(
        id=spec.id,
        name=f"Auto: {spec.strategy_name}",
        description=f"Triggered by {spec.reason}",
        status=backtest.status,
        strategy_id=spec.strategy_id,
        version=spec.version,
        config=spec.config,
        user_id=spec.user_id,
        created_at=spec.created_at,
        started_at=backtest.started_at,
        completed_at=backtest.completed_at,
        priority=spec.priority,
        sequence=stored.sequence,
        progress=backtest.progress,
        performance=backtest.performance,
        warnings=backtest.warnings if backtest.status == "completed" else None,
        reused_from=backtest.reused_from,
        error=backtest.error,
    )


def view_result(backtest: Backtest, performance: Performance, result: Result) -> BacktestResultView:
    return BacktestResultView(
        id=backtest.id,
        status=backtest.status,
        performance=performance,
        warnings=backtest.warnings,
        missing_warm_up_bars=result.missing_warm_up_bars,
        equity_curve=tuple(
            EquityPoint(date=day, equity=equity)
            for day, equity in zip(result.dates, result.equity, strict=True)
        ),
        trades=tuple(Trade.model_validate(fill._asdict()) for fill in result.fills),
    )


def view_strategy(strategy: Strategy) -> StrategyView:
    return StrategyView(
        strategy_id=strategy.id,
        name=strategy.name,
        description=strategy.description,
        type=strategy.definition.type,
        parameters=strategy.definition.parameters,
        symbols=strategy.symbols,
        version=strategy.current,
        standing=strategy.standing,
        created_at=strategy.created_at,
    )


def view_version(strategy: Strategy, number: int) -> StrategyVersionView:
    version = strategy.versions[number - 1]
    return StrategyVersionView(
        version=number,
        current=number == strategy.current,
        type=version.definition.type,
        parameters=version.definition.parameters,
        created_at=version.created_at,
    )


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
