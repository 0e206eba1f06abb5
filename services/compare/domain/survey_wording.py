"""What answers say of all strategies, where only the first of them are compared."""

from collections.abc import Iterator, Sequence
from typing import Final

from backchat_contracts import Language, Texts
from services.compare.domain.criteria import Order
from services.compare.domain.metrics import METRICS, comparative
from services.compare.domain.survey import Found, Standing, Survey
from services.compare.domain.wording import MOST_LISTED, Context
from services.language.question import Question

CHOSEN: Final = Texts(
    ko="{of}개 전략 중 {count}개를 비교했습니다: 질문한 지표의 저장된 수치가 앞선 것들입니다.",
    en="Compared are {count} of {of} strategies: the first by the stored figures that the question is about.",
)
LATEST: Final = Texts(
    ko="{of}개 전략 중 가장 최근에 백테스트를 완료한 {count}개에 대한 답입니다. "
    "다른 전략은 이름으로 물어보세요.",
    en="This is about the {count} of {of} strategies that completed a backtest last; ask for others by name.",
)
UNRANKED: Final = Texts(
    ko="거래가 없거나 기간이 너무 짧아 비교할 수치가 없는 전략 {count}개는 뺐습니다.",
    en="{count} more {has} no figures that compare, as nothing was traded, or for too few days.",
)
SELECTED: Final = Texts(
    ko="주의: 비교한 전략은 {of}개 중에서 수치로 고른 것인데, 전략끼리의 검정은 나머지 {rest}개를 반영하지 "
    "못합니다. 많은 것 중 가장 나은 것은 우연만으로도 좋아 보입니다.",
    en="Caution: those compared were chosen from {of} by their figures, and the tests between them do not "
    "allow for the other {rest}: the best of many looks good by chance alone.",
)
MEETING: Final = Texts(
    ko="저장된 수치로 조건에 맞는 전략은 {of}개 중 {count}개입니다{listed}.",
    en="By their stored figures, {count} of {of} strategies {verb} the condition{listed}.",
)
BEYOND: Final = Texts(
    ko="저장된 수치로 {label} 값이 {names}보다 {side} 전략은 {of}개 중 {count}개입니다.",
    en="By the stored figures, {count} of {of} strategies have a {side} {label} than {names}.",
)
BEATING: Final = Texts(
    ko="저장된 수치로 자기 벤치마크보다 총수익률이 높은 전략은 {of}개 중 {count}개입니다.",
    en="By the stored figures, {count} of {of} strategies have a higher total return than their benchmark.",
)
PLACE: Final = Texts(
    ko="'{name}': {of}개 중 {rank}위 ({label} {value}, {superlative} 순서).",
    en="'{name}' is number {rank} of {of}, counted from {superlative}: {label} {value}.",
)
FIRST: Final = Texts(
    ko="저장된 수치로 {of}개 중 {superlative} 전략은 '{name}'입니다: {label} {value}.",
    en="By the stored figures, {superlative} of {of} is '{name}': {label} {value}.",
)
SHARED: Final = Texts(
    ko="저장된 수치로 {of}개 중 {count}개가 공동 1위입니다: {label} {value}.",
    en="By the stored figures, {count} of {of} share the first place: {label} {value}.",
)
FEW: Final = Texts(
    ko="저장된 수치로 {of}개 중 {superlative} 순서로 {count}개 ({label}): {listed}.",
    en="By the stored figures, from {superlative}, {count} of {of} by {label}: {listed}.",
)
NOT_ALL: Final = Texts(ko=" {count}개까지 보여드립니다.", en=" No more than {count} are listed.")
AT: Final = Texts(
    ko="저장된 수치로 {of}개 중 {superlative} 순서로 {rank}위: {listed}.",
    en="By the stored figures, number {rank} of {of}, counted from {superlative}: {listed}.",
)
NO_SUCH: Final = Texts(
    ko="{label} 값이 있는 전략은 {of}개라 {rank}위가 없습니다.",
    en="There is no number {rank}: {of} strategies have a {label}.",
)
ALL_BUT: Final = Texts(
    ko="{superlative} 전략 {names} 외의 전략은 {count}개입니다: {listed}.",
    en="All but {names}, {superlative}, are {count} strategies: {listed}.",
)


