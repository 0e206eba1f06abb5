"""The result of the benchmark: medians of all runs, and which bars are missed."""

import json
from pathlib import Path

from rich.console import Console

from tests.bench.figures import Bars, Figures, Row, rate_row, request_row, single_row
from tests.bench.report import Report

BARS = Bars(p50_floors=1.5, p99_ms=100, rate_share=0.7)
FLOOR = Figures(p50_ms=10, p99_ms=20, per_s=400)


def test_the_json_has_the_medians_of_all_runs(tmp_path: Path) -> None:
    report = Report(Console(quiet=True))
    for p99_ms in (130.0, 150.0):
        report.begin_run()
        report.add(
            request_row("session.create", 8, Figures(20, p99_ms, 200, cpu_ms={"kafka": 1.0}), FLOOR, BARS),
            request_row("completed", 1, Figures(20, 30, 200, failed=1, failure="[503]"), None, Bars()),
            single_row("stack.start", 7.0, "s", 10),
            rate_row("jobs.celery", 70.0, {"worker": 7.0, "client": 1.0}),
            rate_row("jobs.backchat / celery", 35.0, other_per_s=70.0, bar=1.0),
        )
    report.show(Row("not part of the result", value=1.0, unit="s"))
    report.write(tmp_path / "bench.json")

    rows = json.loads((tmp_path / "bench.json").read_text())
    names = ["session.create", "completed", "stack.start", "jobs.celery", "jobs.backchat / celery"]
    assert [row["name"] for row in rows] == names
    assert (rows[0]["p99_ms"], rows[0]["bar"], rows[0]["ok"], rows[0]["runs"]) == (140.0, 100, False, 2)
    assert (rows[1]["failed"], rows[2]["value"]) == (2, 7.0)
    assert [row.name for row in report.missed] == ["session.create", "jobs.backchat / celery"]
