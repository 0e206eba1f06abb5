"""Which backtests are the same work: the same input to the same simulator gives the same result."""

import json
from hashlib import sha256
from typing import Final

from backchat_contracts import BacktestConfig
from services.backtest.domain.strategy_types import STRATEGIES

ENGINE_VERSION: Final = 4
"""To be raised with every change that makes the simulator give other results."""

INPUTS: Final = (
    "type",
    "parameters",
    "symbols",
    "start_date",
    "end_date",
    "initial_cash",
    "commission_rate",
    "slippage_rate",
    "benchmark",
)


def parameters_hash(config: BacktestConfig) -> str:
    """Return a hash of a strategy's type, its revision and parameters, 16 hex digits."""
    values = config.model_dump(mode="json", include={"type", "parameters"})
    if revision := STRATEGIES[config.type].revision:
        values["revision"] = revision
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:16]


def work_key(config: BacktestConfig, data: str) -> str:
    """Return the key of a backtest's work, 64 hex digits.

    Args:
        config: of the backtest; what is none of `INPUTS` changes no result.
        data: the hash of the prices that it uses.

    """
    values = config.model_dump(mode="json", include=set(INPUTS))
    inputs = [data, ENGINE_VERSION, *(values[name] for name in INPUTS)]
    if revision := STRATEGIES[config.type].revision:
        inputs.append(revision)
    return sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
