"""The pool of worker processes: what runs together or alone, what ends a process, what a process loads."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from anyio import BrokenWorkerProcess, to_process

from backchat_contracts import BacktestConfig
from services.backtest.documents import result_document
from services.backtest.errors import JobError
from services.backtest.market_data import MarketReference
from services.backtest.market_data.sample import SampleMarketData
from services.backtest.output import Output
from services.backtest.process_pool import ProcessPool
from services.backtest.progress import ProgressFile, Stage
from services.backtest.simulation import simulate_config
from services.chassis.redaction import REDACTED, Redaction
from tests.builders import config
from tests.fake_market_data import DAYS, SYMBOL, write_package

ROOT = Path(__file__).parents[3]
CROSSOVER = {"type": "sma_crossover", "parameters": {"fast": 20, "slow": 50}}
SAMPLE = SampleMarketData()
SAMPLE_MARKET = MarketReference("sample")


@pytest.fixture
def _batches_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch hold all that waits: how many are short enough together depends on the machine."""
    monkeypatch.setattr("services.backtest.process_pool.BATCH_SECONDS", 60)


async def unreported(_stage: Stage) -> None:
    pass


class CountingPool(ProcessPool):
    """Has one process, and counts the calls into it."""

    def __init__(self) -> None:
        super().__init__(1, deadline_seconds=60, market=SAMPLE_MARKET)
        self.calls = 0

    async def _call(self, function: Any, *args: Any) -> Any:
        self.calls += 1
        return await super()._call(function, *args)


def side_by_side(pool: ProcessPool, *given: BacktestConfig) -> list[Any]:
    """Run two backtests one after the other, then those given at the same time: return results and errors."""

    async def run() -> list[Any]:
        async with pool.open():
            for _ in range(2):  # the first one waits for the simulator to be imported
                await pool.run(config(), unreported)
            return await asyncio.gather(
                *(pool.run(each, unreported) for each in given), return_exceptions=True
            )

    return asyncio.run(run())


def plain(output: Output) -> Any:
    """An output as values that can be compared."""
    return output.performance, output.warnings, result_document("id", output.result)


def here(**given: Any) -> Any:
    return plain(simulate_config(config(**given), SAMPLE))


def in_a_process(given: BacktestConfig, deadline_seconds: float = 60, market_data: str = "sample") -> Output:
    """Run a backtest in a worker process that has started already; it ends with the event loop."""

    async def run() -> Output:
        await to_process.run_sync(int)
        pool = ProcessPool(1, deadline_seconds, MarketReference(market_data))
        async with pool.open():
            result, _seconds = await pool.run(given, unreported)
        return result

    return asyncio.run(run())


def test_a_worker_process_gives_the_same_result() -> None:
    assert plain(in_a_process(config(**CROSSOVER))) == here(**CROSSOVER)


def test_what_a_worker_process_refuses_is_an_error_of_the_job() -> None:
    with pytest.raises(JobError, match="NOPE") as error:
        in_a_process(config(symbols=["NOPE"]))
    assert error.value.code == "engine-error"


