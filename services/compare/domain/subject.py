"""What is compared: the backtests, the question, and what is computed of those that can be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from backchat_contracts import METRICS, Language, StrategyFigures, StrategyGap
from services.compare.domain import statistics
from services.compare.domain.comparability import Group, Run
from services.compare.domain.criteria import Order, is_asked_about
from services.compare.domain.listing import Listed
from services.compare.domain.series import figures_on
from services.compare.domain.span import Span
from services.compare.domain.statistics import Analysis
from services.compare.domain.survey import Survey
from services.compare.domain.trials import Trial, Trials
from services.compare.domain.window import span_of
from services.language.question import Question
from services.language.window import Window
from services.metrics import daily_returns
from services.metrics.account import FloatArray

Entry = StrategyFigures | StrategyGap
Values = Mapping[str, float | None]

BUY_AND_HOLD = "buy-and-hold"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared, and how.

    Attributes:
        runs: the backtests with figures, in the order asked for.
        entries: the data of all, and the gaps.
        question: what is asked.
        tried: the definitions that were run, by the search that they are of.
        language: of the texts.
        survey: what the stored figures of all say, where these are the first of more.
        listed: what is told of the catalogue, where it is asked which strategies there are.
        window: the one that is asked for beside the question, instead of its own.
        first_of: of how many these are the first, where the figures of all do not tell; 0: of no more.

    """

    runs: Sequence[Run]
    entries: Sequence[Entry]
    question: Question
    tried: Mapping[str, Sequence[Trial]]
    language: Language
    survey: Survey | None = None
    listed: Listed | None = None
    first_of: int = 0
    window: Window | None = None

    @property
    def span(self) -> Span | None:
        """The window in days of the calendar; None: it is about all days."""
        return span_of(self.window or self.question.window, self.asked_about)

    @property
    def asked_about(self) -> Sequence[Run]:
        """The backtests that the question is about."""
        return [run for run in self.runs if is_asked_about(run.completed.strategy_id, self.question)]

    @property
    def key(self) -> object:
        """What the findings depend on: equal keys have equal findings."""
        curves = tuple((run.id, run.series and run.series.content) for run in self.runs)
        names = tuple(  # of a gap the answer tells all that it says
            entry if isinstance(entry, StrategyGap) else (entry.strategy_id, entry.name)
            for entry in self.entries
        )
        tried = tuple(sorted((search, len(trials)) for search, trials in self.tried.items()))
        of_all = self.survey, self.listed, self.first_of
        return curves, names, self.question, tried, self.language, of_all, self.window


@dataclass(frozen=True)  # with a __dict__, for what is cached
class Compared:
    """Those that are compared with each other.

    Attributes:
        group: they, and those that do not meet the question's bounds, with the common days.
        runs: they, in the order asked for.
        values: all metrics on the common days, by the id of each backtest of the group.
        trials: the definitions that were run on their symbols, or those that they were chosen from.
        candidates: of how many they are the first; 0: of no more.
        analysis: the statistics, a column for each run; None where the question asks for none.
        benchmark: its name; None where no run kept one.
        benchmark_returns: its daily returns on the common days.

    """

    group: Group
    runs: Sequence[Run]
    values: Mapping[str, Values]
    trials: Trials
    candidates: int = 0
    analysis: Analysis | None = None
    benchmark: str | None = None
    benchmark_returns: FloatArray | None = None

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """The numbers of the runs, by the ids of their backtests."""
        return {run.id: column for column, run in enumerate(self.runs)}

    @cached_property
    def decided(self) -> dict[Order, statistics.Verdict]:
        """What the statistics say of each order: it is computed when it is first asked for."""
        return {}

    def decide(self, order: Order) -> statistics.Verdict:
        """Return what the statistics say. Raises ValueError where there are none."""
        if order not in self.decided:
            if self.analysis is None:
                raise ValueError("nothing was analysed")
            question = statistics.Question(order.metric, order.end)
            self.decided[order] = statistics.verdict_of(self.analysis, question, self.of(order.metric))
        return self.decided[order]

    def of(self, metric: str) -> list[float | None]:
        """Return the values of a metric, in the order of the runs."""
        return [self.values[run.id][metric] for run in self.runs]


def values_of(group: Group) -> Mapping[str, Values]:
    """Return all metrics of each backtest of a group on its days: where these are all, those stored."""
    if group.same_days and group.span is None:
        return {run.id: _stored(run) for run in group.runs}
    bars = len(group.counted) if group.span else None
    return {
        run.id: figures_on(group.days, run.series, run.completed, bars) for run in group.runs if run.series
    }


def analysed(compared: Compared, orders: Sequence[Order]) -> Compared:
    """Compute the statistics of what is compared: the same backtests, the same figures."""
    group, runs, trials = compared.group, compared.runs, compared.trials
    held = _with_benchmark(runs)
    benchmark = None if held is None else daily_returns(_on(group, held, "benchmark"))
    analysis = statistics.analyse(
        returns_of(compared),
        benchmark,
        [statistics.Question(order.metric, order.end) for order in orders],
        seed=seed_of(compared),
        # What was tried has Sharpe ratios of other days.
        trials=None if group.span else statistics.Trials(trials.count, trials.variance or 0.0),
        candidates=compared.candidates,
    )
    name = None if held is None else held.completed.config.benchmark or BUY_AND_HOLD
    return replace(compared, analysis=analysis, benchmark=name, benchmark_returns=benchmark)


def returns_of(compared: Compared) -> FloatArray:
    """Return the daily returns on the common days, a column for each run."""
    return np.column_stack([daily_returns(_on(compared.group, run, "equity")) for run in compared.runs])


def seed_of(compared: Compared) -> int:
    """Return the seed of the resampling: of what is compared and on which days, in any order."""
    contents = sorted(run.series.content for run in compared.runs if run.series)
    days = compared.group.days
    return statistics.seed_of(*contents, str(days[0]), str(days[-1]))


def _stored(run: Run) -> Values:
    performance = run.completed.performance
    return performance.model_dump() if performance else dict.fromkeys(METRICS)


def _with_benchmark(runs: Sequence[Run]) -> Run | None:
    """Return the run whose benchmark stands for all: the first that held its universe, else the first one."""
    kept = [run for run in runs if run.series and run.series.benchmark is not None]
    return min(kept, key=lambda run: run.completed.config.benchmark is not None, default=None)


def _on(group: Group, run: Run, curve: str) -> FloatArray:
    series = run.series
    values: FloatArray = getattr(series, curve)
    return values[np.searchsorted(series.days, group.days)] if series else np.zeros(0)
