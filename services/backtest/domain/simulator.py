"""The simulator: replays a strategy's decisions on daily prices.

- A strategy sees the bars before the backtest too, as far as there are any; nothing is traded on them.
- Weights decided at the close of bar ``t`` are filled at the open of bar ``t + 1``: nothing is decided on
  prices that were not known yet, and nothing happens on the first bar.
- A symbol is traded only when its own target weight changes, or the strategy rebalances; in between its
  position drifts with the price.
- On a day on which a symbol has no bar it is not traded, and is valued at its last close: its order waits for
  its next bar. What has ended is sold on the first day after its last bar, at its last close.
- An order is sized to the target share of the equity at the fill's open. Sells come first and pay for the
  buys. If the cash, commission included, does not reach, all buys of the bar are scaled down pro rata: cash
  is shared by the symbols and never below zero. There is no borrowing and no short selling.
- An order that is smaller than the rounding of the equity is none: the position is as it should be.
- Shares are fractional. Commission is a share of the notional, on both sides; slippage moves the fill price
  against the trader. What is still held at the end is marked to the last close.
"""

from dataclasses import dataclass

import numpy as np

from services.backtest.domain.indicators import BoolArray, FloatArray, compiled, kernel_ready
from services.backtest.domain.prices import Prices
from services.backtest.domain.strategy_types import STRATEGIES, Strategy, build_strategy
from services.metrics.account import Fills

ROUNDING = 1e-9
"""Of the equity: what is traded is more."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What trading costs, as fractions of the notional: 0.001 is ten basis points."""

    commission_rate: float
    slippage_rate: float = 0.0

    def __post_init__(self) -> None:
        for name, rate in (("commission", self.commission_rate), ("slippage", self.slippage_rate)):
            if not 0.0 <= rate < 1.0:
                raise ValueError(f"the {name} rate must be a fraction from 0 to below 1, got {rate!r}")


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """The outcome: ``equity`` and ``cash`` ``[T]`` and ``positions`` ``[T, N]`` (shares), at each close.

    At every bar ``equity = cash + sum(positions * close)`` over what is held; ``equity[0]`` is the initial
    cash.
    """

    equity: FloatArray
    cash: FloatArray
    positions: FloatArray
    fills: Fills


def simulate(prices: Prices, strategy: Strategy, costs: Costs, initial_cash: float) -> Run:
    """Replay ``strategy`` on ``prices`` by the rules at the top of this module, warm-up bars left out.

    Raises ValueError if ``initial_cash`` is not positive, or if the strategy's weights do not fit the prices,
    are negative, not finite, or given to what is not listed.
    """
    if not 0.0 < initial_cash < np.inf:
        raise ValueError(f"the initial cash must be positive, got {initial_cash!r}")
    close, first = prices.close, prices.warm_up
    weights = kernel_ready(strategy.target_weights(prices))
    if weights.shape != close.shape or not ((weights >= 0.0) & (weights < np.inf)).all():
        raise ValueError(f"{strategy!r} must give one weight, zero or more, per bar and symbol")
    if not prices.all_listed and weights[np.isnan(close)].any():
        raise ValueError(f"{strategy!r} must give no weight to what is not listed")
    rebalances = np.require(strategy.rebalances(prices.dates), np.bool_, ["C", "A", "W"])
    equity, cash, positions, fills = _replay(
        prices.open[first:],
        close[first:],
        weights[first:],
        rebalances[first:],
        float(initial_cash),  # an int would compile the kernel once more
        float(costs.commission_rate),
        float(costs.slippage_rate),
    )
    bar, symbol, *amounts = np.ascontiguousarray(fills.T)
    return Run(equity, cash, positions, Fills(bar.astype(np.int64), symbol.astype(np.int64), *amounts))


def warm_up() -> None:
    """Compile, or load from the cache, all that a simulation needs; call it once per worker process."""
    days = np.arange("2000-01-03", "2000-01-08", dtype="datetime64[D]")
    flat = np.ones((len(days), 1))
    for name in STRATEGIES:
        simulate(Prices(("WARM",), days, flat, flat), build_strategy(name, {}), Costs(0.0), 1.0)


