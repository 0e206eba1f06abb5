"""A folder of files of prices, watched: what is new in it is read, checked and shared."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Final

from services.backtest.domain.instruments import Finding, Instrument
from services.backtest.price_files import reading_process as processes
from services.backtest.price_files.arrow import CacheNotWritable, Stored, is_sound
from services.backtest.price_files.findings import MOST_OF_A_FOLDER, Spot, limited
from services.backtest.price_files.index import Reading, load_index, remove_stale, save_index
from services.backtest.price_files.prices import write_manifest
from services.backtest.price_files.scanning import File, Scan, scan, shown

RETRY: Final = 30.0  # seconds until a cache that can't be written is tried again
HOUR: Final = 3_600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """What a folder has.

    Attributes:
        instruments: by symbol, those without errors.
        findings: errors and warnings, by file and row.
        files: how many files there are.
        read: those which were read for this snapshot, the others having been read before.
        manifest: what `ArrowPrices` opens; None without files, and where the cache never could be written.

    """

    instruments: Mapping[str, Instrument]
    findings: tuple[Finding, ...]
    files: int
    read: tuple[str, ...]
    manifest: Path | None


NOTHING: Final = Snapshot(instruments={}, findings=(), files=0, read=(), manifest=None)


class PriceFolder:
    """Reads a folder of CSV and Parquet files; remembers what it has read, in a cache that survives it.

    `reading` reads the files: in a process of its own, unless a test does otherwise. Several processes of the
    service may use the same cache. Not to be called from several threads at once.
    """

    def __init__(
        self, folder: Path, cache: Path, reading: processes.Reading = processes.ReadingProcess
    ) -> None:
        self._folder = folder.absolute()
        self._cache = cache.absolute()
        self._reading = reading
        self._readings: dict[str, Reading] | None = None  # None until the first read
        self._seen: Mapping[str, File] = {}
        self._closed: Mapping[str, str] = {}
        self._manifest: Path | None = None
        self._last: Snapshot | None = None
        self._failed: str | None = None
        self._retry_at = 0.0
        self._tidy_at = 0.0

    def read(self) -> Snapshot | None:
        """Read the files that are new or have changed; None if nothing has changed since the last call.

        The first call reads all files; after it one that changes is read once it is the same in two calls,
        until when what it had before is used. While the cache can't be written, all stays as it was before,
        with a finding that says so; it is tried again every half a minute.
        """
        if self._failed is not None and monotonic() < self._retry_at:
            return None
        try:
            return self._read()
        except CacheNotWritable as error:
            self._readings, self._manifest = None, None
            self._retry_at = monotonic() + RETRY
            reason, before = error.strerror or type(error).__name__, self._failed
            self._failed = reason
            return None if reason == before else self._unwritable(reason)

    def _read(self) -> Snapshot | None:
        found, first = scan(self._folder), self._readings is None
        if not (found.files or found.closed or self._readings):
            self._readings, self._seen, self._closed = {}, found.files, found.closed
            return NOTHING if first else None  # without files there is no cache either
        fresh = first or self._manifest is None or not self._manifest.exists()
        if fresh:
            self._make_cache()
            self._readings = self._sound_readings(found)
        assert self._readings is not None  # noqa: S101 - for the type checker
        due = [name for name, file in found.files.items() if self._is_due(name, file, first=first)]
        gone = self._readings.keys() - found.files.keys()
        closed_as_before = found.closed == self._closed
        self._seen, self._closed = found.files, found.closed
        if not (first or due or gone or (fresh and self._readings)) and closed_as_before:
            self._tidy()
            return None
        for name in gone:
            del self._readings[name]
        self._readings |= self._read_files({name: found.files[name] for name in due})
        snapshot = self._last = self._publish(due)
        save_index(self._cache, self._folder, self._readings)
        self._failed = None
        self._tidy()
        return snapshot

    def _make_cache(self) -> None:
        try:
            self._cache.mkdir(parents=True, exist_ok=True)
            probe = self._cache / f"probe.{os.getpid()}.tmp"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise CacheNotWritable(error.errno, error.strerror) from error

    def _sound_readings(self, found: Scan) -> dict[str, Reading]:
        """Return what the index has of files that are the same, whose bars are in the cache as they were."""
        return {
            name: reading
            for name, reading in load_index(self._cache, self._folder).items()
            if (file := found.files.get(name))
            and file[1:] == (reading.size, reading.mtime_ns)
            and all(is_sound(self._cache, each) for each in reading.stored)
        }

    def _is_due(self, name: str, file: File, *, first: bool) -> bool:
        reading = self._readings.get(name) if self._readings is not None else None
        if reading is None or (reading.size, reading.mtime_ns) != file[1:]:
            return first or self._seen.get(name) == file
        return reading.outdated_by_time and reading.day != _today()

    def _read_files(self, files: Mapping[str, File]) -> dict[str, Reading]:
        if not files:
            return {}
        today, readings = _today(), {}
        with self._reading() as read:
            for name, file in files.items():
                stored, findings = read(Path(file.path), name, self._cache, today + timedelta(days=1))
                readings[name] = Reading(file.size, file.mtime_ns, today, stored, findings)
        return readings

    def _publish(self, read: list[str]) -> Snapshot:
        assert self._readings is not None  # noqa: S101 - for the type checker
        stored, repeated = _by_symbol(self._readings)
        closed = [
            Spot("unreadable-file", fields={"reason": reason}).finding(name)
            for name, reason in self._closed.items()
        ]
        findings = chain(*(reading.findings for reading in self._readings.values()), repeated, closed)
        before, self._manifest = self._manifest, write_manifest(self._cache, list(stored.values()))
        _touch(self._manifest)
        if before is not None:
            _touch(before)
        return Snapshot(
            instruments=MappingProxyType({symbol: each.instrument for symbol, each in stored.items()}),
            findings=limited(findings, MOST_OF_A_FOLDER),
            files=len(self._readings),
            read=tuple(read),
            manifest=self._manifest,
        )

    def _unwritable(self, reason: str) -> Snapshot:
        cache = shown(str(self._cache))
        fields = {"reason": reason, "folder": cache}
        finding = Spot("cache-not-writable", fields=fields).finding(cache)
        if self._last is None or self._last.manifest is None or not self._last.manifest.exists():
            return Snapshot(
                instruments={}, findings=(finding,), files=len(self._seen), read=(), manifest=None
            )
        return replace(self._last, findings=(finding, *self._last.findings), read=())

    def _tidy(self) -> None:
        """Once an hour, keep the manifest from being taken for stale, and remove what is."""
        if monotonic() >= self._tidy_at:
            self._tidy_at = monotonic() + HOUR
            if self._manifest is not None:
                _touch(self._manifest)
            remove_stale(self._cache)


def _by_symbol(readings: Mapping[str, Reading]) -> tuple[dict[str, Stored], list[Finding]]:
    """Return the instruments, of several with one symbol the first file's, and findings for the others."""
    stored: dict[str, Stored] = {}
    repeated = []
    for name in sorted(readings):
        for each in readings[name].stored:
            symbol = each.instrument.symbol
            if symbol in stored:
                fields = {"symbol": symbol, "other": stored[symbol].instrument.source}
                repeated.append(Spot("repeated-symbol", fields=fields).finding(name, symbol))
            else:
                stored[symbol] = each
    return dict(sorted(stored.items())), repeated


def _touch(path: Path) -> None:
    with suppress(OSError):  # removed: the next read makes it again
        os.utime(path)


def _today() -> date:
    return datetime.now(UTC).date()
