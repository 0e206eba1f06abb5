"""Computed answers to questions about strategies: the same findings, the same words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final

from backchat_contracts import Findings, StrategyFigures, Texts
from backchat_contracts.findings import Beyond, Ranking, Verdict
from services.compare.domain.beside_benchmark import said_beside_benchmark
from services.compare.domain.cautions import cautions
from services.compare.domain.certainty import certainty
from services.compare.domain.criteria import (
    ABOUT_RETURN,
    BOTH,
    MOST_METRICS,
    Order,
    holds,
    is_asked_about,
    orders_of,
)
from services.compare.domain.limits import BEYOND, not_there, unranked
from services.compare.domain.listing_wording import said_of
from services.compare.domain.meeting import meeting_of, said_of_meeting, said_whether
from services.compare.domain.metrics import METRICS, with_topic_particle
from services.compare.domain.picking import beyond, picked
from services.compare.domain.reasons import reasons
from services.compare.domain.stake_wording import said_of_stake
from services.compare.domain.subject import Subject
from services.compare.domain.survey_wording import (
    beyond_of_all,
    first_of_all,
    place_of_named,
    said_of_all,
    selected,
    told_of_all,
)
from services.compare.domain.timing_wording import said_of_timing
from services.compare.domain.window_wording import REST_UNKNOWN, WHOLE, window_of
from services.compare.domain.wording import NOTHING, Context, rates, span
from services.grounding.comparison import names_of
from services.language.question import Question

OVERVIEW: Final = ("total_return", "sharpe_ratio", "max_drawdown", "volatility")


@dataclass(frozen=True, slots=True)
class Summary:
    """An answer, and the strategy and its backtest that it names first; None: it names none as asked for."""

    text: str
    best_strategy_id: str | None = None
    best_backtest_id: str | None = None


def summarise(subject: Subject, findings: Findings) -> Summary:
    """Answer a question in words."""
    if subject.listed:
        return Summary("\n".join(said_of(subject.listed, subject.language)))
    entries, language = subject.entries, subject.language
    figures = {
        each.backtest_id: each
        for each in entries
        if isinstance(each, StrategyFigures) and is_asked_about(each.strategy_id, subject.question)
    }
    context = Context(findings, figures, names_of(figures.values()), language)
    if findings.timing:
        lines, best = said_of_timing(findings.timing, subject, context)
        about = [*not_there(subject.question, language), *window_of((), subject, context)]
        return Summary("\n".join([*about, *lines]), figures[best].strategy_id if best else None, best)
    orders = orders_of(subject.question)
    outside = orders and figures and findings.window and not findings.window.bars
    said, best = ([], None) if outside else _said(orders, subject, context)
    window = window_of(orders, subject, context)
    lines = [*not_there(_without_claims(subject.question, figures), language), *window, *said]
    if subject.survey and orders:
        lines += selected(subject.survey, len(figures), context)
    if subject.question.beyond == "why":
        lines += reasons(context)
    lines += cautions(entries, orders, best, context)
    if subject.first_of and orders:
        lines.append(FIRST_BY_STORED.of(language).format(count=len(entries), all=subject.first_of))
    return Summary("\n".join(lines), figures[best].strategy_id if best else None, best)


def _without_claims(question: Question, figures: Mapping[str, StrategyFigures]) -> Question:
    """Return a question whose claims are not understood, where they may be of several strategies."""
    if len(figures) == 1:
        return question
    return replace(question, unread=(*question.unread, *(each.written for each in question.claims)))


def _said(orders: Sequence[Order], subject: Subject, context: Context) -> tuple[list[str], str | None]:
    """Return the sentences that answer, and the id of the backtest that was asked for."""
    question, language, figures = subject.question, context.language, context.figures
    if not orders:
        return [*unranked(question, context), *_of_all(subject, context)], None
    if not (figures or subject.survey):
        return [NOTHING.of(language)], None
    lines = list(_leading(subject, context))
    if not figures:
        return lines, None
    if told := _without_order(orders, subject, context):
        return lines + told[0], told[1]
    meeting = meeting_of(subject, context) if question.thresholds else []
    if question.thresholds and not (meeting and (question.criteria or question.overall)):
        return lines, meeting[0] if len(meeting) == 1 else None
    best = None
    for order, ranking, verdict in zip(
        orders, context.findings.ranking, context.findings.verdict, strict=True
    ):
        answer, picked = _answer(order, ranking, verdict, subject, context)
        answer = " ".join([*_confirmed(order, ranking, subject, context), answer])
        if order.judged and order.end == BOTH[0]:
            lines.append(NO_GOOD_END.of(language).format(label=METRICS[order.metric].label.of(language)))
        lines.append(answer)
        best = best or (None if order.judged else picked)
    if question.compares_orders and len(context.findings.ranking) > 1:
        lines.insert(0, _of_both_orders(context))
    if len(question.criteria) > MOST_METRICS and len(figures) > 1:
        lines.append(ONLY_SOME.of(language))
    return lines, best


def _beyond(asked: Beyond, context: Context) -> str:
    """Say what no figure tells; of a time that is not known only the rest, where a window is."""
    language = context.language
    if asked != "period":
        return BEYOND[asked].of(language)
    if context.findings.window:
        return REST_UNKNOWN.of(language)
    return f"{BEYOND[asked].of(language)} {WHOLE.of(language)}"


def _leading(subject: Subject, context: Context) -> Iterator[str]:
    """Say what comes before any order: what can't be answered, what is true of all, which meet the bounds."""
    question = subject.question
    if question.beyond:
        yield _beyond(question.beyond, context)
    if subject.survey:
        yield from _of_all(subject, context)
    elif question.thresholds and not question.asks_whether:
        alone = len(context.figures) == 1 and question.relation != "benchmark"
        if not alone:
            yield said_of_meeting(meeting_of(subject, context), subject, context)


