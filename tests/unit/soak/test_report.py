"""The verdict of a soak run, and what it reads in the log."""

from pathlib import Path

import pytest

from tests.chaos.check import Finding
from tests.soak.report import Outcome, trends_of
from tests.soak.run import read_log
from tests.soak.sampler import Sample, Usage


def outcome(
    memory: float = 0.0, tasks: float = 0.0, findings: tuple[Finding, ...] = (), minutes: int = 12
) -> Outcome:
    """Return a run in which a process grows by so much in a minute."""
    samples = [
        Sample(
            60.0 * minute,
            {"gateway": Usage(1, 60 + memory * minute, 20, 6, int(20 + tasks * minute))},
            {"session": 10.0},
            0,
        )
        for minute in range(minutes)
    ]
    return Outcome(samples, trends_of(samples), {"answered": 5}, {}, {"completed": 3}, {}, findings)


def test_a_run_without_growth_and_findings_is_good() -> None:
    assert outcome().wrong == []
    assert outcome(memory=0.9, tasks=1).wrong == []


def test_growth_and_findings_make_it_fail() -> None:
    assert outcome(memory=1.1).wrong == ["the memory of gateway grows"]
    assert outcome(tasks=9).wrong == ["the tasks of gateway grows"]
    assert outcome(findings=(Finding("lost", "a", "it is still running"),)).wrong == [
        "lost a: it is still running"
    ]


def test_a_short_run_judges_no_growth_and_says_so() -> None:
    short = outcome(memory=50, minutes=8)
    assert (short.wrong, short.judged) == ([], False)


def test_a_series_is_told_from_the_end_of_the_warm_up_on() -> None:
    (memory,) = (trend for trend in outcome(memory=2).trends if trend.quantity == "memory")
    assert (memory.first, memory.last, memory.per_minute, memory.grows) == (70, 82, pytest.approx(2), True)


def test_the_log_tells_of_warnings_and_of_programs_that_ended(tmp_path: Path) -> None:
    log = tmp_path / "stack.log"
    stopped = "[warning] job stopped: it has ended, or its lease is lost fence=1"
    lines = [
        "gateway  | 2026-11-26T01:46:39Z [info] started service=gateway",
        f"backtest | 2026-11-26T01:46:39Z {stopped} job=a",
        f"backtest | 2026-11-26T01:46:40Z {stopped} job=b",
        "compare  | 2026-11-26T01:46:41Z [error] outbox failed, trying again",
        "stack    | kafka has 71 MB, more than 64: it starts again, empty",
        "stack    | kafka ended (exit code 0), next start in 0.2 s",
        "stack    | compare ended (SIGKILL), next start in 0.2 s",
        "stack    | kafka ended (SIGKILL), next start in 0.2 s",
    ]
    log.write_text("\n".join(lines))
    logged, ended = read_log(log)
    assert logged == {
        "warning: job stopped: it has ended, or its lease is lost": 2,
        "error: outbox failed, trying again": 1,
    }
    assert ended == [line for line in lines if "SIGKILL" in line]
