"""What metrics are computed from, and how one is registered."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias, TypeVar

import numpy as np

from services.metrics.account import TRADING_DAYS, Account, FloatArray

ROUNDING: Final = 1e-12
"""A daily deviation below this is rounding, and a ratio over it noise."""


@dataclass(frozen=True)  # with a __dict__, for the cached properties
class Sample:
    """A run beside its benchmark, with what several statistics need.

    Attributes:
        run: with the equity at each of ``T`` closes.
        benchmark: the equity of the benchmark at the same closes, ``[T]``.
        slippage_rate: at which the run was filled.

    """

    run: Account
    benchmark: FloatArray
    slippage_rate: float = 0.0

    @cached_property
    def returns(self) -> FloatArray:
        """The daily returns ``r``, ``[T - 1]``."""
        return daily_returns(self.run.equity)

    @cached_property
    def mean(self) -> float:
        """Of ``r``."""
        return float(self.returns.mean())

    @cached_property
    def deviation(self) -> float:
        """The sample standard deviation of ``r``."""
        return deviation_of(self.returns)

    @cached_property
    def benchmark_returns(self) -> FloatArray:
        """The daily returns ``b`` of the benchmark, ``[T - 1]``."""
        return daily_returns(self.benchmark)

    @cached_property
    def excess(self) -> FloatArray:
        """``r - b``, ``[T - 1]``."""
        return self.returns - self.benchmark_returns

    @cached_property
    def drawdown(self) -> FloatArray:
        """The fall from the peak so far at each close, ``[T]``: see `drawdown_of`."""
        return drawdown_of(self.run.equity)

    @cached_property
    def sorted_returns(self) -> FloatArray:
        """``r``, the worst first."""
        return np.sort(self.returns)

    @cached_property
    def profits(self) -> FloatArray:
        """The realised profit of each sell."""
        fills = self.run.fills
        return fills.realised_pnl[fills.shares < 0.0]

    @cached_property
    def notionals(self) -> FloatArray:
        """Shares times price of each fill, ``[F]``."""
        fills = self.run.fills
        return np.abs(fills.shares) * fills.price


Compute: TypeAlias = Callable[[Sample], float | None]
C = TypeVar("C", bound=Compute)
COMPUTED: Final[dict[str, Compute]] = {}
"""How each metric is computed, by its name in the catalogue."""


def metric(compute: C) -> C:
    """Register the computation of the metric that has the function's name."""
    COMPUTED[compute.__name__] = compute
    return compute


def daily_returns(equity: FloatArray) -> FloatArray:
    """Simple returns from close to close: ``[T]`` equity gives ``[T - 1]`` fractions."""
    return equity[1:] / equity[:-1] - 1.0


def drawdown_of(equity: FloatArray) -> FloatArray:
    """Fall of each value from the highest so far, ``[T]``: zero at a peak, -0.2 a fifth below it."""
    return equity / np.maximum.accumulate(equity) - 1.0


def growth_of(equity: FloatArray) -> float:
    """Last over first."""
    return float(equity[-1] / equity[0])


def deviation_of(returns: FloatArray) -> float:
    return unless_rounding(float(returns.std(ddof=1)))


def unless_rounding(deviation: float) -> float:
    return deviation if deviation > ROUNDING else 0.0


def annual_ratio(mean: float, deviation: float) -> float | None:
    return mean / deviation * math.sqrt(TRADING_DAYS) if deviation else None


def unless_too_large(growth: float, years: float) -> float | None:
    try:
        return math.pow(growth, years) - 1.0
    except (OverflowError, ValueError):  # beyond a float, or a growth below zero
        return None