def number(value: int) -> str:
    return f"{value:,}"


def said_of_all(survey: Survey, compared: int, question: Question, context: Context) -> Iterator[str]:
    """Say of how many strategies those compared are the first, and how many meet the question's bounds."""
    language, of = context.language, number(survey.strategies)
    candidates = survey.strategies
    if survey.meeting is not None:
        yield _meeting(survey, question, context)
        candidates = survey.meeting
    if survey.beating and survey.beating[1]:
        count, known = survey.beating
        yield BEATING.of(language).format(of=number(known), count=number(count))
    if not any(each.defined for each in survey.standings) and candidates:
        yield LATEST.of(language).format(of=of, count=number(compared))
    elif compared < candidates:
        yield CHOSEN.of(language).format(of=number(candidates), count=number(compared))
    if survey.unranked:
        has = "has" if survey.unranked == 1 else "have"
        yield UNRANKED.of(language).format(count=number(survey.unranked), has=has)


def selected(survey: Survey, compared: int, context: Context) -> Iterator[str]:
    """Caution that tests do not allow for the choice of those compared."""
    found = context.findings
    tested = found.benchmark is not None or any(each.p_value is not None for each in found.verdict)
    if tested and compared < survey.strategies:
        rest = number(survey.strategies - compared)
        yield SELECTED.of(context.language).format(of=number(survey.strategies), rest=rest)


def told_of_all(
    standing: Standing, question: Question, context: Context
) -> tuple[str, str | None, bool] | None:
    """Answer from the figures of all what those compared can't tell: a place, the first few, all but some.

    Return the text, the id of the backtest that is asked for, and whether that is the first one; None: it
    asks for the first one alone.
    """
    order, language, of = standing.order, context.language, number(standing.defined)
    if order.negated and standing.first:
        rest = standing.defined - standing.counted
        text = ALL_BUT.of(language).format(
            superlative=_end(order, language),
            names=_names(standing.first[: standing.counted], standing.counted),
            count=number(rest),
            listed=_listed(standing.first[standing.counted :], rest, standing, language),
        )
        return text, None, False
    if question.rank is not None and question.rank > 1:
        if not standing.at:
            label = METRICS[order.metric].label.of(language)
            return NO_SUCH.of(language).format(label=label, of=of, rank=question.rank), None, False
        listed = _listed(standing.at, standing.sharing, standing, language)
        text = AT.of(language).format(
            of=of, superlative=_end(order, language), rank=question.rank, listed=listed
        )
        return text, standing.at[0].backtest_id if standing.sharing == 1 else None, False
    if question.count is not None and question.count > 1 and standing.first:
        return (*_few(standing, question.count, context), True)
    return None


def place_of_named(standing: Standing, question: Question, context: Context) -> str:
    """Say which place the only strategy named has among all: "where does it rank?", "is it the best?"."""
    if len(standing.named) != 1 or question.yardsticks:
        return ""
    (named,) = standing.named
    return _one(PLACE, named, standing, context)


def first_of_all(standing: Standing, ranked: Sequence[str], context: Context) -> str:
    """Name the first of all, where it is not among those ranked: those ran on other symbols, or days.

    Where more share the first place than are ranked, say how many do.
    """
    if standing.counted > max(len(ranked), 1):
        label, language = METRICS[standing.order.metric].label, context.language
        return SHARED.of(language).format(
            of=number(standing.defined),
            count=number(standing.counted),
            label=label.of(language),
            value=_text(standing.order.metric, standing.first[0].values[0], language),
        )
    if not standing.first or standing.first[0].backtest_id in ranked:
        return ""
    return _one(FIRST, standing.first[0], standing, context)


