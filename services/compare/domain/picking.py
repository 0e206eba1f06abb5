"""Names those of a ranking that a question wants: the first, the first few, one further down, all but one."""

from collections.abc import Iterator, Sequence

from backchat_contracts.findings import Outcome, Ranked
from services.compare.domain.criteria import Order
from services.compare.domain.metrics import METRICS, comparative
from services.compare.domain.subject import Subject
from services.compare.domain.verdicts import SHOWN
from services.compare.domain.wording import Context
from services.language.question import Question

BESIDE = ("max_drawdown", "sharpe_ratio", "total_return")
"""The metrics that are quoted beside the one asked about."""


def beyond(
    order: Order, ranked: Sequence[Ranked], yardsticks: Sequence[str], context: Context, certain: str = ""
) -> str:
    """Say which ones are nearer to the end asked for than some strategies, and of which that is shown.

    `certain`: how sure the difference is, where these are two.
    """
    metric = METRICS[order.metric]
    of = [each for each in ranked if each.strategy_id in yardsticks]
    unranked = [
        context.name(key)
        for key, entry in context.figures.items()
        if entry.strategy_id in yardsticks and entry.strategy_id not in {each.strategy_id for each in of}
    ]
    if unranked:
        names = ", ".join(f"'{name}'" for name in unranked)
        if context.korean:
            return f"{names}: {metric.label.ko} 순위가 없어 비교할 수 없습니다."
        return f"{names}: without a rank by {metric.label.en}, so nothing is compared with it."
    if not of:
        return ""
    first = min(each.rank for each in of)
    nearer = [each.backtest_id for each in ranked if each.rank < first]
    tests = {key: [_outcome(order.metric, key, each.backtest_id, context) for each in of] for key in nearer}
    sure = [key for key, outcomes in tests.items() if all(each in SHOWN for each in outcomes)]
    tested = any(any(outcomes) for outcomes in tests.values())
    listed, side = context.listed(metric, nearer), comparative(order.metric, order.end)
    than = ", ".join(
        f"'{context.name(each.backtest_id)}' ({context.quote(metric, each.backtest_id)})" for each in of
    )
    if context.korean:
        than = f"{than}보다 {metric.label.ko} 값이 {side.ko} 전략"
        shown = f" 차이가 통계적으로 확인된 것: {context.named(sure)}."
        none = (
            " 통계적으로 확인된 차이는 없습니다."
            if len(of) == 1
            else " 모두와의 차이가 확인된 것은 없습니다."
        )
        tail = f" {certain}" if certain else shown if sure else none
        return f"{than}: {listed}.{tail if tested else ''}" if nearer else f"{than}은 없습니다."
    than = f"{side.en} {metric.label.en} than {than}"
    none = (
        " But no difference is shown." if len(of) == 1 else " But none is shown to differ from all of them."
    )
    shown = f" The difference is shown for {context.named(sure)}."
    tail = f" {certain}" if certain else shown if sure else none
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
    """Name those of a ranking that the question wants, after the place of the one that it asks about."""
    text, best = _picked(order, ranked, subject, context)
    place = () if subject.survey else _place(order, ranked, subject.question, context)
    return " ".join([*place, text]), best


def _place(order: Order, ranked: Sequence[Ranked], question: Question, context: Context) -> Iterator[str]:
    """Say which place the only strategy named has, where one is asked for: "is RSI among the top 3?"."""
    whether = question.whether == "first"
    if len(question.named) == 1 and (question.asks_rank or question.count or whether):
        superlative, label = METRICS[order.metric].superlatives[order.end], METRICS[order.metric].label
        for each in ranked:
            if each.strategy_id == question.named[0]:
                name = context.name(each.backtest_id)
                if whether:
                    yes = ("네,", "Yes:") if each.rank == 1 else ("아니요,", "No:")
                    yield yes[0] if context.korean else yes[1]
                if context.korean:
                    yield f"'{name}': {len(ranked)}개 중 {each.rank}위 ({superlative.ko} 순서, {label.ko})."
                else:
                    side = _lower(superlative.en)
                    yield f"'{name}' is number {each.rank} of {len(ranked)}, counted from {side}."


