"""What answers say where no ranking can."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from operator import itemgetter
from typing import Final

from backchat_contracts import METRICS, Language, Texts
from backchat_contracts.findings import Pair
from services.compare.domain.calendar_wording import label_of_window
from services.compare.domain.pairs import MOST_ALL
from services.compare.domain.settings_wording import count_of, said_of_settings
from services.compare.domain.wording import MOST_LISTED, NOTHING, Context
from services.language.name_wording import said_as_near, said_as_read
from services.language.question import Question

ASK: Final = Texts(
    ko="무엇을 기준으로 비교할지 알 수 없는 질문입니다. 예: '어떤 전략이 더 안정적인가요?', "
    "'샤프 비율이 가장 높은 전략은?', '최대 낙폭이 가장 큰 전략은?'",
    en="The question names nothing to compare by. Try: 'Which is steadier?', 'Which has the highest "
    "Sharpe ratio?', 'Which has the largest drawdown?'",
)
UNKNOWN: Final = Texts(
    ko="{names}: 백테스트 결과에 없는 지표라서 답할 수 없습니다. 있는 지표는 /api/v1/metrics 에 있습니다.",
    en="{names}: backtests have no such figure, so there is no answer. "
    "/api/v1/metrics lists those that they have.",
)
UNRESOLVED: Final = Texts(
    ko="{names}: 비교 대상 중에 그런 이름의 전략이 없습니다.", en="{names}: no strategy here has that name."
)
UNREAD: Final = Texts(
    ko="{names}: 뜻을 알 수 없는 말이라 빼고 답합니다.",
    en="{names}: not understood, so the answer leaves it out.",
)
NUMBER: Final = Texts(
    ko="{names}: 무엇에 대한 숫자인지 알 수 없어 답하지 않습니다. "
    "예: '샤프 비율 1 이상', '2012년', '상위 3개'",
    en="{names}: what this is of was not understood, so there is no answer. "
    "Try: 'a Sharpe ratio above 1', 'in 2012', 'the top 3'.",
)
NO_CORRELATION: Final = Texts(
    ko="비교할 수 있는 두 전략이 없어 상관관계를 알 수 없습니다.",
    en="There are no two that can be compared, so no correlation.",
)
MANY: Final = Texts(
    ko=f"{MOST_ALL}개가 넘는 전략의 상관관계는 /api/v1/comparisons/{{id}}/pairs 에 있습니다. "
    "답에서 보려면 이름으로 물어보세요.",
    en=f"The correlations of more than {MOST_ALL} strategies are at /api/v1/comparisons/{{id}}/pairs; "
    "name some to have theirs here.",
)
BEYOND: Final[Mapping[str, Texts]] = {
    "when": Texts(
        ko="언제였는지는 낙폭과 회복, 기간별 수익률에 대해서만 답합니다. 예: '언제 회복했어?', "
        "'최악의 달은?', '연도별 수익률'. 날짜별 결과는 /api/v1/backtests/{id}/result 에 있습니다.",
        en="Of when there are drawdowns, recoveries and returns by period alone. Try: "
        "'When did it recover?', 'Worst month?', 'Returns by year'. "
        "The days of a backtest are at /api/v1/backtests/{id}/result.",
    ),
    "future": Texts(
        ko="과거의 백테스트로는 앞으로를 답할 수 없습니다.",
        en="Backtests are about the past: they do not tell what will be.",
    ),
    "period": Texts(
        ko="말씀하신 기간은 어느 날부터 어느 날까지인지 알 수 없습니다. '2012년 하반기', '2012년 3월부터', "
        "'최근 6개월'처럼 말해 주세요.",
        en="From which day to which day that time is can't be told. Say it as in "
        "'in the second half of 2012', 'since March 2012', 'over the last 6 months'.",
    ),
    "windows": Texts(
        ko="한 번에 이어진 한 기간만 답합니다. 기간마다 따로 물어보세요. 예: '2012년에는?', '2013년에는?'",
        en="One window of time, without a gap, is answered at once: ask about each. "
        "Try: 'in 2012?', 'and in 2013?'",
    ),
    "nearest": Texts(
        ko="가장 높거나 가장 낮은 순으로만 비교하며, 얼마나 가깝거나 비슷한지로는 비교하지 않습니다.",
        en="Strategies are ranked from the highest or the lowest, not by how near or similar they are.",
    ),
    "aggregate": Texts(
        ko="수치는 전략마다 따로 있으며, 여러 전략의 평균이나 중앙값, 합계는 없습니다.",
        en="Figures are of each strategy alone: there is no average, median or sum over several.",
    ),
    "metrics": Texts(
        ko="한 지표를 다른 지표와 비교하지는 않으며, 지표끼리의 상관관계도 계산하지 않습니다. 지표마다 따로 "
        "물어보세요.",
        en="One metric is not compared with another, and no correlation of two is computed: ask about each.",
    ),
    "scaled": Texts(
        ko="수치는 숫자와 비교할 수 있고, 다른 전략의 몇 배나 몇 %p 차이와는 비교하지 않습니다. "
        "예: '변동성이 15 % 이하인 전략은?'",
        en="A figure is compared with a number, not with a share or multiple of another strategy's. "
        "Try: 'Which have a volatility of at most 15 %?'",
    ),
    "norm": Texts(
        ko="어떤 값이 좋은 값인지는 백테스트로 알 수 없습니다. 전략끼리, 또는 벤치마크와 비교할 수 있습니다.",
        en="Backtests do not tell which values are good in general: compare strategies with each other or "
        "with the benchmark.",
    ),
    "act": Texts(
        ko="비교는 저장된 결과를 읽기만 합니다. 백테스트는 채팅에서 'AAPL로 RSI 백테스트 돌려줘'처럼 "
        "말하거나 POST /api/v1/chatops-advanced/backtest/trigger 로 실행합니다.",
        en="Comparisons only read stored results. Run a backtest in the chat, as in 'run an RSI backtest on "
        "AAPL', or by POST /api/v1/chatops-advanced/backtest/trigger.",
    ),
    "strengths": Texts(
        ko="한 번에 지표 하나씩 비교합니다. 어떤 지표인지 말해 주세요. 예: '샤프 비율이 가장 높은 전략은?' "
        "지표의 목록은 /api/v1/metrics 에 있습니다.",
        en="Strategies are compared by one metric at a time: name it. "
        "Try: 'Which has the highest Sharpe ratio?' /api/v1/metrics lists them.",
    ),
    "nested": Texts(
        ko="두 질문이 한 문장에 있어 답할 수 없습니다. 먼저 고르고, 그 전략들의 이름으로 다시 물어보세요.",
        en="These are two questions in one: ask for the choice first, then about those by their names.",
    ),
    "advice": Texts(
        ko="백테스트는 과거의 결과이며, 투자 조언이 아닙니다. 수치는 다음과 같습니다.",
        en="Backtests are about the past and give no advice. The figures are these.",
    ),
    "certainty": Texts(ko="얼마나 확실한지는 다음과 같습니다.", en="How sure that is:"),
    "why": Texts(
        ko="이유는 수치만으로 알 수 없습니다. 무엇이 실행되었고 수치가 어땠는지는 다음과 같습니다.",
        en="The figures do not tell why. What was run, and the figures that go with it, are these.",
    ),
}
EACH_WINDOW: Final = Texts(
    ko="여러 기간을 한 번에 물으면 해, 분기, 달의 수익률만 나누어 답합니다. 기간마다 따로 물어보세요. "
    "예: '{first}에는?', '{second}에는?'",
    en="Of several windows at once there are the returns of years, quarters and months. Ask about each. "
    "Try: 'in {first}?', 'and in {second}?'",
)
_APART: Final = 2


def not_there(question: Question, language: Language) -> Iterator[str]:
    """Say how names were read, and name what is not there: measures, strategies, and words without one."""
    for read in question.read_as:
        yield said_as_read(read.written, read.name, language)
    near = {each.written.lower(): each for each in question.near}
    far = tuple(name for name in question.unresolved if name not in near)
    for texts, names in ((UNKNOWN, question.unknown), (UNRESOLVED, far)):
        if names:
            yield texts.of(language).format(names=_quoted(names))
    for each in near.values():
        no_such = UNRESOLVED.of(language).format(names=_quoted([each.written]))
        yield f"{no_such} {said_as_near(each.names, language)}"
    if question.unread:
        texts = NUMBER if question.beyond == "number" else UNREAD
        yield texts.of(language).format(names=_quoted(question.unread))


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def unranked(question: Question, context: Context) -> Iterator[str]:
    """Answer a question that asks for no ranking."""
    if question.relation == "correlation" and question.beyond != "nested":
        yield _correlations(question, context)
    elif question.beyond == "meaning":
        yield from (_meaning(each.metric, context.language) for each in question.criteria)
    elif question.beyond == "settings":
        yield from said_of_settings(question.settings, context)
    elif question.beyond == "capital":
        yield from _capital(context)
    elif question.beyond == "windows" and question.apart and not any(each.recent for each in question.apart):
        named = [label_of_window(each, context.language) for each in question.apart[:_APART]]
        yield EACH_WINDOW.of(context.language).format(first=named[0], second=named[-1])
    elif question.beyond and question.beyond != "number":
        yield BEYOND[question.beyond].of(context.language)
    elif not (question.beyond or question.unknown or question.unresolved):
        yield ASK.of(context.language)


def _capital(context: Context) -> Iterator[str]:
    """Say that what a strategy needs is not computed, and with what the first few began."""
    if not context.figures:
        yield NOTHING.of(context.language)
        return
    began = "; ".join(
        f"'{context.name(key)}' {entry.initial_cash:,.0f}"
        for key, entry in islice(context.figures.items(), MOST_LISTED)
    )
    yield CAPITAL.of(context.language).format(began=f"{began}{context.more(count_of(context))}")


CAPITAL: Final = Texts(
    ko="얼마가 필요한지는 백테스트로 알 수 없습니다. 백테스트의 초기 자금: {began}.",
    en="How much a strategy needs is not computed. The initial cash that the backtests began with: {began}.",
)


def _meaning(name: str, language: Language) -> str:
    metric = METRICS[name]
    return f"{metric.label.of(language)}: {metric.definition.of(language)}"


def _correlations(question: Question, context: Context) -> str:
    """Quote the correlations of the daily returns, of each two that can be compared, or of all with one."""
    lowest = question.overall_end == "lowest"
    known = sorted(
        (
            (pair.correlation, pair)
            for pair in context.findings.pairs
            if pair.correlation is not None and _is_with(question.named, pair, context)
        ),
        key=itemgetter(0),
        reverse=not lowest,
    )
    if not known:
        return (MANY if len(context.figures) > MOST_ALL else NO_CORRELATION).of(context.language)
    texts = [
        f"'{context.name(pair.first)}' / '{context.name(pair.second)}' {correlation:+.2f}"
        for correlation, pair in known
    ]
    if len(texts) > MOST_LISTED:
        half = MOST_LISTED // 2
        texts = [*texts[:half], "…", *texts[-half:]]
    label = "일간 수익률의 상관관계" if context.korean else "Correlation of the daily returns"
    first = LOWEST_FIRST if lowest else HIGHEST_FIRST
    order = f", {first.of(context.language)}" if len(known) > 1 else ""
    return f"{label}{order}: {'; '.join(texts)}."


HIGHEST_FIRST: Final = Texts(ko="높은 순", en="highest first")
LOWEST_FIRST: Final = Texts(ko="낮은 순", en="lowest first")


def _is_with(named: Sequence[str], pair: Pair, context: Context) -> bool:
    """Whether a pair is of the only strategy named, if there is one."""
    return len(named) != 1 or any(
        context.figures[key].strategy_id == named[0] for key in (pair.first, pair.second)
    )
