"""Backtesting proper: pure rules without I/O, clock or randomness; the same input gives the same output.

`window` resolves the days of a backtest, `planning` its configuration, `work` the key of equal ones, and
`fair_queue` orders those that wait. `prices` selects the prices, `strategies` and its `indicators` decide the
weights, `simulator` replays them and `metrics` measures the outcome. Numba (a second and 70 MB) is imported
when a strategy or the simulator first runs: in worker processes only.
"""
