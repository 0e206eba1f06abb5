"""Backtesting proper: pure rules without I/O, clock or randomness; the same input gives the same output.

`window` says which days, `planning` what runs on them, `strategies` which weights; `engine` replays those on
prices, `metrics` tells what that was worth. The last three bring numba (a second and 70 MB): only worker
processes import them.
"""
