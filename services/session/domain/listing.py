"""How a conversation tells what there is to run, and which backtests there are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from backchat_contracts import (
    METRICS,
    BacktestEstimate,
    BacktestStatus,
    BacktestView,
    InstrumentView,
    Language,
    StrategyConfig,
    StrategyTypeView,
    Texts,
)
from services.grounding.writing import rate_text, value_text
from services.session.domain.reasons import STATUSES, reason_of_failure
from services.session.domain.wording import Template

_TAKES: Final = Template(ko="파라미터와 기본값: {0}.", en="Parameters with their defaults: {0}.")
_TAKES_NONE: Final = Texts(ko="정할 파라미터가 없습니다.", en="It has no parameters.")
_DEFAULTS: Final = Template(
    ko="말하지 않은 것은 초기 자금 {0}, 수수료 {1}, 슬리피지 {2}, 기간은 데이터의 마지막 365일, 벤치마크는 "
    "모든 종목을 같은 비중으로 보유한 것입니다. 파라미터의 기본값은 유형마다 다릅니다. 예: 'RSI 기본값은?'",
    en="What is not said is: initial cash {0}, commission {1}, slippage {2}, the last 365 days of the data, "
    "and all symbols at equal weights as the benchmark. The defaults of parameters are those of the type. "
    "Try: 'what are the defaults of RSI?'",
)
_PRICES: Final = Template(
    ko="{0}의 일별 가격은 {1}부터 {2}까지 있습니다 (거래일 {3:,}일).",
    en="There are daily prices of {0} from {1} to {2} ({3:,} trading days).",
)
_RUNS: Final = Template(ko="{0}백테스트 {1}개, 최근 것부터:", en="{0}backtests, the newest first ({1}):")
_MORE: Final = Texts(
    ko="더 오래된 것은 GET /api/v1/backtests 에 있습니다.",
    en="GET /api/v1/backtests lists the older ones.",
)
_NONE: Final[Mapping[str, Texts]] = {
    "runs": Texts(ko="백테스트가 없습니다.", en="There are no backtests."),
    "running": Texts(
        ko="지금 실행 중이거나 기다리는 백테스트가 없습니다.", en="No backtest is running or waiting now."
    ),
    "failed": Texts(ko="실패한 백테스트가 없습니다.", en="No backtest has failed."),
    "cancelled": Texts(ko="취소된 백테스트가 없습니다.", en="No backtest was cancelled."),
    "completed": Texts(ko="완료된 백테스트가 없습니다.", en="No backtest is completed yet."),
}
_NONE_OWN: Final = Texts(
    ko="그런 백테스트가 이 사용자에게는 없습니다. 모든 사용자의 것은 '백테스트 목록'이라고 물어보세요.",
    en="This user has no such backtest. Ask 'list the backtests' for those of all users.",
)
_LISTED: Final[Mapping[str, Texts]] = {
    "runs": Texts(ko="", en=""),
    "running": Texts(ko="실행 중이거나 기다리는 ", en="running or waiting "),
    "failed": Texts(ko="실패한 ", en="failed "),
    "cancelled": Texts(ko="취소된 ", en="cancelled "),
    "completed": Texts(ko="완료된 ", en="completed "),
}
_TIME: Final = Template(
    ko="지금 시작하면 '{0}'은(는) {1} 걸립니다.", en="Started now, '{0}' would be done in {1}."
)
_AT_ONCE: Final = Texts(ko="1초도 안", en="less than a second")
_SECONDS: Final = Template(ko="약 {0}초", en="about {0} seconds")
_MINUTES: Final = Template(ko="약 {0}분", en="about {0} minutes")
_SHOWN: Final = ("total_return", "sharpe_ratio", "max_drawdown")
_MOST_SYMBOLS: Final = 5
_TWO_MINUTES: Final = 120
_DEFAULT_NAME: Final = "Auto: "
"""What the name of a backtest has before the name of its strategy."""


def described_type(kind: StrategyTypeView, language: Language) -> str:
    """Return what a strategy type does, and its parameters with their defaults."""
    properties: Mapping[str, Any] = kind.parameters["properties"]
    values = "; ".join(_parameter(name, schema, language) for name, schema in properties.items())
    takes = _TAKES.given(values) if values else _TAKES_NONE
    return f"{kind.title.of(language)} ({kind.type}): {kind.description.of(language)} {takes.of(language)}"


def _parameter(name: str, schema: Mapping[str, Any], language: Language) -> str:
    default = schema["default"]
    value = f" {default:g}" if isinstance(default, int | float) else f" {default}" if default else ""
    described = schema["x-description-ko"] if language == "ko" else schema["description"]
    choices = f": {', '.join(schema['enum'])}" if "enum" in schema else ""
    return f"{name}{value} ({described}{choices})"


def defaults(language: Language) -> str:
    """Return what a backtest is run with where nothing is said of it."""
    of = {name: field.default for name, field in StrategyConfig.model_fields.items()}
    cash, costs = f"{of['initial_cash']:,.0f}", (of["commission_rate"], of["slippage_rate"])
    return _DEFAULTS.given(cash, *map(rate_text, costs)).of(language)


def days_of(instruments: Sequence[InstrumentView], language: Language) -> str:
    """Return of which days there are prices, by symbol."""
    told = (_PRICES.given(each.symbol, each.first, each.last, each.bars) for each in instruments)
    return " ".join(each.of(language) for each in told)


def name_of(view: BacktestView) -> str:
    """Return the name of the strategy of a backtest."""
    return view.name.removeprefix(_DEFAULT_NAME)


def backtests(
    kind: str, views: Sequence[BacktestView], language: Language, *, own: bool = False, more: bool = False
) -> str:
    """Return a list of backtests; `kind`: of which status, or "runs" of any. `own`: of the user alone."""
    if not views:
        return (_NONE_OWN if own else _NONE[kind]).of(language)
    heading = _RUNS.given(_LISTED[kind], len(views)).of(language)
    heading = heading[:1].upper() + heading[1:]
    lines = (f"- {_line(each, language)}" for each in views)
    return "\n".join([heading, *lines, *([_MORE.of(language)] if more else [])])


def _line(view: BacktestView, language: Language) -> str:
    return ", ".join([f"'{name_of(view)}': {STATUSES[view.status].of(language)}", *_details(view, language)])


def _details(view: BacktestView, language: Language) -> Iterator[str]:
    config = view.config
    more = len(config.symbols) - _MOST_SYMBOLS
    yield " ".join([*config.symbols[:_MOST_SYMBOLS], *([f"+{more}"] if more > 0 else [])])
    yield f"{config.start_date}~{config.end_date}"
    if view.progress and view.status == "running":
        yield f"{view.progress.fraction:.0%}".replace("%", " %")
    if view.error:
        yield f"{reason_of_failure(view.error, config.model_dump(mode='json'), language)} ({view.error.code})"
    for metric in _SHOWN if view.performance else ():
        if (value := getattr(view.performance, metric)) is not None:
            yield f"{METRICS[metric].label.of(language)} {value_text(metric, value, language)}"


def time_of(estimates: Sequence[BacktestEstimate], language: Language) -> str:
    """Return in how long backtests would be done."""
    told = (_TIME.given(each.strategy_name, _length(each.estimated_duration_seconds)) for each in estimates)
    return " ".join(each.of(language) for each in told)


def _length(seconds: float) -> Texts:
    if seconds < 1:
        return _AT_ONCE
    if seconds < _TWO_MINUTES:
        return _SECONDS.given(round(seconds))
    return _MINUTES.given(round(seconds / 60))


def statuses_of(kind: str) -> Sequence[BacktestStatus | None]:
    """Return of which statuses backtests are listed; None: of any."""
    named: Mapping[str, Sequence[BacktestStatus | None]] = {
        "runs": (None,),
        "running": ("running", "pending"),
        "failed": ("failed",),
        "cancelled": ("cancelled",),
        "completed": ("completed",),
    }
    return named[kind]
