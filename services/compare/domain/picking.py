"""Names those of a ranking that a question wants: the first, the first few, one further down, all but one."""

from collections.abc import Sequence

from backchat_contracts.findings import Outcome, Ranked
from services.compare.domain.criteria import Order
from services.compare.domain.metrics import METRICS
from services.compare.domain.subject import Subject
from services.compare.domain.verdicts import SHOWN
from services.compare.domain.wording import Context

BESIDE = ("max_drawdown", "sharpe_ratio", "total_return")
"""The metrics that are quoted beside the one asked about."""


def beyond(order: Order, ranked: Sequence[Ranked], yardstick: str, context: Context) -> str:
    """Say which ones are nearer to the end asked for than one strategy, and of which that is shown."""
    metric = METRICS[order.metric]
    of = next((each for each in ranked if each.strategy_id == yardstick), None)
    if of is None:
        return ""
    nearer = [each.backtest_id for each in ranked if each.rank < of.rank]
    tests = {key: _outcome(order.metric, key, of.backtest_id, context) for key in nearer}
    name, quoted = context.name(of.backtest_id), context.quote(metric, of.backtest_id)
    listed, sure = context.listed(metric, nearer), [key for key, test in tests.items() if test in SHOWN]
    tested = any(tests.values())
    if context.korean:
        side = "높은" if order.end == "highest" else "낮은"
        than = f"'{name}'({quoted})보다 {metric.label.ko} 값이 {side} 전략"
        shown = f" 차이가 통계적으로 확인된 것: {context.named(sure)}."
        tail = shown if sure else " 통계적으로 확인된 차이는 없습니다."
        return f"{than}: {listed}.{tail if tested else ''}" if nearer else f"{than}은 없습니다."
    than = f"{order.end.replace('est', 'er')} {metric.label.en} than '{name}' ({quoted})"
    tail = f" The difference is shown for {context.named(sure)}." if sure else " But no difference is shown."
    return f"With a {than}: {listed}.{tail if tested else ''}" if nearer else f"None has a {than}."


def _outcome(metric: str, one: str, other: str, context: Context) -> Outcome | None:
    """Return the outcome of the test of a pair; None: of so many, it was not tested."""
    tests = (
        test.outcome
        for pair in context.findings.pairs
        if {pair.first, pair.second} == {one, other}
        for test in pair.tests
        if test.metric == metric
    )
    return next(tests, None)


def picked(
    order: Order, ranked: Sequence[Ranked], subject: Subject, context: Context
) -> tuple[str, str | None]:
    """Name those of a ranking that the question wants."""
    metric, question = METRICS[order.metric], subject.question
    ids = [each.backtest_id for each in ranked]
    superlative = metric.superlatives[order.end]
    if order.negated:
        first, others = ids[0], context.listed(metric, ids[1:])
        if context.korean:
            return f"{superlative.ko} 전략 '{context.name(first)}' 외의 전략: {others}.", None
        return f"All but '{context.name(first)}', {_lower(superlative.en)}: {others}.", None
    if question.rank is not None and question.rank > 1:
        return _at_rank(question.rank, order, ids, context)
    if question.count is not None and question.count > 1:
        shown = ids[: question.count]
        listed = "; ".join(
            f"{number}. '{context.name(key)}' {context.text(metric, key)}"
            for number, key in enumerate(shown, 1)
        )
        label = metric.label.of(context.language)
        if context.korean:
            return f"{superlative.ko} 순서로 {len(shown)}개 ({label}): {listed}.", ids[0]
        return f"From {_lower(superlative.en)}, {len(shown)} by {label}: {listed}.", ids[0]
    return _first(order, ids, context)


def _at_rank(rank: int, order: Order, ids: Sequence[str], context: Context) -> tuple[str, str | None]:
    metric = METRICS[order.metric]
    if rank > len(ids):
        ko = f"{len(ids)}개 전략에는 {rank}위가 없습니다: {context.listed(metric, ids)}."
        en = f"There is no number {rank} of {len(ids)}: {context.listed(metric, ids)}."
        return (ko if context.korean else en), None
    wanted, superlative = ids[rank - 1], metric.superlatives[order.end]
    quoted = context.quote(metric, wanted)
    if context.korean:
        return f"{superlative.ko} 순서로 {rank}위는 '{context.name(wanted)}'입니다: {quoted}.", wanted
    return (
        f"Number {rank}, counted from {_lower(superlative.en)}, is '{context.name(wanted)}': {quoted}.",
        wanted,
    )


def _first(order: Order, ids: Sequence[str], context: Context) -> tuple[str, str | None]:
    metric, first = METRICS[order.metric], ids[0]
    beside = [METRICS[name] for name in BESIDE if name != metric.name][:2]
    quoted = ", ".join(context.quote(each, first) for each in (metric, *beside))
    superlative, others = metric.superlatives[order.end], context.listed(metric, ids[1:])
    name, period = context.name(first), context.period(first)
    if context.korean:
        return f"{superlative.ko} 전략은 '{name}'입니다: {quoted} ({period}). 비교: {others}.", first
    return f"{superlative.en} is '{name}': {quoted} ({period}). Compared with: {others}.", first


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
