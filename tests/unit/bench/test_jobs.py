"""Jobs of several systems: that they are the same, and that none that failed or was lost counts as done."""

import json
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from backchat_contracts import BacktestConfig
from tests.bench import losses
from tests.bench.errors import BenchError
from tests.bench.jobs.drivers import BackchatDriver, Results
from tests.bench.jobs.work import CONFIG, backtest, request

pytestmark = pytest.mark.anyio


def test_an_accepted_job_that_has_not_ended_is_stuck_or_lost() -> None:
    ends = {"a": "SUCCESS", "b": "FAILURE", "c": "completed", "d": "cancelled", "not accepted": "completed"}

    late = {**ends, "e": "completed"}
    trial = losses.account("celery", 7, ["redis", "child"], {*"abcdef"}, ends, late)

    assert (trial.accepted, trial.completed, trial.failed, trial.stuck, trial.lost) == (6, 2, 2, 1, 1)


class Collection:
    """The results of Celery or taskiq: each job that is asked for has ended like this."""

    def __init__(self, **statuses: str) -> None:
        self._statuses = statuses

    async def find(self, query: dict[str, Any], _: object) -> AsyncIterator[dict[str, str]]:
        for job_id in query["_id"]["$in"]:
            yield {"_id": job_id, "status": self._statuses[job_id]}


class Endings:
    """A consumer that gets the ends of the jobs one by one."""

    def __init__(self, **topics: str) -> None:
        self._topics = list(topics.items())

    async def getmany(self, *, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
        assert timeout_ms
        job_id, topic = self._topics.pop(0)
        return {TopicPartition(topic, 0): [SimpleNamespace(key=job_id.encode())]}


async def test_jobs_that_fail_give_no_rate() -> None:
    await Results(Collection(a="SUCCESS", b="SUCCESS")).wait(["a", "b"])
    with pytest.raises(BenchError, match="a failed"):
        await Results(Collection(a="FAILURE", b="SUCCESS")).wait(["a", "b"])

    completed, failed = "backtest.completed", "backtest.failed"
    await BackchatDriver(None, Endings(elsewhere=failed, a=completed, b=completed)).wait(["a", "b"])
    with pytest.raises(BenchError, match="a failed"):
        await BackchatDriver(None, Endings(a=failed, b=completed)).wait(["a", "b"])


def test_all_systems_run_the_same_backtest() -> None:
    asked = request("job-1")
    planned = BacktestConfig.model_validate(CONFIG)

    assert (asked.backtest_id, asked.fresh, asked.trigger_reason) == ("job-1", True, CONFIG["tags"][0])
    config = asked.strategy_config
    assert config.type == planned.type
    for name in ("symbols", "start_date", "end_date", "initial_cash", "commission_rate", "slippage_rate"):
        assert getattr(config, name) == getattr(planned, name)


def test_what_celery_and_taskiq_run_returns_json() -> None:
    assert json.loads(json.dumps(backtest(CONFIG)))["performance"]["trades"] > 0
