"""Files are read in a process of their own, which a damaged one may end."""

import errno
import random
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest

from services.backtest.price_files import reading_process
from services.backtest.price_files.arrow import CacheNotWritable
from services.backtest.price_files.reading import read_file
from services.backtest.price_files.reading_process import ReadingProcess

pytestmark = pytest.mark.long

DAYS = [date(2024, 1, 1) + timedelta(days=number) for number in range(30)]
TODAY = date(2024, 6, 1)


def parquet() -> bytes:
    file = BytesIO()
    closes = [float(number + 1) for number in range(30)]
    pl.DataFrame({"date": DAYS, "close": closes}).write_parquet(file)
    return file.getvalue()


def symbols(read: reading_process.Read) -> list[str]:
    return [each.instrument.symbol for each in read[0]]


def codes(read: reading_process.Read) -> list[str]:
    return [each.code for each in read[1]]


def test_another_process_reads_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(parquet())
    (tmp_path / "b.csv").write_text("Date,Close\n" + "".join(f"{day},7.5\n" for day in DAYS))
    (tmp_path / "c.csv").write_text("nothing of use")
    with ReadingProcess() as read:
        for name in ("a.parquet", "b.csv", "c.csv"):
            assert read(tmp_path / name, name, tmp_path, TODAY) == read_file(
                tmp_path / name, name, tmp_path, TODAY
            )


def test_damage_is_told_and_the_next_file_read(tmp_path: Path) -> None:
    """Some of these files end the process: a length that is stated in them is allocated as it is."""
    chance, path = random.Random(1), tmp_path / "a.parquet"
    with ReadingProcess() as read:
        for _ in range(200):
            content = bytearray(parquet())
            for _ in range(3):
                content[chance.randrange(len(content))] = chance.randrange(256)
            path.write_bytes(content)
            found = read(path, "a.parquet", tmp_path, TODAY)
            assert symbols(found) or codes(found)
        path.write_bytes(parquet())
        assert symbols(read(path, "a.parquet", tmp_path, TODAY)) == ["A"]


def test_a_process_that_is_killed_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    path.write_bytes(parquet())
    with ReadingProcess() as read:
        read(path, "a.parquet", tmp_path, TODAY)
        assert read._process is not None  # noqa: SLF001 - the one to kill
        read._process.kill()  # noqa: SLF001 - as above
        read._process.wait()  # noqa: SLF001 - as above
        assert codes(read(path, "a.parquet", tmp_path, TODAY)) == ["damaged-file"]
        assert symbols(read(path, "a.parquet", tmp_path, TODAY)) == ["A"]


def test_what_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_process, "LIMIT_SECONDS", 0.0)
    (tmp_path / "a.parquet").write_bytes(parquet())
    with ReadingProcess() as read:
        (finding,) = read(tmp_path / "a.parquet", "a.parquet", tmp_path, TODAY)[1]
    assert (finding.code, finding.file) == ("damaged-file", "a.parquet")
    assert "too long" in finding.problem.en


def test_a_cache_that_can_not_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(parquet())
    with ReadingProcess() as read, pytest.raises(CacheNotWritable) as error:
        read(tmp_path / "a.parquet", "a.parquet", tmp_path / "none", TODAY)
    assert error.value.errno == errno.ENOENT


def test_it_has_none_of_the_services_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONGODB_URI", "mongodb://me:secret@db")
    (tmp_path / "a.parquet").write_bytes(parquet())
    with ReadingProcess() as read:
        read(tmp_path / "a.parquet", "a.parquet", tmp_path, TODAY)
        assert read._process is not None  # noqa: SLF001 - the one to look at
        environment = Path(f"/proc/{read._process.pid}/environ")  # noqa: SLF001 - as above
        if environment.exists():
            assert b"secret" not in environment.read_bytes()
