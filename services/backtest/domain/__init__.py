"""Backtesting proper: pure rules without I/O, clock or randomness; the same input gives the same output.

``resolve_window`` says which days, a strategy which weights, ``simulate`` replays them on prices, ``measure``
tells what that was worth.

The names below are loaded when they are first used: the simulator brings numba (a second and 70 MB), which a
process that only checks requests does without.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from services.backtest.domain.engine import Costs, Fills, Prices, Run, simulate, warm_up
    from services.backtest.domain.metrics import Performance, daily_returns, measure
    from services.backtest.domain.strategies import (
        STRATEGIES,
        BuyAndHold,
        Momentum,
        Rsi,
        SmaCrossover,
        Strategy,
        build_strategy,
    )
    from services.backtest.domain.window import Coverage, OutsideCoverage, resolve_window
else:  # for a type checker a __getattr__ would make any name right

    def __getattr__(name: str) -> object:
        if name in __all__:
            for home in ("window", "strategies", "engine", "metrics"):
                module = import_module(f"{__name__}.{home}")
                if hasattr(module, name):
                    return getattr(module, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "STRATEGIES",
    "BuyAndHold",
    "Costs",
    "Coverage",
    "Fills",
    "Momentum",
    "OutsideCoverage",
    "Performance",
    "Prices",
    "Rsi",
    "Run",
    "SmaCrossover",
    "Strategy",
    "build_strategy",
    "daily_returns",
    "measure",
    "resolve_window",
    "simulate",
    "warm_up",
]
