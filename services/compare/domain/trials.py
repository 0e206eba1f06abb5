"""How many definitions were tried on the symbols of a comparison: the best of many looks good by chance."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from statistics import variance

from backchat_contracts import BacktestCompleted, BacktestConfig
from services.compare.domain.comparability import Run


@dataclass(frozen=True, slots=True)
class Trial:
    """A definition that was run: a hash of it, and the Sharpe ratio of its first run."""

    definition: str
    sharpe_ratio: float | None


@dataclass(frozen=True, slots=True)
class Trials:
    """How many definitions were run, and the variance of their annual Sharpe ratios.

    None: not two have one.
    """

    count: int
    variance: float | None


def definition_of(config: BacktestConfig) -> str:
    """Return a hash of a strategy's type and parameters."""
    values = config.model_dump(mode="json", include={"type", "parameters"})
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


def search_of(backtest: BacktestCompleted) -> str:
    """Return a hash of the user and the symbols: what was run by the one on the others is one search."""
    values = [backtest.user_id, *sorted(backtest.config.symbols)]
    return sha256(json.dumps(values).encode()).hexdigest()[:32]


def count_trials(tried: Mapping[str, Sequence[Trial]], runs: Sequence[Run]) -> Trials:
    """Count the definitions of the searches that the runs are of, each once.

    Those that are compared are among them in any case.
    """
    searches = {search_of(run.completed) for run in runs}
    found = (trial for search in searches for trial in tried.get(search, ()))
    known = {trial.definition: trial.sharpe_ratio for trial in found}
    for run in runs:
        performance = run.completed.performance
        sharpe_ratio = performance.sharpe_ratio if performance else None
        known.setdefault(definition_of(run.completed.config), sharpe_ratio)
    sharpe_ratios = sorted(value for value in known.values() if value is not None)
    return Trials(len(known), variance(sharpe_ratios) if len(sharpe_ratios) > 1 else None)
