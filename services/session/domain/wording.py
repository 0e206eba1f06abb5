"""What a conversation says of the backtests that it runs: templates in both languages, and values."""

from dataclasses import dataclass
from typing import Final

from backchat_contracts import Texts


@dataclass(frozen=True, slots=True)
class Template:
    """A text with places for values, in both languages."""

    ko: str
    en: str

    def given(self, *values: object) -> Texts:
        """Return the text with values; those that are texts themselves, in its language."""
        ko = [value.ko if isinstance(value, Texts) else value for value in values]
        en = [value.en if isinstance(value, Texts) else value for value in values]
        return Texts(ko=self.ko.format(*ko), en=self.en.format(*en))


class UnclearError(Exception):
    """What a message asks to be run is not clear, or can't be; `texts` say why and what would be right.

    `fields`: the settings, parameters or "symbols" that it is about.
    """

    def __init__(self, texts: Texts, *fields: str) -> None:
        super().__init__(texts.en)
        self.texts = texts
        self.fields = fields


AMBIGUOUS_TYPE: Final = Template(
    ko="어느 전략 유형인지 말해 주세요: {0}.",
    en="Say which strategy type is meant: {0}.",
)
AMBIGUOUS_NUMBERS: Final = Template(
    ko="{0}은(는) 어느 파라미터의 값인가요? 이름과 함께 적어 주세요: {1}.",
    en="Which parameters are {0}? Give them by name: {1}.",
)
AMBIGUOUS_RATE: Final = Template(
    ko="{0} {1}은(는) {1} %인가요, 비율 {1}인가요? '{0} {1} %'처럼 단위를 적어 주세요.",
    en="Is a {0} of {1} meant as {1} % or as a fraction? Give the unit: '{0} {1} %'.",
)
WHICH_COST: Final = Template(
    ko="{0}은(는) 수수료인가요, 슬리피지인가요? '수수료 {0}'처럼 적어 주세요.",
    en="Is {0} the commission or the slippage? Say 'commission {0}', for example.",
)
NO_PARAMETERS: Final = Template(
    ko="'{1}'에는 숫자로 정하는 파라미터가 없어서 {0}이(가) 무엇인지 알 수 없습니다.",
    en="'{1}' has no numbers as parameters, so it is not known what {0} is.",
)
IN_LANGUAGE: Final = Texts(ko="이제부터 한국어로 답합니다.", en="The answers are in English from here on.")
COSTS: Final = Template(
    ko="'{0}': 초기 자금 {1}, 수수료 {2}, 슬리피지 {3}.",
    en="'{0}': initial cash {1}, commission {2}, slippage {3}.",
)
UNCHANGED: Final = Template(
    ko="제안을 바꾸지 않았습니다. 이해하지 못한 말: {0}.",
    en="The proposal is unchanged. Not understood: {0}.",
)
STILL_PROPOSED: Final = Template(
    ko="아직 실행하지 않은 제안: {0}. '응'이라고 하면 시작하고, '취소'라고 하면 그만둡니다.",
    en="Still proposed: {0}. Say 'yes' to start it, or 'no'.",
)
WRONG_RATE: Final = Template(
    ko="{0}은(는) 0 % 이상 50 % 미만이어야 합니다. {1}은(는) 쓸 수 없습니다.",
    en="A {0} must be at least 0 % and less than 50 %: {1} is not.",
)
WRONG_CASH: Final = Template(
    ko="초기 자금은 0보다 크고 1조 이하여야 합니다. {0}은(는) 쓸 수 없습니다.",
    en="The initial cash must be more than 0 and at most 1,000,000,000,000: {0} is not.",
)
PERIOD_BACKWARDS: Final = Template(
    ko="기간의 시작({0})은 끝({1})보다 앞이어야 합니다.",
    en="A period must begin ({0}) before it ends ({1}).",
)
TWO_PERIODS: Final = Template(
    ko="시작일 {0}, '최근 {1}개월'은 함께 쓸 수 없습니다. 둘 중 하나만 말해 주세요.",
    en="A start on {0} and 'the last {1} months' exclude each other. Say one of them.",
)
NO_SUCH_SYMBOLS: Final = Template(
    ko="{0}의 가격 데이터가 없습니다. 어떤 종목이 있는지는 '어떤 종목이 있어?'라고 물어보세요.",
    en="There are no prices of {0}. Ask 'which symbols are there?' to see those that there are.",
)
TOO_MANY_RUNS: Final = Template(
    ko="한 번에 {0}개까지 실행할 수 있는데 {1}개입니다. {0}개까지만 골라 말해 주세요.",
    en="At most {0} can be run at once, and these are {1}: name {0} of them at most.",
)
NO_WEIGHTS: Final = Template(
    ko="'{0}'에는 종목별 비중을 정할 수 없습니다. 정할 수 있는 유형은 '고정 비중'입니다. "
    "예: '고정 비중 AAPL 60% IBM 40%로 돌려줘'",
    en="'{0}' takes no weights. The type that does is 'Fixed weights'. "
    "Try: 'run fixed weights 60% AAPL 40% IBM'.",
)
START_OR_END: Final = Template(
    ko="{0}은(는) 기간의 시작인가요, 끝인가요? '{0}부터'나 '{0}까지'처럼 적어 주세요.",
    en="Is {0} the start or the end of the period? Say 'since {0}' or 'until {0}'.",
)
WRITE_DAYS: Final = Texts(ko="날짜는 2012-06-01처럼 적어 주세요.", en="Write days as in 2012-06-01.")


