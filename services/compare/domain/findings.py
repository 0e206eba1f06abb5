"""What a comparison finds, as the contracts have it: from the curves to the verdicts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from backchat_contracts import Findings
from backchat_contracts import findings as contract
from services.compare.domain import statistics
from services.compare.domain.beside_benchmark import benchmark_figures
from services.compare.domain.comparability import (
    FEWEST_COMMON_BARS,
    Difference,
    Exclusion,
    Group,
    Run,
    differences,
    group,
)
from services.compare.domain.criteria import meets, orders_of
from services.compare.domain.exclusions import exclusions_of
from services.compare.domain.listing import Listed
from services.compare.domain.pairs import pairs_of
from services.compare.domain.series import figures_on
from services.compare.domain.statistics.sharpe import expected_maximum
from services.compare.domain.subject import Compared, Subject, Values, analysed, values_of
from services.compare.domain.survey import Survey
from services.compare.domain.timing import timing_of
from services.compare.domain.trials import Trials, count_trials
from services.compare.domain.verdicts import against_benchmark, ranking_of, statistics_of, verdict_of
from services.compare.domain.window import within
from services.metrics.account import TRADING_DAYS

OUTSIDE: Final[Exclusion] = "outside-window"
MOST_SYMBOLS: Final = 20
"""How many symbols of a universe a difference names."""


def compare(subject: Subject) -> Compared:
    """Compute the statistics of a comparison: some 10 ms for three strategies of ten years."""
    question, orders = subject.question, orders_of(subject.question)
    wanted = wanted_of(subject)
    chosen = group(wanted)
    there = {run.id for run in wanted}
    outside = {run.id: OUTSIDE for run in subject.asked_about if run.id not in there}
    chosen = replace(chosen, excluded={**chosen.excluded, **outside})
    values = values_of(chosen)
    bounds = () if question.asks_whether else question.thresholds
    either = question.either and bool(bounds)
    runs = [run for run in chosen.runs if meets(values[run.id], bounds, either=either)]
    candidates = subject.survey.strategies if subject.survey else subject.first_of
    compared = Compared(chosen, runs, values, _tried(subject, runs), candidates)
    long_enough = chosen.span is None or len(chosen.counted) >= FEWEST_COMMON_BARS
    return analysed(compared, orders) if runs and long_enough and (orders or question.relation) else compared


def wanted_of(subject: Subject) -> Sequence[Run]:
    """Return the backtests that the question is about, cut to its window: those that have days in it."""
    span = subject.span
    if span is None:
        return subject.asked_about
    return [each for run in subject.asked_about if (each := within(run, span))]


def _tried(subject: Subject, runs: Sequence[Run]) -> Trials:
    """Return what was tried: at the least all that those that are compared were chosen from."""
    trials, survey = count_trials(subject.tried, runs), subject.survey
    if survey is None or survey.strategies <= trials.count:
        return trials
    return Trials(survey.strategies, survey.sharpe_variance)


def findings_of(subject: Subject, compared: Compared) -> Findings:
    """Translate what was computed."""
    wanted, orders, runs = wanted_of(subject), orders_of(subject.question), compared.runs
    verdicts = tuple(verdict_of(order, compared) for order in orders)
    beside_benchmark = subject.question.relation == "benchmark"
    return Findings(
        comparability=_comparability(wanted, compared.group),
        common_window=_common_window(compared),
        window=_window(subject, wanted, compared),
        understood=_understood(subject),
        ranking=tuple(ranking_of(order, compared) for order in orders),
        statistics=statistics_of(compared),
        pairs=pairs_of(wanted, compared, verdicts),
        verdict=verdicts,
        benchmark=against_benchmark(orders, compared),
        benchmark_figures=benchmark_figures(orders, compared) if beside_benchmark else None,
        trials=_trials(compared.trials) if runs and subject.span is None else None,
        excluded=exclusions_of(subject, compared),
        listed=_listed(subject.listed) if subject.listed else None,
        candidates=_candidates(subject.survey) if subject.survey else None,
        method=_method(compared),
        timing=timing_of(subject.question, wanted),
    )


def _comparability(wanted: Sequence[Run], chosen: Group) -> contract.Comparability | None:
    if len(wanted) < 2:  # noqa: PLR2004 - it takes two
        return None
    comparable: contract.Comparable = "not-comparable"
    if len(chosen.runs) > 1:
        comparable = "comparable" if chosen.same_days else "common-window"
    return contract.Comparability(
        comparable=comparable, differences=tuple(_difference(each) for each in differences(wanted))
    )


def _difference(difference: Difference) -> contract.SettingDifference:
    return contract.SettingDifference(
        name=difference.name,
        values=tuple(
            contract.SettingValue(value=_text(value), backtest_ids=ids) for value, ids in difference.values
        ),
    )


def _text(value: object) -> str | float | int | None:
    """Write a value: symbols and days in one text."""
    match value:
        case tuple():
            left_out = len(value) - MOST_SYMBOLS
            shown = ", ".join(map(str, value[:MOST_SYMBOLS]))
            return f"{shown}, +{left_out}" if left_out > 0 else shown
        case str() | int() | float() | None:
            return value
        case _:
            return str(value)


def _common_window(compared: Compared) -> contract.CommonWindow | None:
    group = compared.group
    days = group.counted
    if not len(days):
        return None
    figures = {} if group.same_days and group.span is None else compared.values
    return contract.CommonWindow(
        start=days[0].item(), end=days[-1].item(), bars=len(days), figures=_figures(figures)
    )


def _figures(values: Mapping[str, Values]) -> tuple[contract.Figures, ...]:
    return tuple(contract.Figures(backtest_id=key, values=dict(own)) for key, own in values.items())


def _window(subject: Subject, wanted: Sequence[Run], compared: Compared) -> contract.AskedWindow | None:
    """Return the window that is asked about, with the figures of those that are not on the common days."""
    span = subject.span
    if span is None:
        return None
    alone = [run for run in wanted if run.series and run.id not in compared.values]
    own = {run.id: run.counted(run.series.days) for run in alone if run.series}
    values = {
        run.id: figures_on(run.series.days, run.series, run.completed, len(own[run.id]))
        for run in alone
        if run.series
    }
    days = compared.group.counted
    if not len(days):
        days = max(own.values(), key=len, default=days)
    return contract.AskedWindow(
        asked_start=span.start,
        asked_end=span.end,
        counted_from=span.counted_from,
        start=days[0].item() if len(days) else None,
        end=days[-1].item() if len(days) else None,
        bars=len(days),
        whole=bool(len(days)) and not span.lacks(days),
        figures=_figures(values),
    )


def _understood(subject: Subject) -> contract.Understood:
    question = subject.question
    return contract.Understood(
        metrics=tuple(dict.fromkeys(each.metric for each in question.criteria)),
        overall=question.overall,
        negated=tuple(each.metric for each in question.criteria if each.negated),
        quoted=question.quoted,
        filters=tuple(
            f"{each.metric} {each.relation.replace('_', ' ')} {each.value:g}" for each in question.thresholds
        ),
        either=question.either,
        count=question.count,
        rank=question.rank,
        named=question.named,
        excluded=question.excluded,
        yardsticks=question.yardsticks,
        unknown=question.unknown,
        unresolved=question.unresolved,
        unread=question.unread,
        relation=question.relation,
        beyond=question.beyond,
        window=None if question.window is None else str(question.window),
        language=subject.language,
        read_as=question.read_as,
        did_you_mean=question.near,
    )


def _trials(trials: Trials) -> contract.Trials:
    variance = trials.variance
    return contract.Trials(
        count=trials.count,
        sharpe_deviation=None if variance is None else variance**0.5,
        expected_best=expected_maximum(trials.count, variance or 0.0),
    )


def _candidates(survey: Survey) -> contract.Candidates:
    return contract.Candidates(strategies=survey.strategies, unranked=survey.unranked, meeting=survey.meeting)


def _listed(told: Listed) -> contract.ListedStrategies:
    return contract.ListedStrategies(strategies=told.strategies, untested=told.untested, matching=told.count)


def _method(compared: Compared) -> contract.Method | None:
    if compared.analysis is None:
        return None
    method = compared.analysis.method
    return contract.Method(
        alpha=statistics.ALPHA,
        confidence=1.0 - statistics.ALPHA,
        resampling="stationary bootstrap (Politis & Romano 1994)",
        resamples=method.resamples,
        block_length=method.block_length,
        seed=str(method.seed),
        sharpe_test="Ledoit & Wolf 2008, studentised circular block bootstrap",
        adjustment="max-t over all pairs, where there are more than one",
        long_block_length=method.long_block_length,
        sharpe_block_length=method.pair_block_length,
        benchmark_test="Hansen 2005 (SPA, consistent) and Romano & Wolf 2005 (StepM)",
        days_a_year=TRADING_DAYS,
        risk_free_rate=0.0,
    )
