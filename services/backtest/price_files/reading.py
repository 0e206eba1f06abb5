"""One file of prices to stored instruments and findings: whatever it contains, there is no exception."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

import polars as pl

from services.backtest.domain.instruments import Finding, Instrument
from services.backtest.price_files.arrow import CacheNotWritable, Stored, write_series
from services.backtest.price_files.building import Built, build
from services.backtest.price_files.checks import is_currency
from services.backtest.price_files.columns import is_symbol, nearest_symbol
from services.backtest.price_files.findings import Spot, Unusable, limited_by_instrument, quote
from services.backtest.price_files.formats import LARGEST_FILE, MEGABYTE, PARQUET_SUFFIXES, TEXT_SUFFIXES
from services.backtest.price_files.gathering import Gathered
from services.backtest.price_files.quotes import Quotes
from services.backtest.price_files.table import Table, open_csv, open_parquet


def read_file(
    path: Path, name: str, cache: Path, today: date
) -> tuple[tuple[Stored, ...], tuple[Finding, ...]]:
    """Return a file's instruments, whose bars are in the cache then, and what was found in it.

    `name` is its path in messages. Raises CacheNotWritable only.
    """
    reading = _Reading(name, cache, today)
    try:
        with _opened(path) as table:
            reading.add(table)
    except CacheNotWritable:
        raise
    except OSError as error:
        reading.found(Spot("unreadable-file", fields={"reason": error.strerror or type(error).__name__}))
    except Unusable as error:
        reading.found(error.spot)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        reading.found(Spot("damaged-file", fields={"reason": quote(str(error))}))
    except Exception as error:  # noqa: BLE001 - no file may keep the others out, not even by a mistake of ours
        reading.found(Spot("reader-failed", fields={"reason": quote(f"{type(error).__name__}: {error}")}))
    return reading.result()


@contextmanager
def _opened(path: Path) -> Iterator[Table]:
    if (size := path.stat().st_size // MEGABYTE) > LARGEST_FILE:
        raise Unusable(Spot("file-too-large", fields={"size": f"{size:,}", "most": f"{LARGEST_FILE:,}"}))
    suffix = path.suffix.lower()
    if suffix in TEXT_SUFFIXES:
        with path.open("rb") as file:
            yield open_csv(file)
    elif suffix in PARQUET_SUFFIXES:
        with path.open("rb"):  # says what is the matter in the system's words
            yield open_parquet(path)
    else:
        raise Unusable(Spot("unsupported-format", fields={"suffix": quote(suffix)}))


class _Reading:
    """Collects what one file gives."""

    def __init__(self, name: str, cache: Path, today: date) -> None:
        self._name, self._cache, self._today = name, cache, today
        self._stored: dict[str, Stored] = {}
        self._seen: set[str] = set()
        self._findings: list[Finding] = []

    def found(self, spot: Spot, symbol: str | None = None) -> None:
        self._findings.append(spot.finding(self._name, symbol))

    def add(self, table: Table) -> None:
        quotes, spots = Gathered(table).quotes()
        for spot in spots:
            self.found(spot)
        for each in quotes:
            self._add(each)

    def _add(self, quotes: Quotes) -> None:
        if (symbol := self._symbol(quotes)) is None:
            return
        built, spots = build(quotes, self._today)
        for spot in spots:
            self.found(spot, symbol)
        if built:
            currency = next((text for text in quotes.currencies if is_currency(text)), None)
            self._stored[symbol] = self._store(symbol, built, currency)

    def _symbol(self, quotes: Quotes) -> str | None:
        """Return the instrument's symbol, None if there is none, or another one of the file has it."""
        stem = PurePosixPath(self._name).stem
        written = stem if quotes.symbol is None else quotes.symbol
        symbol = written.strip().upper()
        row = None if quotes.symbol is None else int(quotes.lines[0])
        if not is_symbol(symbol):
            example = nearest_symbol(symbol) + (
                PurePosixPath(self._name).suffix if quotes.symbol is None else ""
            )
            self.found(Spot("bad-symbol", row=row, fields={"text": quote(written), "example": example}))
        elif symbol in self._seen:
            fields = {"symbol": symbol, "other": self._name}
            self.found(Spot("repeated-symbol", column=written, fields=fields), symbol)
        else:
            self._seen.add(symbol)
            return symbol
        return None

    def _store(self, symbol: str, built: Built, currency: str | None) -> Stored:
        dates = built.series.dates
        content, size, offsets = write_series(self._cache, built.series)
        instrument = Instrument(
            symbol=symbol,
            first=dates[0].item(),
            last=dates[-1].item(),
            bars=len(dates),
            source=self._name,
            content=content,
            currency=currency,
            has_open=built.has_open,
        )
        return Stored(instrument, size, offsets)

    def result(self) -> tuple[tuple[Stored, ...], tuple[Finding, ...]]:
        """Return the instruments, each with its warnings and the file's, and all findings."""
        findings = limited_by_instrument(self._findings)
        warnings = [each for each in findings if each.severity == "warning"]
        stored = tuple(
            replace(
                each,
                instrument=replace(
                    each.instrument, warnings=tuple(w for w in warnings if w.symbol in {None, symbol})
                ),
            )
            for symbol, each in self._stored.items()
        )
        return stored, findings
