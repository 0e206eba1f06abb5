"""The job that all systems run: a year of a moving-average crossover on two symbols."""

from base64 import b64encode
from collections.abc import Sequence
from typing import Any

from backchat_contracts import BacktestConfig, BacktestRequested
from services.backtest.documents import result_document
from services.backtest.market_data import open_market_data
from services.backtest.simulation import simulate_config

WAIT_TAG = "bench"
CONFIG: dict[str, Any] = {
    "type": "sma_crossover",
    "parameters": {},
    "symbols": ["AAPL", "MSFT"],
    "start_date": "2012-03-01",
    "end_date": "2013-03-01",
    "initial_cash": 100_000.0,
    "commission_rate": 0.001,
    "slippage_rate": 0.0,
    "tags": [WAIT_TAG],
}
STRATEGY = {"name": "bench", **{name: CONFIG[name] for name in CONFIG if name != "tags"}}


def backtest(config: dict[str, Any]) -> dict[str, Any]:
    """Run the job as Celery and taskiq call it."""
    output = simulate_config(BacktestConfig.model_validate(config), open_market_data("sample"))
    stored = result_document("", output.result)
    curves = {name: b64encode(value) for name, value in stored.items() if isinstance(value, bytes)}
    fills = {name: b64encode(value) for name, value in stored["fills"].items()}
    return {
        "performance": output.performance.model_dump(),
        "warnings": [warning.model_dump() for warning in output.warnings],
        "curves": {name: value.decode() for name, value in curves.items()},
        "fills": {name: value.decode() for name, value in fills.items()},
    }


def job_ids(prefix: str, count: int) -> Sequence[str]:
    return [f"{prefix}-{number}" for number in range(count)]


def request(job_id: str) -> BacktestRequested:
    """Return the job as Backchat is asked for it; fresh, because equal ones would run once."""
    return BacktestRequested.model_validate(
        {"backtest_id": job_id, "strategy_config": STRATEGY, "trigger_reason": WAIT_TAG, "fresh": True}
    )
