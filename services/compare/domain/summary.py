"""Computed answers to questions about strategies: the best one by a metric, with the figures."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from backchat_contracts import UNRANKED, Language, ResultWarning, StrategyFigures, StrategyGap, Texts
from services.compare.domain.metrics import DEFAULT, METRICS, Metric, with_topic_particle
from services.language.parsing import parse
from services.language.question import End

Entry = StrategyFigures | StrategyGap

OVERVIEW = tuple(METRICS[name] for name in ("total_return", "sharpe_ratio", "max_drawdown", "volatility"))
BESIDE = tuple(METRICS[name] for name in ("max_drawdown", "sharpe_ratio", "total_return"))
CLOSED_TRADES = frozenset({"win_rate", "trades", "profit_factor", "payoff_ratio", "expectancy"})
ABOUT: Mapping[str, frozenset[str]] = {"few-trades": CLOSED_TRADES}
"""The metrics that a warning is about; any other one is about all."""


@dataclass(frozen=True, slots=True)
class Summary:
    """An answer.

    Attributes:
        text: its words.
        metric: the one that the question names; None: it names none, the Sharpe ratio decides.
        best_strategy_id: the strategy at the end asked for.

    """

    text: str
    metric: str | None
    best_strategy_id: str | None


def summarise(query: str, entries: Sequence[Entry], language: Language) -> Summary:
    """Answer a question from the figures alone: the same input, the same words."""
    question = parse(query, {entry.strategy_id: entry.name for entry in entries})
    criterion = question.criteria[0] if question.criteria else None
    asked = METRICS[criterion.metric] if criterion else None
    metric = asked or DEFAULT
    end = (criterion.end if criterion else question.overall_end) or metric.best_end
    figures = [entry for entry in entries if isinstance(entry, StrategyFigures)]
    gaps = [entry for entry in entries if isinstance(entry, StrategyGap)]
    ranked = rank(figures, metric, end) if _has_best(metric, figures) else []
    unranked = [entry for entry in figures if entry not in ranked]
    match figures:
        case []:
            lines = [_NOTHING[language]]
        case [single]:
            lines = [_single(single, asked, language)]
        case _:
            ranking = _ranking(ranked, unranked, metric, metric.superlatives[end], language)
            lines = [ranking, *_cautions(metric, figures, language)]
    lines += _warning_lines(figures, ranked[:1], metric, language)
    lines += _gap_lines(gaps, language)
    alone = figures[0] if len(figures) == 1 and _is_comparable(figures[0]) else None
    best = ranked[0] if ranked else alone
    return Summary("\n".join(lines), asked.name if asked else None, best.strategy_id if best else None)


def rank(figures: Sequence[StrategyFigures], metric: Metric, end: End) -> list[StrategyFigures]:
    """Order strategies by a metric, from one end of its values to the other.

    Those without a value are left out, and those whose figures are worth no comparison. Equal values keep the
    order asked for.
    """
    comparable = filter(_is_comparable, figures)
    valued = [(value, entry) for entry in comparable if (value := metric.of(entry)) is not None]
    valued.sort(key=lambda pair: pair[0], reverse=end == "highest")
    return [entry for _, entry in valued]


def _has_best(metric: Metric, figures: Sequence[StrategyFigures]) -> bool:
    """Whether one can be the best: an end of the metric is good and, of money, all began with as much."""
    return metric.has_good_end and not (metric.is_money and len({each.initial_cash for each in figures}) > 1)


def _is_comparable(entry: StrategyFigures) -> bool:
    return not any(warning.code in UNRANKED for warning in entry.warnings)


_NOTHING = {
    "ko": "비교할 수 있는 백테스트 결과가 없습니다.",
    "en": "There are no backtest results to compare.",
}


def _single(entry: StrategyFigures, asked: Metric | None, language: Language) -> str:
    period = _period(entry)
    if asked is None:
        quoted = ", ".join(_quote(metric, entry, language) for metric in OVERVIEW)
        return {"ko": f"'{entry.name}' ({period}): {quoted}.", "en": f"'{entry.name}' ({period}): {quoted}."}[
            language
        ]
    value = _value(asked, entry, language)
    if language == "ko":
        return f"'{entry.name}'의 {with_topic_particle(asked.label.ko)} {value}입니다 ({period})."
    return f"The {asked.label.en} of '{entry.name}' is {value} ({period})."


def _ranking(
    ranked: Sequence[StrategyFigures],
    unranked: Sequence[StrategyFigures],
    metric: Metric,
    superlative: Texts,
    language: Language,
) -> str:
    """Name the first with its figures, then all others with theirs: without a value last, or not ranked."""
    if not ranked:
        return f"{_listed(metric, unranked, language)}."
    best, *others = ranked
    beside = [other for other in BESIDE if other is not metric][:2]
    quoted = ", ".join(_quote(m, best, language) for m in (metric, *beside))
    without_value = [entry for entry in unranked if _is_comparable(entry)]
    left_out = [entry for entry in unranked if not _is_comparable(entry)]
    rest = _listed(metric, [*others, *without_value], language)
    if language == "ko":
        compared = f" 비교: {rest}." if rest else ""
        compared += f" 순위 제외: {_listed(metric, left_out, language)}." if left_out else ""
        return f"{superlative.ko} 전략은 '{best.name}'입니다: {quoted} ({_period(best)}).{compared}"
    compared = f" Compared with: {rest}." if rest else ""
    compared += f" Not ranked: {_listed(metric, left_out, language)}." if left_out else ""
    return f"{superlative.en} is '{best.name}': {quoted} ({_period(best)}).{compared}"


def _listed(metric: Metric, entries: Sequence[StrategyFigures], language: Language) -> str:
    return "; ".join(f"'{entry.name}' {_quote(metric, entry, language)}" for entry in entries)


def _quote(metric: Metric, entry: StrategyFigures, language: Language) -> str:
    return f"{metric.label.of(language)} {_value(metric, entry, language)}"


def _value(metric: Metric, entry: StrategyFigures, language: Language) -> str:
    value = metric.of(entry)
    if value is None:
        return "해당 없음" if language == "ko" else "not defined"
    return metric.text(value)


def _period(entry: StrategyFigures) -> str:
    return f"{entry.backtest_period.start}~{entry.backtest_period.end}"


def _cautions(metric: Metric, figures: Sequence[StrategyFigures], language: Language) -> Iterator[str]:
    """Say what makes the figures of different strategies compare badly."""
    if len({entry.backtest_period for entry in figures}) > 1:
        yield _OTHER_PERIODS[language]
    benchmarks = {entry.benchmark or tuple(sorted(entry.symbols)) for entry in figures}
    if metric.is_of_benchmark and len(benchmarks) > 1:
        yield _OTHER_BENCHMARKS[language]
    if metric.is_money and len({entry.initial_cash for entry in figures}) > 1:
        yield _OTHER_CASH[language]


_OTHER_PERIODS = {
    "ko": "주의: 백테스트 기간이 서로 달라 직접 비교하기 어렵습니다.",
    "en": "Caution: the backtests cover different periods, so the figures compare only roughly.",
}
_OTHER_BENCHMARKS = {
    "ko": "주의: 벤치마크가 서로 달라 직접 비교하기 어렵습니다.",
    "en": "Caution: the benchmarks differ, so the figures compare only roughly.",
}
_OTHER_CASH = {
    "ko": "주의: 초기 자금이 서로 달라 금액의 순위를 매기지 않았습니다.",
    "en": "Caution: the initial cash differs, so the amounts are not ranked.",
}


def _concerns(warning: ResultWarning, metric: Metric) -> bool:
    about = ABOUT.get(warning.code)
    return about is None or metric.name in about


def _warning_lines(
    figures: Sequence[StrategyFigures], best: Sequence[StrategyFigures], metric: Metric, language: Language
) -> list[str]:
    """Say what limits the figures of the best strategy, and why others are not ranked."""
    lines = []
    for entry in figures:
        named = entry in best or len(figures) == 1
        told = [
            warning.detail.of(language)
            for warning in entry.warnings
            if warning.code in UNRANKED or (named and _concerns(warning, metric))
        ]
        if told:
            caution = "주의" if language == "ko" else "Caution"
            lines.append(f"{caution} — '{entry.name}': {' '.join(told)}")
    return lines


def _gap_lines(gaps: Sequence[StrategyGap], language: Language) -> list[str]:
    if not gaps:
        return []
    listed = "; ".join(f"{gap.strategy_id}: {gap.error}" for gap in gaps)
    return [f"제외한 전략 — {listed}." if language == "ko" else f"Left out — {listed}."]