@compiled
def _replay(
    opens: FloatArray,
    closes: FloatArray,
    targets: FloatArray,
    rebalances: BoolArray,
    cash: float,
    commission_rate: float,
    slippage_rate: float,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Equity ``[T]``, cash ``[T]``, positions ``[T, N]``, fills ``[F, 6]`` (the fields of Fills)."""
    bars, symbols = closes.shape
    equity = np.empty(bars)
    cash_left = np.empty(bars)
    positions = np.empty((bars, symbols))
    fills = np.empty((_most_orders(targets, rebalances), 6))
    filled = 0
    held = np.zeros(symbols)
    cost = np.zeros(symbols)  # of the shares held, commission included
    orders = np.zeros(symbols)
    ordered = np.zeros(symbols)  # the targets of the last orders
    quotes = np.zeros(symbols)
    for t in range(bars):
        if t > 0 and rebalances[t - 1]:
            ordered[:] = np.nan  # which no target equals
        if t > 0 and _any_due(targets, opens, closes, t, held, ordered):
            _size_orders(targets[t - 1], opens[t], closes[t - 1 : t + 1], held, cash, ordered, quotes, orders)
            wanted = 0.0
            for n in range(symbols):
                price = quotes[n] * (1.0 - slippage_rate)
                if orders[n] < 0.0:
                    cash += _book(fills[filled], t, n, orders[n], price, commission_rate, held, cost)
                    filled += 1
                elif orders[n] > 0.0:
                    wanted += orders[n] * quotes[n] * (1.0 + slippage_rate) * (1.0 + commission_rate)
            spent = min(wanted, cash)
            for n in range(symbols):
                price = quotes[n] * (1.0 + slippage_rate)
                if orders[n] > 0.0 and spent > 0.0:
                    affordable = orders[n] * (spent / wanted)
                    _book(fills[filled], t, n, affordable, price, commission_rate, held, cost)
                    filled += 1
            cash -= spent  # at once: the rounding of several buys could end below zero
        equity[t] = _mark(closes, t, held, cash, positions)
        cash_left[t] = cash
    return equity, cash_left, positions, fills[:filled]


@compiled
def _most_orders(targets: FloatArray, rebalances: BoolArray) -> int:
    """Return the most orders that there can be: those of the last bar are never filled."""
    bars, symbols = targets.shape
    orders = int(symbols)  # what ends is sold
    for t in range(bars - 1):
        for n in range(symbols):
            before = targets[t - 1, n] if t > 0 else 0.0
            if rebalances[t] or targets[t, n] != before:
                orders += 1
    return orders


@compiled
def _any_due(
    targets: FloatArray, opens: FloatArray, closes: FloatArray, t: int, held: FloatArray, ordered: FloatArray
) -> bool:
    """Return whether anything is to be traded on bar ``t``: what has a bar, or has ended."""
    for n in range(len(held)):
        is_due = (targets[t - 1, n] != ordered[n]) & (opens[t, n] == opens[t, n])
        has_ended = (held[n] > 0.0) & (closes[t, n] != closes[t, n])
        if is_due | has_ended:
            return True
    return False


@compiled
def _size_orders(
    targets: FloatArray,
    opens: FloatArray,
    closes: FloatArray,
    held: FloatArray,
    cash: float,
    ordered: FloatArray,
    quotes: FloatArray,
    orders: FloatArray,
) -> None:
    """Write to ``orders`` the signed shares to trade at ``quotes``.

    ``closes`` are those of the day before and of the day itself; of these it only sees what has ended.
    """
    worth = cash
    for n in range(len(held)):
        has_bar = opens[n] == opens[n]
        quotes[n] = opens[n] if has_bar else closes[0, n]
        value = held[n] * quotes[n]
        worth += value if held[n] > 0.0 else 0.0
    for n in range(len(held)):
        orders[n] = 0.0
        if targets[n] != ordered[n] and opens[n] == opens[n]:
            orders[n] = targets[n] * worth / quotes[n] - held[n]
            ordered[n] = targets[n]
            if targets[n] > 0.0 and abs(orders[n]) * quotes[n] <= ROUNDING * worth:
                orders[n] = 0.0  # it has what it should have
        elif closes[1, n] != closes[1, n]:
            orders[n] = -held[n]


@compiled
def _mark(closes: FloatArray, t: int, held: FloatArray, cash: float, positions: FloatArray) -> float:
    """Write the positions at the close of bar ``t``, and return what the account is worth."""
    worth = cash
    for n in range(len(held)):
        positions[t, n] = held[n]
        value = held[n] * closes[t, n]
        worth += value if held[n] > 0.0 else 0.0  # without a position there may be no price
    return worth


@compiled
def _book(
    fill: FloatArray,
    t: int,
    n: int,
    shares: float,
    price: float,
    rate: float,
    held: FloatArray,
    cost: FloatArray,
) -> float:
    """Write one fill, update ``held`` and ``cost``, and return the change in cash."""
    notional = abs(shares) * price
    commission = notional * rate
    realised = 0.0
    if shares > 0.0:
        cost[n] += notional + commission
    else:
        cost_of_sold = cost[n] * (-shares / held[n])
        cost[n] -= cost_of_sold
        realised = notional - commission - cost_of_sold
    held[n] += shares
    fill[0], fill[1], fill[2] = t, n, shares
    fill[3], fill[4], fill[5] = price, commission, realised
    return -shares * price - commission
