"""The arithmetic of the benchmark: percentiles, bursts, ratios to the floor, bars, medians of runs."""

from collections.abc import Sequence

import pytest

from tests.bench import scenarios
from tests.bench.errors import BenchError
from tests.bench.figures import (
    Bars,
    Burst,
    Figures,
    Row,
    combine,
    faster_row,
    linear_rows,
    median_rows,
    percentile,
    rate_row,
    request_row,
    single_row,
)
from tests.bench.jobs.rates import BARS as JOB_BARS
from tests.bench.jobs.rates import Batch, rate_of
from tests.bench.load import Tally

BARS = Bars(p50_floors=1.5, p99_ms=100, rate_share=0.7)
FLOOR = Figures(p50_ms=10, p99_ms=20, per_s=400)


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7.0], 0.5, 7.0),
        ([7.0], 0.99, 7.0),
        ([4.0, 1.0, 3.0, 2.0], 0.5, 2.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        (list(range(1, 101)), 0.99, 99),
        (list(range(1, 102)), 0.99, 100),
        (list(range(1, 101)), 1.0, 100),
        (list(range(1, 101)), 0.0, 1),
    ],
)
def test_a_percentile_is_one_of_the_values(values: Sequence[float], share: float, expected: float) -> None:
    assert percentile(values, share) == expected


def test_bursts_are_summed_up_by_their_medians_and_the_p99_of_all_requests() -> None:
    bursts = [
        Burst([1.0] * 98 + [50.0] * 2, per_s=100, asked=100, failed=1, cpu_seconds=0.01),
        Burst([9.0] * 100, per_s=10, asked=100, failed=2, failure="503", cpu_seconds=0.02),
        Burst([2.0] * 100, per_s=90, asked=100, cpu_seconds=0.03),
    ]
    cpu = [{"gateway": 0.1}, {"gateway": 0.3, "kafka": 0.3}, {}]

    figures = combine(bursts, cpu)

    assert figures == Figures(2.0, 9.0, 90, 3, "503", {"gateway": 400 / 300, "kafka": 1.0, "load": 0.2})


def test_a_burst_without_an_answer_gives_no_figure() -> None:
    with pytest.raises(BenchError, match=r"no request was answered in time: 503 'busy'"):
        combine([Burst([1.0], per_s=1), Burst([], per_s=0, failed=9, failure="503 'busy'")])


def test_a_latency_counts_from_its_begin_and_throughput_by_the_end() -> None:
    tally = Tally(begin=10.0, end=20.0)
    for began, ended in ((9.0, 9.5), (9.5, 10.5), (11.0, 12.0), (19.0, 21.0), (20.0, 20.5)):
        tally.note(began, ended, "")
    tally.note(12.0, 13.0, "503")

    assert tally.latencies_ms == [1000.0, 2000.0]
    assert (tally.done, tally.asked, tally.failed, tally.failure) == (2, 6, 1, "503")


@pytest.mark.parametrize(
    ("clients", "figures", "ratio", "bar", "ok"),
    [
        (1, Figures(15, 900, 1), 1.5, 1.5, True),
        (1, Figures(15.1, 1, 900), 1.51, 1.5, False),
        (8, Figures(900, 100, 1), 1.0, 100, True),
        (8, Figures(1, 101, 900), 1.01, 100, False),
        (32, Figures(900, 900, 280), 0.7, 0.7, True),
        (32, Figures(1, 1, 276), 0.69, 0.7, False),
        (1, Figures(1, 1, 900, failed=1, failure="503"), 0.1, 1.5, False),
    ],
)
def test_a_request_is_compared_with_its_floor_and_its_bar(
    clients: int, figures: Figures, ratio: float, bar: float, *, ok: bool
) -> None:
    row = request_row("session.create", clients, figures, FLOOR, BARS)

    assert row.ratio == pytest.approx(ratio)
    assert (row.bar, row.ok, row.failed) == (bar, ok, figures.failed)
    assert (row.p50_ms, row.p99_ms, row.per_s) == (figures.p50_ms, figures.p99_ms, figures.per_s)
    assert (row.floor_p50_ms, row.floor_per_s) == (10, 400)


@pytest.mark.parametrize(("clients", "ratio"), [(1, 2.0), (8, None), (32, 0.5)])
def test_without_a_bar_there_is_no_verdict(clients: int, ratio: float | None) -> None:
    row = request_row("backtest.get", clients, Figures(20, 30, 200), FLOOR, Bars())

    assert (row.ratio, row.bar, row.ok) == (ratio, None, None)


def test_without_a_floor_there_is_no_ratio() -> None:
    row = request_row("backtest.completed", 32, Figures(20, 30, 200), None, Bars())

    assert (row.ratio, row.floor_p50_ms, row.floor_per_s, row.ok) == (None, None, None, None)


def test_a_single_value_is_compared_with_its_limit() -> None:
    assert single_row("stack.idle", 35.0, "% of a core", 35).ok is True
    missed = single_row("stack.memory", 880.0, "MB", 800)

    assert (missed.ok, missed.ratio, missed.value, missed.p50_ms) == (False, 1.1, 880.0, None)
    assert single_row("engine.2x10y", 0.2, "ms", 0.3).p50_ms == 0.2


