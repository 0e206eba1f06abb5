"""Simulated markets: fat tails, autocorrelation, volatility clusters, correlated strategies."""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

Process = Literal["independent", "autocorrelated", "clustered", "long clusters"]

PROCESSES: Final[tuple[Process, ...]] = ("independent", "autocorrelated", "clustered")
CORRELATIONS: Final = (0.0, 0.5, 0.9)
LENGTHS: Final = (60, 252, 1_260)
SHARPE: Final = 0.5
"""The true annual Sharpe ratio of strategies that do not differ."""

_VOLATILITY: Final = 0.01  # of a day
_AUTOCORRELATION: Final = 0.1
_GARCH: Final = {"clustered": (0.05, 0.90), "long clusters": (0.08, 0.90)}
_BURN_IN: Final = 150


@dataclass(frozen=True, slots=True)
class Market:
    """A process of daily returns, all with Student's t of 4 degrees of freedom.

    Attributes:
        process: ``autocorrelated`` is an AR(1) of 0.1, ``clustered`` a GARCH(1, 1) of 0.05 and 0.90 of each
            strategy's own: half of a shock to the variance is left after two weeks. ``long clusters`` is one
            of 0.08 and 0.90: seven weeks.
        correlation: of each two strategies' shocks.
        days: T.

    """

    process: Process
    correlation: float
    days: int

    def simulate(
        self, rng: np.random.Generator, strategies: int, sharpe: float | NDArray[np.float64] = SHARPE
    ) -> NDArray[np.float64]:
        """Draw returns, ``[T, strategies]``, with true annual Sharpe ratios of all or of each."""
        days = self.days + _BURN_IN
        own = rng.standard_t(4, (days, strategies)) / math.sqrt(2.0)
        common = rng.standard_t(4, (days, 1)) / math.sqrt(2.0)
        shocks = math.sqrt(self.correlation) * common + math.sqrt(1.0 - self.correlation) * own
        if self.process == "autocorrelated":
            for t in range(1, days):
                shocks[t] += _AUTOCORRELATION * shocks[t - 1]
            shocks *= math.sqrt(1.0 - _AUTOCORRELATION**2)
        elif self.process in _GARCH:
            news, memory = _GARCH[self.process]
            variance = np.ones(strategies)
            for t in range(days):
                shocks[t] *= np.sqrt(variance)
                variance = 1.0 - news - memory + news * shocks[t] ** 2 + memory * variance
        returns = _VOLATILITY * (shocks[_BURN_IN:] + np.asarray(sharpe) / math.sqrt(252.0))
        return np.maximum(returns, -0.9)


MARKETS: Final = tuple(
    Market(process, correlation, days)
    for days in LENGTHS
    for process in PROCESSES
    for correlation in CORRELATIONS
)
"""All of them, in the order in which simulated pairs go round."""
