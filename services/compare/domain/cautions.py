"""What limits an answer: other settings, warnings, those left out, and whether the benchmark is beaten."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from backchat_contracts import UNRANKED, ResultWarning, StrategyGap, Texts
from backchat_contracts.findings import AgainstBenchmark, SettingDifference
from services.compare.domain.beside_benchmark import benchmark_name
from services.compare.domain.criteria import Order
from services.compare.domain.gathering import GAP_TEXTS, UNKNOWN_NAME
from services.compare.domain.metrics import METRICS
from services.compare.domain.statistics.distributions import LONG_BLOCKS
from services.compare.domain.subject import Entry
from services.compare.domain.wording import MOST_LISTED, Context, p_text
from services.grounding.writing import probability_text

CLOSED_TRADES: Final = frozenset({"win_rate", "trades", "profit_factor", "payoff_ratio", "expectancy"})
ABOUT: Final[Mapping[str, frozenset[str]]] = {"few-trades": CLOSED_TRADES}
"""The metrics that a warning is about; any other one is about all."""
SETTINGS: Final[Mapping[str, Texts]] = {
    "initial_cash": Texts(ko="초기 자금", en="initial cash"),
    "commission_rate": Texts(ko="수수료율", en="commission rate"),
    "slippage_rate": Texts(ko="슬리피지", en="slippage"),
    "fill": Texts(ko="체결 가격", en="fill price"),
    "engine_version": Texts(ko="엔진 버전", en="engine version"),
    "data_hash": Texts(ko="가격 자료", en="prices"),
}
"""Settings that may differ among those that are compared, and that change the figures."""
RATES: Final = frozenset({"commission_rate", "slippage_rate"})


def cautions(
    entries: Sequence[Entry], orders: Sequence[Order], best: str | None, context: Context
) -> Iterator[str]:
    """Say them, the most important first."""
    if orders:
        yield from _other_settings(orders, context)
        yield from _short(context)
        yield from _benchmark(context)
        yield from _trials(orders, context)
        yield from _warnings(orders, best, context)
        yield from _excluded(context)
    yield from _gaps(entries, context)


def _other_settings(orders: Sequence[Order], context: Context) -> Iterator[str]:
    window = context.findings.common_window
    compared = {each.backtest_id for ranking in context.findings.ranking for each in ranking.entries}
    told = compared | {each.backtest_id for each in context.findings.excluded if each.code == "filter"}
    if len(told) > 1 and window and window.figures and context.findings.window is None:
        yield _caution(
            Texts(
                ko="백테스트 기간이 서로 달라, 겹치는 "
                f"{window.bars} 거래일({window.start}~{window.end})의 성과로 비교했습니다.",
                en="the backtests cover different periods: these are the figures of the "
                f"{window.bars} trading days that they have in common ({window.start} to {window.end}).",
            ),
            context,
        )
    if len(compared) < 2:  # noqa: PLR2004 - it takes two
        for verdict in context.findings.verdict:
            if verdict.outcome == "not-comparable" and METRICS[verdict.metric].is_money:
                yield _caution(OTHER_CASH, context)
            elif verdict.outcome == "not-comparable" and METRICS[verdict.metric].is_of_benchmark:
                yield _caution(OTHER_BENCHMARKS, context)
        return
    comparability = context.findings.comparability
    for difference in comparability.differences if comparability else ():
        shown = _within(difference, compared)
        if len(shown) < 2:  # noqa: PLR2004 - the same for all that are compared
            continue
        if difference.name == "benchmark" and any(METRICS[each.metric].is_of_benchmark for each in orders):
            yield _caution(OTHER_BENCHMARKS, context)
        elif difference.name in SETTINGS:
            yield _caution(_differing(difference.name, shown, context), context)


def _short(context: Context) -> Iterator[str]:
    """Say where a difference is shown too often, as clusters of volatility last for months."""
    for verdict in context.findings.verdict:
        doubtful = verdict.metric in LONG_BLOCKS and (verdict.bars or A_YEAR) < A_YEAR
        if doubtful and verdict.over:
            label = METRICS[verdict.metric].label
            yield _caution(Texts(ko=SHORT.ko.format(label.ko), en=SHORT.en.format(label.en)), context)


A_YEAR: Final = 252
SHORT: Final = Texts(
    ko="1년이 안 되는 기간에는 변동성이 몰린 시기 때문에 '{}' 지표의 차이가 실제보다 자주 확인됩니다.",
    en="below a year, months of high volatility let differences in {} be shown too often.",
)
OTHER_BENCHMARKS: Final = Texts(
    ko="벤치마크가 서로 달라 직접 비교하기 어렵습니다.",
    en="the benchmarks differ, so the figures compare only roughly.",
)
OTHER_CASH: Final = Texts(
    ko="초기 자금이 서로 달라 금액의 순위를 매기지 않았습니다.",
    en="the initial cash differs, so the amounts are not ranked.",
)


def _within(difference: SettingDifference, compared: set[str]) -> list[tuple[object, list[str]]]:
    """Return the values of those that are compared, and which have them."""
    values = (
        (each.value, [key for key in each.backtest_ids if key in compared]) for each in difference.values
    )
    return [(value, ids) for value, ids in values if ids]


def _differing(name: str, values: Sequence[tuple[object, Sequence[str]]], context: Context) -> Texts:
    label = SETTINGS[name]
    if name == "data_hash":
        return Texts(ko="서로 다른 가격 자료로 실행되었습니다.", en="they ran on different prices.")
    shown = (f"{_setting(name, value)} ({context.named(ids)})" for value, ids in values[:MOST_LISTED])
    listed = f"{'; '.join(shown)}{context.more(len(values))}"
    return Texts(
        ko=f"서로 다르게 설정되었습니다 — {label.ko}: {listed}.", en=f"the {label.en} differs: {listed}."
    )


def _setting(name: str, value: object) -> str:
    if isinstance(value, float):
        return f"{100 * value:g} %" if name in RATES else f"{value:,.0f}"
    return "?" if value is None else str(value)


def _benchmark(context: Context) -> Iterator[str]:
    """Say whether the best ones beat the benchmark, where the good end of a return is asked for."""
    found = context.findings.benchmark
    if found is None or found.p_value is None:
        return
    name = benchmark_name(found.name, context)
    better, p = context.named(found.better), p_text(found.p_value)
    if found.metric is not None:
        yield _leader_beside_benchmark(found, name, p, context)
        return
    if found.outcome == "worse":
        yield WORSE_THAN_BENCHMARK.of(context.language).format(name=name, p=p)
        return
    if context.korean:
        yield (
            f"벤치마크({name})보다 나은 것으로 확인된 전략: {better}."
            if better
            else f"벤치마크({name})보다 낫다고 확인된 전략은 없습니다 ({p})."
        )
    elif better:
        yield f"Shown to beat the benchmark ({name}): {better}."
    else:
        yield f"None is shown to beat the benchmark ({name}; {p})."


def _leader_beside_benchmark(found: AgainstBenchmark, name: str, p: str, context: Context) -> str:
    """Say whether the leader of one or two beats the benchmark by the metric asked about."""
    verdicts = (each for each in context.findings.verdict if each.metric == found.metric)
    leaders = [each.leader for each in verdicts if each.leader]
    first = found.better or leaders[:1] or list(context.figures)[:1]
    texts = BETTER if found.better else WORSE if found.outcome == "worse" else NOT_SHOWN
    label = METRICS[found.metric or ""].label.of(context.language)
    return texts.of(context.language).format(leader=context.named(first), name=name, metric=label, p=p)


BETTER: Final = Texts(
    ko="{leader}: {metric} 기준으로 벤치마크({name})보다 나은 것으로 확인됩니다 ({p}).",
    en="By its {metric}, {leader} is shown to beat the benchmark ({name}; {p}).",
)
WORSE: Final = Texts(
    ko="{leader}: {metric} 기준으로 벤치마크({name})보다 못한 것으로 확인됩니다 ({p}).",
    en="By its {metric}, {leader} is shown to be worse than the benchmark ({name}; {p}).",
)
NOT_SHOWN: Final = Texts(
    ko="{leader}: {metric} 기준으로 벤치마크({name})보다 낫다고 확인되지는 않습니다 ({p}).",
    en="By its {metric}, {leader} is not shown to beat the benchmark ({name}; {p}).",
)
WORSE_THAN_BENCHMARK: Final = Texts(
    ko="벤치마크({name})보다 못한 것으로 확인됩니다 ({p}).",
    en="It is shown to be worse than the benchmark ({name}; {p}).",
)


def _trials(orders: Sequence[Order], context: Context) -> Iterator[str]:
    """Say how many definitions were tried, where the best Sharpe ratio of them is asked for."""
    trials = context.findings.trials
    ranking = next((each for each in context.findings.ranking if each.metric == "sharpe_ratio"), None)
    if trials is None or ranking is None or not ranking.entries or trials.count <= len(ranking.entries):
        return
    if not any(each.metric == "sharpe_ratio" and each.end == "highest" for each in orders):
        return
    first = ranking.entries[0]
    known = {each.backtest_id: each.deflated_sharpe_ratio for each in context.findings.statistics}
    deflated = known.get(first.backtest_id)
    if deflated is None:
        return
    candidates = context.findings.candidates
    tried = TRIED if candidates is None or candidates.strategies < trials.count else CHOSEN_FROM
    yield tried.of(context.language).format(
        count=f"{trials.count:,}",
        name=context.name(first.backtest_id),
        chance=probability_text(deflated, context.language),
    )


TRIED: Final = Texts(
    ko="이 종목들로 {count}가지 설정을 시험했습니다. 그만큼 시험해 우연히 나올 최고값보다 "
    "'{name}'의 샤프 비율이 실제로 높을 확률은 {chance}입니다.",
    en="{count} definitions were tried on these symbols; with a probability of {chance} "
    "the Sharpe ratio of '{name}' is above what the best of so many has by chance.",
)
CHOSEN_FROM: Final = Texts(
    ko="{count}개 전략 중에서 골랐습니다. 그만큼의 전략에서 우연히 나올 최고값보다 "
    "'{name}'의 샤프 비율이 실제로 높을 확률은 {chance}입니다.",
    en="It was chosen from {count} strategies; with a probability of {chance} "
    "the Sharpe ratio of '{name}' is above what the best of so many has by chance.",
)


def _warnings(orders: Sequence[Order], best: str | None, context: Context) -> Iterator[str]:
    """Say what limits the figures of the best strategy, and why others are not ranked."""
    alike: dict[str, list[str]] = {}
    for key, entry in context.figures.items():
        named = key == best or len(context.figures) == 1
        told = [
            warning.detail.of(context.language)
            for warning in entry.warnings
            if warning.code in UNRANKED or (named and _concerns(warning, orders))
        ]
        if told:
            alike.setdefault(" ".join(told), []).append(key)
    for details, ids in islice(alike.items(), MOST_LISTED):
        yield f"{'주의' if context.korean else 'Caution'} — {context.named(ids)}: {details}"


def _concerns(warning: ResultWarning, orders: Sequence[Order]) -> bool:
    about = ABOUT.get(warning.code)
    return about is None or any(each.metric in about for each in orders)


def _excluded(context: Context) -> Iterator[str]:
    """Say why strategies with figures are not compared, those with one reason together."""
    understood = context.findings.understood
    bounded = len(context.figures) == 1 or bool(understood and understood.filters)
    alike: dict[str, list[str]] = {}
    for each in context.findings.excluded:
        entry = context.figures.get(each.backtest_id or "")
        warned = entry and each.code in {told.code for told in entry.warnings}
        if entry and not (warned or (bounded and each.code in UNRANKED)):
            alike.setdefault(each.detail, []).append(entry.backtest_id)
    for detail, ids in alike.items():
        yield f"{'제외' if context.korean else 'Not compared'} — {context.named(ids)}: {detail}"


def _gaps(entries: Sequence[Entry], context: Context) -> Iterator[str]:
    gaps = [entry for entry in entries if isinstance(entry, StrategyGap)]
    if gaps:
        listed = "; ".join(
            f"{gap.backtest_id or _called(gap)}: {GAP_TEXTS[gap.error_code][context.language]}"
            for gap in gaps
        )
        yield f"제외한 전략 — {listed}." if context.korean else f"Left out — {listed}."


def _called(gap: StrategyGap) -> str:
    return gap.strategy_id if gap.name == UNKNOWN_NAME else f"'{gap.name}'"


def _caution(text: Texts, context: Context) -> str:
    return f"주의: {text.ko}" if context.korean else f"Caution: {text.en}"
