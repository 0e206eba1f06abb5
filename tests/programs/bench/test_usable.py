"""The program of the rows `data.*`: what it says about a folder of prices, and about itself."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.services import ROOT
from tests.bench import resources
from tests.bench.prices import random_prices, write_files


@pytest.mark.long
@pytest.mark.skipif(not resources.AVAILABLE, reason="reads the memory from Linux's /proc")
def test_uses_a_folder_of_prices_and_tells_the_memory_of_both_processes(tmp_path: Path) -> None:
    write_files(tmp_path / "prices", random_prices(3, 300))

    for read in (3, 0):
        arguments = (str(tmp_path / "prices"), str(tmp_path / "cache"))
        command = [sys.executable, "-m", "tests.bench.usable", *arguments]
        result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
        usable, memory = map(json.loads, result.stdout.splitlines())

        assert usable == {"symbols": 3, "bars": 300, "read": read}
        assert 30 < memory["service"] < 300
        assert 30 < memory["worker"] <= memory["worker_resident"] <= memory["worker_peak"] < 300
