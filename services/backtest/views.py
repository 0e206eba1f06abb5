"""Translates backtests and strategies to the contract's views."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from functools import cache

from backchat_contracts import (
    BacktestResultView,
    BacktestView,
    Drawdown,
    EquityPoint,
    InstrumentView,
    MonthlyReturn,
    Performance,
    PriceFinding,
    StrategyTypes,
    StrategyTypeView,
    StrategyVersionView,
    StrategyView,
    Trade,
    YearlyReturn,
)
from services.backtest.domain.backtest import Backtest
from services.backtest.domain.catalogue import Strategy
from services.backtest.domain.indicators import FloatArray
from services.backtest.domain.instruments import Finding, Instrument
from services.backtest.domain.result import Result
from services.backtest.domain.strategy_types import STRATEGIES
from services.backtest.domain.tear_sheet import rolling
from services.chassis.stored import Stored
from services.metrics import drawdown_of
from services.metrics.periods import deepest_drawdowns, returns_by


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
        provenance=backtest.provenance,
        reused_from=backtest.reused_from,
        error=backtest.error,
    )


def view_result(backtest: Backtest, performance: Performance, result: Result) -> BacktestResultView:
    """Translate a result; it takes a few milliseconds for ten years, so call it in a thread."""
    days: list[date] = result.days.tolist()
    monthly = returns_by("M", result.days, result.equity)
    return BacktestResultView(
        id=backtest.id,
        status=backtest.status,
        config=backtest.spec.config,
        performance=performance,
        warnings=backtest.warnings,
        provenance=backtest.provenance,
        missing_warm_up_bars=result.missing_warm_up_bars,
        trades_left_out=result.fills_left_out,
        monthly_returns=tuple(
            MonthlyReturn(year=first.year, month=first.month, value=value) for first, value in monthly
        ),
        yearly_returns=tuple(_yearly_returns(result)),
        drawdowns=tuple(
            Drawdown(
                peak=days[peak],
                trough=days[trough],
                recovery=None if recovery is None else days[recovery],
                depth=depth,
                days=(len(days) if recovery is None else recovery) - peak - 1,
            )
            for peak, trough, recovery, depth in deepest_drawdowns(result.equity)
        ),
        equity_curve=tuple(_equity_points(days, result)),
        trades=tuple(_trades(days, result)),
    )


def _yearly_returns(result: Result) -> Iterator[YearlyReturn]:
    own = returns_by("Y", result.days, result.equity)
    benchmark = None if result.benchmark is None else returns_by("Y", result.days, result.benchmark)
    for number, (first, value) in enumerate(own):
        held = benchmark[number].value if benchmark else None
        yield YearlyReturn(year=first.year, value=value, benchmark=held)


def _equity_points(days: Sequence[date], result: Result) -> Iterator[EquityPoint]:
    sharpe, volatility = rolling(result.equity)
    curves = (result.benchmark, drawdown_of(result.equity), result.exposure, sharpe, volatility)
    columns = [_nullable(curve, len(days)) for curve in curves]
    for day, equity, benchmark, drawdown, exposure, rolling_sharpe, rolling_volatility in zip(
        days, result.equity.tolist(), *columns, strict=True
    ):
        yield EquityPoint.model_construct(
            date=day,
            equity=equity,
            benchmark=benchmark,
            drawdown=drawdown,
            exposure=exposure,
            rolling_sharpe_ratio=rolling_sharpe,
            rolling_volatility=rolling_volatility,
        )


def _nullable(curve: FloatArray | None, length: int) -> list[float | None]:
    """Return the values of a curve, None for NaN and for a curve that there is not."""
    if curve is None:
        return [None] * length
    return [None if math.isnan(value) else value for value in curve.tolist()]


def _trades(days: Sequence[date], result: Result) -> Iterator[Trade]:
    fills = result.fills
    columns = (fills.bar, fills.symbol, fills.shares, fills.price, fills.commission, fills.realised_pnl)
    for bar, symbol, shares, price, commission, profit in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        yield Trade.model_construct(
            date=days[bar],
            symbol=result.symbols[symbol],
            shares=shares,
            price=price,
            commission=commission,
            profit=profit if shares < 0 else None,
        )


def view_finding(finding: Finding) -> PriceFinding:
    return PriceFinding.model_validate(asdict(finding))


def view_instrument(instrument: Instrument) -> InstrumentView:
    return InstrumentView(
        symbol=instrument.symbol,
        first=instrument.first,
        last=instrument.last,
        bars=instrument.bars,
        source=instrument.source,
        currency=instrument.currency,
        has_open=instrument.has_open,
        warnings=tuple(map(view_finding, instrument.warnings)),
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
            also_called=strategy.also_called,
            needed_bars=strategy().needed_bars,
            parameters=strategy.parameters_schema(),
        )
        for strategy in STRATEGIES.values()
    ]
    return StrategyTypes(data=tuple(views))
