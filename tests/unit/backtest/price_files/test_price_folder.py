"""A folder of prices as it changes: what is read again, what stays, what the cache is good for."""

import os
import shutil
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from services.backtest.price_files import folder as folder_module
from services.backtest.price_files import index, reading
from services.backtest.price_files.arrow import Damaged
from services.backtest.price_files.findings import MOST_OF_A_FOLDER
from services.backtest.price_files.folder import PriceFolder, Snapshot
from services.backtest.price_files.prices import ArrowPrices
from tests.price_folders import read_here

HEAD = "Date,Close\n2024-01-02,100\n2024-01-03,101\n2024-01-04,102\n"
ANOTHER_DAY = "2024-01-05,103\n"
OLD = datetime.now(UTC).timestamp() - 2 * index.DAY


class Place:
    """A folder of prices, its cache, and which files were parsed."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.cache = root / "prices", root / "cache"
        self.folder.mkdir()
        self.parsed: list[str] = []
        original = reading.read_file

        def counted(path: Path, name: str, cache: Path, today: date) -> Any:
            self.parsed.append(name)
            return original(path, name, cache, today)

        monkeypatch.setattr(reading, "read_file", counted)

    def write(self, name: str, text: str = HEAD) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def append(self, name: str, text: str) -> None:
        with (self.folder / name).open("a") as file:
            file.write(text)

    def open(self) -> PriceFolder:
        return read_here(self.folder, self.cache)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(tmp_path, monkeypatch)


def read(prices: PriceFolder) -> Snapshot:
    snapshot = prices.read()
    assert snapshot is not None
    return snapshot


def manifest(snapshot: Snapshot) -> Path:
    assert snapshot.manifest is not None
    return snapshot.manifest


def bars(snapshot: Snapshot) -> Mapping[str, int]:
    return {symbol: each.bars for symbol, each in snapshot.instruments.items()}


def test_nothing_new_is_nothing(place: Place) -> None:
    place.write("A.csv")
    prices = place.open()

    assert read(prices).read == ("A.csv",)
    assert prices.read() is None
    assert place.parsed == ["A.csv"]


def test_a_day_that_is_appended_is_seen_at_the_second_look(place: Place) -> None:
    """The first look finds a change, the second that it is complete; meanwhile what was there stays."""
    place.write("A.csv")
    place.write("B.csv")
    prices = place.open()
    before = read(prices)
    place.append("A.csv", ANOTHER_DAY)

    assert prices.read() is None
    after = read(prices)

    assert bars(after) == {"A": 4, "B": 3}
    assert after.read == ("A.csv",)
    assert after.instruments["A"].last == date(2024, 1, 5)
    assert after.instruments["A"].content != before.instruments["A"].content
    assert len(ArrowPrices(manifest(before)).series("A").dates) == 3  # a job that began before
    assert len(ArrowPrices(manifest(after)).series("A").dates) == 4


def test_a_file_that_grows_is_left_until_it_has_come_to_rest(place: Place) -> None:
    prices = place.open()
    assert bars(read(prices)) == {}
    place.write("A.csv", HEAD[:30])
    for part in (HEAD[30:40], HEAD[40:]):
        assert prices.read() is None
        place.append("A.csv", part)

    assert prices.read() is None
    assert bars(read(prices)) == {"A": 3}
    assert place.parsed == ["A.csv"]


def test_a_file_that_is_removed_takes_its_instruments_along(place: Place) -> None:
    place.write("A.csv")
    place.write("B.csv")
    prices = place.open()
    read(prices)
    (place.folder / "A.csv").unlink()

    assert bars(read(prices)) == {"B": 3}
    assert bars(read(place.open())) == {"B": 3}


def test_a_file_that_becomes_bad_is_not_served_as_it_was(place: Place) -> None:
    place.write("A.csv")
    prices = place.open()
    read(prices)
    place.append("A.csv", "2024-01-05,-1\n")
    prices.read()

    after = read(prices)

    assert bars(after) == {}
    assert [f.code for f in after.findings] == ["negative"]


def test_a_bad_file_keeps_no_others_out(place: Place) -> None:
    place.write("A.csv")
    place.write("B.csv", "nonsense")
    place.write("C.xlsx")

    snapshot = read(place.open())

    assert bars(snapshot) == {"A": 3}
    assert [(f.file, f.code) for f in snapshot.findings] == [
        ("B.csv", "no-header"),
        ("C.xlsx", "unsupported-format"),
    ]
    assert snapshot.files == 3


def test_a_defect_of_the_reader_is_a_finding(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("on purpose")

    monkeypatch.setattr(reading, "build", fail)
    place.write("A.csv")

    assert [f.code for f in read(place.open()).findings] == ["reader-failed"]


def test_a_folder_may_come_later(place: Place) -> None:
    place.folder.rmdir()
    prices = place.open()
    assert read(prices).files == 0
    assert prices.read() is None
    place.folder.mkdir()
    place.write("A.csv")
    prices.read()

    assert bars(read(prices)) == {"A": 3}


def test_some_files_are_none_of_prices(place: Place) -> None:
    for name in (
        *(".A.csv", "~A.csv", "A.csv~", "A.csv.tmp", "A.csv.part", "A.csv.crdownload", ".git/A.csv"),
        *("README.txt", "x.md", "run.py", "A"),
    ):
        place.write(name)

    assert (read(place.open()).files, place.parsed) == (0, [])


def test_folders_in_it_are_read_and_loops_are_not_followed(place: Place) -> None:
    place.write("us/tech/A.csv")
    (place.folder / "us" / "again").symlink_to(place.folder)
    (place.folder / "nowhere.csv").symlink_to(place.folder / "gone")

    snapshot = read(place.open())

    assert snapshot.instruments["A"].source == "us/tech/A.csv"
    assert snapshot.files == 1


def test_paths_that_are_no_text_are_shown_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"gar\xe7on")
    (folder / os.fsdecode(b"caf\xe9")).mkdir(parents=True)
    (folder / os.fsdecode(b"caf\xe9") / "A.csv").write_text(HEAD)

    first, second = (read(read_here(folder, tmp_path / "cache")) for _ in range(2))

    assert first.instruments["A"].source == "caf\\xe9/A.csv"
    assert (first.read, second.read) == (("caf\\xe9/A.csv",), ())


def test_a_folder_that_is_closed_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("open/A.csv")
    place.write("closed/B.csv")
    original = os.scandir

    def guarded(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return original(path)

    prices = place.open()
    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", guarded)
        snapshot = read(prices)
        assert prices.read() is None
    assert bars(snapshot) == {"A": 3}
    assert [(f.file, f.code) for f in snapshot.findings] == [("closed", "unreadable-file")]
    assert read(prices).findings == ()


def test_of_two_files_with_a_symbol_the_first_stays(place: Place) -> None:
    place.write("b/A.csv", HEAD + ANOTHER_DAY)
    place.write("a/a.csv")

    snapshot = read(place.open())

    assert snapshot.instruments["A"].source == "a/a.csv"
    assert [(f.file, f.code, f.severity) for f in snapshot.findings] == [
        ("b/A.csv", "repeated-symbol", "error")
    ]
    assert "a/a.csv" in snapshot.findings[0].problem.en


def test_findings_are_limited(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_OF_A_FOLDER == 1_000
    monkeypatch.setattr(folder_module, "MOST_OF_A_FOLDER", 3)
    for name in "ABCDE":
        place.write(f"{name}.csv", "nonsense")

    findings = read(place.open()).findings

    assert [f.code for f in findings] == ["no-header", "no-header", "more-findings"]
    assert findings[-1].count == 3


# --- the cache


def test_a_second_start_parses_nothing(place: Place) -> None:
    place.write("A.csv", HEAD + "2024-01-05,1000\n")
    place.write("B.csv", "nonsense")
    first = read(place.open())
    place.parsed.clear()

    second = read(place.open())

    assert place.parsed == []
    assert second.read == ()
    assert (second.instruments, second.findings, second.manifest) == (
        first.instruments, first.findings, first.manifest,
    )  # fmt: skip
    assert [w.code for w in second.instruments["A"].warnings] == ["split-like-jump"]


def test_a_second_start_parses_what_is_new(place: Place) -> None:
    place.write("A.csv")
    place.write("B.csv")
    read(place.open())
    place.append("B.csv", ANOTHER_DAY)
    place.parsed.clear()

    assert bars(read(place.open())) == {"A": 3, "B": 4}
    assert place.parsed == ["B.csv"]


def spoil_index(cache: Path) -> None:
    next(cache.glob("index-*.json")).write_bytes(b"{")


def make_index_another_version(cache: Path) -> None:
    path = next(cache.glob("index-*.json"))
    path.write_text(path.read_text().replace('"format":1', '"format":0'))


def cut_arrow(cache: Path) -> None:
    path = next(cache.glob("*.arrow"))
    path.write_bytes(path.read_bytes()[:-1])


def change_price(cache: Path) -> None:
    path = next(cache.glob("*.arrow"))
    path.write_bytes(path.read_bytes().replace(np.float64(101).tobytes(), np.float64(102).tobytes()))


def remove_arrow(cache: Path) -> None:
    next(cache.glob("*.arrow")).unlink()


@pytest.mark.parametrize(
    "damage",
    [spoil_index, make_index_another_version, cut_arrow, change_price, remove_arrow, shutil.rmtree],
)
def test_a_damaged_cache_is_made_again(place: Place, damage: Any) -> None:
    place.write("A.csv")
    first = read(place.open())
    damage(place.cache)
    place.parsed.clear()

    second = read(place.open())

    assert place.parsed == ["A.csv"]
    assert second.instruments == first.instruments
    assert ArrowPrices(manifest(second)).series("A").close.tolist() == [100, 101, 102]


def test_a_cache_that_vanishes_is_made_again_at_the_next_look(place: Place) -> None:
    place.write("A.csv")
    prices = place.open()
    read(prices)
    shutil.rmtree(place.cache)

    assert ArrowPrices(manifest(read(prices))).series("A").close.tolist() == [100, 101, 102]
    assert prices.read() is None


def test_a_cache_that_cannot_be_written_is_told_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.write("A.csv")
    place.cache.write_text("this is no folder")
    prices = place.open()

    snapshot = read(prices)

    assert (snapshot.manifest, dict(snapshot.instruments)) == (None, {})
    assert [f.code for f in snapshot.findings] == ["cache-not-writable"]
    monkeypatch.setattr(folder_module, "RETRY", 0)
    prices._retry_at = 0.0  # noqa: SLF001
    assert prices.read() is None
    place.cache.unlink()
    assert bars(read(prices)) == {"A": 3}


def test_a_disk_that_is_full_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    place.write("A.csv")
    prices = place.open()
    monkeypatch.setattr(Path, "write_bytes", full)

    snapshot = read(prices)

    assert [f.code for f in snapshot.findings] == ["cache-not-writable"]
    assert "No space left on device" in snapshot.findings[0].problem.en
    assert not list(place.cache.glob("*.tmp"))


def test_a_disk_that_fills_up_later_takes_no_prices_away(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    place.write("A.csv")
    prices = place.open()
    first = read(prices)
    place.append("A.csv", ANOTHER_DAY)
    prices.read()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        snapshot = read(prices)
    assert (snapshot.instruments, snapshot.manifest) == (first.instruments, first.manifest)
    assert [f.code for f in snapshot.findings] == ["cache-not-writable"]
    assert prices.read() is None  # not tried again at once
    prices._retry_at = 0.0  # noqa: SLF001

    after = read(prices)

    assert (bars(after), after.findings) == ({"A": 4}, ())


def test_two_processes_may_use_one_cache(place: Place) -> None:
    place.write("A.csv")
    one, other = place.open(), place.open()
    assert read(one).manifest == read(other).manifest
    place.append("A.csv", ANOTHER_DAY)
    place.write("B.csv")
    one.read()
    other.read()

    assert read(one).manifest == read(other).manifest


def test_two_folders_may_use_one_cache(place: Place, tmp_path: Path) -> None:
    place.write("A.csv")
    shutil.copytree(place.folder, tmp_path / "others")
    (tmp_path / "others" / "B.csv").write_text(HEAD)

    assert list(read(read_here(tmp_path / "others", place.cache)).instruments) == ["A", "B"]
    assert list(read(place.open()).instruments) == ["A"]
    place.parsed.clear()
    assert list(read(read_here(tmp_path / "others", place.cache)).instruments) == ["A", "B"]
    assert place.parsed == []


def test_what_nothing_refers_to_is_removed_after_a_day(place: Place) -> None:
    place.write("A.csv")
    prices = place.open()
    first = read(prices)
    place.append("A.csv", ANOTHER_DAY)
    prices.read()
    second = read(prices)
    files = {path.name for path in place.cache.iterdir()}
    index.remove_stale(place.cache)
    assert {path.name for path in place.cache.iterdir()} == files  # a job may use them

    for path in place.cache.glob("*"):
        if path != second.manifest:
            os.utime(path, (OLD, OLD))
    index.remove_stale(place.cache)

    kept = {path.name for path in place.cache.iterdir()}
    assert kept == files - {manifest(first).name, f"{first.instruments['A'].content}.arrow"}
    assert len(ArrowPrices(manifest(second)).series("A").dates) == 4


def test_a_manifest_lives_for_a_day_from_when_it_was_replaced(place: Place) -> None:
    place.write("A.csv")
    prices = place.open()
    first = manifest(read(prices))
    os.utime(first, (OLD, OLD))
    place.append("A.csv", ANOTHER_DAY)
    prices.read()
    read(prices)

    index.remove_stale(place.cache)

    assert ArrowPrices(first).series("A").close.tolist() == [100, 101, 102]


def test_a_day_in_the_future_is_looked_at_again_when_it_has_come(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.write("A.csv")
    monkeypatch.setattr(folder_module, "_today", lambda: date(2024, 1, 1))
    prices = place.open()
    assert [f.code for f in read(prices).findings] == ["impossible-date"]
    assert prices.read() is None

    monkeypatch.setattr(folder_module, "_today", lambda: date(2024, 1, 4) - timedelta(days=1))

    assert bars(read(prices)) == {"A": 3}


# --- what workers open


def owners(array: Any) -> Iterator[Any]:
    while array is not None:
        yield array
        array = array.obj if isinstance(array, memoryview) else getattr(array, "base", None)


def test_bars_are_mapped_not_copied(place: Place) -> None:
    place.write("A.csv", "Date,Open,Close\n2024-01-02,99,100\n2024-01-03,100,101\n2024-01-04,101,102\n")
    prices = ArrowPrices(manifest(read(place.open())))

    series = prices.series("A")

    assert series.dates.dtype == np.dtype("datetime64[D]")
    for array in series:
        assert not array.flags.owndata
        assert not array.flags.writeable
        assert "mmap" in {type(owner).__name__ for owner in owners(array)}
    with pytest.raises(ValueError, match="read-only"):
        series.close[0] = 1.0
    assert prices.series("A") is series  # opened once


def test_two_openings_share_one_mapped_file(place: Place) -> None:
    """What is changed in the file by another hand shows in both: they have no copies."""
    place.write("A.csv")
    snapshot = read(place.open())
    series = [ArrowPrices(manifest(snapshot)).series("A") for _ in range(2)]
    path = place.cache / f"{snapshot.instruments['A'].content}.arrow"
    at = path.read_bytes().index(np.float64(101).tobytes())
    for found in iter(lambda: path.read_bytes().find(np.float64(101).tobytes(), at), -1):
        with path.open("r+b") as file:
            file.seek(found)
            file.write(np.float64(555).tobytes())

    assert [each.close.tolist() for each in series] == [[100, 555, 102]] * 2


def test_arrow_files_can_be_read_by_others(place: Place) -> None:
    import polars as pl  # noqa: PLC0415

    place.write("A.csv")
    snapshot = read(place.open())

    frame = pl.read_ipc(place.cache / f"{snapshot.instruments['A'].content}.arrow")

    assert frame.columns == ["day", "open", "close"]
    assert frame["close"].to_list() == [100, 101, 102]


def test_a_file_that_was_cut_is_not_mapped(place: Place) -> None:
    """Reading beyond its end would end the process."""
    place.write("A.csv")
    snapshot = read(place.open())
    cut_arrow(place.cache)

    with pytest.raises(Damaged):
        ArrowPrices(manifest(snapshot)).series("A")


def test_the_manifest_has_all_that_is_known(place: Place) -> None:
    place.write("A.csv", HEAD + "2024-01-05,1000\n")
    snapshot = read(place.open())

    assert ArrowPrices(manifest(snapshot)).instruments() == snapshot.instruments