@pytest.mark.parametrize(
    ("other", "bar", "ratio", "ok"),
    [
        (100.0, 1.0, 1.2, True),
        (120.0, 1.0, 1.0, True),
        (240.0, 1.0, 0.5, False),
        (130.0, 0.9, 120 / 130, True),
        (None, None, None, None),
    ],
)
def test_a_rate_of_jobs_is_compared_with_another_system(
    other: float | None, bar: float | None, ratio: float | None, *, ok: bool | None
) -> None:
    row = rate_row("jobs.backchat", 120.0, {"backtest": 5.0}, other, bar)

    assert row.ratio == (None if ratio is None else pytest.approx(ratio))
    assert (row.bar, row.ok, row.value, row.per_s, row.clients) == (bar, ok, 120.0, 120.0, None)


def test_batches_of_jobs_give_their_median_rate_and_all_their_processor_time() -> None:
    batches = [
        Batch(100, 1.0, {"worker": 1.0, "client": 0.1}),
        Batch(100, 10.0, {"worker": 3.0, "client": 0.1}),
        Batch(100, 2.0, {"worker": 2.0, "redis": 0.3}),
    ]

    rate = rate_of(batches)

    assert rate.per_s == 50
    assert rate.cpu_ms == pytest.approx({"worker": 20, "client": 2 / 3, "redis": 1})


def requested(p50_ms: float, floor_ms: float, failed: int = 0) -> Row:
    figures = Figures(p50_ms, 30.0, 200.0, failed, "503" if failed else "", {"gateway": p50_ms})
    return request_row("session.create", 1, figures, Figures(floor_ms, 20.0, 400.0), BARS)


def test_of_several_runs_the_median_of_each_runs_own_ratio_is_judged() -> None:
    runs = [[requested(16.0, 10.0)], [requested(28.0, 20.0)], [requested(60.0, 30.0)]]

    (row,) = median_rows(runs)

    assert (row.ratio, row.ok, row.runs) == (1.6, False, 3)  # of 1.6, 1.4 and 2.0, not 28 / 20
    assert (row.p50_ms, row.floor_p50_ms, row.cpu_ms) == (28.0, 20.0, {"gateway": 28.0})
    (row,) = median_rows([*runs, [requested(12.0, 10.0)], [requested(13.0, 10.0)]])
    assert (row.ratio, row.ok, row.runs) == (1.4, True, 5)


def test_a_request_that_failed_in_one_run_meets_no_bar() -> None:
    (row,) = median_rows(
        [[requested(10.0, 10.0)], [requested(10.0, 10.0)], [requested(10.0, 10.0, failed=1)]]
    )

    assert (row.ratio, row.failed, row.failure, row.ok) == (1.0, 1, "503", False)


def test_a_row_is_known_by_its_name_and_its_number_of_clients() -> None:
    idle, start = single_row("stack.idle", 30.0, "% of a core", 35), single_row("stack.start", 7.0, "s", 10)
    alone, many = (request_row("get", clients, FLOOR, None, Bars()) for clients in (1, 32))

    rows = median_rows([[idle, alone, many, start], [idle, alone]])  # the second run was stopped

    assert [(row.name, row.clients, row.runs) for row in rows] == [
        ("stack.idle", None, 2),
        ("get", 1, 2),
        ("get", 32, 1),
        ("stack.start", None, 1),
    ]


@pytest.mark.parametrize(("kafka", "p50_floors"), [("embedded", 1.6), ("apache", 2.0)])
def test_the_bars_are_those_agreed_upon(kafka: str, p50_floors: float) -> None:
    measured = (scenarios.CREATE, scenarios.COMPARE, scenarios.TRIGGER)
    agreed = [(each.name, each.floor, each.bars_on(kafka)) for each in measured]  # type: ignore[arg-type]

    assert agreed == [
        ("session.create", "insert", Bars(p50_floors, 100, 0.65)),
        ("compare.debug", "find", Bars(p50_floors, 200, 0.65)),
        ("backtest.trigger", "insert", Bars(2.6, 500, 0.5)),
    ]
    assert JOB_BARS == {"celery": 1.0, "taskiq": 0.9}


def test_another_engine_must_take_a_number_of_times_as_long() -> None:
    row = faster_row("engine / vectorbt", 2.0, 90.0, 40)
    assert (row.value, row.unit, row.ratio, row.ok) == (45.0, "times as fast", 45.0, True)
    assert faster_row("engine / vectorbt", 2.0, 78.0, 40).ok is False


def test_a_cost_is_linear_if_each_costs_as_much_at_the_largest_size() -> None:
    _, linear = linear_rows("engine.slope.bars", [10, 100, 200], [2.0, 10.0, 21.0])
    assert (linear.name, linear.value, linear.ok) == ("engine.slope.bars at 200", pytest.approx(1.05), True)
    _, linear = linear_rows("engine.slope.bars", [10, 100, 200], [2.0, 10.0, 41.0])
    assert (linear.value, linear.ok) == (pytest.approx(2.05), False)


def test_a_slope_is_that_of_the_least_squares_without_what_any_size_costs() -> None:
    slope, _ = linear_rows("engine.slope.bars", [10, 100, 200], [3.0, 12.0, 22.0])
    assert (slope.value, slope.unit, slope.ok) == (pytest.approx(100.0), "us each", None)
