"""What answers say of the window of time that they are about."""

from collections.abc import Iterator, Sequence
from typing import Final

from backchat_contracts import FEWEST_ANNUAL_BARS, Texts
from backchat_contracts import METRICS as CATALOGUE
from backchat_contracts.metrics.trading import TradingValues
from services.compare.domain.criteria import Order
from services.compare.domain.metrics import METRICS
from services.compare.domain.subject import Subject
from services.compare.domain.wording import Context

OF_FILLS: Final = TradingValues.model_fields.keys() - {"exposure"}
USED: Final = Texts(ko="기간: {start}~{end} ({bars} 거래일).", en="Period: {start} to {end} ({bars} {days}).")
COUNTED: Final = Texts(
    ko="기간: {start}~{end} ({bars} 거래일, 자료의 마지막 날 {last} 기준).",
    en="Period: {start} to {end} ({bars} {days}, counted from the last day of the data, {last}).",
)
PART: Final = Texts(
    ko="물어본 기간 {asked} 중 백테스트가 모두 있는 날들입니다.",
    en="These are the days of {asked} that the backtests have.",
)
OUTSIDE: Final = Texts(
    ko="물어본 기간 {asked}에는 백테스트의 자료가 없습니다.", en="The backtests have no day of {asked}."
)
SHORT: Final = Texts(
    ko="{fewest} 거래일보다 짧은 기간의 {metrics} 값은 계산하지 않습니다.",
    en="Of fewer than {fewest} trading days there is no {metrics}.",
)
NOT_KEPT: Final = Texts(
    ko="{names}: 체결 내역이 너무 많아 보관되지 않았으므로, 기간을 정한 {metrics} 값은 없습니다.",
    en="{names}: the fills were too many to be kept, so of a window there is no {metrics}.",
)
OTHER_WINDOW: Final = Texts(
    ko="질문에 있는 기간이 아니라 요청의 window 에 있는 기간으로 답합니다.",
    en="The answer is about the window of the request, not the one in the question.",
)
REST_UNKNOWN: Final = Texts(
    ko="기간을 나타내는 다른 말은 어느 날부터 어느 날까지인지 알 수 없어 빼고 답합니다.",
    en="What else is said of the time is left out, as from which day to which day it is can't be told.",
)
WHOLE: Final = Texts(ko="전체 기간의 수치는 다음과 같습니다.", en="Over the whole period:")


def window_of(orders: Sequence[Order], subject: Subject, context: Context) -> Iterator[str]:
    """Say of which days an answer is, and what of the window that is asked about they lack."""
    window, language = context.findings.window, context.language
    if window is None or not (orders or subject.question.relation or subject.question.timing):
        return
    if subject.window and subject.question.window not in {None, subject.window}:
        yield OTHER_WINDOW.of(language)
    asked = f"{window.asked_start or '…'}~{window.asked_end or '…'}"
    if not window.bars:
        if subject.asked_about and all(run.series for run in subject.asked_about):
            yield OUTSIDE.of(language).format(asked=asked)
        return
    used = COUNTED if window.counted_from else USED
    yield used.of(language).format(
        start=window.start,
        end=window.end,
        bars=window.bars,
        days="trading day" if window.bars == 1 else "trading days",
        last=window.counted_from,
    )
    if not window.whole:
        yield PART.of(language).format(asked=asked)
    if short := _short(window.bars, orders, subject):
        metrics = ", ".join(METRICS[name].label.of(language) for name in short)
        yield SHORT.of(language).format(fewest=FEWEST_ANNUAL_BARS, metrics=metrics)
    of_fills = [name for name in _asked(orders, subject) if name in OF_FILLS]
    unkept = [run.id for run in subject.asked_about if run.series and run.series.fills is None]
    if of_fills and unkept:
        metrics = ", ".join(METRICS[name].label.of(language) for name in of_fills)
        yield NOT_KEPT.of(language).format(names=context.named(unkept), metrics=metrics)


def _asked(orders: Sequence[Order], subject: Subject) -> list[str]:
    return list(dict.fromkeys([*(order.metric for order in orders), *subject.question.quoted]))


def _short(bars: int, orders: Sequence[Order], subject: Subject) -> list[str]:
    """Return the metrics asked about that need more days."""
    return [name for name in _asked(orders, subject) if bars < CATALOGUE[name].fewest_bars]
