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

from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from pkgutil import iter_modules
from typing import Final, NamedTuple, TypeAlias

from services.backtest.domain.instruments import Instrument, MarketData
from services.backtest.domain.prices import Series
from services.backtest.price_files.prices import ArrowPrices

ENTRY_POINTS: Final = "backchat.market_data"


Provider: TypeAlias = Callable[[], MarketData]


class MarketReference(NamedTuple):
    """Which prices there are, as one process tells another: a provider, and a manifest of own prices."""

    provider: str
    manifest: Path | None = None


class Layered:
    """Market data of several sources: of those that have a symbol, the first gives its prices."""

    def __init__(self, *sources: MarketData) -> None:
        self._sources = {symbol: source for source in reversed(sources) for symbol in source.instruments()}
        self._instruments = {
            symbol: source.instruments()[symbol] for symbol, source in sorted(self._sources.items())
        }

    def instruments(self) -> Mapping[str, Instrument]:
        """Return the instruments by symbol."""
        return self._instruments

    def series(self, symbol: str) -> Series:
        """Return all prices of an instrument."""
        return self._sources[symbol].series(symbol)


@lru_cache(2)  # the next one comes while jobs of the last are still running
def open_market(reference: MarketReference) -> MarketData:
    """Return own prices before those of the provider.

    Raises ValueError as `find_provider` does; OSError and ValueError where the manifest can't be read.
    """
    provided = open_market_data(reference.provider)
    return provided if reference.manifest is None else Layered(ArrowPrices(reference.manifest), provided)


@cache
def open_market_data(name: str) -> MarketData:
    """Return the market data of a provider, opened once per process.

    Raises ValueError as `find_provider` does.
    """
    provider: Provider = find_provider(name).load()
    return provider()


def unusable(name: str) -> Iterator[str]:
    """Open the market data of a provider; if that fails, yield a line that says why."""
    try:
        open_market_data(name)
    except Exception as error:  # noqa: BLE001 - whatever the code of a provider raises
        said = " ".join(f"{type(error).__name__}: {error}".split())
        yield f"MARKET_DATA: {find_provider(name).value}: {said}"


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
