"""The packages of the how-to pages: built, installed beside Backchat, and used by a backtest."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from deploy.services import ROOT
from tests.programs.how_to.pages import FOLDER, changes

pytestmark = pytest.mark.long

PAGES = ("add-a-strategy", "add-a-data-provider")
DAYS = [f"2024-01-{day:02}" for day in range(1, 31)]
CLOSES = [*(100.0 - number for number in range(20)), *(81.0 + number for number in range(10))]
"""From 100 down to 81 and up again, by 1 a day."""

USE = """
import asyncio

import acme_rules  # before ours, as its own tests do

from services.backtest.domain.work import parameters_hash
from services.backtest.market_data import MarketReference
from services.backtest.process_pool import ProcessPool
from services.backtest.views import view_strategy_types
from tests.builders import config


async def unreported(_stage):
    pass


async def run():
    pool = ProcessPool(1, 60, MarketReference("acme"), ["ACME_DATABASE"])
    async with pool.open():
        output, _seconds = await pool.run(asked, unreported)
    return output


(dip,) = [each for each in view_strategy_types().data if each.type == "dip"]
assert (dip.title.en, dip.needed_bars) == ("Buy the dip", 20)
parameters = {"window": 5}
asked = config(
    type="dip", parameters=parameters, symbols=["ACME"], start_date="2024-01-01", end_date="2024-01-30"
)
output = asyncio.run(run())
assert output.result.symbols == ("ACME",)
days = [str(day) for day in output.result.days[output.result.fills.bar]]
assert days == ["2024-01-06", "2024-01-23"], days  # after the first average, and a close above it
assert output.provenance.parameters_hash == parameters_hash(asked)
print(output.provenance.parameters_hash)
"""
KERNEL = """
import numpy as np

from services.backtest.domain.indicators import compiled


@compiled
def total(values):
    found = 0.0
    for value in values:
        found += value
    return found
"""
USE_KERNEL = "import numpy; from acme_kernels import total; assert total(numpy.ones(5)) == 5.0"


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages as the pages show them."""
    folder = tmp_path_factory.mktemp("sources")
    for page in PAGES:
        for change in changes((FOLDER / f"{page}.md").read_text(encoding="utf-8")):
            if change.path.startswith("acme-"):
                change.make(folder)
    return folder


def install(sources: Path, target: Path) -> Path:
    """Install the packages into a folder, from their sources alone."""
    options = ("--no-index", "--no-build-isolation", "--no-deps", "--quiet", "--target", str(target))
    packages = [str(sources / name) for name in ("acme-rules", "acme-prices")]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install"]
    if not find_spec("pip"):  # uv has made this environment
        pip = ["uv", "pip", "install", "--python", sys.executable]
    subprocess.run([*pip, *options, *packages], check=True, capture_output=True, timeout=60)
    return target


@pytest.fixture(scope="module")
def installed(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install(sources, tmp_path_factory.mktemp("site"))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("prices") / "prices.sqlite"
    rows = [("ACME", day, close, close) for day, close in zip(DAYS, CLOSES, strict=True)]
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("CREATE TABLE prices (symbol, day, open, close)")
        opened.executemany("INSERT INTO prices VALUES (?, ?, ?, ?)", rows)
    return path


def python(site: Path, *arguments: str, **env: str) -> CompletedProcess[str]:
    """Run Python in the tree, beside the installed packages."""
    path = os.pathsep.join(map(str, (ROOT, ROOT / "contracts", site)))
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": path, **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def use(site: Path, database: Path) -> str:
    """Run a backtest of the strategy on the prices in a worker process; return its `parameters_hash`."""
    done = python(site, "-c", USE, ACME_DATABASE=str(database))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_backtest_runs_the_strategy_on_the_prices_of_another_version_too(
    sources: Path, installed: Path, database: Path, tmp_path: Path
) -> None:
    newer = shutil.copytree(sources, tmp_path / "newer")
    project = newer / "acme-rules" / "pyproject.toml"
    project.write_text(project.read_text().replace('version = "1.0"', 'version = "1.1"'))

    first = use(installed, database)
    other = use(install(newer, tmp_path / "site"), database)

    assert first != other


def test_a_package_can_compile_a_kernel_of_its_own(installed: Path) -> None:
    (installed / "acme_kernels.py").write_text(KERNEL)
    done = python(installed, "-c", USE_KERNEL)
    assert done.returncode == 0, done.stderr


def test_what_can_not_be_used_ends_the_start_of_the_service_with_a_line_each(
    sources: Path, tmp_path: Path
) -> None:
    site = install(sources, tmp_path / "site")
    (site / "acme_rules.py").write_text("import scipy_of_acme")

    done = python(site, "-m", "services.backtest", MARKET_DATA="acme", MARKET_DATA_ENV="ACME_DATABASE")

    assert done.returncode == 2
    missing = "ModuleNotFoundError: No module named 'scipy_of_acme'"
    assert done.stderr.splitlines() == [
        f"backchat.strategies: acme-rules 1.0: dip = acme_rules:Dip: {missing}",
        "MARKET_DATA: acme_prices:provider: KeyError: 'ACME_DATABASE'",
    ]
