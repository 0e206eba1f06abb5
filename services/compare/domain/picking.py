"""Names those of a ranking that a question wants: the first, the first few, one further down, all but one."""

from collections.abc import Sequence

from backchat_contracts.findings import Outcome, Ranked
from services.compare.domain.criteria import Order
from services.compare.domain.metrics import METRICS, comparative
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
    tested, side = any(tests.values()), comparative(order.metric, order.end)
    if context.korean:
        than = f"'{name}'({quoted})보다 {metric.label.ko} 값이 {side.ko} 전략"
        shown = f" 차이가 통계적으로 확인된 것: {context.named(sure)}."
        tail = shown if sure else " 통계적으로 확인된 차이는 없습니다."
        return f"{than}: {listed}.{tail if tested else ''}" if nearer else f"{than}은 없습니다."
    than = f"{side.en} {metric.label.en} than '{name}' ({quoted})"
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
    ids, first = [each.backtest_id for each in ranked], _sharing(1, ranked)
    superlative = metric.superlatives[order.end]
    if order.negated and question.count and len(question.criteria) < 2:  # noqa: PLR2004 - it counts that one
        first = [each.backtest_id for each in ranked if each.rank <= question.count]
    if order.negated and (len(first) < len(ids) or question.count):
        named = context.named(first)
        others = context.listed(metric, ids[len(first) :]) or ("없음" if context.korean else "none")
        if context.korean:
            return f"{superlative.ko} 전략 {named} 외의 전략: {others}.", None
        return f"All but {named}, {_lower(superlative.en)}: {others}.", None
    if question.rank is not None and question.rank > 1:
        return _at_rank(question.rank, order, ranked, context)
    if question.count is not None and question.count > 1:
        shown = [each for each in ranked if each.rank <= question.count]
        listed = "; ".join(
            f"{each.rank}. '{context.name(each.backtest_id)}' {context.text(metric, each.backtest_id)}"
            for each in shown
        )
        label, best = metric.label.of(context.language), first[0] if len(first) == 1 else None
        if context.korean:
            return f"{superlative.ko} 순서로 {len(shown)}개 ({label}): {listed}.", best
        return f"From {_lower(superlative.en)}, {len(shown)} by {label}: {listed}.", best
    return _tie(order, first, ids, context) if len(first) > 1 else (_first(order, ids, context), ids[0])


def _sharing(place: int, ranked: Sequence[Ranked]) -> list[str]:
    """Return the ids of those that have the figure of the one at a place, counted from 1."""
    return [each.backtest_id for each in ranked if each.rank == ranked[place - 1].rank]


def _tie(order: Order, tied: Sequence[str], ids: Sequence[str], context: Context) -> tuple[str, None]:
    """Name all that have the same figure at the end asked for."""
    metric, rest = METRICS[order.metric], [key for key in ids if key not in tied]
    superlative, listed = metric.superlatives[order.end], context.listed(metric, tied)
    label = "비교" if context.korean else "Compared with"
    with_others = f" {label}: {context.listed(metric, rest)}." if rest else ""
    if context.korean:
        return (
            f"{superlative.ko} 전략은 공동 {len(tied)}개입니다: {listed}.{with_others}",
            None,
        )
    return f"{len(tied)} are tied as {_lower(superlative.en)}: {listed}.{with_others}", None


def _at_rank(rank: int, order: Order, ranked: Sequence[Ranked], context: Context) -> tuple[str, str | None]:
    metric, ids = METRICS[order.metric], [each.backtest_id for each in ranked]
    if rank > len(ids):
        ko = f"{len(ids)}개 전략에는 {rank}위가 없습니다: {context.listed(metric, ids)}."
        en = f"There is no number {rank} of {len(ids)}: {context.listed(metric, ids)}."
        return (ko if context.korean else en), None
    wanted, superlative = ids[rank - 1], metric.superlatives[order.end]
    if len(tied := _sharing(rank, ranked)) > 1:
        listed = context.listed(metric, tied)
        ko = f"{superlative.ko} 순서로 {rank}위는 공동 {len(tied)}개입니다: {listed}."
        en = f"Number {rank}, counted from {_lower(superlative.en)}, is a tie of {len(tied)}: {listed}."
        return (ko if context.korean else en), None
    quoted = context.quote(metric, wanted)
    if context.korean:
        return f"{superlative.ko} 순서로 {rank}위는 '{context.name(wanted)}'입니다: {quoted}.", wanted
    return (
        f"Number {rank}, counted from {_lower(superlative.en)}, is '{context.name(wanted)}': {quoted}.",
        wanted,
    )


def _first(order: Order, ids: Sequence[str], context: Context) -> str:
    metric, first = METRICS[order.metric], ids[0]
    beside = [METRICS[name] for name in BESIDE if name != metric.name][:2]
    quoted = ", ".join(context.quote(each, first) for each in (metric, *beside))
    superlative, others = metric.superlatives[order.end], context.listed(metric, ids[1:])
    name, period = context.name(first), context.period(first)
    if context.korean:
        return f"{superlative.ko} 전략은 '{name}'입니다: {quoted} ({period}). 비교: {others}."
    return f"{superlative.en} is '{name}': {quoted} ({period}). Compared with: {others}."


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
