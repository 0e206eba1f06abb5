"""Commands say what is wrong with them: unknown fields, values of another type, characters that deceive."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from backchat_contracts import (
    BY_NAME,
    BacktestCompleted,
    BacktestRequested,
    ChatRequested,
    SessionRequested,
    StrategySaveRequested,
)
from backchat_contracts.base import Request

CONFIG: dict[str, Any] = {"name": "kept", "symbols": ["AAPL"]}


def backtest(**config: Any) -> dict[str, Any]:
    return {"backtest_id": "b-1", "strategy_config": CONFIG | config}


def problem(event: type[Any], value: dict[str, Any]) -> tuple[str, str]:
    """Return the field that is refused, and why."""
    with pytest.raises(ValidationError) as refused:
        event.model_validate_json(json.dumps(value))
    (error,) = refused.value.errors()
    return ".".join(str(part) for part in error["loc"]), error["msg"]


def test_every_request_refuses_unknown_fields_and_every_fact_ignores_them() -> None:
    for topic in BY_NAME.values():
        asks = topic.name.endswith(("requested", "queried"))
        assert issubclass(topic.event, Request) is asks
        assert topic.event.model_config["extra"] == ("forbid" if asks else "ignore"), topic.name


@pytest.mark.parametrize(
    ("value", "field"),
    [
        (backtest(commision_rate=0.01), "strategy_config.commision_rate"),
        (backtest() | {"priorty": "high"}, "priorty"),
        (backtest() | {"strategy_config": CONFIG | {"id": "mine"}}, "strategy_config.id"),
    ],
)
def test_a_misspelt_field_of_a_command_is_named(value: dict[str, Any], field: str) -> None:
    assert problem(BacktestRequested, value) == (field, "Extra inputs are not permitted")


def test_a_newer_fact_with_more_fields_is_understood(example_of: Any) -> None:
    value = example_of(BacktestCompleted)
    value |= {"colour": "blue", "config": {**value["config"], "leverage": 2}}
    assert BacktestCompleted.model_validate_json(json.dumps(value)).backtest_id == value["backtest_id"]


@pytest.mark.parametrize(
    ("config", "why"),
    [
        ({"initial_cash": True}, "valid number"),
        ({"initial_cash": "1000"}, "valid number"),
        ({"initial_cash": 0}, "greater than 0"),
        ({"initial_cash": float("nan")}, "finite number"),
        ({"initial_cash": float("inf")}, "finite number"),
        ({"commission_rate": False}, "valid number"),
        ({"slippage_rate": "0.02"}, "valid number"),
        ({"start_date": 20120301}, "a date like 2012-03-01"),
        ({"start_date": "20120301"}, "a date like 2012-03-01"),
        ({"start_date": "1330560000"}, "a date like 2012-03-01"),
        ({"end_date": "2012-03-01T00:00:00"}, "a date like 2012-03-01"),
        ({"end_date": "2012-02-30"}, "valid date"),
        ({"end_date": True}, "a date like 2012-03-01"),
        ({"symbols": ["AAPL", "aapl"]}, "different from each other"),
        ({"type": "rsi", "parameters": {"window": True}}, "finite number"),
        ({"type": "rsi", "parameters": {"window": [14]}}, "a finite number, a text"),
        ({"type": "rsi", "parameters": {"window": "1" * 65}}, "at most 64 characters"),
        ({"type": "fixed_weights", "parameters": {"weights": {"AAPL": "1"}}}, "an object of"),
        ({"type": "fixed_weights", "parameters": {"weights": {"AAPL": float("nan")}}}, "finite numbers"),
    ],
)
def test_a_value_of_another_type_is_not_converted(config: dict[str, Any], why: str) -> None:
    _, message = problem(BacktestRequested, backtest(**config))
    assert why in message


@pytest.mark.parametrize("field", ["fresh", "generate_report", "notify_on_completion"])
@pytest.mark.parametrize("value", [1, 0, "yes", "true", "off"])
def test_a_flag_is_true_or_false(field: str, value: object) -> None:
    assert problem(BacktestRequested, backtest() | {field: value}) == (
        field,
        "Input should be a valid boolean",
    )


def test_whole_numbers_are_numbers_too() -> None:
    config = {"initial_cash": 1000, "commission_rate": 0, "type": "rsi", "parameters": {"window": 14}}
    request = BacktestRequested.model_validate_json(json.dumps(backtest(**config)))
    assert (request.strategy_config.initial_cash, request.strategy_config.commission_rate) == (1000.0, 0.0)


@pytest.mark.parametrize(
    ("character", "named"),
    [
        ("\0", "U+0000 (a control character)"),
        ("\x1b", "U+001B"),
        ("\n", "U+000A"),
        ("\t", "U+0009"),
        ("\x85", "U+0085"),
        ("\u2028", "U+2028 (LINE SEPARATOR)"),
        ("\u202e", "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        ("\u2066", "U+2066"),
        ("\u200f", "U+200F"),
        ("\ufeff", "U+FEFF"),
        ("\u200b", "U+200B (ZERO WIDTH SPACE)"),
        ("\u3164", "U+3164 (HANGUL FILLER)"),
        ("\u115f", "U+115F"),
        ("\u034f", "U+034F"),
        ("\U000e0041", "U+E0041"),
    ],
)
@pytest.mark.parametrize("where", ["a{}b", "{}b", "a{}"])
def test_a_name_may_not_have_characters_that_deceive(character: str, named: str, where: str) -> None:
    text = where.format(character)
    for value in (backtest(name=text), backtest() | {"trigger_reason": text}):
        assert named in problem(BacktestRequested, value)[1]
    assert named in problem(StrategySaveRequested, {"name": text})[1]
    assert named in problem(SessionRequested, {"session_id": text})[1]


@pytest.mark.parametrize("symbol", ["AAPL\n", "\x0bAAPL", "AAPL\u2028", "\x85AAPL", "AA PL", ""])
def test_a_symbol_may_have_blanks_around_it_and_nothing_else(symbol: str) -> None:
    with pytest.raises(ValidationError, match="symbols"):
        BacktestRequested.model_validate(backtest(symbols=[symbol]))
    given = BacktestRequested.model_validate(backtest(symbols=[" aapl "]))
    assert given.strategy_config.symbols == ("AAPL",)


@pytest.mark.parametrize(
    ("symbols", "said"),
    [
        (["A B"], "A symbol has 1 to 32 characters of A-Z 0-9 . - ^ = _, not 'A B'"),
        ([33 * "A"], "1 to 32 characters"),
        (["삼성"], "not '삼성'"),
        ([], "From 1 to 500 symbols can be given, not 0"),
        ([f"S{number}" for number in range(501)], "not 501"),
    ],
)
def test_it_is_said_what_symbols_are(symbols: list[str], said: str) -> None:
    with pytest.raises(ValidationError) as error:
        BacktestRequested.model_validate(backtest(symbols=symbols))
    (problem,) = error.value.errors()
    assert said in problem["msg"]


@pytest.mark.parametrize(
    "name", ["이동평균 교차", "C++", "RSI < 30", "50/50", "Alpha 👩‍👩‍👧", "é", "ป้า", "100 %"]
)
def test_names_are_free_otherwise(name: str) -> None:
    assert BacktestRequested.model_validate(backtest(name=name)).strategy_config.name == name


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        ".",
        "..",
        ".hidden",
        "a/b",
        "a\\b",
        "a b",
        "a?b",
        "a#b",
        "a%b",
        "a\u200bb",
        "a\u3000b",
        "a\u200db",
        "<b>",
        "x" * 129,
    ],
)
def test_ids_are_segments_of_a_url(wrong: str) -> None:
    problem(SessionRequested, {"session_id": wrong})
    problem(BacktestRequested, backtest() | {"backtest_id": wrong})


@pytest.mark.parametrize(
    "right", ["a", "a..b", "kim@desk", "이동평균-교차", "x" * 128, "a:b;c,d", "~me", "_", "-", "(1)"]
)
def test_an_id_may_have_letters_of_any_script_and_the_marks_of_a_url(right: str) -> None:
    assert SessionRequested(session_id=right).session_id == right


def test_a_message_may_have_lines_but_no_other_control_characters() -> None:
    message = {"turn_id": "t", "session_id": "s"}
    lines = ChatRequested.model_validate({**message, "message": "one\n\ttwo\r\nthree"})
    assert lines.message == "one\n\ttwo\r\nthree"
    assert "U+001B" in problem(ChatRequested, {**message, "message": "a\x1b[31m"})[1]
