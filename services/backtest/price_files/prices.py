"""Prices that one process has read and checked, for all processes: a manifest, and mapped Arrow files."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from pydantic import TypeAdapter

from services.backtest.domain.instruments import Instrument
from services.backtest.domain.prices import Series
from services.backtest.price_files.arrow import Stored, open_series, write_whole

MOST_OPEN: Final = 600  # each takes a file descriptor, of which a process often has 1,024
_MANIFEST: Final = TypeAdapter(list[Stored])


class ArrowPrices:
    """The instruments of a manifest, and their bars. Raises OSError, ValueError if the file is none."""

    def __init__(self, manifest: Path) -> None:
        stored = read_manifest(manifest)
        self._folder = manifest.parent
        self._stored = {each.instrument.symbol: each for each in stored}
        self._instruments = MappingProxyType(
            {symbol: each.instrument for symbol, each in self._stored.items()}
        )

    def instruments(self) -> Mapping[str, Instrument]:
        """Return the instruments by symbol."""
        return self._instruments

    def series(self, symbol: str) -> Series:
        """Return an instrument's bars: read-only, in mapped memory that all processes share.

        Raises KeyError for an unknown symbol, OSError or Damaged if its file was removed or changed.
        """
        stored = self._stored[symbol]
        instrument = stored.instrument
        return _mapped(self._folder, instrument.content, stored.size, stored.offsets, instrument.bars)


_mapped = lru_cache(MOST_OPEN)(open_series)
"""Maps a file once in a process: after a new day of one symbol, the others have the same files."""


def write_manifest(folder: Path, stored: Sequence[Stored]) -> Path:
    """Write a manifest, named by its hash, and return where it is. Raises CacheNotWritable."""
    data = _MANIFEST.dump_json(list(stored))
    path = folder / f"manifest-{sha256(data).hexdigest()[:16]}.json"
    if not path.exists():
        write_whole(path, data)
    return path


def read_manifest(manifest: Path) -> Sequence[Stored]:
    """Return what a manifest has. Raises OSError and ValueError."""
    return _MANIFEST.validate_json(manifest.read_bytes())
