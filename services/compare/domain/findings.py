"""What a comparison finds, as the contracts have it: from the curves to the verdicts."""

from collections.abc import Sequence
from typing import Final

from backchat_contracts import Findings
from backchat_contracts import findings as contract
from services.compare.domain import statistics
from services.compare.domain.beside_benchmark import benchmark_figures
from services.compare.domain.comparability import Difference, Group, Run, differences, group
from services.compare.domain.criteria import is_asked_about, meets, orders_of
from services.compare.domain.exclusions import exclusions_of
from services.compare.domain.pairs import pairs_of
from services.compare.domain.statistics.sharpe import expected_maximum
from services.compare.domain.subject import Compared, Subject, analysed, values_of
from services.compare.domain.trials import Trials, count_trials
from services.compare.domain.verdicts import against_benchmark, ranking_of, statistics_of, verdict_of

MOST_SYMBOLS: Final = 20
"""How many symbols of a universe a difference names."""


def compare(subject: Subject) -> Compared:
    """Compute the statistics of a comparison: some 10 ms for three strategies of ten years."""
    question, orders = subject.question, orders_of(subject.question)
    chosen = group(wanted_of(subject))
    values = values_of(chosen)
    bounds = () if question.asks_whether else question.thresholds
    either = question.either and bool(bounds)
    runs = [run for run in chosen.runs if meets(values[run.id], bounds, either=either)]
    compared = Compared(chosen, runs, values, count_trials(subject.tried, runs))
    return analysed(compared, orders) if runs and (orders or question.relation) else compared


def wanted_of(subject: Subject) -> Sequence[Run]:
    """Return the backtests that the question is about."""
    question = subject.question
    return [run for run in subject.runs if is_asked_about(run.completed.strategy_id, question)]


def findings_of(subject: Subject, compared: Compared) -> Findings:
    """Translate what was computed."""
    wanted, orders, runs = wanted_of(subject), orders_of(subject.question), compared.runs
    verdicts = tuple(verdict_of(order, compared) for order in orders)
    beside_benchmark = subject.question.relation == "benchmark"
    return Findings(
        comparability=_comparability(wanted, compared.group),
        common_window=_common_window(compared),
        understood=_understood(subject),
        ranking=tuple(ranking_of(order, compared) for order in orders),
        statistics=statistics_of(compared),
        pairs=pairs_of(wanted, compared, verdicts),
        verdict=verdicts,
        benchmark=against_benchmark(orders, compared),
        benchmark_figures=benchmark_figures(orders, compared) if beside_benchmark else None,
        trials=_trials(compared.trials) if runs else None,
        excluded=exclusions_of(subject, compared),
        method=_method(compared),
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
    if not len(group.days):
        return None
    figures = () if group.same_days else compared.values.items()
    return contract.CommonWindow(
        start=group.days[0].item(),
        end=group.days[-1].item(),
        bars=len(group.days),
        figures=tuple(contract.Figures(backtest_id=key, values=dict(values)) for key, values in figures),
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
        language=subject.language,
        read_as=question.read_as,
        did_you_mean=question.near,
    )


def _trials(trials: Trials) -> contract.Trials:
    deviation = trials.variance**0.5
    return contract.Trials(
        count=trials.count,
        sharpe_deviation=deviation if len(trials.sharpe_ratios) > 1 else None,
        expected_best=expected_maximum(trials.count, trials.variance),
    )


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
    )
