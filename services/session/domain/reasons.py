"""Why a backtest can't run, was not cancelled, or has failed, in the language of an answer.

Services say it in English, with a code. In Korean it is said by the code, from the configuration and the
fields of the refusal.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from backchat_contracts import BacktestStatus, Language, Problem, StrategyTypeView, Texts
from services.session.domain import wording
from services.session.domain.turn import NO_REPLY, Outcome

STATUSES: Final[Mapping[BacktestStatus, Texts]] = {
    "pending": Texts(ko="대기 중", en="waiting"),
    "running": Texts(ko="실행 중", en="running"),
    "completed": Texts(ko="완료", en="completed"),
    "failed": Texts(ko="실패", en="failed"),
    "cancelled": Texts(ko="취소됨", en="cancelled"),
}
_BY_CODE: Final[Mapping[str, str]] = {
    "outside-coverage": "이 종목과 기간의 가격 데이터가 없습니다",
    "mixed-currencies": "종목들의 통화가 서로 다릅니다. 한 백테스트의 종목은 통화가 모두 같아야 합니다",
    "unknown-strategy-type": "그런 전략 유형이 없습니다",
    "invalid-parameters": "파라미터의 값이 맞지 않습니다",
    "too-many-versions": "이 전략에는 버전을 더 추가할 수 없습니다. 다른 이름을 쓰세요",
    "invalid-request": "백테스트의 설정이 맞지 않습니다",
    "request-mismatch": "같은 id로 다른 요청이 이미 있습니다",
    "backtest-not-found": "그런 백테스트가 없습니다",
    "backtest-ended": "이미 끝났습니다",
    "no-data": "제때 응답이 오지 않았습니다",
    "poison": "여러 번 시도했지만 결과 없이 끝났습니다",
    "deadline-exceeded": "제한 시간 안에 끝나지 않았습니다",
    "series-unavailable": "일별 수익률이 제때 오지 않았습니다. 잠시 뒤에 다시 시도해 주세요",
    "too-many-comparisons": "이미 계산 중인 비교가 너무 많습니다. 잠시 뒤에 다시 시도해 주세요",
    "comparison-not-found": "그런 비교가 없습니다",
    "internal-error": "요청을 처리하지 못했습니다. 서비스의 로그에 이유가 있습니다",
    "engine-error": "시뮬레이션 중에 오류가 났습니다",
}
_UNKNOWN_CODE: Final = "이유는 코드 '{0}'입니다"
_OUTSIDE: Final = "{0}은(는) 가격 데이터가 있는 기간({1}) 밖입니다"
_BENCHMARK: Final = "벤치마크 {0}의 가격은 {1}에만 있어 기간 전체와 비교할 수 없습니다"
_BACKWARDS: Final = "기간의 시작({0})은 끝({1})보다 앞이어야 합니다"
_NO_PARAMETER: Final = "'{0}' 파라미터가 없습니다. 있는 파라미터: {1}"
_MUST_BE: Final = "{0}은(는) {1}여야 하는데 {2}입니다"
_TOGETHER: Final = "파라미터의 값이 서로 맞지 않습니다: {0}"
_WEIGHTS: Final = "비중(weights)은 백테스트의 종목마다 하나씩 있어야 합니다: {0}"
_LIMITS: Final = (
    ("minimum", "{} 이상"),
    ("exclusiveMinimum", "{} 초과"),
    ("maximum", "{} 이하"),
    ("exclusiveMaximum", "{} 미만"),
)


def reason(
    outcome: Outcome | None,
    config: Mapping[str, Any],
    types: Sequence[StrategyTypeView],
    language: Language,
) -> str:
    """Return why a request was refused; `config`: of the backtest that it was for."""
    code, detail = (outcome.code or NO_REPLY, outcome.detail) if outcome else (NO_REPLY, "")
    if language == "en":
        return detail or "there was no answer"
    return _korean(code, config, outcome.extra if outcome else {}, {each.type: each for each in types})


def reason_of_failure(error: Problem | None, config: Mapping[str, Any], language: Language) -> str:
    """Return why a backtest has failed."""
    if error is None:
        return "-"
    return error.detail if language == "en" else _korean(error.code, config, {}, {})


def _korean(
    code: str, config: Mapping[str, Any], extra: Mapping[str, Any], kinds: Mapping[str, StrategyTypeView]
) -> str:
    said: Iterator[str] = iter(())
    match code:
        case "outside-coverage":
            said = _not_covered(config, extra.get("coverage", {}))
        case "invalid-parameters" if kind := kinds.get(config.get("type", "")):
            said = _not_allowed(kind, config)
        case "backtest-ended" if status := STATUSES.get(extra.get("backtest_status", "")):
            said = iter([f"{_BY_CODE[code]} ({status.ko})"])
    return next(said, _BY_CODE.get(code) or _UNKNOWN_CODE.format(code))


def _not_covered(config: Mapping[str, Any], coverage: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    """Yield what of the symbols and days there is not; the first one is the reason."""
    if not coverage:
        return
    symbols, benchmark = config.get("symbols", ()), config.get("benchmark")
    if benchmark and list(coverage) == [benchmark] and [*symbols] != [benchmark]:
        yield _BENCHMARK.format(benchmark, _span(*coverage[benchmark]))
    if absent := [each for each in (*symbols, *([benchmark] if benchmark else ())) if each not in coverage]:
        yield wording.NO_SUCH_SYMBOLS.given(", ".join(absent)).ko.rstrip(".")
    days = [coverage[each] for each in symbols if each in coverage]
    if not days:
        return
    first, last = str(min(each[0] for each in days)), str(max(each[1] for each in days))
    start, end = config.get("start_date"), config.get("end_date")
    for day in (start, end):
        if day and not first <= day <= last:
            yield _OUTSIDE.format(day, _span(first, last))
    yield _BACKWARDS.format(start or first, end or last)


def _not_allowed(kind: StrategyTypeView, config: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with parameters: one that there is not, a value, or values beside each other."""
    properties: Mapping[str, Any] = kind.parameters["properties"]
    given: Mapping[str, Any] = config.get("parameters", {})
    for name, value in given.items():
        if name not in properties:
            yield _NO_PARAMETER.format(name, ", ".join(properties) or "없음")
        elif not _is_allowed(properties[name], value):
            yield _MUST_BE.format(name, _allowed(properties[name]), _shown(value))
    weights = given.get("weights")
    if weights and (strange := sorted(set(weights) ^ set(config.get("symbols", ())))):
        yield _WEIGHTS.format(", ".join(strange))
    values = {name: given.get(name, schema["default"]) for name, schema in properties.items()}
    told = [
        f"{name} {_shown(value)} ({properties[name]['x-description-ko']})"
        for name, value in values.items()
        if value != {}
    ]
    yield _TOGETHER.format("; ".join(told))


def _is_allowed(schema: Mapping[str, Any], value: Any) -> bool:  # noqa: ANN401 - a JSON value
    if "enum" in schema:
        return value in schema["enum"]
    if not isinstance(value, int | float):
        return True
    whole = schema.get("type") != "integer" or float(value).is_integer()
    return (
        whole
        and schema.get("minimum", value) <= value <= schema.get("maximum", value)
        and not value <= schema.get("exclusiveMinimum", value - 1)
        and not value >= schema.get("exclusiveMaximum", value + 1)
    )


def _allowed(schema: Mapping[str, Any]) -> str:
    if "enum" in schema:
        return f"{', '.join(schema['enum'])} 중 하나"
    limits = [text.format(schema[keyword]) for keyword, text in _LIMITS if keyword in schema]
    return " ".join([*limits, "정수" if schema["type"] == "integer" else "수"])


def _shown(value: Any) -> str:  # noqa: ANN401 - a JSON value
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {each:g}" for key, each in value.items())
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _span(first: object, last: object) -> str:
    return f"{first}~{last}"
