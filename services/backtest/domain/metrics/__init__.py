"""The statistics of a run: one function for each metric of the contracts' catalogue, in modules as there.

From the simple daily returns ``r`` of the equity and ``b`` of the benchmark, at 252 trading days a year and a
risk-free rate of 0, as fractions (0.05 is five percent). No value is ever NaN or infinite: where a statistic
is not defined it is None.
"""

from backchat_contracts import METRICS, Performance
from services.backtest.domain.metrics import benchmark, returns, risk, trading
from services.backtest.domain.metrics.sample import COMPUTED, ROUNDING, Sample, daily_returns, drawdown_of

__all__ = ["COMPUTED", "ROUNDING", "Sample", "daily_returns", "drawdown_of", "measure"]

MODULES = (returns, risk, trading, benchmark)
"""Those that register the computations."""


def measure(sample: Sample) -> Performance:
    """Compute all metrics of a run.

    Raises ValueError where no float can hold the annual growth (1e72-fold in 60 days): broken prices.
    """
    bars = len(sample.run.equity)
    return Performance.model_validate(
        {
            name: COMPUTED[name](sample) if bars >= metric.fewest_bars else None
            for name, metric in METRICS.items()
        }
    )
