"""How much is claimed at once, and how long the next backtest will take."""

from typing import Any

import pytest

from services.backtest.documents import read_entry
from services.backtest.domain.fair_queue import FairQueue
from services.backtest.domain.planning import estimate_seconds
from services.backtest.workload import MOST_AHEAD, REMEMBERED, Durations, WorkerWorkload
from services.chassis.jobs.workers import Ending, Workers
from services.chassis.settings import ServiceSettings
from tests.fakes import FakeQueue, Memory


@pytest.mark.parametrize(
    ("durations", "ahead", "workers", "seconds"),
    [
        ([], 0, 1, 1.0),
        ([2.0, 4.0], 0, 1, 3.0),
        ([3.0], 1, 1, 6.0),
        ([3.0], 1, 2, 3.0),
        ([3.0], 4, 2, 9.0),
        ([3.0], 5, 2, 9.0),
        ([3.0], 2, 0, 9.0),
    ],
)
def test_an_estimate_is_the_mean_run_time_times_the_rounds_before_its_end(
    durations: list[float], ahead: int, workers: int, seconds: float
) -> None:
    assert estimate_seconds(durations, ahead, workers) == seconds


def test_only_the_last_durations_count() -> None:
    durations = Durations([100.0])
    for _ in range(REMEMBERED):
        durations.remember(2.0)

    assert durations.estimate(0, 1) == 2.0


@pytest.mark.anyio
async def test_the_workload_estimates_from_what_comes_before() -> None:
    async def run(_claim: Any) -> Ending:
        raise AssertionError("the workers are not started")

    workers = Workers(FakeQueue(Memory(), read_entry), run, lambda: 2, ServiceSettings())
    workload = WorkerWorkload(workers, FairQueue(), Durations([4.0]), 2)
    assert workload.estimate_seconds(0.0) == 4.0
    for number in range(4):
        workload.announce(f"b-{number}", float(number))
    assert workload.estimate_seconds(9.0) == 12.0
    assert workload.estimate_seconds(-1.0) == 4.0
    assert workload.estimate_seconds(None) == 4.0  # it has left the queue


@pytest.mark.parametrize(
    ("seconds", "processes", "expected"),
    [(10.0, 2, 2), (0.1, 2, 2), (0.02, 1, 5), (0.02, 2, 10), (0.0001, 1, MOST_AHEAD), (0.02, 0, 0)],
)
def test_of_short_backtests_more_are_claimed_at_once(seconds: float, processes: int, expected: int) -> None:
    assert Durations([seconds]).at_once(processes) == expected


def test_nothing_is_claimed_ahead_behind_a_long_one() -> None:
    durations = Durations([0.001])
    assert durations.at_once(2, busy_seconds=0.09) == 2 * 10
    assert durations.at_once(2, busy_seconds=1.0) == 2
