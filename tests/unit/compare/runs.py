"""Completed backtests with curves, as they are compared."""

from typing import Any
from zlib import crc32

import numpy as np

from backchat_contracts import Language, ResultWarning, StrategyGap, Texts, WarningCode
from services.compare.answers import Answer, answer_of
from services.compare.domain.comparability import Run
from services.compare.domain.gathering import gather_backtests
from services.compare.domain.series import NO_FILLS, Part, series_of
from services.compare.domain.subject import Subject
from services.compare.domain.trials import Trial, search_of
from services.language.parsing import parse
from services.metrics import Sample, measure
from services.metrics.account import FloatArray
from tests.builders import backtest_completed, config, series_published


def run_of(name: str = "SMA", *, warned: WarningCode | None = None, curves: Any = None, **given: Any) -> Run:
    """Return a run; `curves` are those of `series_published`, what is no field of the event is configured."""
    own = {key: given.pop(key) for key in ("performance", "provenance", "backtest_id") if key in given}
    warnings = (ResultWarning(code=warned, detail=Texts(ko=f"{warned}.", en=f"{warned}.")),) if warned else ()
    completed = backtest_completed(name, config=config(**given), warnings=warnings, **own)
    published = series_published(completed, **(curves or {})).series
    return Run(completed, published and series_of(published))


def returns_of(name: str, mean: float, deviation: float, days: int = 1260) -> FloatArray:
    """Return daily returns with this mean and deviation, random and the same for a name at each call."""
    drawn = np.random.default_rng(crc32(name.encode())).standard_normal(days)
    return mean + deviation * (drawn - drawn.mean()) / drawn.std()


def strategy(name: str, returns: FloatArray, **given: Any) -> Run:
    """Return a run with these daily returns, measured."""
    equity = 100_000.0 * np.cumprod(np.concatenate(([1.0], 1.0 + returns)))
    benchmark = 100_000.0 * np.cumprod(
        np.concatenate(([1.0], 1.0 + returns_of("held", 0.0003, 0.012, len(returns))))
    )
    performance = measure(Sample(Part(equity, equity / 2.0, NO_FILLS), benchmark))
    values = performance.model_dump() | given.pop("figures", {})
    curves = {"equity": equity, "benchmark": benchmark, **given.pop("curves", {})}
    return run_of(name, performance=values, curves=curves, **given)


def answered(
    query: str, *runs: Run, language: Language = "en", gaps: tuple[StrategyGap, ...] = (), tried: int = 0
) -> Answer:
    """Compare runs as the service does; `tried` definitions more were run on their symbols."""
    completed = {run.id: run.completed for run in runs}
    entries = (*gather_backtests(list(completed), completed, language), *gaps)
    names = {entry.strategy_id: entry.name for entry in entries}
    more = [Trial(str(number), 0.1 * number) for number in range(tried)]
    searches = {search_of(run.completed): more for run in runs}
    return answer_of(Subject(runs, entries, parse(query, names), searches, language))


GOOD = strategy("Good", returns_of("good", 0.0015, 0.008))
MIDDLE = strategy("Middle", returns_of("middle", 0.0013, 0.0085))
BAD = strategy("Bad", returns_of("bad", -0.001, 0.02))
ALL = (BAD, GOOD, MIDDLE)
