"""The metrics of a run: one function for each of the contracts' catalogue, in modules as there.

The backtest service measures whole runs, the compare service parts of them.

From the simple daily returns ``r`` of the equity and ``b`` of the benchmark, at 252 trading days a year and a
risk-free rate of 0, as fractions (0.05 is five percent). No value is ever NaN or infinite: where a statistic
is not defined it is None.
"""

from collections.abc import Iterable

from backchat_contracts import METRICS, Performance
from services.metrics import benchmark, returns, risk, trading
from services.metrics.sample import COMPUTED, ROUNDING, Sample, daily_returns, drawdown_of

__all__ = ["COMPUTED", "ROUNDING", "Sample", "daily_returns", "drawdown_of", "figures", "measure"]

MODULES = (returns, risk, trading, benchmark)
"""Those that register the computations."""


def measure(sample: Sample) -> Performance:
    """Compute all metrics of a run.

    Raises ValueError where no float can hold the annual growth (1e72-fold in 60 days): broken prices.
    """
    return Performance.model_validate(figures(sample, METRICS))


def figures(sample: Sample, names: Iterable[str]) -> dict[str, float | None]:
    """Compute these metrics of a run. Raises as `measure` does."""
    bars = len(sample.run.equity)
    return {name: COMPUTED[name](sample) if bars >= METRICS[name].fewest_bars else None for name in names}
