"""The figures of a chaos run."""

import json
from pathlib import Path

from tests.chaos.check import Finding
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
