"""A large folder of prices in processes of their own: time, memory, and what is shared."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl
import pytest

from deploy.services import ROOT

pytestmark = pytest.mark.long

SYMBOLS: Final = 500
DAYS: Final = 2_520
FIRST_SECONDS, NEXT_SECONDS = 40.0, 8.0
"""Four times the limits of `make bench`, which measures on a machine without other work."""
SERVICE_MEGABYTES, WORKER_MEGABYTES = 300, 250

# The peak of this program alone: `ru_maxrss` also has that of the process that started it.
PEAK = """
def peak():
    from pathlib import Path
    if not Path("/proc/self/status").exists():
        return 0
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
"""
READ = f"""{PEAK}
if True:
    import json, sys, time
    from pathlib import Path
    begin = time.monotonic()
    from services.backtest.price_files.folder import PriceFolder
    snapshot = PriceFolder(Path(sys.argv[1]), Path(sys.argv[2])).read()
    print(json.dumps({{
        "seconds": time.monotonic() - begin,
        "megabytes": peak(),
        "instruments": len(snapshot.instruments),
        "findings": len(snapshot.findings),
        "read": len(snapshot.read),
        "manifest": str(snapshot.manifest),
        "polars": "polars" in sys.modules,
    }}))
"""
OPEN = f"""{PEAK}
if True:
    import json, sys
    from pathlib import Path
    from services.backtest.price_files.prices import ArrowPrices
    prices = ArrowPrices(Path(sys.argv[1]))
    total = sum(float(prices.series(symbol).close.sum()) for symbol in prices.instruments())
    print(json.dumps({{
        "total": total,
        "files": len(list(Path("/proc/self/fd").iterdir())) if Path("/proc").exists() else 0,
        "megabytes": peak(),
        "heavy": sorted({{"polars", "numba", "pandas"}} & sys.modules.keys()),
    }}))
"""


def run(program: str, *arguments: Path | str) -> Any:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "contracts")])}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, timeout=100, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def write_folder(folder: Path, symbols: int, days: int) -> pl.DataFrame:
    """Write random walks as Yahoo exports them, a file each; return all of them as one long table."""
    random = np.random.default_rng(1)
    dates = np.busday_offset("2014-01-02", np.arange(days), roll="forward")
    folder.mkdir()
    frames = []
    for number in range(symbols):
        close = 100 * np.exp(np.cumsum(random.normal(0, 0.01, days)))
        opens = close * np.exp(random.normal(0, 0.004, days))
        frame = pl.DataFrame(
            {
                "Date": dates,
                "Open": opens.round(2),
                "High": (np.maximum(opens, close) * 1.004).round(2),
                "Low": (np.minimum(opens, close) * 0.996).round(2),
                "Close": close.round(2),
                "Adj Close": (close * 0.9).round(2),
                "Volume": random.integers(100_000, 10_000_000, days),
            }
        )
        frame.write_csv(folder / f"S{number:03}.csv")
        frames.append(frame.select(pl.lit(f"S{number:03}").alias("Symbol"), pl.all()))
    return pl.concat(frames)


def test_a_process_that_only_opens_prices_loads_no_parser(tmp_path: Path) -> None:
    table = write_folder(tmp_path / "prices", 3, 100)
    first = run(READ, tmp_path / "prices", tmp_path / "cache")
    again = run(READ, tmp_path / "prices", tmp_path / "cache")

    opened = run(OPEN, first["manifest"])

    assert (first["read"], again["read"], again["manifest"]) == (3, 0, first["manifest"])
    assert (first["polars"], again["polars"]) == (False, False)  # a process of its own has it
    assert opened["heavy"] == []
    assert opened["total"] == pytest.approx(table["Adj Close"].sum())


def test_two_processes_read_one_folder_into_one_cache_at_once(tmp_path: Path) -> None:
    write_folder(tmp_path / "prices", 20, 500)
    command = [sys.executable, "-c", READ, str(tmp_path / "prices"), str(tmp_path / "cache")]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(2)]

    told = [json.loads(process.communicate(timeout=60)[0]) for process in both]

    assert told[0]["manifest"] == told[1]["manifest"]
    assert [each["instruments"] for each in told] == [20, 20]
    assert not list((tmp_path / "cache").glob("*.tmp"))


def test_five_hundred_symbols_of_ten_years_are_read_in_time(tmp_path: Path) -> None:
    table = write_folder(tmp_path / "prices", SYMBOLS, DAYS)

    first = run(READ, tmp_path / "prices", tmp_path / "cache")
    again = run(READ, tmp_path / "prices", tmp_path / "cache")
    opened = run(OPEN, first["manifest"])

    print(first, again, opened)  # noqa: T201 - figures for docs/measurements.md
    assert (first["instruments"], first["findings"], first["read"]) == (SYMBOLS, 0, SYMBOLS)
    assert (again["instruments"], again["findings"], again["read"]) == (SYMBOLS, 0, 0)
    assert first["seconds"] <= FIRST_SECONDS
    assert again["seconds"] <= NEXT_SECONDS
    assert first["megabytes"] <= SERVICE_MEGABYTES
    assert opened["megabytes"] <= WORKER_MEGABYTES
    assert opened["files"] < SYMBOLS + 100  # of the 1,024 that a process often has
    assert opened["total"] == pytest.approx(table["Adj Close"].sum())


@pytest.mark.parametrize("layout", ["long.csv", "wide.csv", "long.parquet"])
def test_one_large_file_is_read_in_time(tmp_path: Path, layout: str) -> None:
    table = write_folder(tmp_path / "many", SYMBOLS, DAYS)
    (tmp_path / "prices").mkdir()
    path = tmp_path / "prices" / layout
    if layout == "long.csv":
        table.sort("Date", "Symbol").write_csv(path)
    elif layout == "long.parquet":
        table.sort("Date", "Symbol").write_parquet(path)
    else:
        table.pivot("Symbol", index="Date", values="Adj Close").write_csv(path)

    first = run(READ, tmp_path / "prices", tmp_path / "cache")

    print(first)  # noqa: T201 - figures for docs/measurements.md
    assert (first["instruments"], first["findings"]) == (SYMBOLS, 0)
    assert first["seconds"] <= FIRST_SECONDS
    assert first["megabytes"] <= SERVICE_MEGABYTES
    assert run(OPEN, first["manifest"])["total"] == pytest.approx(table["Adj Close"].sum())