def _picked(
    order: Order, ranked: Sequence[Ranked], subject: Subject, context: Context
) -> tuple[str, str | None]:
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
        return _at_rank(question, order, ranked, context)
    if question.count is not None and question.count > 1:
        best = first[0] if len(first) == 1 else None
        return _first_few(
            question, order, [each for each in ranked if each.rank <= question.count], context
        ), best
    if len(first) > 1:
        return _tie(question, order, first, ids, context)
    return _first(question, order, ids, context), ids[0]


def _first_few(question: Question, order: Order, shown: Sequence[Ranked], context: Context) -> str:
    metric = METRICS[order.metric]
    label, superlative = metric.label.of(context.language), metric.superlatives[order.end]
    figures = (
        ", ".join([context.text(metric, each.backtest_id), *_asked(question, each.backtest_id, context)])
        for each in shown
    )
    listed = "; ".join(
        f"{each.rank}. '{context.name(each.backtest_id)}' {text}"
        for each, text in zip(shown, figures, strict=True)
    )
    if context.korean:
        return f"{superlative.ko} 순서로 {len(shown)}개 ({label}): {listed}."
    return f"From {_lower(superlative.en)}, {len(shown)} by {label}: {listed}."


def _sharing(place: int, ranked: Sequence[Ranked]) -> list[str]:
    """Return the ids of those that have the figure of the one at a place, counted from 1."""
    return [each.backtest_id for each in ranked if each.rank == ranked[place - 1].rank]


def _asked(question: Question, backtest_id: str, context: Context) -> list[str]:
    """Quote the metrics that are asked of those that are found."""
    return [context.quote(METRICS[name], backtest_id) for name in question.quoted]


def _tie(
    question: Question, order: Order, tied: Sequence[str], ids: Sequence[str], context: Context
) -> tuple[str, None]:
    """Name all that have the same figure at the end asked for."""
    metric, rest = METRICS[order.metric], [key for key in ids if key not in tied]
    superlative = metric.superlatives[order.end]
    listed = context.listed(metric, tied, question.quoted)
    label = "비교" if context.korean else "Compared with"
    with_others = f" {label}: {context.listed(metric, rest)}." if rest else ""
    if context.korean:
        return (
            f"{superlative.ko} 전략은 공동 {len(tied)}개입니다: {listed}.{with_others}",
            None,
        )
    return f"{len(tied)} are tied as {_lower(superlative.en)}: {listed}.{with_others}", None


def _at_rank(
    question: Question, order: Order, ranked: Sequence[Ranked], context: Context
) -> tuple[str, str | None]:
    metric, ids = METRICS[order.metric], [each.backtest_id for each in ranked]
    rank = question.rank or 1
    if rank > len(ids):
        ko = f"{len(ids)}개 전략에는 {rank}위가 없습니다: {context.listed(metric, ids)}."
        en = f"There is no number {rank} of {len(ids)}: {context.listed(metric, ids)}."
        return (ko if context.korean else en), None
    wanted, superlative = ids[rank - 1], metric.superlatives[order.end]
    if len(tied := _sharing(rank, ranked)) > 1:
        listed = context.listed(metric, tied, question.quoted)
        ko = f"{superlative.ko} 순서로 {rank}위는 공동 {len(tied)}개입니다: {listed}."
        en = f"Number {rank}, counted from {_lower(superlative.en)}, is a tie of {len(tied)}: {listed}."
        return (ko if context.korean else en), None
    quoted = ", ".join([context.quote(metric, wanted), *_asked(question, wanted, context)])
    if context.korean:
        return f"{superlative.ko} 순서로 {rank}위는 '{context.name(wanted)}'입니다: {quoted}.", wanted
    return (
        f"Number {rank}, counted from {_lower(superlative.en)}, is '{context.name(wanted)}': {quoted}.",
        wanted,
    )


def _first(question: Question, order: Order, ids: Sequence[str], context: Context) -> str:
    metric, first = METRICS[order.metric], ids[0]
    beside = [METRICS[name] for name in question.quoted or BESIDE if name != metric.name]
    beside = beside if question.quoted else beside[:2]
    quoted = ", ".join(context.quote(each, first) for each in (metric, *beside))
    superlative, others = metric.superlatives[order.end], context.listed(metric, ids[1:])
    name, period = context.name(first), context.period(first)
    if context.korean:
        return f"{superlative.ko} 전략은 '{name}'입니다: {quoted} ({period}). 비교: {others}."
    return f"{superlative.en} is '{name}': {quoted} ({period}). Compared with: {others}."


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]
