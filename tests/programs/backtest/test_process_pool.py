"""The worker processes that run backtests: results, errors, deadlines, kills and signals."""

import asyncio
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from anyio import BrokenWorkerProcess, to_process

from services.backtest.engine import ProcessEngine
from services.backtest.errors import JobError
from services.backtest.progress import Stage
from services.backtest.simulation import simulate_config
from tests.builders import config

CROSSOVER = {"type": "sma_crossover", "parameters": {"fast": 20, "slow": 50}}


def stored(**given: Any) -> dict[str, Any]:
    return config(**given).model_dump(mode="json")


async def unheard(_stage: Stage) -> None:
    """Nobody listens."""


class CountingEngine(ProcessEngine):
    """Counts the calls to its process."""

    def __init__(self) -> None:
        super().__init__(1, deadline_seconds=60)
        self.calls = 0

    async def _call(self, function: Any, *args: Any) -> Any:
        self.calls += 1
        return await super()._call(function, *args)


def side_by_side(engine: ProcessEngine, *given: dict[str, Any]) -> list[Any]:
    """Run one backtest, then those given at the same time: return results and errors."""

    async def run() -> list[Any]:
        async with engine.open():
            for _ in range(2):  # the first one waits for the simulator to be imported
                await engine.run(stored(), unheard)
            return await asyncio.gather(
                *(engine.run(each, unheard) for each in given), return_exceptions=True
            )

    return asyncio.run(run())


def in_a_process(given: dict[str, Any], deadline_seconds: float = 60) -> dict[str, Any]:
    """Run a backtest in a worker process that has started already; it ends with the event loop."""

    async def run() -> dict[str, Any]:
        await to_process.run_sync(int)
        engine = ProcessEngine(1, deadline_seconds)
        async with engine.open():
            result, _seconds = await engine.run(given, unheard)
        return result

    return asyncio.run(run())


def test_a_worker_process_gives_the_same_result() -> None:
    assert in_a_process(stored(**CROSSOVER)) == simulate_config(stored(**CROSSOVER))


def test_what_a_worker_process_refuses_is_an_error_of_the_job() -> None:
    with pytest.raises(JobError, match="NOPE") as error:
        in_a_process(stored(symbols=["NOPE"]))
    assert error.value.code == "engine-error"


def test_a_backtest_beyond_its_deadline_is_ended() -> None:
    with pytest.raises(JobError, match=r"0\.01 s") as error:  # importing the simulator takes longer
        in_a_process(stored(), deadline_seconds=0.01)
    assert error.value.code == "deadline-exceeded"


def test_short_backtests_that_wait_go_together_and_each_gets_its_own_outcome() -> None:
    engine = CountingEngine()
    given = [stored(commission_rate=number / 1000) for number in range(4)]
    *outcomes, refused = side_by_side(engine, *given, stored(symbols=["NOPE"]))

    assert [result for result, _ in outcomes] == [simulate_config(each) for each in given]
    assert all(0 < seconds < 1 for _, seconds in outcomes)
    assert isinstance(refused, JobError)
    assert "NOPE" in str(refused)
    assert engine.calls < 2 + len(given)


def test_who_kills_the_process_takes_nobody_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKCHAT_FAULTS", str(tmp_path))
    (tmp_path / "simulation:deadly").write_text("kill")
    engine = CountingEngine()
    first, killed, last = side_by_side(engine, stored(), stored(tags=["deadly"]), stored())

    assert isinstance(killed, BrokenWorkerProcess)
    assert first[0] == last[0] == simulate_config(stored())
    assert engine.calls == 2 + 1 + 3


async def workers_before_and_after(number: signal.Signals) -> tuple[int, int]:
    engine = ProcessEngine(1, deadline_seconds=60)
    async with engine.open():
        await engine.run(stored(), unheard)
        before = await to_process.run_sync(os.getpid)
        os.kill(before, number)
        await engine.run(stored(), unheard)
        return before, await to_process.run_sync(os.getpid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_ends_no_worker_process(number: signal.Signals) -> None:
    before, after = asyncio.run(workers_before_and_after(number))
    assert before == after


async def cancelled_beside_others() -> tuple[Any, float]:
    engine = CountingEngine()
    async with engine.open():
        for _ in range(2):
            await engine.run(stored(), unheard)
        jobs = [asyncio.create_task(engine.run(stored(), unheard)) for _ in range(4)]
        await asyncio.sleep(0)
        for job in jobs[:3]:  # at work, taken along or still waiting
            job.cancel()
        outcomes = await asyncio.gather(*jobs, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in outcomes[:3])
        return outcomes[3], engine.busy_seconds()


def test_who_is_cancelled_gives_back_its_place() -> None:
    (result, _), busy = asyncio.run(cancelled_beside_others())
    assert result == simulate_config(stored())
    assert busy == 0.0


def test_without_processes_nothing_is_busy() -> None:
    assert ProcessEngine(0, deadline_seconds=60).busy_seconds() == 0.0
