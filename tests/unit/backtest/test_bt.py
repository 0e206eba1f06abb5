"""bt as an oracle for the equity: every strategy's weights, equal weights, fixed ones with a calendar.

The prices are random walks of five years, of which one is listed a year late. bt fills at the close of the
bar on which it is given a weight; ours gets closes as opens and fills at the close of the next bar. bt lends
cash without limit where ours scales down, and rounds costs into the number of shares: so costs are left out.
What remains is the same arithmetic.
"""

from typing import Any

import bt
import numpy as np
import pandas as pd
import pytest

from services.backtest.domain.indicators import BoolArray, FloatArray
from services.backtest.domain.prices import Prices
from services.backtest.domain.simulator import Costs, Run, simulate
from services.backtest.domain.strategy_types import STRATEGIES, build_strategy

FREE = Costs(commission_rate=0.0)
CASH = 10_000.0
LATE = 260
"""The bar on which the last symbol is first listed."""


def _walks() -> Prices:
    days = np.arange("2014-01-01", "2019-01-01", dtype="datetime64[D]")
    days = days[np.is_busday(days, holidays=days[::45])]
    steps = np.random.default_rng(42).normal(0.0003, [0.01, 0.015, 0.02], (len(days), 3))
    close = 50 * np.exp(steps.cumsum(axis=0))
    close[:LATE, 2] = np.nan
    return Prices(("STEADY", "USUAL", "LATE"), days, close.copy(), close)


WALKS = _walks()
FRAME = pd.DataFrame(WALKS.close, pd.DatetimeIndex(WALKS.dates), list(WALKS.symbols))


class Halved:
    """The weights of a strategy, halved: they never use up the cash, not even before the sales of the day."""

    def __init__(self, weights: FloatArray) -> None:
        self.weights = weights / 2

    def target_weights(self, _prices: Prices) -> FloatArray:
        return self.weights

    def rebalances(self, dates: Any) -> BoolArray:
        return np.zeros(len(dates), dtype=np.bool_)


class TradeChanges(bt.Algo):
    """bt's own ``Rebalance`` trades every symbol; this one only those whose target changed."""

    def __init__(self, targets: pd.DataFrame) -> None:
        super().__init__()
        self.targets = targets
        self.changed = targets.ne(targets.shift(fill_value=0.0))

    def __call__(self, target: bt.Strategy) -> bool:
        worth = target.value
        for symbol in self.targets.columns[self.changed.loc[target.now]]:
            target.rebalance(self.targets.loc[target.now, symbol], child=symbol, base=worth)
        return True


def theirs(algos: list[bt.Algo], prices: pd.DataFrame = FRAME) -> FloatArray:
    """Return bt's equity at each day of the prices."""
    test = bt.Backtest(
        bt.Strategy("theirs", algos),
        prices,
        initial_capital=CASH,
        integer_positions=False,
        progress_bar=False,
    )
    bt.run(test)
    equity: FloatArray = test.strategy.values.loc[prices.index].to_numpy()  # noqa: PD011 -- not a pandas object
    return equity


def assert_trades(run: Run, at_least: int) -> None:
    assert len(run.fills.bar) >= at_least
    assert 2 in run.fills.symbol


@pytest.mark.parametrize("name", sorted(STRATEGIES))
def test_every_strategys_weights(name: str) -> None:
    """Bt gets the weights one bar late: both then fill at the next bar's close."""
    halved = Halved(build_strategy(name, {}).target_weights(WALKS))
    late = pd.DataFrame(halved.weights, FRAME.index, FRAME.columns).shift(fill_value=0.0)

    run = simulate(WALKS, halved, FREE, CASH)

    assert_trades(run, 3)
    assert run.equity == pytest.approx(theirs([TradeChanges(late)]), rel=1e-9)


def test_equal_weights_of_what_is_listed() -> None:
    changes = FRAME.index[[1, LATE + 1]]
    algos = [
        bt.algos.RunOnDate(*changes),
        bt.algos.SelectAll(),
        bt.algos.WeighEqually(),
        bt.algos.Rebalance(),
    ]

    run = simulate(WALKS, build_strategy("buy_and_hold", {}), FREE, CASH)

    assert run.fills.bar.tolist() == [1, 1, *[LATE + 1] * 3]
    assert run.equity == pytest.approx(theirs(algos), rel=1e-9)


@pytest.mark.parametrize(
    ("rebalance", "runs", "periods"),
    [
        ("never", bt.algos.RunOnce, 1),
        ("daily", bt.algos.RunDaily, len(FRAME) - 1),
        ("weekly", bt.algos.RunWeekly, 261),
        ("monthly", bt.algos.RunMonthly, 60),
        ("quarterly", bt.algos.RunQuarterly, 20),
        ("yearly", bt.algos.RunYearly, 5),
    ],
)
def test_fixed_weights_with_a_calendar(rebalance: str, runs: type[bt.Algo], periods: int) -> None:
    """Bt sees every price a day early: what it does on a day, ours decides then and does on the next."""
    weights = {"STEADY": 0.5, "USUAL": 0.3}
    early = FRAME[list(weights)].shift(-1).iloc[:-1]
    algos = [runs(), bt.algos.SelectAll(), bt.algos.WeighSpecified(**weights), bt.algos.Rebalance()]
    listed = Prices(("STEADY", "USUAL"), WALKS.dates, WALKS.open[:, :2], WALKS.close[:, :2])
    strategy = build_strategy("fixed_weights", {"weights": weights, "rebalance": rebalance})

    run = simulate(listed, strategy, FREE, CASH)

    assert len(run.fills.bar) == 2 * periods
    assert run.equity[1:] == pytest.approx(theirs(algos, early), rel=1e-9)
