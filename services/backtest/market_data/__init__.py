"""Market data: the port, and the providers of it that the setting `MARKET_DATA` chooses from by name.

A provider is one module of this package, named as the setting names it. Its `provider` is called without
arguments and returns the `MarketData`; `sample.py` is an example. A provider in another package announces
such a callable as an entry point in the group `backchat.market_data`:

    [project.entry-points."backchat.market_data"]
    acme = "acme_prices:provider"

The service process and every worker process open the provider once each: only its name goes from one to the
other. What a provider must be told (a folder, a key), it reads from environment variables of its own, which
the setting `MARKET_DATA_ENV` names. It must not import numba, which costs the service process a second and
70 MB.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

if TYPE_CHECKING:  # NumPy costs 12 MB, and a process that only reads the settings does without
    from services.backtest.domain.prices import Prices
    from services.backtest.domain.window import Coverage

ENTRY_POINTS: Final = "backchat.market_data"


class MarketData(Protocol):
    """Daily prices, adjusted for splits and dividends, that stay the same while the process runs.

    `PriceHistory` implements it for prices that fit into memory.
    """

    def coverage(self) -> "Coverage":
        """Return the first and last trading day by symbol."""

    def prices(self, symbols: Sequence[str], start: date | None, end: date | None) -> "Prices":
        """Return the symbols' open and close, `[T, N]`, on the trading days they have in common.

        Args:
            symbols: N symbols as the coverage has them; the columns are in this order.
            start: the first day, included; None: see `resolve_window`.
            end: the last day, included; None: as above.

        Raises:
            OutsideCoverage: a symbol or day has no data, or there are fewer than three trading days.

        """

    def fingerprint(self) -> str:
        """Return a hash of all the data, the same in every process; it changes when any price does.

        It is part of the key under which results are shared and reused.
        """


Provider: TypeAlias = Callable[[], MarketData]


@cache
def open_market_data(name: str) -> MarketData:
    """Return the market data of a provider, opened once per process.

    Raises ValueError as `find_provider` does.
    """
    provider: Provider = find_provider(name).load()
    return provider()


def find_provider(name: str) -> EntryPoint:
    """Return where a provider is, without importing it.

    A module of this package comes before an entry point of the same name. Raises ValueError that names the
    providers there are.
    """
    providers = {each.name: each for each in entry_points(group=ENTRY_POINTS)}
    for module in iter_modules(__path__):
        providers[module.name] = EntryPoint(module.name, f"{__name__}.{module.name}:provider", ENTRY_POINTS)
    if name not in providers:
        raise ValueError(f"there is no provider {name!r}; available: {', '.join(sorted(providers))}")
    return providers[name]
