"""Bars of an instrument as an Arrow file, named by the hash of its content, which processes map into memory.

polars writes these files; it could read them, but by copying (since 2.0 its `read_ipc` maps nothing). So the
place of each column in the file is kept, and numpy looks at the mapped bytes there.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from mmap import ACCESS_READ, mmap
from os import getpid, utime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.backtest.domain.instruments import Instrument
from services.backtest.domain.prices import Series


class CacheNotWritable(OSError):  # noqa: N818 - reads as what it says: raise CacheNotWritable
    """The folder for prepared prices can't be written."""


class Damaged(ValueError):  # noqa: N818 - reads as what it says: raise Damaged
    """An Arrow file is not what was written."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An instrument whose bars are in a file: its size, and where day, open and close begin."""

    instrument: Instrument
    size: int
    offsets: tuple[int, int, int]


def content_hash(series: Series) -> str:
    """Return a hash of dates and prices, 16 hex digits."""
    digest = sha256(series.dates.astype("datetime64[D]").tobytes())
    digest.update(series.open.tobytes())
    digest.update(series.close.tobytes())
    return digest.hexdigest()[:16]


def arrow_path(folder: Path, content: str) -> Path:
    return folder / f"{content}.arrow"


def write_series(folder: Path, series: Series) -> tuple[str, int, tuple[int, int, int]]:
    """Write bars, unless they are there: return their hash, the file's size and the offsets of its columns.

    Raises CacheNotWritable.
    """
    import polars as pl  # noqa: PLC0415 - 60 MB, which processes that only open files do without

    days = series.dates.astype("datetime64[D]").astype(np.int64)
    columns = {"day": days, "open": series.open, "close": series.close}
    file = BytesIO()
    pl.DataFrame(columns).write_ipc(file, compression="uncompressed")
    data = file.getvalue()
    content = content_hash(series)
    path = arrow_path(folder, content)
    if not _has(path, data):
        write_whole(path, data)
    return content, len(data), _offsets(data, columns.values())


def open_series(folder: Path, content: str, size: int, offsets: tuple[int, int, int], bars: int) -> Series:
    """Return bars that lie in the mapped file, read-only. Raises OSError, and Damaged for another size."""
    with arrow_path(folder, content).open("rb") as file:
        if file.seek(0, 2) != size:
            raise Damaged(file.name)
        data = mmap(file.fileno(), 0, access=ACCESS_READ)
    day, opens, close = offsets
    return Series(
        dates=np.frombuffer(data, "datetime64[D]", bars, day),
        open=np.frombuffer(data, np.float64, bars, opens),
        close=np.frombuffer(data, np.float64, bars, close),
    )


def is_sound(folder: Path, stored: Stored) -> bool:
    """Whether the file is there with the content of its name."""
    instrument = stored.instrument
    try:
        series = open_series(folder, instrument.content, stored.size, stored.offsets, instrument.bars)
        return content_hash(series) == instrument.content
    except (OSError, ValueError):
        return False


def write_whole(path: Path, data: bytes) -> None:
    """Write a file under a temporary name and rename it, so that it is seen whole or not at all.

    Raises CacheNotWritable.
    """
    temporary = path.with_name(f"{path.name}.{getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise CacheNotWritable(error.errno, error.strerror) from error


def _has(path: Path, data: bytes) -> bool:
    try:
        utime(path)  # so that another process does not take it for stale
        return path.read_bytes() == data
    except OSError:
        return False


def _offsets(data: bytes, columns: Iterable[NDArray[np.generic]]) -> tuple[int, int, int]:
    offsets, begin = [], 0
    for values in columns:
        begin = data.index(values.tobytes(), begin)
        offsets.append(begin)
        begin += values.nbytes
    day, opens, close = offsets
    return day, opens, close
