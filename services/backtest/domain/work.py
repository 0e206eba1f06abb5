"""Which backtests are the same work: the same input to the same simulator gives the same result."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final

ENGINE_VERSION: Final = 1
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
)


def work_key(config: Mapping[str, Any], data: str) -> str:
    """Return the key of a backtest's work, 64 hex digits.

    Args:
        config: the fields of `BacktestConfig`, as JSON values; what is none of `INPUTS` changes no result.
        data: the fingerprint of the prices.

    """
    inputs = [data, ENGINE_VERSION, *(config[name] for name in INPUTS)]
    return sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
