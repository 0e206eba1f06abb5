"""Backtests in the window of time that a question is about."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from services.compare.domain.comparability import Run
from services.compare.domain.series import cut
from services.compare.domain.span import Span
from services.language.window import Window


def span_of(window: Window | None, runs: Sequence[Run]) -> Span | None:
    """Return which days a window is; None: it is all of them.

    What is counted back begins at the last day of all the runs.
    """
    if window is None or window.is_all:
        return None
    known = [run.series.days for run in runs if run.series]
    if window.recent is None or not known:
        return Span(window.start, window.end)
    latest = max(known, key=lambda days: days[-1])
    start, end = window.days(latest.tolist())
    return Span(start, end, counted_from=latest[-1].item())


def within(run: Run, span: Span) -> Run | None:
    """Return a run cut to a window; None where it has no day in it.

    Its curves begin at the close before the window, if there is one: from there is the first day's return.
    """
    if run.series is None:
        return run
    days = run.series.days
    first = 0 if span.start is None else int(np.searchsorted(days, np.datetime64(span.start, "D")))
    end = len(days) if span.end is None else int(np.searchsorted(days, np.datetime64(span.end, "D"), "right"))
    return replace(run, series=cut(run.series, max(first - 1, 0), end), span=span) if first < end else None
