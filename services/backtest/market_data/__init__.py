"""Market data: the providers that the setting `MARKET_DATA` chooses from by name.

A provider is one module of this package, named as the setting names it. Its `provider` is called without
arguments and returns a `MarketData` (see `domain/instruments.py`); `sample.py` is an example. A provider in
another package announces such a callable as an entry point in the group `backchat.market_data`:

    [project.entry-points."backchat.market_data"]
    acme = "acme_prices:provider"

The service process and every worker process open the provider once each: only its name goes from one to the
other. What a provider must be told (a folder, a key), it reads from environment variables of its own, which
the setting `MARKET_DATA_ENV` names. It must not import numba, which costs the service process a second and
70 MB.
"""

from collections.abc import Callable
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pkgutil import iter_modules
from typing import Final, TypeAlias

from services.backtest.ports import MarketData

ENTRY_POINTS: Final = "backchat.market_data"


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
