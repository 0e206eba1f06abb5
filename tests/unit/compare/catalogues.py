"""Catalogues of many strategies, whose curves are made when they are asked for."""

from datetime import timedelta
from typing import Any

import numpy as np

from backchat_contracts import BacktestCompleted, BacktestSeriesPublished
from tests.builders import NOW, backtest_completed, performance, series_published, strategy_saved
from tests.fakes import FakeStrategyModel
from tests.unit.compare.runs import returns_of
from tests.unit.compare.service import Service

DAYS = 300


_KNOWN: dict[int, tuple[FakeStrategyModel, dict[str, BacktestCompleted]]] = {}
"""Catalogues that were made before, by their sizes; each test gets a copy."""
_MADE: dict[str, BacktestSeriesPublished] = {}
"""Curves that were made before."""


class Curves(dict[str, BacktestSeriesPublished]):
    """The curves of backtests by their ids, each made at the first time that it is asked for."""

    def __init__(self, completed: dict[str, BacktestCompleted]) -> None:
        self.completed = completed

    def get(self, key: str, default: Any = None) -> Any:
        if key not in self and key in self.completed:
            if key not in _MADE:
                _MADE[key] = _series_of(self.completed[key])
            self[key] = _MADE[key]
        return super().get(key, default)


def _series_of(completed: BacktestCompleted) -> BacktestSeriesPublished:
    figures = completed.performance
    assert figures is not None
    deviation = (figures.volatility or 0.0) / 252**0.5
    mean = (figures.sharpe_ratio or 0.0) * deviation / 252**0.5
    returns = returns_of(completed.strategy_name, mean, deviation, DAYS)
    equity = 100_000.0 * np.cumprod(np.concatenate(([1.0], 1.0 + returns)))
    return series_published(completed, equity=equity)


async def with_many(count: int) -> Service:
    """Know strategies `S 0`, `S 1` …, each completed before the next one.

    Number n has a Sharpe ratio of `3 - n / 1000`, n trades, a volatility of `0.1 + n / 100000` and a maximum
    drawdown of `-(n + 1) / count`. So those that completed a backtest last have the lowest Sharpe ratios.
    """
    if count not in _KNOWN:
        _KNOWN[count] = await _known(count)
    model, completed = _KNOWN[count]
    service = Service()
    service.model.become(model)
    service.owned = Curves(dict(completed))
    return service


async def _known(count: int) -> tuple[FakeStrategyModel, dict[str, BacktestCompleted]]:
    model, all_completed = FakeStrategyModel(), {}
    for number in range(count):
        figures = performance(
            sharpe_ratio=3.0 - number / 1_000.0,
            max_drawdown=-(number + 1) / count,
            volatility=0.1 + number / 100_000.0,
            trades=number,
        )
        completed = backtest_completed(
            f"S {number}", performance=figures, completed_at=NOW + timedelta(seconds=number)
        )
        await model.saved(strategy_saved(f"S {number}"), 1)
        await model.completed(completed)
        all_completed[completed.backtest_id] = completed
    await model.catalogue()
    return model, all_completed