RATES: Final = {
    "commission_rate": (Texts(ko="수수료", en="commission"), 0.001),
    "slippage_rate": (Texts(ko="슬리피지", en="slippage"), 0.0),
}
"""Each with what it is called, and the contract's default."""


NOTHING_PROPOSED: Final = Texts(
    ko="확인할 백테스트가 없습니다. 무엇을 실행할지 말해 주세요. 예: 'AAPL로 RSI 백테스트 돌려줘'",
    en="There is no backtest to confirm. Say what to run. Try: 'run an RSI backtest on AAPL'.",
)
NOTHING_STARTED: Final = Texts(
    ko="이 대화에서 시작한 백테스트가 없습니다.",
    en="This conversation has started no backtest.",
)
TURN_CANCELLED: Final = Texts(
    ko="턴이 취소되었습니다. 답이 필요하면 메시지를 새로 보내거나 다시 답하게 하세요",
    en="the turn was cancelled; for an answer, send the message as a new one or have it answered again",
)
NOT_ANSWERED: Final = Texts(
    ko="이 메시지에는 답하지 못했습니다. 메시지를 새로 보내거나 다시 답하게 하세요",
    en="this message got no answer; send it as a new one or have it answered again",
)
GIVEN_UP: Final = Texts(
    ko="답을 만들지 못했습니다. 이유는 session 서비스의 로그에 있습니다",
    en="the answer could not be given; the log of the session service says why",
)
NOT_RUN: Final = Texts(ko="실행하지 않았습니다.", en="It was not run.")
TIME_OF_WHAT: Final = Texts(
    ko="무엇을 실행할지 말하면 얼마나 걸릴지 알 수 있습니다. 예: 'AAPL로 RSI 백테스트 돌려줘'",
    en="Say what to run, and its time can be estimated. Try: 'run an RSI backtest on AAPL'.",
)
WHICH_STRATEGY: Final = Template(
    ko="어떤 전략을 실행할까요? 전략의 이름이나 유형을 말해 주세요: {0}. 예: 'AAPL로 RSI 백테스트 돌려줘'",
    en="Which strategy shall be run? Name one, or a type: {0}. Try: 'run an RSI backtest on AAPL'.",
)
WHICH_OF_THESE: Final = Texts(
    ko="어느 전략을 실행할지 하나로 정해지지 않습니다. 이름으로 말해 주세요.",
    en="That chooses no single strategy to run: name one.",
)
NO_SUCH_STRATEGY: Final = Template(
    ko="'{0}'(이)라는 전략도 전략 유형도 없습니다. 전략 유형: {1}.",
    en="There is no strategy and no strategy type called '{0}'. The types are: {1}.",
)
WHICH_SYMBOLS: Final = Template(
    ko="'{0}'을(를) 어떤 종목으로 실행할까요? 예: 'AAPL로'",
    en="On which symbols shall '{0}' be run? Try: 'on AAPL'.",
)
IMPOSSIBLE: Final = Template(ko="'{0}'은(는) 실행할 수 없습니다: {1}", en="'{0}' can't be run: {1}")
RUN_THIS: Final = Texts(ko="이 백테스트를 실행할까요?", en="Shall this backtest be run?")
RUN_THESE: Final = Template(ko="이 백테스트 {0}개를 실행할까요?", en="Shall these {0} backtests be run?")
SAY_YES: Final = Texts(ko="'응'이라고 하면 시작합니다.", en="Say 'yes' to start.")
UNREAD: Final = Template(ko="이해하지 못한 말: {0}.", en="Not understood: {0}.")
STARTED: Final = Template(
    ko="백테스트를 시작했습니다: {0}. 끝나면 여기에 알려 드립니다.",
    en="The backtest was started: {0}. You will be told here when it is done.",
)
NOT_KNOWN_YET: Final = Template(
    ko="'{0}' 백테스트({1})가 시작되었는지 아직 알 수 없습니다. 끝나면 여기에 알려 드립니다.",
    en="It is not known yet whether the backtest of '{0}' ({1}) was started. Its end will be told here.",
)
TOO_MANY_SYMBOLS: Final = Template(ko="종목은 {0}개까지입니다.", en="There may be at most {0} symbols.")
TOO_LARGE: Final = Template(ko="{0}은(는) 너무 큰 수입니다.", en="{0} is too large a number.")
STARTED_SEVERAL: Final = Template(
    ko="백테스트 {0}개를 시작했습니다: {1}. 끝나면 여기에 알려 드립니다.",
    en="{0} backtests were started: {1}. You will be told here when they are done.",
)
WHOLE_PERIOD: Final = Texts(
    ko="기간을 말하지 않으셔서, 앞의 질문과 달리 전체 기간으로 답합니다.",
    en="No period is named, so unlike the answer before, this one is of all days.",
)
WELCOME: Final = Texts(ko="천만에요. 더 궁금한 것이 있으면 물어보세요.", en="You are welcome.")
WHICH_TWO: Final = Texts(
    ko="어느 두 전략을 말씀하시는지 알 수 없습니다. 이름으로 물어보세요.",
    en="Which two strategies are meant is not known: ask about them by their names.",
)
NO_FIGURES_YET: Final = Texts(
    ko="아직 실행하지 않아 새 수치가 없으므로, 앞의 실행과 비교할 수 없습니다. 실행이 끝난 뒤 물어보세요.",
    en="It has not been run, so there are no new figures to compare. Ask when it has ended.",
)
FIGURES_BEFORE: Final = Texts(
    ko="제안한 백테스트는 아직 실행하지 않았습니다. 아래는 앞의 실행의 수치입니다.",
    en="What is proposed has not been run. These are the figures of the run before it.",
)
NONE_MET: Final = Texts(
    ko="앞 질문의 조건에 맞는 전략이 없어, 그중에서 고를 것이 없습니다. 조건을 바꾸거나 전략을 말해 주세요.",
    en="None met the condition of the question before, so there is nothing to choose from. Change the "
    "condition, or name strategies.",
)
WHICH_ONES: Final = Texts(
    ko="어느 전략들을 말하는지 앞의 답으로는 알 수 없습니다. 전략의 이름을 말해 주세요.",
    en="The answers before do not tell which strategies are meant. Say their names.",
)
CANCELLED: Final = Template(ko="'{0}' 백테스트를 취소했습니다.", en="The backtest of '{0}' was cancelled.")
NOT_CANCELLED: Final = Template(
    ko="'{0}' 백테스트는 취소하지 못했습니다: {1}", en="The backtest of '{0}' was not cancelled: {1}"
)
COMPLETED: Final = Template(
    ko="'{0}' 백테스트가 끝났습니다 ({1}): {2}.", en="The backtest of '{0}' is done ({1}): {2}."
)
WITHOUT_FIGURES: Final = Template(
    ko="'{0}' 백테스트가 끝났지만 결과가 보관되지 않았습니다.",
    en="The backtest of '{0}' is done, but its result was not kept.",
)
FAILED: Final = Template(
    ko="'{0}' 백테스트가 실패했습니다: {1} ({2}).", en="The backtest of '{0}' has failed: {1} ({2})."
)
WAS_CANCELLED: Final = Template(
    ko="'{0}' 백테스트가 취소되었습니다.", en="The backtest of '{0}' was cancelled."
)
PENDING: Final = Template(
    ko="'{0}' 백테스트는 순서를 기다리고 있습니다.", en="The backtest of '{0}' waits for its turn."
)
RUNNING: Final = Template(ko="'{0}' 백테스트는 실행 중입니다{1}.", en="The backtest of '{0}' is running{1}.")
BEFORE: Final = Template(ko=" (이전 {0})", en=" ({0} before)")
TYPES: Final = Template(
    ko="실행할 수 있는 전략 유형은 {0}가지입니다: {1}. 예: 'AAPL로 RSI 백테스트 돌려줘'",
    en="There are {0} strategy types: {1}. Try: 'run an RSI backtest on AAPL'.",
)
INSTRUMENTS: Final = Template(
    ko="가격 데이터가 있는 종목{0}: {1}.", en="There are prices of these symbols{0}: {1}."
)
NO_INSTRUMENTS: Final = Texts(ko="가격 데이터가 있는 종목이 없습니다.", en="There are no prices.")
