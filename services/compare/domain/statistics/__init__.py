"""Whether one strategy is really better than another: statistics of their daily returns.

Everything follows from a table of simple returns on the common trading days, ``[T, n]``, at 252 days a year
and a risk-free rate of 0. `analyse` computes what can be said, `verdict_of` decides it. Pure functions: the
seed comes from outside, no value is ever NaN or infinite, and a figure that is not defined is None.
"""

from services.compare.domain.statistics.analysis import (
    ALWAYS,
    FEWEST_DAYS,
    MOST_ALL_PAIRS,
    Analysis,
    BenchmarkComparison,
    End,
    Method,
    Question,
    StrategyStatistics,
    analyse,
    pairs_of,
)
from services.compare.domain.statistics.bootstrap import RESAMPLES, seed_of
from services.compare.domain.statistics.co_movement import RollingYears, YearWindow
from services.compare.domain.statistics.differences import Difference
from services.compare.domain.statistics.estimators import TESTABLE
from services.compare.domain.statistics.kernels import warm_up
from services.compare.domain.statistics.ledoit_wolf import SharpeTest
from services.compare.domain.statistics.pairs import Pair
from services.compare.domain.statistics.sharpe import Trials
from services.compare.domain.statistics.significance import ALPHA, POWER, Interval
from services.compare.domain.statistics.superiority import SuperiorAbility
from services.compare.domain.statistics.verdict import (
    BenchmarkVerdict,
    PairVerdict,
    Verdict,
    pair_verdict,
    verdict_of,
)

__all__ = [
    "ALPHA",
    "ALWAYS",
    "FEWEST_DAYS",
    "MOST_ALL_PAIRS",
    "POWER",
    "RESAMPLES",
    "TESTABLE",
    "Analysis",
    "BenchmarkComparison",
    "BenchmarkVerdict",
    "Difference",
    "End",
    "Interval",
    "Method",
    "Pair",
    "PairVerdict",
    "Question",
    "RollingYears",
    "SharpeTest",
    "StrategyStatistics",
    "SuperiorAbility",
    "Trials",
    "Verdict",
    "YearWindow",
    "analyse",
    "pair_verdict",
    "pairs_of",
    "seed_of",
    "verdict_of",
    "warm_up",
]
