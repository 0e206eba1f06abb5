"""Backtesting proper: pure rules without I/O, clock or randomness; the same input gives the same output.

`window` decides which days, `planning` what runs on them, `strategies` which weights; `engine` replays those
on prices, `metrics` measures the outcome. Numba (a second and 70 MB) is imported when a strategy or the
engine first runs: in worker processes only.
"""
