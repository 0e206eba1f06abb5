"""The functions that the pool calls in a worker process: prepare it, and run backtests in it.

A worker process imports nothing of the service but this module and what that imports, which keeps it small.
"""

import ctypes
import signal
import sys
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from backchat_contracts import BacktestConfig
from services.backtest import simulation
from services.backtest.market_data import MarketReference, open_market
from services.backtest.output import Output
from services.backtest.progress import ProgressFile, Stage

PR_SET_PDEATHSIG = 1
"""Of Linux's prctl: the signal that this process gets when its parent dies."""
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of glibc's mallopt, in bytes: how much free memory is kept, and from which size on an array is not kept."""
LONG_SECONDS = 0.05
"""After a batch that took longer, freed memory is returned: a large backtest may not be the next one."""


class Impossible(NamedTuple):
    """The outcome of a configuration that describes no possible backtest."""

    detail: str


def warm_up(market: MarketReference) -> float:
    """Open the market data and compile the simulator; return how long a backtest takes then, in seconds."""
    _prepare()
    return simulation.warm_up(open_market(market))


def run_backtests(
    market: MarketReference, configs: Sequence[BacktestConfig], progress: Path | None = None
) -> list[Output | Impossible]:
    """Run backtests one after the other; return the output of each.

    Args:
        market: where the prices are.
        configs: every default resolved.
        progress: a `ProgressFile` to write the stages to.

    """
    _prepare()
    began = time.perf_counter()
    prices = open_market(market)
    report = _progress_file(progress).write if progress else _ignore
    results: list[Output | Impossible] = []
    for config in configs:
        try:
            results.append(simulation.simulate_config(config, prices, report))
        except ValueError as error:
            results.append(Impossible(str(error)))
    if time.perf_counter() - began > LONG_SECONDS:
        _return_freed_memory()
    return results


def _ignore(_stage: Stage) -> None:
    pass


_progress_file: Callable[[Path], ProgressFile] = cache(ProgressFile)


@cache
def _prepare() -> None:
    _tie_to_parent()
    keep_freed_memory()


def _tie_to_parent() -> None:
    """Let only the service end this process: ignore SIGINT and SIGTERM, which may go to the whole group.

    If the service is killed, Linux kills this process too, however busy it is.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def keep_freed_memory() -> None:
    """Let glibc keep the memory of freed arrays for the next ones, up to 64 MB.

    By default it returns most of it, and every array of a hundred symbols is made of new pages: a third of
    the time of their backtest.
    """
    if glibc := _glibc():
        glibc.mallopt(M_TRIM_THRESHOLD, 64 * 2**20)
        glibc.mallopt(M_MMAP_THRESHOLD, 32 * 2**20)


def _return_freed_memory() -> None:
    if glibc := _glibc():
        glibc.malloc_trim(0)


@cache
def _glibc() -> ctypes.CDLL | None:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, "malloc_trim") else None
