"""Two strategies: whether they differ in a metric, and how they moved together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from services.compare.domain.statistics import co_movement
from services.compare.domain.statistics.co_movement import RollingYears
from services.compare.domain.statistics.differences import Difference, difference_of, largest_difference
from services.compare.domain.statistics.distributions import Bootstrap, Distribution
from services.compare.domain.statistics.kernels import BoolArray, FloatArray
from services.compare.domain.statistics.ledoit_wolf import SharpeTest, pair_block_length, sharpe_tests
from services.compare.domain.statistics.resamples import ROUNDING


@dataclass(frozen=True, slots=True)
class Pair:
    """Two strategies beside each other.

    Attributes:
        one: position of the first.
        other: of the second.
        identical: whether their returns are equal, day by day.
        differences: the one less the other, by metric.
        sharpe_test: of Ledoit & Wolf; None where nothing varies between them.
        correlation: of the daily returns; None where one is constant.
        drawdown_overlap: days on which both are below their peaks over those on which either is; None where
            neither ever is.
        rolling: who gained more in which year.

    """

    one: int
    other: int
    identical: bool
    differences: Mapping[str, Difference]
    sharpe_test: SharpeTest | None
    correlation: float | None
    drawdown_overlap: float | None
    rolling: RollingYears

    def turned(self) -> "Pair":
        """Return the same with the two exchanged."""
        return replace(
            self,
            one=self.other,
            other=self.one,
            differences={name: each.turned() for name, each in self.differences.items()},
            sharpe_test=None if self.sharpe_test is None else self.sharpe_test.turned(),
            rolling=self.rolling.turned(),
        )


@dataclass(frozen=True)  # with a __dict__, for the cached properties
class Pairs:
    """Makes pairs of the first ``strategies`` columns of a bootstrap, for some testable metrics."""

    bootstrap: Bootstrap
    strategies: int
    distributions: Mapping[str, Distribution]

    def sharpe_tests(self, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], SharpeTest]:
        """Test the Sharpe ratios of pairs of columns, the benchmark's included, but for identical ones."""
        bars = len(self.bootstrap.returns)
        return sharpe_tests(
            self.bootstrap.returns,
            [pair for pair in pairs if not self._identical(*pair)],
            pair_block_length(bars, self.bootstrap.memory),
            self.bootstrap.resamples,
            self.bootstrap.seed,
        )

    def of(
        self, pairs: Sequence[tuple[int, int]], tests: Mapping[tuple[int, int], SharpeTest]
    ) -> tuple[Pair, ...]:
        """Compare pairs of strategies, whose Sharpe ratios have been tested."""
        return tuple(self._pair(one, other, tests.get((one, other))) for one, other in pairs)

    def _pair(self, one: int, other: int, test: SharpeTest | None) -> Pair:
        returns = self.bootstrap.returns
        firsts, gains = self._yearly
        return Pair(
            one,
            other,
            self._identical(one, other),
            {
                name: difference_of(
                    name, each, one, other, self._families[name], test if name == "sharpe_ratio" else None
                )
                for name, each in self.distributions.items()
            },
            test,
            co_movement.correlation(returns[:, one], returns[:, other]),
            co_movement.drawdown_overlap(self._below_peak[:, one], self._below_peak[:, other]),
            co_movement.rolling_years(firsts, gains[:, one], gains[:, other]),
        )

    def _identical(self, one: int, other: int) -> bool:
        returns = self.bootstrap.returns
        return bool(np.abs(returns[:, one] - returns[:, other]).max() <= ROUNDING)

    @cached_property
    def _families(self) -> dict[str, FloatArray | None]:
        return {name: largest_difference(each, self.strategies) for name, each in self.distributions.items()}

    @cached_property
    def _below_peak(self) -> BoolArray:
        return co_movement.below_peak(self.bootstrap.returns)

    @cached_property
    def _yearly(self) -> tuple[list[int], FloatArray]:
        return co_movement.yearly_growth(self.bootstrap.returns)