@pytest.mark.long
def test_a_worker_process_takes_the_prices_of_the_chosen_provider(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_package(tmp_path, "pool_acme")
    monkeypatch.syspath_prepend(tmp_path)
    given = config(symbols=[SYMBOL], start_date="2020-01-01", end_date="2021-05-14")

    assert len(in_a_process(given, market_data="pool_acme").result.days) == DAYS
    with pytest.raises(JobError, match=f"covered: {SYMBOL}"):
        in_a_process(config(symbols=["AAPL"]), market_data="pool_acme")


ENVIRONMENT = """
import os
from services.backtest.market_data.sample import SampleMarketData

class Telling(SampleMarketData):
    def series(self, symbol):
        raise ValueError(f"{sorted(os.environ)} {os.environ['ACME_API_KEY']}")

provider = Telling
"""


def test_a_worker_process_gets_its_providers_variables_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_package(tmp_path, "telling")
    (tmp_path / "telling_prices.py").write_text(ENVIRONMENT)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("ACME_API_KEY", "acme-0123")
    monkeypatch.setenv("MONGODB_URI", "mongodb://me:secret@db")
    pool = ProcessPool(1, 60, MarketReference("telling"), ["ACME_API_KEY"], Redaction(["acme-0123"]))

    async def run() -> None:
        async with pool.open():
            await pool.run(config(), unreported)

    with pytest.raises(JobError, match="PATH") as error:
        asyncio.run(run())
    assert str(error.value).endswith(f"] {REDACTED}")
    assert "'ACME_API_KEY'" in str(error.value)
    assert "MONGODB_URI" not in str(error.value)
    assert os.environ["MONGODB_URI"] == "mongodb://me:secret@db"


def test_a_backtest_beyond_its_deadline_is_ended() -> None:
    with pytest.raises(JobError, match=r"0\.01 s") as error:  # importing the simulator takes longer
        in_a_process(config(), deadline_seconds=0.01)
    assert error.value.code == "deadline-exceeded"


@pytest.mark.long
@pytest.mark.usefixtures("_batches_of_all")
def test_short_backtests_that_wait_run_together_and_each_gets_its_own_outcome() -> None:
    pool = CountingPool()
    given = [config(commission_rate=number / 1000) for number in range(4)]
    *outcomes, refused = side_by_side(pool, *given, config(symbols=["NOPE"]))

    expected = [plain(simulate_config(each, SAMPLE)) for each in given]
    assert [plain(output) for output, _ in outcomes] == expected
    assert all(seconds > 0 for _, seconds in outcomes)
    assert isinstance(refused, JobError)
    assert "NOPE" in str(refused)
    assert pool.calls < 2 + len(given)


@pytest.mark.long
@pytest.mark.usefixtures("_batches_of_all")
def test_a_batch_whose_process_is_killed_runs_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKCHAT_FAULTS", str(tmp_path))
    (tmp_path / "simulation:deadly").write_text("kill")
    pool = CountingPool()
    first, killed, last = side_by_side(pool, config(), config(tags=["deadly"]), config())

    assert isinstance(killed, BrokenWorkerProcess)
    assert plain(first[0]) == plain(last[0]) == here()
    assert pool.calls == 2 + 1 + 3


@pytest.mark.long
@pytest.mark.usefixtures("_batches_of_all")
def test_a_batch_that_takes_too_long_runs_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.backtest.process_pool.BATCH_LIMIT_SECONDS", 0.3)
    monkeypatch.setenv("BACKCHAT_FAULTS", str(tmp_path))
    (tmp_path / "simulation:slow").write_text("sleep 0.5")
    pool = CountingPool()
    outcomes = side_by_side(pool, config(), config(tags=["slow"]), config())

    assert [plain(output) for output, _ in outcomes] == 3 * [here()]
    assert outcomes[1][1] > 0.5
    assert pool.calls == 2 + 1 + 3


async def workers_before_and_after(number: signal.Signals) -> tuple[int, int]:
    pool = ProcessPool(1, deadline_seconds=60, market=SAMPLE_MARKET)
    async with pool.open():
        await pool.run(config(), unreported)
        before = await to_process.run_sync(os.getpid)
        os.kill(before, number)
        await pool.run(config(), unreported)
        return before, await to_process.run_sync(os.getpid)


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_ends_no_worker_process(number: signal.Signals) -> None:
    before, after = asyncio.run(workers_before_and_after(number))
    assert before == after


async def cancelled_in_a_batch() -> tuple[Any, float]:
    pool = CountingPool()
    async with pool.open():
        for _ in range(2):
            await pool.run(config(), unreported)
        jobs = [asyncio.create_task(pool.run(config(), unreported)) for _ in range(4)]
        await asyncio.sleep(0)
        for job in jobs[:3]:
            job.cancel()
        outcomes = await asyncio.gather(*jobs, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in outcomes[:3])
        return outcomes[3], pool.busy_seconds()


@pytest.mark.long
@pytest.mark.usefixtures("_batches_of_all")
def test_cancelled_backtests_leave_the_others_and_the_slot_alone() -> None:
    (result, _), busy = asyncio.run(cancelled_in_a_batch())
    assert plain(result) == here()
    assert busy == 0.0


async def cancelled_while_it_runs_alone(pool: ProcessPool) -> tuple[float, int, int]:
    """Return for how long the slot was busy, and the ids of the processes before and after."""
    async with pool.open():
        await pool.run(config(), unreported)
        before = await to_process.run_sync(os.getpid)
        reported = asyncio.Event()

        async def report(_stage: Stage) -> None:
            reported.set()

        job = asyncio.create_task(pool.run(config(tags=["endless"]), report))
        await reported.wait()
        busy = pool.busy_seconds()
        job.cancel()
        await pool.run(config(), unreported)
        return busy, before, await to_process.run_sync(os.getpid)


@pytest.mark.long
def test_cancelling_a_long_backtest_kills_its_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKCHAT_FAULTS", str(tmp_path))
    (tmp_path / "simulation:endless").write_text("sleep 600")
    pool = CountingPool()
    busy, before, after = asyncio.run(cancelled_while_it_runs_alone(pool))
    assert busy > 0.9
    assert before != after
    assert pool.calls == 3


async def progress_of(given: dict[str, Any]) -> list[Stage]:
    pool = ProcessPool(1, deadline_seconds=60, market=SAMPLE_MARKET)
    stages: list[Stage] = []

    async def report(stage: Stage) -> None:
        stages.append(stage)

    async with pool.open():
        await pool.run(config(), unreported)
        await pool.run(given, report)
    return stages


@pytest.mark.long
def test_a_long_backtest_reports_its_stage_every_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKCHAT_FAULTS", str(tmp_path))
    (tmp_path / "simulation:slow").write_text("sleep 2.5")
    stages = asyncio.run(progress_of(config(tags=["slow"])))
    assert stages == 2 * [Stage(0.2, "simulation")]


async def measured_by_warming_up(market_data: str) -> list[float]:
    pool = ProcessPool(2, deadline_seconds=60, market=MarketReference(market_data))
    measured: list[float] = []
    async with pool.open():
        await pool.warm_up(measured.append)
    return measured


@pytest.mark.long
def test_warming_up_measures_a_backtest_in_every_process() -> None:
    measured = asyncio.run(measured_by_warming_up("sample"))
    assert len(measured) == 2
    assert all(seconds > 0 for seconds in measured)


@pytest.mark.long
def test_processes_that_can_not_be_warmed_up_are_left_to_the_first_backtest() -> None:
    assert asyncio.run(measured_by_warming_up("nowhere")) == []


async def interrupted(pool: ProcessPool) -> None:
    async with pool.open():
        raise RuntimeError("stop")


def test_what_ends_the_service_comes_out_of_the_pool_as_it_is() -> None:
    with pytest.raises(RuntimeError, match="stop"):
        asyncio.run(interrupted(ProcessPool(1, deadline_seconds=60, market=SAMPLE_MARKET)))


def test_without_processes_nothing_is_busy() -> None:
    assert ProcessPool(0, deadline_seconds=60, market=SAMPLE_MARKET).busy_seconds() == 0.0


@pytest.mark.long
def test_the_functions_of_a_worker_process_write_the_stages_and_return_every_outcome(tmp_path: Path) -> None:
    """Called in a process of their own: they change its signal handlers."""
    program = """if True:
        import sys
        from pathlib import Path
        from services.backtest.market_data import MarketReference
        from services.backtest.worker_process import Impossible, run_backtests
        from tests.builders import config
        good, bad = (config(symbols=[symbol]) for symbol in ("AAPL", "NOPE"))
        path = Path(sys.argv[1])
        result, impossible = run_backtests(MarketReference("sample"), [good, bad], path)
        assert len(result.result.fills.bar)
        assert isinstance(impossible, Impossible), impossible
    """
    path = tmp_path / "progress"
    subprocess.run([sys.executable, "-c", program, path], cwd=ROOT, check=True, timeout=60)
    assert ProgressFile(path).read() == Stage(0.0, "prices")  # as far as the second one came


def test_a_worker_process_loads_nothing_of_the_service() -> None:
    """It runs the service's `__main__.py` under another name, then the functions that the pool calls."""
    program = """if True:
        import runpy, sys
        runpy.run_path("services/backtest/__main__.py", run_name="__mp_main__")
        import services.backtest.worker_process
        import services.backtest.simulation
        loaded = {"aiokafka", "faststream", "motor", "structlog"} & sys.modules.keys()
        assert not loaded, loaded
    """
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)
