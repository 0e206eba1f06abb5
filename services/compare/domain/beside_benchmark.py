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

NOT_OF_A_CURVE: Final = frozenset([*BenchmarkValues.model_fields, *TradingValues.model_fields])
SAME: Final = 1e-9
"""The difference, as a share, of figures that are equal: one holds the benchmark, and both are rounded."""
NO_BENCHMARK: Final = Texts(
    ko="이 백테스트에는 벤치마크의 수익률이 없어 비교할 수 없습니다.",
    en="These backtests kept no benchmark, so there is no comparison with one.",
)
NO_FIGURE: Final = Texts(
    ko="벤치마크 자체에는 없는 지표입니다: {metric}.", en="The benchmark itself has no such figure: {metric}."
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
    """Say which strategies have figures beyond the benchmark's; return the id of the first of them too."""
    found = context.findings.benchmark_figures
    if found is None:
        return [NO_BENCHMARK.of(context.language)], None
    lines: list[str] = []
    best: str | None = None
    for order in orders:
        metric, value = METRICS[order.metric], found.values[order.metric]
        if value is None:
            missing = NO_FIGURE.of(context.language).format(metric=metric.label.of(context.language))
            lines.append(f"{missing} {context.listed(metric, list(context.figures))}.")
        elif len(context.figures) == 1:
            (only,) = context.figures
            lines.append(_of_one(only, metric, value, context))
        else:
            nearer = _beyond(order, value, context)
            best = best or next(iter(nearer), None)
            lines.append(_of_several(nearer, order, value, context))
    return lines, best


def benchmark_name(name: str, context: Context) -> str:
    named = Texts(ko="매수 후 보유", en="buying and holding") if name == BUY_AND_HOLD else None
    return named.of(context.language) if named else name


def _called(context: Context) -> str:
    found = context.findings.benchmark_figures
    return benchmark_name(found.name, context) if found else ""


def _of_one(only: str, metric: Metric, value: float, context: Context) -> str:
    """Quote the figure of one strategy beside the benchmark's."""
    name, period, own = context.name(only), context.period(only), context.value(metric, only)
    if own is None:
        return f"{context.listed(metric, [only])}."
    quoted, text = context.text(metric, only), metric.text(value, context.language)
    side = comparative(metric.name, "highest" if own > value else "lowest")
    equal = quoted == text
    if context.korean:
        than = "같습니다" if equal else f"{side.ko} 값입니다"
        particle = "와" if equal else "보다"
        return (
            f"'{name}'의 {with_topic_particle(metric.label.ko)} {quoted}입니다 ({period}). "
            f"벤치마크({_called(context)})의 {text}{particle} {than}."
        )
    than = "equal to" if equal else f"{side.en} than"
    return (
        f"The {metric.label.en} of '{name}' is {quoted}, {than} that of the benchmark "
        f"({_called(context)}), {text} ({period})."
    )


def _beyond(order: Order, value: float, context: Context) -> list[str]:
    """Return the ids of those whose figure is beyond the benchmark's, the farthest first."""
    sign = 1.0 if order.end == "highest" else -1.0
    own = {key: context.value(METRICS[order.metric], key) for key in context.figures}
    gaps = {key: sign * (each - value) for key, each in own.items() if each is not None}
    return sorted((key for key, gap in gaps.items() if gap > SAME * abs(value)), key=lambda key: -gaps[key])


def _of_several(nearer: Sequence[str], order: Order, value: float, context: Context) -> str:
    metric, side = METRICS[order.metric], comparative(order.metric, order.end)
    rest = [key for key in context.figures if key not in nearer]
    listed, others = context.listed(metric, nearer), context.listed(metric, rest)
    label, text = metric.label.of(context.language), metric.text(value, context.language)
    if context.korean:
        than = f"벤치마크({_called(context)}: {label} {text})보다 {label} 값이 {side.ko} 전략"
        said = f"{than}: {listed}." if nearer else f"{than}은 없습니다."
        return f"{said} 나머지: {others}." if rest else said
    than = f"{side.en} {label} than the benchmark ({_called(context)}: {label} {text})"
    said = f"With a {than}: {listed}." if nearer else f"None has a {than}."
    return f"{said} The others: {others}." if rest else said
