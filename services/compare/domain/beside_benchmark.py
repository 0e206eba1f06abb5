"""Strategies beside the benchmark: its figures on the same days, and which strategies are beyond those."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from backchat_contracts import Texts
from backchat_contracts.findings import BenchmarkFigures
from backchat_contracts.metrics import BenchmarkValues, TradingValues
from services.compare.domain.criteria import Order
from services.compare.domain.metrics import METRICS, Metric, comparative, with_topic_particle
from services.compare.domain.series import NO_FILLS, Part
from services.compare.domain.subject import BUY_AND_HOLD, Compared
from services.compare.domain.wording import Context
from services.metrics import Sample, figures
from services.metrics.account import FloatArray

NOT_OF_A_CURVE: Final = frozenset(
    [*BenchmarkValues.model_fields, *TradingValues.model_fields, "final_equity"]
)
"""The metrics of trades, of the benchmark, and of an amount of cash."""
NO_BENCHMARK: Final = Texts(
    ko="이 백테스트에는 벤치마크의 수익률이 없어 비교할 수 없습니다.",
    en="These backtests kept no benchmark, so there is no comparison with one.",
)
NOT_COMPARED: Final = Texts(
    ko="벤치마크와 비교할 수 있는 백테스트가 없습니다.",
    en="None of these can be compared with the benchmark.",
)
NO_FIGURE: Final = Texts(
    ko="같은 기간 벤치마크 자체의 값은 없습니다: {metric}.",
    en="There is no such figure of the benchmark itself on these days: {metric}.",
)


def benchmark_figures(orders: Sequence[Order], compared: Compared) -> BenchmarkFigures | None:
    """Return the figures of the benchmark on the common days; None where no run kept it."""
    returns, name = compared.benchmark_returns, compared.benchmark
    if returns is None or name is None:
        return None
    curve: FloatArray = np.concatenate((np.ones(1), np.cumprod(1.0 + returns)))
    wanted = list(dict.fromkeys(order.metric for order in orders))
    sample = Sample(Part(curve, np.zeros(len(curve)), NO_FILLS), curve)
    known = figures(sample, [each for each in wanted if each not in NOT_OF_A_CURVE])
    return BenchmarkFigures(name=name, values={each: known.get(each) for each in wanted})


def said_beside_benchmark(orders: Sequence[Order], context: Context) -> tuple[list[str], str | None]:
    """Say which of those that are compared have figures beyond the benchmark's.

    Return the id of the first of them too.
    """
    found, rankings = context.findings.benchmark_figures, context.findings.ranking
    compared = any(each.entries or each.undefined for each in rankings)
    if found is None or not compared:
        return [(NO_BENCHMARK if compared else NOT_COMPARED).of(context.language)], None
    name = benchmark_name(found.name, context)
    lines: list[str] = []
    best: str | None = None
    for order, ranking in zip(orders, rankings, strict=True):
        metric, value = METRICS[order.metric], found.values[order.metric]
        ranked = [each.backtest_id for each in ranking.entries]
        if value is None:
            missing = NO_FIGURE.of(context.language).format(metric=metric.label.of(context.language))
            lines.append(f"{missing} {context.listed(metric, list(context.figures))}.")
        elif len(context.figures) == 1 and ranked:
            lines.append(_of_one(ranked[0], metric, value, name, context))
        else:
            ahead = _ahead(ranked, order, value, context)
            best = best or next(iter(ahead), None)
            lines.append(_of_several(ahead, ranked, order, value, name, context))
    return lines, best


def benchmark_name(name: str, context: Context) -> str:
    named = Texts(ko="매수 후 보유", en="buying and holding") if name == BUY_AND_HOLD else None
    return named.of(context.language) if named else name


def _of_one(only: str, metric: Metric, value: float, name: str, context: Context) -> str:
    """Quote the figure of one strategy beside the benchmark's."""
    own = context.value(metric, only)
    quoted, text = context.text(metric, only), metric.text(value, context.language)
    side = comparative(metric.name, "highest" if own is not None and own > value else "lowest")
    label, of, period = metric.label.of(context.language), context.name(only), context.period(only)
    equal = quoted == text
    gap = "" if own is None or equal else context.gap(metric, own - value)
    if context.korean:
        than = f"{text}와 같습니다" if equal else f"{text}보다 {side.ko} 값입니다 (차이 {gap})"
        return f"'{of}'의 {with_topic_particle(label)} {quoted}입니다 ({period}). 벤치마크({name})의 {than}."
    than = "equal to" if equal else f"{side.en} than"
    by = f", by {gap}" if gap else ""
    return f"The {label} of '{of}' is {quoted}, {than} that of the benchmark ({name}), {text}{by} ({period})."


def _ahead(ranked: Sequence[str], order: Order, value: float, context: Context) -> list[str]:
    """Return the ids of those whose figure is beyond the benchmark's; what reads as equal is not."""
    metric, sign = METRICS[order.metric], 1.0 if order.end == "highest" else -1.0
    text = metric.text(value, context.language)
    values = {key: context.value(metric, key) for key in ranked if context.text(metric, key) != text}
    return [key for key, own in values.items() if own is not None and sign * (own - value) > 0.0]


def _of_several(
    ahead: Sequence[str], ranked: Sequence[str], order: Order, value: float, name: str, context: Context
) -> str:
    metric, side = METRICS[order.metric], comparative(order.metric, order.end)
    rest = [key for key in ranked if key not in ahead]
    listed, others = context.listed(metric, ahead), context.listed(metric, rest)
    label, text = metric.label.of(context.language), metric.text(value, context.language)
    if context.korean:
        than = f"벤치마크({name}: {label} {text})보다 {label} 값이 {side.ko} 전략"
        said = (
            f"{than}은 {len(ranked)}개 중 {len(ahead)}개입니다: {listed}." if ahead else f"{than}은 없습니다."
        )
        return f"{said} 나머지: {others}." if rest else said
    than = f"{side.en} {label} than the benchmark ({name}: {label} {text})"
    have = "has" if len(ahead) == 1 else "have"
    said = f"{len(ahead)} of {len(ranked)} {have} a {than}: {listed}." if ahead else f"None has a {than}."
    return f"{said} The others: {others}." if rest else said