def beyond_of_all(standing: Standing, question: Question, context: Context) -> str:
    """Say how many are nearer to the end asked for than those that others are measured against."""
    if standing.beyond is None:
        return ""
    order, language = standing.order, context.language
    yardsticks = [each for each in standing.named if each.strategy_id in question.yardsticks]
    return BEYOND.of(language).format(
        of=number(standing.defined),
        count=number(standing.beyond),
        side=comparative(order.metric, order.end).of(language),
        label=METRICS[order.metric].label.of(language),
        names=_names(yardsticks, len(yardsticks)),
    )


def _meeting(survey: Survey, question: Question, context: Context) -> str:
    metrics = [each.metric for each in question.thresholds]
    quoted = (f"'{each.name}' {_figures(metrics, each.values, context.language)}" for each in survey.met)
    listed = f": {'; '.join(quoted)}{context.more(survey.meeting or 0)}" if survey.met else ""
    return MEETING.of(context.language).format(
        of=number(survey.strategies),
        count=number(survey.meeting or 0),
        verb="meets" if survey.meeting == 1 else "meet",
        listed=listed,
    )


def _figures(metrics: Sequence[str], values: Sequence[float | None], language: Language) -> str:
    """Quote each metric once."""
    return ", ".join(
        f"{METRICS[metric].label.of(language)} {_text(metric, value, language)}"
        for metric, value in dict(zip(metrics, values, strict=True)).items()
    )


def _few(standing: Standing, count: int, context: Context) -> tuple[str, str | None]:
    language, order = context.language, standing.order
    shown = [each for each in standing.first if each.rank <= count]
    listed = "; ".join(f"{each.rank}. {_ranked(each, standing, language)}" for each in shown)
    text = FEW.of(language).format(
        of=number(standing.defined),
        superlative=_end(order, language),
        count=number(len(shown)),
        label=METRICS[order.metric].label.of(language),
        listed=listed,
    )
    if len(shown) < standing.counted:
        text += NOT_ALL.of(language).format(count=number(len(shown)))
    first = [each.backtest_id for each in shown if each.rank == 1]
    return text, first[0] if len(first) == 1 else None


def _one(text: Texts, found: Found, standing: Standing, context: Context) -> str:
    order, language = standing.order, context.language
    return text.of(language).format(
        name=found.name,
        rank=number(found.rank),
        of=number(standing.defined),
        label=METRICS[order.metric].label.of(language),
        value=_text(order.metric, found.values[0], language),
        superlative=_end(order, language),
    )


def _listed(found: Sequence[Found], of: int, standing: Standing, language: Language) -> str:
    shown = [
        f"'{each.name}' {_figures(standing.metrics, each.values, language)}" for each in found[:MOST_LISTED]
    ]
    rest = of - len(shown)
    more = {"ko": f" 외 {rest:,}개", "en": f" and {rest:,} more"}[language] if rest > 0 and shown else ""
    return f"{'; '.join(shown)}{more}" if shown else {"ko": "없음", "en": "none"}[language]


def _ranked(found: Found, standing: Standing, language: Language) -> str:
    """Quote the figure that a list is ordered by without its label, and then the others."""
    value = _text(standing.order.metric, found.values[0], language)
    rest = _figures(standing.metrics[1:], found.values[1:], language)
    return f"'{found.name}' {', '.join(filter(None, (value, rest)))}"


def _text(metric: str, value: float | None, language: Language) -> str:
    if value is None:
        return {"ko": "해당 없음", "en": "not defined"}[language]
    return METRICS[metric].text(value, language)


def _names(found: Sequence[Found], of: int) -> str:
    rest = of - MOST_LISTED
    names = ", ".join(f"'{each.name}'" for each in found[:MOST_LISTED])
    return f"{names} +{rest:,}" if rest > 0 else names


def _end(order: Order, language: Language) -> str:
    """Return what the strategy at the end asked for is called, within a sentence."""
    text = METRICS[order.metric].superlatives[order.end].of(language)
    return text[0].lower() + text[1:]
