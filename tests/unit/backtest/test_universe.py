"""The universe of a day: what is listed late, misses days or ends, by example and for any prices."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from services.backtest.domain.indicators import BoolArray, FloatArray
from services.backtest.domain.prices import PriceHistory, Prices, Series, select_prices
from services.backtest.domain.simulator import Costs, Run, simulate
from services.backtest.domain.strategies.buy_and_hold import BuyAndHold
from services.backtest.domain.strategies.cross_sectional_momentum import CrossSectionalMomentum
from services.backtest.domain.strategies.fixed_weights import FixedWeights
from services.backtest.domain.strategies.momentum import Momentum
from services.backtest.domain.strategy_types import build_strategy
from services.backtest.domain.window import resolve_window
from services.backtest.market_data.sample import SampleMarketData
from services.backtest.simulation import simulate_config
from tests import drawn
from tests.builders import config
from tests.price_tables import price_tables, prices_of, weights_of

FREE = Costs(commission_rate=0.0)
NAN = np.nan


class Scripted:
    """Weights, and bars at which they are restored, that the test says; none of what is not listed."""

    def __init__(self, weights: FloatArray, rebalances: BoolArray | None = None) -> None:
        self.weights = weights
        self.restored = rebalances

    def target_weights(self, prices: Prices) -> FloatArray:
        return np.where(np.isnan(prices.close), 0.0, self.weights)

    def rebalances(self, dates: NDArray[np.datetime64]) -> BoolArray:
        return np.zeros(len(dates), dtype=np.bool_) if self.restored is None else self.restored


def all_in(prices: Prices, column: int) -> Scripted:
    weights = np.zeros(prices.close.shape)
    weights[:, column] = 1.0
    return Scripted(weights)


# --- by example


def test_a_slot_is_a_share_of_what_is_listed_on_the_day() -> None:
    close = [[1, NAN, 4], [1, NAN, 4], [1, 9, 4], [1, 9, NAN], [1, 9, NAN]]

    assert weights_of(BuyAndHold(), close).tolist() == [
        [1 / 2, 0, 1 / 2],
        [1 / 2, 0, 1 / 2],
        [1 / 3, 1 / 3, 1 / 3],
        [1 / 2, 1 / 2, 0],
        [1 / 2, 1 / 2, 0],
    ]


def test_a_rule_needs_its_bars_of_each_symbol() -> None:
    close = [[1, NAN], [2, NAN], [3, 5], [4, 6], [5, 7], [6, 8]]

    assert weights_of(Momentum(lookback=2), close).tolist() == [
        [0, 0],
        [0, 0],
        [1 / 2, 0],
        [1 / 2, 0],
        [1 / 2, 1 / 2],
        [1 / 2, 1 / 2],
    ]


def test_only_what_was_listed_for_the_whole_lookback_is_ranked() -> None:
    close = [[1, 5, NAN], [2, 6, NAN], [3, 7, 1], [4, 8, 9], [5, NAN, 90]]

    assert weights_of(CrossSectionalMomentum(lookback=1, top=2), close).tolist() == [
        [0, 0, 0],
        [1 / 2, 1 / 2, 0],
        [1 / 2, 1 / 2, 0],
        [1 / 2, 0, 1 / 2],
        [1 / 2, 0, 1 / 2],
    ]


def test_what_is_listed_late_is_bought_on_its_second_day_and_the_others_make_room() -> None:
    prices = prices_of([[10, NAN], [10, NAN], [10, 20], [10, 20], [10, 20]])

    run = simulate(prices, BuyAndHold(), FREE, 1_000)

    assert run.fills.bar.tolist() == [1, 3, 3]
    assert run.fills.symbol.tolist() == [0, 0, 1]
    assert run.positions[-1].tolist() == [50, 25]


def test_an_order_waits_for_the_next_bar_of_its_symbol() -> None:
    closes = [[10, 1], [10, 1], [10, 1], [40, 1], [50, 1]]
    prices = prices_of(closes, opens=[[9, 1], [NAN, 1], [NAN, 1], [20, 1], [50, 1]])

    run = simulate(prices, all_in(prices, 0), FREE, 1_000)

    assert (run.fills.bar.tolist(), run.fills.price.tolist()) == ([3], [20])
    assert run.equity.tolist() == [1_000, 1_000, 1_000, 2_000, 2_500]


def test_an_order_that_was_taken_back_before_the_next_bar_is_none() -> None:
    prices = prices_of([[10]] * 5, opens=[[10], [10], [NAN], [NAN], [10]])

    run = simulate(prices, Scripted(np.array([[0.5], [1.0], [1.0], [0.5], [0.5]])), FREE, 1_000)

    assert run.fills.bar.tolist() == [1]


def test_a_day_without_a_bar_is_valued_at_the_last_close() -> None:
    prices = prices_of(
        [[10, 10], [30, 10], [30, 10], [30, 10]], opens=[[10, 10], [10, 10], [NAN, 10], [NAN, 10]]
    )
    weights = np.array([[0.5, 0], [0.5, 0.5], [0.5, 0.5], [0.5, 0.5]])

    run = simulate(prices, Scripted(weights), FREE, 1_000)

    assert run.equity.tolist() == [1_000, 2_000, 2_000, 2_000]
    assert run.fills.shares.tolist() == [50, 50]  # cash is there for 50, half of the equity would be 100


def test_what_ends_is_sold_on_the_day_after_at_its_last_close_with_costs() -> None:
    prices = prices_of([[10, 1], [10, 1], [20, 1], [NAN, 1], [NAN, 1]])
    costs = Costs(commission_rate=0.1, slippage_rate=0.2)

    run = simulate(prices, Scripted(np.array([[0.5, 0.0]] * 5)), costs, 1_000)

    assert run.fills.bar.tolist() == [1, 3]
    assert run.fills.shares == pytest.approx([50, -50])
    assert run.fills.price == pytest.approx([12, 16])
    assert run.fills.commission == pytest.approx([60, 80])
    assert run.fills.realised_pnl == pytest.approx([0, 720 - 660])
    assert run.cash == pytest.approx([1_000, 340, 340, 1_060, 1_060])
    assert run.positions[3:].tolist() == [[0, 0]] * 2


def test_what_it_brings_buys_the_others_a_day_later() -> None:
    prices = prices_of([[10, 10], [10, 10], [10, NAN], [10, NAN], [10, NAN]])

    run = simulate(prices, BuyAndHold(), FREE, 1_000)

    assert run.fills.bar.tolist() == [1, 1, 2, 3]
    assert run.fills.symbol.tolist() == [0, 1, 1, 0]
    assert run.cash.tolist() == [1_000, 0, 500, 0, 0]


def test_a_buy_that_is_due_when_its_symbol_has_ended_is_never_filled() -> None:
    prices = prices_of([[10, 10], [10, 10], [10, NAN], [10, NAN]])

    run = simulate(prices, Scripted(np.array([[0, 0], [0, 1.0], [0, 0], [0, 0]])), FREE, 1_000)

    assert run.fills.bar.size == 0


def test_a_weight_of_what_is_not_listed_is_refused() -> None:
    class Wrong(Scripted):
        def target_weights(self, _prices: Prices) -> FloatArray:
            return self.weights

    prices = prices_of([[10, NAN], [10, NAN], [10, 1]])
    with pytest.raises(ValueError, match="no weight to what is not listed"):
        simulate(prices, Wrong(np.full((3, 2), 0.5)), FREE, 1_000)


# --- fixed weights


def test_fixed_weights_keep_the_share_of_what_is_not_listed_in_cash() -> None:
    close = [[1, NAN], [1, 2], [NAN, 2]]

    assert weights_of(FixedWeights(weights={"S1": 0.3, "S0": 0.6}), close).tolist() == [
        [0.6, 0],
        [0.6, 0.3],
        [0, 0.3],
    ]
    assert weights_of(FixedWeights(), close).tolist() == [[1, 0], [0.5, 0.5], [0, 1]]


@pytest.mark.parametrize(
    ("rebalance", "expected"),
    [
        ("never", []),
        ("daily", ["12-30", "12-31", "01-02", "01-06", "02-03", "04-01", "04-02"]),
        ("weekly", ["01-06", "02-03", "04-01"]),
        ("monthly", ["01-02", "02-03", "04-01"]),
        ("quarterly", ["01-02", "04-01"]),
        ("yearly", ["01-02"]),
    ],
)
def test_a_period_begins_on_its_first_trading_day(rebalance: str, expected: list[str]) -> None:
    """2024-12-29 is a Sunday, 2025-01-06 a Monday."""
    days = [
        "2024-12-29",
        *(
            f"{2024 if day > '05' else 2025}-{day}"
            for day in ("12-30", "12-31", "01-02", "01-06", "02-03", "04-01", "04-02")
        ),
    ]
    dates = np.array(days, dtype="datetime64[D]")
    begins = build_strategy("fixed_weights", {"rebalance": rebalance}).rebalances(dates)

    if rebalance == "weekly":
        expected = ["12-30", *expected]
    assert [str(day)[5:] for day in dates[begins]] == expected


def test_a_rebalance_restores_what_has_drifted_and_costs_nothing_where_nothing_has() -> None:
    closes = [[10, 10], [20, 10], [20, 10], [20, 10]]
    prices = prices_of(closes, opens=[[10, 10], [10, 10], [20, 10], [20, 10]])
    restored = np.array([False, True, True, False])

    run = simulate(prices, Scripted(np.full((4, 2), 0.5), restored), FREE, 1_000)

    assert run.fills.bar.tolist() == [1, 1, 2, 2]
    assert run.positions[1:].tolist() == [[50, 50], [37.5, 75], [37.5, 75]]


def test_a_rebalance_waits_for_the_next_bar_of_each_symbol() -> None:
    closes = [[10, 10], [20, 10], [20, 10], [20, 10]]
    prices = prices_of(closes, opens=[[10, 10], [10, 10], [NAN, 10], [20, 10]])
    restored = np.array([False, True, False, False])

    run = simulate(prices, Scripted(np.full((4, 2), 0.5), restored), FREE, 1_000)

    assert run.fills.bar.tolist() == [1, 1, 3]  # nothing is there to buy the second symbol with on bar 2
    assert run.fills.symbol.tolist() == [0, 1, 0]


# --- what is said


def test_a_result_names_what_has_ended_and_its_last_day() -> None:
    days = np.datetime64("2010-01-04") + np.arange(100)
    rising = np.linspace(10.0, 20.0, 100)
    market = PriceHistory(
        {"ON": Series(days, rising, rising), "GONE": Series(days[:60], rising[:60], rising[:60])}
    )
    until = {"symbols": ["ON", "GONE"], "start_date": date(2010, 1, 4)}

    whole = simulate_config(config(**until, end_date=date(2010, 4, 13)), market)
    cut = simulate_config(config(**until, end_date=date(2010, 3, 4)), market)

    (told,) = (warning.detail for warning in whole.warnings if warning.code == "instrument-ended")
    assert "GONE 2010-03-04" in told.en
    assert "GONE 2010-03-04" in told.ko
    fills = whole.result.fills
    sold = fills.bar[(fills.symbol == 1) & (fills.shares < 0)]
    assert [str(day) for day in whole.result.days[sold]] == ["2010-03-05"]
    assert "instrument-ended" not in {warning.code for warning in cut.warnings}
    assert np.array_equal(cut.result.equity, whole.result.equity[: len(cut.result.equity)])


# --- for any prices


@st.composite
def runs(draw: st.DrawFn) -> tuple[Prices, Costs, Run]:
    prices = draw(price_tables())
    shape = prices.close.shape
    weights = draw(drawn.chosen(shape, [0.0, 0.0, 0.25, 1 / 3, 0.5, 1.0]))
    rebalances = draw(drawn.chosen(shape[:1], [False, True]))
    rates = st.sampled_from([0.0, 0.001, 0.05, 0.5])
    costs = Costs(draw(rates), draw(rates))
    return prices, costs, simulate(prices, Scripted(weights, rebalances), costs, 10_000)


@given(runs())
@settings(deadline=None)
def test_equity_is_cash_and_what_is_held_at_every_bar(case: tuple[Prices, Costs, Run]) -> None:
    prices, _, run = case
    close = np.nan_to_num(prices.close[prices.warm_up :])

    assert run.equity == pytest.approx(run.cash + (run.positions * close).sum(axis=1), rel=1e-12)
    assert (run.cash >= 0.0).all()
    assert (run.positions >= 0.0).all()
    assert not run.positions[np.isnan(prices.close[prices.warm_up :])].any()


@given(runs())
@settings(deadline=None)
def test_nothing_is_traded_without_a_bar_but_what_has_ended(case: tuple[Prices, Costs, Run]) -> None:
    prices, costs, run = case
    opens, closes = prices.open[prices.warm_up :], prices.close[prices.warm_up :]
    for t, n, shares, price in zip(
        run.fills.bar, run.fills.symbol, run.fills.shares, run.fills.price, strict=True
    ):
        if np.isnan(opens[t, n]):
            assert np.isnan(closes[t, n])
            assert shares == -run.positions[t - 1, n]
            assert price == closes[t - 1, n] * (1.0 - costs.slippage_rate)


@given(runs())
@settings(deadline=None)
def test_the_fills_explain_the_cash_and_the_positions(case: tuple[Prices, Costs, Run]) -> None:
    prices, _, run = case
    fills = run.fills
    flows = -fills.shares * fills.price - fills.commission
    scale = 10_000 + np.abs(flows).sum()

    for t in range(len(run.equity)):
        until = fills.bar <= t
        assert run.cash[t] == pytest.approx(10_000 + flows[until].sum(), abs=1e-9 * scale)
    for n in range(len(prices.symbols)):
        held = fills.shares[fills.symbol == n]
        assert run.positions[-1, n] == pytest.approx(held.sum(), abs=1e-9 * (1 + np.abs(held).sum()))


@given(price_tables(), st.sampled_from(["buy_and_hold", "momentum", "rsi", "donchian"]))
@settings(deadline=None)
def test_a_symbol_is_decided_on_as_if_it_were_alone(prices: Prices, name: str) -> None:
    strategy = build_strategy(name, {"momentum": {"lookback": 2}, "rsi": {"window": 2}}.get(name, {}))
    together = strategy.target_weights(prices)
    listed = ~np.isnan(prices.close)

    for n, symbol in enumerate(prices.symbols):
        own = listed[:, n]
        if own.sum() < 3:
            continue
        alone = Prices((symbol,), prices.dates[own], prices.open[own][:, [n]], prices.close[own][:, [n]])
        slots = listed[own].sum(axis=1)
        np.testing.assert_allclose(
            together[own, n] * slots, strategy.target_weights(alone).ravel(), rtol=1e-12
        )


def history(bars: int, *, late: int = 0) -> PriceHistory:
    """Two symbols on weekdays from Monday 2010-01-04 on; the second one lacks the `late` last days."""
    days = np.busday_offset(np.datetime64("2010-01-04"), np.arange(bars))
    rising = np.linspace(10.0, 20.0, bars)
    own = bars - late
    return PriceHistory(
        {"X": Series(days, rising, rising), "Y": Series(days[:own], rising[:own], rising[:own])}
    )


@pytest.mark.parametrize(("late", "ended"), [(1, False), (5, False), (6, True)])
def test_one_that_lacks_the_last_days_is_held_and_one_that_lacks_more_has_ended(
    late: int, *, ended: bool
) -> None:
    asked = config(symbols=["X", "Y"], start_date="2010-01-04", end_date="2010-03-12")
    output = simulate_config(asked, history(50, late=late))

    assert ("instrument-ended" in {warning.code for warning in output.warnings}) == ended
    assert (output.result.fills.shares < 0).any() == ended


def test_the_row_of_today_that_came_for_one_file_only_changes_nothing() -> None:
    asked = config(symbols=["X", "Y"], start_date="2010-01-04", end_date="2010-03-12")
    before, after = (simulate_config(asked, market) for market in (history(50, late=1), history(50)))

    assert len(before.result.fills.shares) == len(after.result.fills.shares) == 2
    assert np.array_equal(before.result.equity[:-1], after.result.equity[:-1])


def test_by_default_a_window_ends_when_all_have_prices_that_have_not_ended() -> None:
    instruments = history(50, late=1).instruments()
    assert resolve_window(instruments, ["X", "Y"], None, None)[1] == date(2010, 3, 11)
    instruments = history(50, late=20).instruments()
    assert resolve_window(instruments, ["X", "Y"], None, None)[1] == date(2010, 3, 12)


def test_a_benchmark_may_lack_the_last_days_too() -> None:
    market = history(50, late=2)
    asked = config(symbols=["X"], benchmark="Y", start_date="2010-01-04", end_date="2010-03-12")
    curve = simulate_config(asked, market).result.benchmark

    assert curve is not None
    assert curve[-3] == curve[-2] == curve[-1]


@pytest.mark.parametrize("rebalance", ["daily", "monthly"])
def test_a_position_that_is_as_it_should_be_is_not_traded(rebalance: str) -> None:
    """Rounding would make orders of a trillionth of a share, each a trade with a profit."""
    strategy = build_strategy("fixed_weights", {"rebalance": rebalance})
    for costs in (Costs(0.0), Costs(0.001)):
        prices = select_prices(SampleMarketData(), ["AAPL"], date(2003, 1, 2), None)
        assert simulate(prices, strategy, costs, 100_000.0).fills.shares.size == 1


def test_what_is_to_be_sold_is_sold_to_the_last_share() -> None:
    closes = np.array([[10.0, 10.0], [10.0, 10.0], [10.0, 1e-9], [10.0, 1e-9], [10.0, 1e-9]])
    weights = np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 0.0], [0.5, 0.0], [0.5, 0.0]])

    run = simulate(prices_of(closes), Scripted(weights), Costs(0.0), 100.0)
    assert run.positions[-1, 1] == 0.0
