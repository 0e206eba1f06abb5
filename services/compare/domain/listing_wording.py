"""How many strategies there are, which are as a question asks, and what they ran, in words."""

from collections.abc import Iterator
from typing import Final

from backchat_contracts import Language, Texts
from services.compare.domain.listing import Listed
from services.compare.domain.wording import MOST_LISTED


def said_of(told: Listed, language: Language) -> Iterator[str]:
    """Say how many there are, how many of these are as the question asks, and the first ones."""
    if told.filter.missing:
        text, missing = (NO_SYMBOL if told.asked.trading else NO_TYPE), " ".join(told.filter.missing)
        there = ", ".join(told.there[:MOST_LISTED]) or "-"
        there += "" if len(told.there) <= MOST_LISTED else " …"
        yield text.of(language).format(missing=missing, there=there)
        return
    count, of = f"{told.count:,}", f"{told.strategies:,}"
    what = (" " if language == "ko" else ", ").join(_conditions(told, language))
    texts = (LAST if told.count else NEVER) if told.asked.last else MATCHING if what else ALL
    rest = told.count - len(told.lines)
    more = {"ko": f" 외 {rest:,}개", "en": f" and {rest:,} more"}[language] if rest > 0 else ""
    yield texts.of(language).format(
        count=count,
        of=of,
        what=what,
        verb=_verb(told, "is", "are"),
        noun="strategy" if told.strategies == 1 else "strategies",
        listed=f": {'; '.join(told.lines)}{more}" if told.lines else "",
    )
    if told.asked.timed:
        yield TIMED.of(language)
    if told.untested and told.asked.backtested is None and not told.asked.last:
        yield (
            (UNKNOWN if what else UNTESTED)
            .of(language)
            .format(count=f"{told.untested:,}", has="has" if told.untested == 1 else "have")
        )


ALL: Final = Texts(ko="전략은 {count}개입니다{listed}.", en="There {verb} {count} {noun}{listed}.")
MATCHING: Final = Texts(
    ko="{what} 전략은 {of}개 중 {count}개입니다{listed}.", en="{count} of {of} {noun} {what}{listed}."
)
LAST: Final = Texts(ko="마지막으로 완료된 백테스트{listed}.", en="The last completed backtests{listed}.")
NEVER: Final = Texts(ko="완료된 백테스트가 없습니다.", en="No backtest was completed.")
UNTESTED: Final = Texts(
    ko="그중 {count}개는 완료된 백테스트가 없습니다.", en="{count} of these {has} no completed backtest."
)
UNKNOWN: Final = Texts(
    ko="완료된 백테스트가 없는 {count}개는 무엇으로 실행할지 알 수 없습니다.",
    en="What those without a completed backtest ({count}) would run is not known here.",
)
TIMED: Final = Texts(
    ko="무엇으로 실행되었는지의 목록입니다. 말씀하신 기간에 그 종목을 거래했는지는 알 수 없습니다.",
    en="The list says what they ran on; whether they traded it within that time is not known here.",
)
NO_SYMBOL: Final = Texts(
    ko="'{missing}': 그런 종목으로 실행된 백테스트가 없습니다. 있는 종목: {there}.",
    en="'{missing}': no backtest that stands for a strategy ran on it. Those that there are: {there}.",
)
NO_TYPE: Final = Texts(
    ko="'{missing}': 그런 유형의 백테스트가 없습니다. 있는 유형: {there}.",
    en="'{missing}': no backtest that stands for a strategy is of a type of this name. "
    "Those that there are: {there}.",
)


def _verb(told: Listed, one: str, several: str) -> str:
    return one if told.count == 1 else several


def _conditions(told: Listed, language: Language) -> Iterator[str]:
    """Say what the question asks of strategies: in Korean before their noun, in English after it."""
    asked, found, korean = told.asked, told.filter, language == "ko"
    has, ran = _verb(told, "has", "have"), "ran"
    if asked.backtested is False:
        yield "완료된 백테스트가 없는" if korean else f"{has} no completed backtest"
    symbols = found.symbols
    if symbols and asked.others:
        listed_symbols = ", ".join(symbols)
        yield (
            f"{listed_symbols} 외의 종목으로 실행된"
            if korean
            else f"ran on other symbols than {listed_symbols}"
        )
    elif symbols:
        yield f"{', '.join(symbols)} 종목으로 실행된" if korean else f"{ran} on {' and '.join(symbols)}"
    types = found.types
    if types:
        are = _verb(told, "is", "are")
        listed_types = ", ".join(types) if korean else " or ".join(types)
        yield f"{listed_types} 유형" if korean else f"{are} of type {listed_types}"
    rates = ((asked.commission_rate, COMMISSION), (asked.slippage_rate, SLIPPAGE))
    amounts = [(f"{100 * value:g} %", texts) for value, texts in rates if value is not None]
    if asked.initial_cash is not None:
        amounts.append((f"{asked.initial_cash:,.0f}", CASH))
    for value, texts in amounts:
        yield texts[asked.others].of(language).format(value=value)
    nothing_else = not (symbols or types or asked.of_settings)
    if asked.backtested and nothing_else:
        yield "완료된 백테스트가 있는" if korean else f"{has} a completed backtest"


COMMISSION: Final = (
    Texts(ko="수수료율 {value}로 실행된", en="ran with a commission of {value}"),
    Texts(ko="수수료율이 {value}가 아닌", en="ran with another commission than {value}"),
)
SLIPPAGE: Final = (
    Texts(ko="슬리피지 {value}로 실행된", en="ran with a slippage of {value}"),
    Texts(ko="슬리피지가 {value}가 아닌", en="ran with another slippage than {value}"),
)
CASH: Final = (
    Texts(ko="초기 자금이 {value}인", en="ran with an initial cash of {value}"),
    Texts(ko="초기 자금이 {value}이 아닌", en="ran with another initial cash than {value}"),
)
"""Those with such a value, and those with another."""
