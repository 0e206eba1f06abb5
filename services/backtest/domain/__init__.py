"""Backtesting proper: pure rules without I/O, clock or randomness; the same input gives the same output.

`backtest` has a backtest's states and their changes, `acceptance` the first of them; `planning` resolves its
configuration and `window` its days, `work` has the key of equal ones, and `fair_queue` orders those that
wait. `instruments` has what is known of a symbol, `prices` selects the prices, `strategies` and its
`indicators` decide the weights, `simulator` replays them; `services.metrics` measures the outcome. Numba (a
second and 70 MB) is imported when a strategy or the simulator first runs: in worker processes only.
"""
