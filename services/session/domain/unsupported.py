"""What a conversation says of what it can't do, with the nearest thing that it can."""

from collections.abc import Mapping
from typing import Final

from backchat_contracts import Language, Texts
from services.session.domain.wording import Template

_NOT_SUPPORTED: Final = Template(ko="'{0}'은(는) 지원하지 않습니다. {1}", en="'{0}' is not supported. {1}")
_SETTABLE: Final = Texts(
    ko="정할 수 있는 것은 전략과 파라미터, 종목, 기간, 수수료, 슬리피지, 초기 자금, 벤치마크입니다.",
    en="What can be set: the strategy and its parameters, symbols, period, commission, slippage, "
    "initial cash and benchmark.",
)
_INSTEAD: Final[Mapping[str, Texts]] = {
    "leverage": Texts(
        ko="백테스트는 가진 현금 안에서만 삽니다.", en="A backtest buys with the cash that it has only."
    ),
    "shorts": Texts(
        ko="전략은 종목을 사서 보유하거나 현금으로 있습니다.",
        en="Strategies hold symbols that they have bought, or cash.",
    ),
    "exits": Texts(
        ko="언제 파는지는 전략의 파라미터가 정합니다. 예: 'RSI 파라미터가 뭐야?'",
        en="When to sell follows from the parameters of the strategy. Try: 'what are the parameters of RSI?'",
    ),
    "bars": Texts(ko="가격은 일별입니다.", en="Prices are daily."),
    "taxes": Texts(
        ko="비용은 수수료와 슬리피지로 정합니다. 예: '수수료 0.3%로 다시 돌려줘'",
        en="Costs are set as commission and slippage. Try: 'run it again with 0.3 % commission'.",
    ),
    "sizing": Texts(
        ko="종목별 비중은 '고정 비중'과 '변동성 목표' 유형으로 정할 수 있습니다.",
        en="The types 'Fixed weights' and 'Volatility target' set how much of a symbol is held.",
    ),
    "optimisation": Texts(
        ko="여러 값을 한 번에 5개까지 실행해 비교할 수 있습니다. 예: 'AAPL RSI 윈도우 10, 14, 20으로 각각 "
        "돌려줘'",
        en="Several values, 5 at once, can be run and compared. Try: 'run RSI with windows 10, 14 and 20 "
        "on AAPL'.",
    ),
    "validation": Texts(
        ko="기간을 나누어 따로 실행할 수 있습니다. 예: 'RSI AAPL 2010년부터 2011년까지 돌려줘'",
        en="Parts of the period can be run on their own. Try: 'run RSI on AAPL from 2010 to 2011'.",
    ),
    "trading": Texts(
        ko="과거의 가격으로 백테스트만 하며, 주문은 내지 않습니다. 예: 'AAPL로 RSI 백테스트 돌려줘'",
        en="Backtests run on past prices, and no orders are made. Try: 'run an RSI backtest on AAPL'.",
    ),
    "schedule": Texts(
        ko="백테스트는 말할 때 한 번 실행합니다. 정해진 때에 실행하려면 POST "
        "/api/v1/chatops-advanced/backtest/trigger 를 부르세요.",
        en="A backtest runs once, when it is asked for. To run one at set times, call POST "
        "/api/v1/chatops-advanced/backtest/trigger.",
    ),
    "messages": Texts(
        ko="백테스트가 끝나면 이 대화에 알려 드립니다. 다른 프로그램은 backtest.completed 이벤트로 알 수 "
        "있습니다.",
        en="The end of a backtest is told in this conversation; other programs hear of it by the event "
        "backtest.completed.",
    ),
    "deletion": Texts(
        ko="채팅으로는 지울 수 없습니다. 전략은 DELETE /api/v1/strategies/{id} 로 목록에서 뺄 수 있고, 그 "
        "백테스트는 남습니다.",
        en="Nothing is deleted from the chat. DELETE /api/v1/strategies/{id} takes a strategy out of the "
        "catalogue; its backtests stay.",
    ),
    "renaming": Texts(
        ko="전략의 이름은 바뀌지 않습니다. 다른 이름으로는 POST /api/v1/strategies 로 저장할 수 있습니다.",
        en="A strategy keeps its name; POST /api/v1/strategies saves one under another.",
    ),
    "charts": Texts(
        ko="채팅은 글로만 답합니다. 곡선과 거래는 GET /api/v1/backtests/{id}/result 에, 대화는 GET "
        "…/session/{id}/export 에 있습니다.",
        en="The chat answers in words. GET /api/v1/backtests/{id}/result has the curves and trades, GET "
        "…/session/{id}/export the conversation.",
    ),
    "told": Texts(
        ko="백테스트가 끝나면 이 대화에 알려 드립니다.",
        en="The end of a backtest is told in this conversation.",
    ),
    "own rules": Texts(
        ko="있는 전략 유형의 파라미터를 정할 수 있습니다. 예: '어떤 전략을 돌릴 수 있어?' 새 유형은 파이썬 "
        "패키지로 추가합니다.",
        en="The types that there are can be set by their parameters. Try: 'which strategies can I run?' A "
        "new type is added as a Python package.",
    ),
}
_NO_INDEX: Final = Template(
    ko="'{0}' 지수의 수치는 없습니다. 전략은 각 백테스트의 벤치마크와 비교합니다. 예: '벤치마크가 뭐야?', "
    "'벤치마크보다 나은 전략은?'",
    en="There are no figures of the index '{0}'. Strategies are compared with the benchmark of their own "
    "backtest. Try: 'what is the benchmark?', 'which beat the benchmark?'",
)
_OF_RUNS: Final = frozenset({"leverage", "shorts", "exits", "bars", "taxes", "sizing"})


def not_supported(feature: str, words: str, language: Language) -> str:
    """Return that something is not supported, in the words of the message, and what is."""
    if feature == "told":
        return _INSTEAD[feature].of(language)
    said = _NOT_SUPPORTED.given(words, _INSTEAD[feature]).of(language)
    return f"{said} {_SETTABLE.of(language)}" if feature in _OF_RUNS else said


def no_index(written: str, language: Language) -> str:
    """Return that there are no figures of a market index, and what strategies are compared with."""
    return _NO_INDEX.given(written).of(language)
