"""Why some of those asked for are not compared, in words."""

from collections.abc import Mapping
from typing import Final

from backchat_contracts import StrategyFigures, StrategyGap, Texts
from backchat_contracts.findings import Excluded, ExclusionCode
from services.compare.domain.comparability import FEWEST_COMMON_BARS
from services.compare.domain.criteria import is_asked_about
from services.compare.domain.gathering import GAP_TEXTS
from services.compare.domain.metrics import METRICS
from services.compare.domain.subject import Compared, Entry, Subject

DETAILS: Final[Mapping[ExclusionCode, Texts]] = {
    "no-trades": Texts(
        ko="비교한 기간에 계속 현금만 보유했습니다.", en="It held nothing but cash on the days compared."
    ),
    "series-unavailable": Texts(
        ko="수익률 자료가 제때 오지 않았습니다. 잠시 후 다시 물어보세요.",
        en="Its daily returns did not come in time; ask again in a moment.",
    ),
    "universe": Texts(
        ko="다른 종목으로 실행되어 비교할 수 없습니다.",
        en="It ran on other symbols, so it is not comparable.",
    ),
    "currency": Texts(
        ko="다른 통화의 가격으로 실행되어 비교할 수 없습니다.",
        en="It ran on prices in another currency, so it is not comparable.",
    ),
    "few-common-bars": Texts(
        ko=f"다른 전략들과 겹치는 거래일이 {FEWEST_COMMON_BARS}일보다 적습니다.",
        en=f"It has fewer than {FEWEST_COMMON_BARS} trading days in common with the others.",
    ),
    "outside-window": Texts(
        ko="그 기간의 자료가 없거나 일부뿐입니다. 자료가 있는 기간: {period}.",
        en="It has none of these days, or not all of them: its data are of {period}.",
    ),
    "not-asked": Texts(ko="질문의 대상이 아닙니다.", en="The question is not about it."),
    "filter": Texts(ko="질문의 조건에 맞지 않습니다.", en="It does not meet the question's condition."),
}

SHORT: Final = Texts(
    ko=f"기간이 {FEWEST_COMMON_BARS} 거래일보다 짧아 비교하지 않습니다.",
    en=f"Over fewer than {FEWEST_COMMON_BARS} trading days nothing is compared.",
)


def exclusions_of(subject: Subject, compared: Compared) -> tuple[Excluded, ...]:
    """Return those that are not compared, in the order asked for."""
    compared_ids = {run.id for run in compared.runs}
    return tuple(
        _excluded(entry, subject, compared)
        for entry in subject.entries
        if isinstance(entry, StrategyGap) or entry.backtest_id not in compared_ids
    )


def _excluded(entry: Entry, subject: Subject, compared: Compared) -> Excluded:
    code = _code(entry, subject, compared)
    return Excluded(
        strategy_id=entry.strategy_id,
        backtest_id=entry.backtest_id,
        name=entry.name,
        code=code,
        detail=_detail(entry, code, subject, compared),
    )


def _code(entry: Entry, subject: Subject, compared: Compared) -> ExclusionCode:
    if isinstance(entry, StrategyGap):
        return "no-data"
    if not is_asked_about(entry.strategy_id, subject.question):
        return "not-asked"
    return compared.group.excluded.get(entry.backtest_id, "filter")


def _detail(entry: Entry, code: ExclusionCode, subject: Subject, compared: Compared) -> str:
    question, language = subject.question, subject.language
    if isinstance(entry, StrategyGap):
        return GAP_TEXTS[entry.error_code][language]
    if isinstance(entry, StrategyFigures) and code in {"no-trades", "short-window"}:
        told = (each.detail.of(language) for each in entry.warnings if each.code == code)
        return next(told, DETAILS["no-trades"].of(language))
    if code == "filter" and isinstance(entry, StrategyFigures):
        for bound in question.thresholds:
            values = compared.values.get(entry.backtest_id, {})
            if values.get(bound.metric) is None:
                label = METRICS[bound.metric].label
                ko = f"{label.ko} 값이 정의되지 않아 질문의 조건을 판단할 수 없습니다."
                en = f"Its {label.en} is not defined, so the question's condition can't be judged."
                return Texts(ko=ko, en=en).of(language)
    if code == "outside-window":
        own = next(run.window for run in subject.runs if run.id == entry.backtest_id)
        return DETAILS[code].of(language).format(period=own)
    if code == "few-common-bars" and compared.group.span and not compared.group.runs:
        return SHORT.of(language)
    return DETAILS[code].of(language)
