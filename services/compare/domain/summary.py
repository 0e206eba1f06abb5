"""Computed answers to questions about strategies: the same findings, the same words."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backchat_contracts import Findings, Language, StrategyFigures, Texts
from backchat_contracts.findings import Outcome, Ranked, Ranking, Verdict
from services.compare.domain.cautions import cautions
from services.compare.domain.certainty import certainty
from services.compare.domain.criteria import Order, is_asked_about, orders_of
from services.compare.domain.metrics import METRICS, Metric, with_topic_particle
from services.compare.domain.subject import Subject
from services.compare.domain.verdicts import SHOWN
from services.compare.domain.wording import Context, span

OVERVIEW: Final = ("total_return", "sharpe_ratio", "max_drawdown", "volatility")
BESIDE: Final = ("max_drawdown", "sharpe_ratio", "total_return")


@dataclass(frozen=True, slots=True)
class Summary:
    """An answer, and the strategy that it names first as what was asked for; None: it names none so."""

    text: str
    best_strategy_id: str | None = None


def summarise(subject: Subject, findings: Findings) -> Summary:
    """Answer a question in words."""
    entries, language = subject.entries, subject.language
    figures = {
        each.backtest_id: each
        for each in entries
        if isinstance(each, StrategyFigures) and is_asked_about(each.strategy_id, subject.question)
    }
    context = Context(findings, figures, _names(figures.values()), language)
    orders = orders_of(subject.question)
    lines = list(_unknown(subject.question.unknown, language))
    ranked: Sequence[Order] = orders
    best: str | None = None
    if not orders:
        if not lines:
            lines.append(ASK.of(language))
    elif not figures:
        lines.append(NOTHING.of(language))
    elif len(figures) == 1:
        (only,) = figures
        lines += _single(only, subject, context)
        best = only if any(each.entries for each in findings.ranking) else None
    elif subject.question.thresholds and not findings.ranking[0].entries:
        lines.append(_meeting(subject, context))
    else:
        if subject.question.thresholds:
            lines.append(_meeting(subject, context))
            if not subject.question.criteria and not subject.question.overall:
                ranked, best = (), _only(findings.ranking[0].entries)
        for order, ranking, verdict in zip(ranked, findings.ranking, findings.verdict, strict=False):
            answer, picked = _answer(order, ranking, verdict, subject, context)
            lines.append(answer)
            best = best or picked
    lines += cautions(entries, orders, best, context)
    found = figures[best].strategy_id if best else None
    return Summary("\n".join(lines), found)


NOTHING: Final = Texts(
    ko="비교할 수 있는 백테스트 결과가 없습니다.", en="There are no backtest results to compare."
)
ASK: Final = Texts(
    ko="무엇을 기준으로 비교할지 알 수 없는 질문입니다. 예: '어떤 전략이 더 안정적인가요?', "
    "'샤프 비율이 가장 높은 전략은?', '최대 낙폭이 가장 큰 전략은?'",
    en="The question names nothing to compare by. Try: 'Which is steadier?', 'Which has the highest "
    "Sharpe ratio?', 'Which has the largest drawdown?'",
)


def _unknown(measures: Sequence[str], language: Language) -> Iterator[str]:
    if measures:
        named = ", ".join(f"'{measure}'" for measure in measures)
        yield {
            "ko": f"{named}: 백테스트 결과에 없는 지표라서 답할 수 없습니다. "
            "있는 지표는 /api/v1/metrics 에 있습니다.",
            "en": f"{named}: backtests have no such figure, so there is no answer. "
            "/api/v1/metrics lists those that they have.",
        }[language]


def _names(entries: Collection[StrategyFigures]) -> Mapping[str, str]:
    """Return what each backtest is called: its strategy's name, and its own id where two have one name."""
    count = Counter(entry.name for entry in entries)
    return {
        entry.backtest_id: entry.name if count[entry.name] == 1 else f"{entry.name} #{entry.backtest_id[:8]}"
        for entry in entries
    }