def _of_all(subject: Subject, context: Context) -> Iterator[str]:
    """Say what the figures of all say, where they are what is asked about."""
    question = subject.question
    asked = orders_of(question) or question.relation or question.beyond in {"settings", "capital"}
    if subject.survey and asked:
        yield from said_of_all(subject.survey, len(context.figures), question, context)


def _without_order(
    orders: Sequence[Order], subject: Subject, context: Context
) -> tuple[list[str], str | None] | None:
    """Say what is not a choice among several, if that is asked."""
    question, figures = subject.question, context.figures
    if question.stake:
        return list(said_of_stake(question.stake, context)), None
    if question.relation == "benchmark":
        lines, best = said_beside_benchmark(orders, context)
        untested = question.beyond == "certainty" and orders[0].metric not in ABOUT_RETURN
        return ([*lines, NO_TEST_BESIDE.of(context.language)] if untested else lines), best
    return _of_one(subject, context) if question.asks_whether or len(figures) == 1 else None


def _of_one(subject: Subject, context: Context) -> tuple[list[str], str | None]:
    """Say what is asked of a single strategy."""
    question = subject.question
    alone = len(subject.entries) == 1 and not (question.criteria or question.overall)
    if question.asks_whether or (alone and question.thresholds):  # "it never lost more than half?"
        return list(said_whether(subject, context)), None
    (only,) = context.figures
    best = only if any(each.entries for each in context.findings.ranking) else None
    return list(_single(only, subject, context)), best


NO_GOOD_END: Final = Texts(
    ko="{label}: 어느 쪽이 좋은 값인지 정해져 있지 않은 지표라, 양 끝을 수치로 답합니다.",
    en="No value of the {label} is good or bad as such; these are both ends.",
)
FIRST_BY_STORED: Final = Texts(
    ko="전체 {all}개 전략 중 전체 기간의 저장된 수치로 앞선 {count}개만 이 기간에 대해 계산했습니다.",
    en="For this window, figures are computed of the {count} strategies, of {all}, that come first by their "
    "stored figures of all days.",
)
ONLY_SOME: Final = Texts(
    ko=f"한 번에 {MOST_METRICS}개 지표까지만 답합니다.", en=f"One answer has {MOST_METRICS} metrics at most."
)


def _single(only: str, subject: Subject, context: Context) -> Iterator[str]:
    """Quote the figures of one strategy: those asked for, with their intervals, or the main ones."""
    asked = [each.metric for each in subject.question.criteria]
    if not (asked or subject.question.quoted):
        quoted = ", ".join(context.quote(METRICS[each], only) for each in OVERVIEW)
        yield f"'{context.name(only)}' ({context.period(only)}): {quoted}."
        return
    if len(asked) > MOST_METRICS:
        quoted = ", ".join(context.quote(METRICS[each], only) for each in asked)
        yield f"'{context.name(only)}' ({context.period(only)}): {quoted}."
        return
    rankings = {ranking.metric: ranking.entries for ranking in context.findings.ranking}
    for name in dict.fromkeys([*asked, *subject.question.quoted]):
        metric, value = METRICS[name], context.text(METRICS[name], only)
        ranked = next((each for each in rankings.get(name, ()) if each.backtest_id == only), None)
        details = context.period(only)
        if ranked and ranked.interval:
            of = {"ko": "95 % 신뢰구간", "en": "95 % interval"}[context.language]
            details += f"; {of} {span(metric, ranked.interval, context.language)}"
        if name == "costs_paid":
            details += f"; {rates(context.figures[only], context.language)}"
        said = _said_whether(name, only, subject, context)
        if context.korean:
            topic = with_topic_particle(metric.label.ko)
            yield f"{said}'{context.name(only)}'의 {topic} {value}입니다 ({details})."
        else:
            the = "the" if said else "The"
            yield f"{said}{the} {metric.label.en} of '{context.name(only)}' is {value} ({details})."


def _said_whether(metric: str, only: str, subject: Subject, context: Context) -> str:
    """Say whether a figure is what the question says; nothing where it says none."""
    claims = [each for each in subject.question.claims if each.metric == metric]
    if not claims:
        return ""
    yes = all(holds(context.value(METRICS[metric], only), each) for each in claims)
    return ("네, " if yes else "아니요, ") if context.korean else ("Yes: " if yes else "No: ")


