"""Older and newer records can be read, and `compat` names every change that would break that."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from backchat_contracts import BacktestCompleted, BacktestConfig, BacktestRequested, ComparisonCompleted
from backchat_contracts.compat import breaking_changes, main
from tests.contracts.conftest import Example

Change = Callable[[dict[str, Any]], object]


def test_a_record_from_before_the_optional_fields_is_read(example: Example) -> None:
    fields = example.cls.model_fields
    older = {name: value for name, value in example.value.items() if fields[name].is_required()}
    event = example.cls.model_validate(older)
    assert all(
        getattr(event, name) == fields[name].get_default(call_default_factory=True)
        for name in fields.keys() - older
    )


def test_a_fact_from_later_is_read_wherever_it_grew() -> None:
    config = {
        "type": "rsi",
        "parameters": {},
        "symbols": ["AAPL"],
        "initial_cash": 1.0,
        "commission_rate": 0.0,
    }
    days = {"start_date": "2012-03-01", "end_date": "2013-03-01"}
    fact = {
        "backtest_id": "bt-1",
        "strategy_id": "sma",
        "strategy_name": "SMA",
        "colour": "high",
        "config": {**config, **days, "leverage": 2.0},
        "completed_at": "2026-03-01T00:00:00Z",
    }
    assert BacktestCompleted.model_validate(fact).config == BacktestConfig.model_validate({**config, **days})


def test_a_request_that_refuses_unknown_fields_replaces_none_that_ignores_them() -> None:
    ignoring = deepcopy(REQUEST)
    del ignoring["$defs"]["StrategyConfig"]["additionalProperties"]
    assert breaking_changes(ignoring, REQUEST, request=True) == [
        "an older record may have unknown fields in strategy_config, which are refused"
    ]


# --- what may change: each change of the schema of a request, or of a fact, and what it breaks

REQUEST = BacktestRequested.model_json_schema()
FACT = BacktestCompleted.model_json_schema()
UNION = ComparisonCompleted.model_json_schema()


def config(schema: dict[str, Any]) -> dict[str, Any]:
    return schema["$defs"]["StrategyConfig"]["properties"]


def performance(schema: dict[str, Any]) -> dict[str, Any]:
    return schema["$defs"]["Performance"]


def changed(schema: dict[str, Any], change: Change) -> dict[str, Any]:
    new = deepcopy(schema)
    change(new)
    assert new != schema
    return new


FINE_IN_BOTH: dict[str, Change] = {
    "a new optional field": lambda s: s["properties"].update(colour={"type": "string", "default": "low"}),
    "another description": lambda s: s.update(description="Otherwise put."),
    "another name of the class": lambda s: s.update(title="Renamed"),
}
FINE_IN_A_REQUEST: dict[str, Change] = {
    "a field that may now be left out": lambda s: s["required"].remove("strategy_config"),
    "a new value": lambda s: s["properties"]["priority"]["enum"].append("idle"),
    "any value": lambda s: s["properties"]["priority"].pop("enum"),
    "a higher limit": lambda s: config(s)["symbols"].update(maxItems=1000),
    "no limit": lambda s: config(s)["symbols"].pop("maxItems"),
    "a limit that includes itself": lambda s: config(s)["initial_cash"].update(
        minimum=config(s)["initial_cash"].pop("exclusiveMinimum")
    ),
    "no pattern": lambda s: config(s)["symbols"]["items"].pop("pattern"),
    "null accepted": lambda s: config(s).update(name={"anyOf": [config(s)["name"], {"type": "null"}]}),
    "fractions accepted": lambda s: s["$defs"].update(
        StrategyConfig=json.loads(json.dumps(s["$defs"]["StrategyConfig"]).replace('"integer"', '"number"'))
    ),
}
BREAKS_A_REQUEST: dict[str, tuple[Change, str]] = {
    "a field removed": (lambda s: s["properties"].pop("user_id"), "has user_id, which is not known"),
    "a field required": (
        lambda s: s["required"].append("user_id"),
        "may come without user_id, which is required",
    ),
    "a new field that is required": (
        lambda s: (s["properties"].update(colour={"type": "string"}), s["required"].append("colour")),
        "may come without colour, which is required",
    ),
    "another type": (
        lambda s: config(s)["symbols"].update(type="string"),
        "has strategy_config.symbols of type array, not string",
    ),
    "a narrower type": (
        lambda s: config(s)["initial_cash"].update(type="integer"),
        "has strategy_config.initial_cash of type number, not integer",
    ),
    "no null": (
        lambda s: config(s)["start_date"]["anyOf"].pop(),
        "has strategy_config.start_date of type null, not string",
    ),
    "a value removed": (
        lambda s: s["properties"]["priority"]["enum"].remove("low"),
        'may have priority "low", which is not allowed',
    ),
    "only some values": (
        lambda s: s["properties"]["trigger_reason"].update(enum=["manual"]),
        'may have any trigger_reason, not only ["manual"]',
    ),
    "a lower limit": (
        lambda s: config(s)["symbols"].update(maxItems=10),
        "may have strategy_config.symbols beyond maxItems 10",
    ),
    "a limit that excludes itself": (
        lambda s: config(s)["commission_rate"].update(
            exclusiveMinimum=config(s)["commission_rate"].pop("minimum")
        ),
        "may have strategy_config.commission_rate beyond exclusiveMinimum 0",
    ),
    "another pattern": (
        lambda s: config(s)["symbols"]["items"].update(pattern="^[A-Z]+$"),
        "may have strategy_config.symbols[] not of pattern ^[A-Z]+$",
    ),
    "another format": (
        lambda s: config(s)["end_date"]["anyOf"][0].update(format="date-time"),
        "may have strategy_config.end_date not of format date-time",
    ),
    "another default": (
        lambda s: config(s)["commission_rate"].update(default=0.002),
        "without strategy_config.commission_rate meant 0.001 and would mean 0.002",
    ),
    "fewer entries in a map": (
        lambda s: config(s)["parameters"].update(maxProperties=3),
        "may have strategy_config.parameters beyond maxProperties 3",
    ),
    "shorter names in a map": (
        lambda s: config(s)["parameters"]["propertyNames"].update(maxLength=3),
        "may have a name in strategy_config.parameters beyond maxLength 3",
    ),
    "values of another type in a map": (
        lambda s: config(s)["parameters"].update(additionalProperties={"type": "string"}),
        "has strategy_config.parameters.* of type integer, not string",
    ),
}
BREAKS_A_FACT: dict[str, tuple[Change, str]] = {
    "a field that may be missing": (
        lambda s: s["required"].remove("completed_at"),
        "a newer record may come without completed_at, which is required",
    ),
    "a field that may be null": (
        lambda s: performance(s)["properties"].update(
            total_return={"anyOf": [{"type": "number"}, {"type": "null"}]}
        ),
        "a newer record has performance.total_return of type null, not number",
    ),
    "a wider type": (
        lambda s: performance(s)["properties"]["trades"].update(type="number"),
        "a newer record has performance.trades of type number, not integer",
    ),
    "a wider limit": (
        lambda s: s["properties"]["backtest_id"].update(maxLength=1000),
        "a newer record may have backtest_id beyond maxLength 128",
    ),
    "a field removed": (
        lambda s: s["properties"].pop("config"),
        "an older record has config, which is not known",
    ),
    "a new field that is required": (
        lambda s: (s["properties"].update(engine={"type": "string"}), s["required"].append("engine")),
        "an older record may come without engine, which is required",
    ),
}


@pytest.mark.parametrize("change", FINE_IN_BOTH)
@pytest.mark.parametrize(("schema", "request_"), [(REQUEST, True), (FACT, False)], ids=["request", "fact"])
def test_an_addition_breaks_no_program(schema: dict[str, Any], request_: bool, change: str) -> None:  # noqa: FBT001
    assert breaking_changes(schema, changed(schema, FINE_IN_BOTH[change]), request=request_) == []


@pytest.mark.parametrize("change", FINE_IN_A_REQUEST)
def test_a_request_may_accept_more(change: str) -> None:
    assert breaking_changes(REQUEST, changed(REQUEST, FINE_IN_A_REQUEST[change]), request=True) == []


@pytest.mark.parametrize("change", BREAKS_A_REQUEST)
def test_a_request_may_not_accept_less(change: str) -> None:
    make, problem = BREAKS_A_REQUEST[change]
    found = breaking_changes(REQUEST, changed(REQUEST, make), request=True)
    assert f"an older record {problem}" in found


@pytest.mark.parametrize("change", BREAKS_A_FACT)
def test_a_fact_may_not_become_less_or_something_else(change: str) -> None:
    make, problem = BREAKS_A_FACT[change]
    assert problem in breaking_changes(FACT, changed(FACT, make), request=False)


def test_an_enumeration_of_a_fact_may_grow_but_not_shrink() -> None:
    grown = changed(
        UNION, lambda s: s["$defs"]["StrategyGap"]["properties"]["error_code"]["enum"].append("x")
    )
    assert breaking_changes(UNION, grown, request=False) == []
    assert breaking_changes(grown, UNION, request=False) == [
        'an older record may have strategies_data[].error_code "x", which is not allowed'
    ]


def test_a_fact_may_not_be_of_a_further_kind() -> None:
    wider = changed(
        UNION, lambda s: s["properties"]["strategies_data"]["items"]["anyOf"].append({"type": "null"})
    )
    assert breaking_changes(UNION, wider, request=False) == [
        "a newer record has strategies_data[] of type null, not object"
    ]


def test_a_pair_keeps_its_types() -> None:
    def pair(kind: str) -> dict[str, Any]:
        return {"type": "array", "prefixItems": [{"type": "string"}, {"type": kind}]}

    assert breaking_changes(pair("integer"), pair("string"), request=True) == [
        "an older record has [1] of type integer, not string"
    ]


def test_a_schema_that_contains_itself_is_compared() -> None:
    tree = {
        "$defs": {
            "Node": {
                "type": "object",
                "properties": {"next": {"$ref": "#/$defs/Node"}, "size": {"type": "integer"}},
            }
        },
        "$ref": "#/$defs/Node",
    }
    other = json.loads(json.dumps(tree).replace("integer", "string"))
    assert breaking_changes(tree, tree, request=True) == []
    assert "an older record has size of type integer, not string" in breaking_changes(
        tree, other, request=True
    )


# --- the command


def folder(path: Path, schemas: dict[str, Any]) -> str:
    for name, schema in schemas.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(json.dumps(schema), encoding="utf-8")
    return str(path)


def test_the_command_is_content_with_what_is_committed(contracts: Path) -> None:
    schemas = str(contracts / "schemas")
    assert main([schemas, schemas]) == 0


def test_the_command_names_file_and_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wider = changed(REQUEST, lambda s: s["properties"]["user_id"].update(maxLength=1000))
    old = folder(
        tmp_path / "old",
        {
            "backtest.requested.json": REQUEST,
            "backtest.started.json": REQUEST,
            "price.quoted.json": FACT,
            "replies/backtest.viewed.json": REQUEST,
        },
    )
    new = folder(
        tmp_path / "new",
        {
            "backtest.requested.json": wider,
            "backtest.started.json": wider,
            "replies/backtest.viewed.json": wider,
            "backtest.requested.v2.json": FACT,
        },
    )

    assert main([old, new]) == 1

    assert capsys.readouterr().err.splitlines() == [
        "backtest.started.json: a newer record may have user_id beyond maxLength 128",
        "price.quoted.json: is gone",
        "replies/backtest.viewed.json: a newer record may have user_id beyond maxLength 128",
    ]


def test_an_empty_folder_is_no_comparison(tmp_path: Path, contracts: Path) -> None:
    with pytest.raises(SystemExit) as error:
        main([str(tmp_path), str(contracts / "schemas")])
    assert error.value.code == 2
