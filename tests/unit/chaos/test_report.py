"""The figures of a chaos run, and its folder."""

import json
from pathlib import Path

import pytest

from deploy.embedded.errors import UnusableError
from tests.chaos.check import Finding
from tests.chaos.folder import run_folder
from tests.chaos.report import Outcome, write


def test_each_job_counts_once_however_many_findings_it_has(tmp_path: Path) -> None:
    findings = (Finding("lost", "a", "x"), Finding("lost", "a", "y"), Finding("order", "a", "z"))
    outcome = Outcome(5, 3, 1, 1, 9, 1.25, 7, 4, 2, ("b",), ("sent",), findings)
    write(tmp_path / "chaos.json", outcome, {"kafka": "embedded"})
    written = json.loads((tmp_path / "chaos.json").read_text())
    jobs = {"accepted": 5, "completed": 3, "failed": 1, "cancelled": 1, "lost": 1, "duplicated": 0}
    rest = {"restarts": 9, "longest_unavailability": 1.2, "seed": 7, "faults": 4, "otherwise_wrong": 1}
    rest |= {"failed_unplanned": 1, "ended_by_watchdog": 2, "points_unreached": 1}
    assert written == {**jobs, **rest, "kafka": "embedded"}
    assert not outcome.good


def test_a_run_empties_no_folder_but_its_own(tmp_path: Path) -> None:
    output = tmp_path / "docs.json"
    (tmp_path / "docs").mkdir()
    folder = run_folder(output)
    (folder / "stack.log").touch()
    assert run_folder(output) == folder == tmp_path / "docs-run"
    assert not (folder / "stack.log").exists()
    assert (tmp_path / "docs").is_dir()

    foreign = tmp_path / "mine-run" / "diary"
    foreign.parent.mkdir()
    foreign.touch()
    with pytest.raises(UnusableError, match="not a folder of a run"):
        run_folder(tmp_path / "mine.json")
    assert foreign.exists()