def _answer(
    order: Order, ranking: Ranking, verdict: Verdict, subject: Subject, context: Context
) -> tuple[str, str | None]:
    """Say which one is at the end asked for, and how sure that is; return its id too."""
    metric, ranked = METRICS[order.metric], ranking.entries
    standing = subject.survey and subject.survey.standing(order)
    if standing and (told := told_of_all(standing, subject.question, context)):
        text, best, is_first = told
        place = place_of_named(standing, subject.question, context)
        sure = certainty(verdict, metric, context) if is_first else ""
        return " ".join(filter(None, (place, text, sure))), best
    there = [key for key in context.figures if context.has_figures(key)]
    rest = [key for key in there if key not in {each.backtest_id for each in ranked}]
    if len(ranked) < 2:  # noqa: PLR2004 - it takes two
        if subject.question.thresholds and ranked:
            return f"{context.listed(metric, [ranked[0].backtest_id])}.", ranked[0].backtest_id
        return _not_comparable(order, context), None
    if subject.question.yardsticks:
        sure = certainty(verdict, metric, context) if len(ranked) == 2 else ""  # noqa: PLR2004 - it is of the two
        nearer = beyond(order, ranked, subject.question.yardsticks, context, sure)
        counted = beyond_of_all(standing, subject.question, context) if standing else ""
        return " ".join(filter(None, (counted, nearer or _not_comparable(order, context)))), None
    sure = certainty(verdict, metric, context)
    if verdict.outcome == "identical":
        text, best = f"{context.listed(metric, [each.backtest_id for each in ranked])}.", None
    else:
        text, best = picked(order, ranked, subject, context)
    parts = [text, sure]
    if standing:
        there = [each.backtest_id for each in ranked]
        parts[:0] = [
            place_of_named(standing, subject.question, context),
            first_of_all(standing, there, context),
        ]
    if rest:
        parts.append(f"{_label_of_rest(context)}: {context.listed(metric, rest)}.")
    return " ".join(part for part in parts if part), best


def _confirmed(order: Order, ranking: Ranking, subject: Subject, context: Context) -> Iterator[str]:
    """Say whether the strategy that the question says is at the end asked for is there."""
    claimed, (first, *others) = subject.question.claimed, ranking.entries or (None,)
    if claimed is None or first is None or order.negated or subject.question.yardsticks:
        return
    place = subject.question.rank or 1
    there = next((each.rank for each in ranking.entries if each.strategy_id == claimed), None)
    tied = bool(others) and others[0].rank == first.rank == there
    if there is None or not others or (tied and place == 1):
        return
    yes = there <= (subject.question.count or 0) or there == place
    yield (YES if yes else NO).of(context.language)


def _of_both_orders(context: Context) -> str:
    """Say whether two rankings have the same order; those that share a figure have none among them."""
    first, second = (
        {each.backtest_id: each.rank for each in r.entries} for r in context.findings.ranking[:2]
    )
    there = [key for key in first if key in second]
    moved = [
        key
        for key in there
        if any((first[key] - first[other]) * (second[key] - second[other]) < 0 for other in there)
    ]
    return (OTHER_ORDER if moved else SAME_ORDER).of(context.language).format(names=context.named(moved))


NO_TEST_BESIDE: Final = Texts(
    ko="이 지표로는 벤치마크와의 차이를 검정하지 않아, 그 차이가 우연인지는 알 수 없습니다.",
    en="By this metric no test is made against the benchmark: whether the difference is chance is not known.",
)
OTHER_ORDER: Final = Texts(
    ko="두 지표의 순위가 다릅니다. 서로 앞뒤가 바뀌는 전략: {names}.",
    en="The orders by the two metrics differ. These change places: {names}.",
)
SAME_ORDER: Final = Texts(ko="두 지표의 순위가 같습니다.", en="The order by both metrics is the same.")
YES: Final = Texts(ko="네, 수치로는 그렇습니다.", en="Yes, by these figures.")
NO: Final = Texts(ko="아니요, 수치로는 그렇지 않습니다.", en="No, not by these figures.")


def _label_of_rest(context: Context) -> str:
    """Say that these have no rank; where windows differ, their figures are of their own days."""
    window = context.findings.common_window
    if context.findings.window:
        return (
            "순위 제외 (기간 중 있는 날만)" if context.korean else "Not ranked (over the days that they have)"
        )
    if window and window.figures:
        return "순위 제외 (각자의 기간)" if context.korean else "Not ranked (over their own windows)"
    return "순위 제외" if context.korean else "Not ranked"


def _not_comparable(order: Order, context: Context) -> str:
    metric = METRICS[order.metric]
    there = [key for key in context.figures if context.has_figures(key)]
    if context.findings.window:  # its figures are in no list of the answer yet
        sign = -1.0 if order.end == "highest" else 1.0
        values = {key: context.value(metric, key) for key in there}
        there.sort(key=lambda key: inf if values[key] is None else sign * (values[key] or 0.0))
    listed = context.listed(metric, there)
    if context.korean:
        return f"비교할 수 없습니다: 비교 가능한 전략이 둘이 되지 않습니다. {listed}."
    return f"Not comparable: there are no two that can be compared. {listed}."
