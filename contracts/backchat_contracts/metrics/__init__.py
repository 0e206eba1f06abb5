"""The performance metrics: one entry each, which is at the same time the field that carries its value.

Events and replies inherit `MetricValues`; the backtest service computes each entry, the compare service
ranks strategies and writes summaries by it, and `GET /api/v1/metrics` lists it. A metric that is added is
optional (`float | None = None`), as results that are stored lack it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from backchat_contracts.metrics.benchmark import BenchmarkValues
from backchat_contracts.metrics.metric import FEWEST_ANNUAL_BARS, Direction, Metric, Unit
from backchat_contracts.metrics.returns import ReturnValues
from backchat_contracts.metrics.risk import RiskValues
from backchat_contracts.metrics.trading import TradingValues

__all__ = [
    "FEWEST_ANNUAL_BARS",
    "METRICS",
    "BenchmarkValues",
    "Direction",
    "Metric",
    "MetricValues",
    "TradingValues",
    "Unit",
]


class MetricValues(
    BenchmarkValues, TradingValues, RiskValues, ReturnValues
):  # its fields begin with the last
    """The metrics of a backtest, from the equity at each close; null where a metric is not defined.

    Annual figures are on 252 trading days, with a risk-free rate of 0.
    """


def _entry(name: str) -> Metric:
    for each in MetricValues.model_fields[name].metadata:
        if isinstance(each, Metric):
            return each
    raise TypeError(f"the field {name} of MetricValues needs a Metric in its annotation")


METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {name: _entry(name) for name in MetricValues.model_fields}
)
"""The catalogue, by field name."""
