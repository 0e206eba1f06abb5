"""The curves of a completed backtest, and its metrics on some of its days."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from backchat_contracts import FEWEST_ANNUAL_BARS, METRICS, BacktestCompleted, BacktestSeries
from backchat_contracts import Fills as PublishedFills
from backchat_contracts.metrics.benchmark import BenchmarkValues
from backchat_contracts.metrics.trading import TradingValues
from services.metrics import Sample, figures
from services.metrics.account import Fills, FloatArray

Days: TypeAlias = NDArray[np.datetime64]

NO_FILLS: Final = Fills(*(np.zeros(0, kind) for kind in ("i8", "i8", "f8", "f8", "f8", "f8")))


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The curves of a backtest at ``T`` closes, and its fills.

    Attributes:
        content: a hash of all of it.
        days: the trading days, ``[T]``.
        equity: what the account was worth at each close, ``[T]``.
        benchmark: what it would have been had it held the benchmark, ``[T]``; None where that was not kept.
        exposure: the share of the equity that was invested, ``[T]``; None where that was not kept.
        fills: the executed orders; None where they are too many.

    """

    content: str
    days: Days
    equity: FloatArray
    benchmark: FloatArray | None
    exposure: FloatArray | None
    fills: Fills | None

    @property
    def size(self) -> int:
        """Bytes of the arrays."""
        fills = [] if self.fills is None else [getattr(self.fills, each.name) for each in fields(self.fills)]
        return sum(int(array.nbytes) for array in fills) + sum(
            each.nbytes
            for each in (self.days, self.equity, self.benchmark, self.exposure)
            if each is not None
        )


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """An account at some of its closes: see `services.metrics.account.Account`."""

    equity: FloatArray
    cash: FloatArray
    fills: Fills


def series_of(published: BacktestSeries) -> Series:
    """Read what the backtest service has published."""
    return Series(
        content=published.content,
        days=np.frombuffer(published.days, "<i4").astype("datetime64[D]"),
        equity=np.frombuffer(published.equity),
        benchmark=None if published.benchmark is None else np.frombuffer(published.benchmark),
        exposure=None if published.exposure is None else np.frombuffer(published.exposure),
        fills=None if published.fills is None else _fills_of(published.fills),
    )


def _fills_of(published: PublishedFills) -> Fills:
    bar = np.frombuffer(published.bar, "<i4").astype(np.int64)
    return Fills(
        bar=bar,
        symbol=np.zeros(len(bar), np.int64),
        shares=np.frombuffer(published.shares),
        price=np.frombuffer(published.price),
        commission=np.frombuffer(published.commission),
        realised_pnl=np.frombuffer(published.profit),
    )


def cut(series: Series, first: int, end: int) -> Series:
    """Return the curves at the closes from one up to another, which is not part of them."""
    fills = series.fills and _between(series.fills, first, end - 1)
    return replace(
        series,
        days=series.days[first:end],
        equity=series.equity[first:end],
        benchmark=None if series.benchmark is None else series.benchmark[first:end],
        exposure=None if series.exposure is None else series.exposure[first:end],
        fills=fills and replace(fills, bar=fills.bar - first),
    )


def figures_on(
    days: Days, series: Series, completed: BacktestCompleted, bars: int | None = None
) -> Mapping[str, float | None]:
    """Compute the metrics of a backtest again on these of its days.

    The first of them is where it begins: what was filled on that day had been filled before its close. A
    metric is None where it is not defined, or where what it is computed from was not kept.

    Args:
        days: some of its days.
        series: its curves.
        completed: what it has run.
        bars: how many of the days count for what needs a longer time; all of them if it is not given.

    """
    if len(days) < 2:  # noqa: PLR2004 - a return is of two closes
        return dict.fromkeys(METRICS)
    at = np.searchsorted(series.days, days)
    equity = series.equity[at]
    benchmark = equity if series.benchmark is None else series.benchmark[at]
    cash = np.zeros(len(at)) if series.exposure is None else equity * (1.0 - series.exposure[at])
    fills = NO_FILLS if series.fills is None else _between(series.fills, int(at[0]), int(at[-1]))
    sample = Sample(Part(equity, cash, fills), benchmark, completed.config.slippage_rate)
    unknown: set[str] = set()
    if bars is not None and bars < FEWEST_ANNUAL_BARS:
        unknown |= {name for name, each in METRICS.items() if each.fewest_bars >= FEWEST_ANNUAL_BARS}
    if series.benchmark is None:
        unknown |= BenchmarkValues.model_fields.keys()
    if series.exposure is None:
        unknown.add("exposure")
    if series.fills is None:
        unknown |= TradingValues.model_fields.keys() - {"exposure"}
    known = figures(sample, [name for name in METRICS if name not in unknown])
    return {name: known.get(name) for name in METRICS}


def _between(fills: Fills, first: int, last: int) -> Fills:
    """Return the fills after one bar, up to another one."""
    within = (fills.bar > first) & (fills.bar <= last)
    return Fills(
        *(
            getattr(fills, name)[within]
            for name in ("bar", "symbol", "shares", "price", "commission", "realised_pnl")
        )
    )