def _single(only: str, subject: Subject, context: Context) -> Iterator[str]:
    """Quote the figures of one strategy: those asked for, with their intervals, or the main ones."""
    asked = [each.metric for each in subject.question.criteria]
    if not asked:
        quoted = ", ".join(context.quote(METRICS[each], only) for each in OVERVIEW)
        yield f"'{context.name(only)}' ({context.period(only)}): {quoted}."
        return
    for name, ranking in zip(asked, context.findings.ranking, strict=True):
        metric, value = METRICS[name], context.text(METRICS[name], only)
        ranked = next((each for each in ranking.entries if each.backtest_id == only), None)
        details = context.period(only)
        if ranked and ranked.interval:
            of = {"ko": "95 % 신뢰구간", "en": "95 % interval"}[context.language]
            details += f"; {of} {span(metric, ranked.interval, context.language)}"
        if context.korean:
            topic = with_topic_particle(metric.label.ko)
            yield f"'{context.name(only)}'의 {topic} {value}입니다 ({details})."
        else:
            yield f"The {metric.label.en} of '{context.name(only)}' is {value} ({details})."


def _answer(
    order: Order, ranking: Ranking, verdict: Verdict, subject: Subject, context: Context
) -> tuple[str, str | None]:
    """Say which one is at the end asked for, and how sure that is; return its id too."""
    metric = METRICS[order.metric]
    ranked = ranking.entries
    rest = [key for key in context.figures if key not in {each.backtest_id for each in ranked}]
    if verdict.outcome == "not-comparable":
        return f"{context.listed(metric, list(context.figures))}.", None
    if len(ranked) < 2:  # noqa: PLR2004 - it takes two
        if subject.question.thresholds:
            return f"{context.listed(metric, [each.backtest_id for each in ranked])}.", _only(ranked)
        return _not_comparable(metric, context), None
    if subject.question.yardstick:
        return _beyond(order, ranked, subject.question.yardstick, context), None
    text, picked = _picked(order, ranked, subject, context)
    sure = certainty(verdict, metric, context)
    if sure and picked != verdict.leader and not order.negated:  # the leader is not named yet
        sure = f"'{context.name(ranked[0].backtest_id)}' — {sure}"
    parts = [text, sure]
    if rest:
        label = "순위 제외" if context.korean else "Not ranked"
        parts.append(f"{label}: {context.listed(metric, rest)}.")
    return " ".join(part for part in parts if part), picked


def _beyond(order: Order, ranked: Sequence[Ranked], yardstick: str, context: Context) -> str:
    """Say which ones are ahead of one strategy, and of which that is shown."""
    metric = METRICS[order.metric]
    of = next((each.backtest_id for each in ranked if each.strategy_id == yardstick), None)
    if of is None:
        return _not_comparable(metric, context)
    ahead = [each.backtest_id for each in ranked[: [each.backtest_id for each in ranked].index(of)]]
    tests = {key: _outcome(order.metric, key, of, context) for key in ahead}
    shown = [key for key, outcome in tests.items() if outcome in SHOWN]
    tested = any(tests.values())
    name, quoted = context.name(of), context.quote(metric, of)
    listed, sure = context.listed(metric, ahead), context.named(shown)
    if context.korean:
        if not ahead:
            return f"'{name}'보다 앞선 전략은 없습니다 ({quoted})."
        tail = f" 차이가 통계적으로 확인된 것: {sure}." if sure else " 통계적으로 확인된 차이는 없습니다."
        return f"'{name}'({quoted})보다 앞선 전략: {listed}.{tail if tested else ''}"
    if not ahead:
        return f"None is ahead of '{name}' ({quoted})."
    tail = f" The difference is shown for {sure}." if sure else " But no difference is shown."
    return f"Ahead of '{name}' ({quoted}): {listed}.{tail if tested else ''}"


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


def _only(ranked: Sequence[Ranked]) -> str | None:
    return ranked[0].backtest_id if len(ranked) == 1 else None


def _meeting(subject: Subject, context: Context) -> str:
    """Say which strategies have figures as the question wants them."""
    metric = METRICS[subject.question.thresholds[0].metric]
    meeting = [each.backtest_id for each in context.findings.ranking[0].entries]
    asked = len(meeting) + sum(each.code == "filter" for each in context.findings.excluded)
    listed = context.listed(metric, meeting)
    if context.korean:
        return f"조건에 맞는 전략은 {asked}개 중 {len(meeting)}개입니다{': ' + listed if listed else ''}."
    return f"{len(meeting)} of {asked} meet the condition{': ' + listed if listed else ''}."


def _picked(
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


def _not_comparable(metric: Metric, context: Context) -> str:
    listed = context.listed(metric, list(context.figures))
    if context.korean:
        return f"비교할 수 없습니다: 비교 가능한 전략이 둘이 되지 않습니다. {listed}."
    return f"Not comparable: there are no two that can be compared. {listed}."
