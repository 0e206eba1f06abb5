"""The registry of strategy types: each is complete, keeps to its own bounds, and is one file."""

import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import distributions
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from backchat_contracts import Identifier, ParameterValue
from services.backtest.domain import strategies, strategy_types, work
from services.backtest.domain.indicators import FloatArray
from services.backtest.domain.planning import Definition, define
from services.backtest.domain.prices import select_prices
from services.backtest.domain.simulator import Costs, simulate
from services.backtest.domain.strategy_types import (
    STRATEGIES,
    Installed,
    InvalidParameters,
    Strategy,
    UnknownStrategyType,
    build_strategy,
    discover,
    discover_installed,
)
from services.backtest.domain.work import parameters_hash, work_key
from services.backtest.market_data.sample import SampleMarketData
from services.chassis.process.service import exit_if_any
from tests.builders import config
from tests.price_tables import weights_of

FOLDER = Path(strategies.__file__).parent
NEAR = 1e-3
SHARES = "an object of at most 500 symbols, each with a number above 0 and at most 1"
LIMITS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
OUTWARDS = {"minimum": -1, "exclusiveMinimum": -1, "maximum": 1, "exclusiveMaximum": 1}

each_type = pytest.mark.parametrize("name", STRATEGIES)


def numbers(name: str) -> dict[str, dict[str, Any]]:
    """The schemas of a type's parameters that are numbers."""
    properties = STRATEGIES[name].parameters_schema()["properties"]
    return {
        parameter: schema
        for parameter, schema in properties.items()
        if schema["type"] in {"integer", "number"}
    }


def limits() -> Iterator[tuple[str, str, str]]:
    """Every limit of every parameter: type, parameter, keyword of the JSON Schema."""
    for name in STRATEGIES:
        for parameter, schema in numbers(name).items():
            yield from ((name, parameter, keyword) for keyword in LIMITS if keyword in schema)


each_limit = pytest.mark.parametrize(("name", "parameter", "keyword"), list(limits()))


def schema_of(name: str, parameter: str) -> dict[str, Any]:
    return STRATEGIES[name].parameters_schema()["properties"][parameter]


def innermost(schema: dict[str, Any], keyword: str, near: float = NEAR) -> float:
    """The value next to a limit that it still allows."""
    return schema[keyword] - OUTWARDS[keyword] * (near if keyword.startswith("exclusive") else 0)


def outermost(schema: dict[str, Any], keyword: str) -> float:
    """The value next to a limit that it does not allow any more."""
    step = 0 if keyword.startswith("exclusive") else 1 if schema["type"] == "integer" else NEAR
    return schema[keyword] + OUTWARDS[keyword] * step


def attempts(name: str, parameter: str, value: float) -> Iterator[Strategy | InvalidParameters]:
    """Build a strategy with one parameter given and any fitting values for the others."""
    others = {}
    for other, schema in numbers(name).items():
        if other != parameter:
            ends = [innermost(schema, each, NEAR / 10) for each in LIMITS if each in schema]
            others[other] = [schema["default"], *ends]
    for values in product(*others.values()):
        try:
            yield build_strategy(name, dict(zip(others, values, strict=True)) | {parameter: value})
        except InvalidParameters as error:
            yield error


# --- every type


@each_type
def test_a_type_is_described(name: str) -> None:
    kind = STRATEGIES[name]
    assert kind.type == TypeAdapter(Identifier).validate_python(name)
    assert all(text for each in (kind.title, kind.description) for text in (each.ko, each.en))
    schema = kind.parameters_schema()
    Draft202012Validator.check_schema(schema)
    assert schema["additionalProperties"] is False
    for parameter in schema["properties"].values():
        assert parameter["description"]
        assert parameter["x-description-ko"]
        if parameter["type"] == "string":
            assert parameter["enum"]
        elif parameter["type"] == "object":
            assert parameter["maxProperties"] <= 500
        else:
            assert len([keyword for keyword in LIMITS if keyword in parameter]) == 2


@each_type
def test_the_schema_has_the_defaults_that_are_filled_in(name: str) -> None:
    defaults = {
        parameter: schema["default"]
        for parameter, schema in STRATEGIES[name].parameters_schema()["properties"].items()
    }
    assert define(name, {}) == Definition(name, defaults)
    assert list(Draft202012Validator(STRATEGIES[name].parameters_schema()).iter_errors(defaults)) == []


@each_limit
def test_a_limit_is_as_the_schema_says(name: str, parameter: str, keyword: str) -> None:
    schema = schema_of(name, parameter)

    accepted = attempts(name, parameter, innermost(schema, keyword))
    assert any(isinstance(each, Strategy) for each in accepted)
    for refused in attempts(name, parameter, outermost(schema, keyword)):
        assert isinstance(refused, InvalidParameters)
        assert f"{parameter} must be" in str(refused)
        assert str(schema[keyword]) in str(refused)


@each_type
def test_a_type_runs_on_the_sample_data(name: str) -> None:
    data = SampleMarketData()
    prices = select_prices(data, ["AAPL", "MSFT"], date(2000, 3, 1), None)
    run = simulate(prices, build_strategy(name, {}), Costs(0.001, 0.0005), 100_000)

    assert np.isfinite(run.equity).all()
    assert len(run.fills.shares) > 0


def closes(bars: int) -> FloatArray:
    """Prices that rise, that fall, and many that do neither."""
    random = np.random.default_rng(7).normal(0, 0.02, (bars, 60)).cumsum(axis=0)
    trend = np.linspace(0, 1, bars)
    return np.exp(np.column_stack([trend, -trend, random]))


def at_the_ends(name: str) -> Iterator[Strategy]:
    """A type's defaults, and every window at its ends."""
    yield build_strategy(name, {})
    for _, parameter, keyword in (limit for limit in limits() if limit[0] == name):
        schema = schema_of(name, parameter)
        if schema["type"] == "integer":
            found = attempts(name, parameter, schema[keyword])
            yield next(each for each in found if isinstance(each, Strategy))


@each_type
def test_a_type_is_off_until_it_has_seen_the_bars_it_needs_and_no_longer(name: str) -> None:
    for strategy in at_the_ends(name):
        weights = weights_of(strategy, closes(max(3, strategy.needed_bars + 1)))

        assert not weights[: strategy.needed_bars - 1].any()
        assert weights[strategy.needed_bars - 1].any()


# --- building one


@pytest.mark.parametrize(
    ("name", "parameters", "message"),
    [
        ("buy_and_hold", {"fast": 3}, "buy_and_hold has no parameter 'fast'; it has: none"),
        ("sma_crossover", {"quick": 3}, "sma_crossover has no parameter 'quick'; it has: fast, slow"),
        ("sma_crossover", {"fast": 50}, "fast (50) must be smaller than slow (50)"),
        (
            "sma_crossover",
            {"slow": 50.5},
            "slow must be a whole number of at least 2 and at most 1000, got 50.5",
        ),
        ("rsi", {"window": "14"}, "window must be a whole number of at least 2 and at most 1000, got '14'"),
        ("rsi", {"lower": "20"}, "lower must be a number above 0 and below 100, got '20'"),
        ("rsi", {"lower": 70}, "lower (70) must be smaller than upper (70)"),
        ("ema_crossover", {"fast": 26}, "fast (26) must be smaller than slow (26)"),
        ("macd", {"slow": 10}, "fast (12) must be smaller than slow (10)"),
        ("donchian", {"exit": 21}, "exit (21) must not be larger than entry (20)"),
        ("zscore", {"exit": 2}, "exit (2) must be smaller than entry (2)"),
        (
            "zscore",
            {"window": 5},
            "entry (2) must be smaller than 2: no close is further from the average of 5",
        ),
        (
            "bollinger",
            {"width": 4.5},
            "width (4.5) must be smaller than 4.3589: no close is further from the average of 20",
        ),
        (
            "cross_sectional_momentum",
            {"top": 501},
            "top must be a whole number of at least 1 and at most 500, got 501",
        ),
        (
            "fixed_weights",
            {"rebalance": "hourly"},
            "rebalance must be one of never, daily, weekly, monthly, quarterly, yearly, got 'hourly'",
        ),
        ("fixed_weights", {"weights": {"A": 0.7, "B": 0.4}}, "weights must be 1 in total at most, got 1.1"),
        (
            "fixed_weights",
            {"weights": {"A": 0.0}},
            f"weights must be {SHARES}, got 0.0 for 'A'",
        ),
        (
            "fixed_weights",
            {"weights": 1},
            f"weights must be {SHARES}, got 1",
        ),
        ("volatility_target", {"most": 1.5}, "most must be a number above 0 and at most 1, got 1.5"),
        ("rsi", {"lower": float("nan")}, "lower must be a number above 0 and below 100, got nan"),
        (
            "rsi",
            {"window": 1, "upper": 100},
            (
                "window must be a whole number of at least 2 and at most 1000, got 1; "
                "upper must be a number above 0 and below 100, got 100"
            ),
        ),
    ],
)
def test_what_is_wrong_is_said_with_what_would_be_right(
    name: str, parameters: dict[str, ParameterValue], message: str
) -> None:
    with pytest.raises(InvalidParameters) as refusal:
        build_strategy(name, parameters)
    assert str(refusal.value) == message


def test_an_unknown_type_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(UnknownStrategyType, match="no strategy type 'turtle'") as refusal:
        build_strategy("turtle", {})
    assert str(refusal.value).endswith(f"there are: {', '.join(STRATEGIES)}")


def test_parameters_need_a_type() -> None:
    with pytest.raises(InvalidParameters, match=f"parameters need a type: one of {', '.join(STRATEGIES)}"):
        define(None, {"fast": 5})
    assert define(None, {}) == Definition("buy_and_hold", {})


def test_numbers_become_what_the_parameter_is() -> None:
    parameters = define("rsi", {"window": 10.0, "lower": 20}).parameters

    assert [(value, type(value)) for value in parameters.values()] == [
        (10, int),
        (20.0, float),
        (70.0, float),
    ]


# --- a new type is one file

NEW = """
from typing import ClassVar

import numpy as np

from backchat_contracts import Texts
from services.backtest.domain.strategies.base import SymbolRule, parameter


class Fresh(SymbolRule):
    type: ClassVar = "fresh"
    title: ClassVar = Texts(ko="새 전략", en="Fresh")
    description: ClassVar = Texts(ko="언제나 보유합니다.", en="Always holds.")

    pause: int = parameter(3, ko="기다리는 날", en="Days before it begins")

    @property
    def needed_bars(self):
        return self.pause

    def exposure(self, close):
        return np.arange(len(close))[:, None] >= np.full(close.shape, self.pause - 1)
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose files belong to the package."""
    monkeypatch.setattr(strategies, "__path__", [str(FOLDER), str(tmp_path)])
    yield tmp_path
    for path in tmp_path.glob("*.py"):
        sys.modules.pop(f"{strategies.__name__}.{path.stem}", None)


def test_every_file_is_a_type() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - {"__init__", "base"}
    modules = {kind.__module__.rpartition(".")[2] for kind in discover(strategies.__path__).values()}
    assert modules == files


def test_one_file_adds_a_type(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "fresh.py").write_text(NEW, encoding="utf-8")
    ours = set(discover([str(FOLDER)]))
    monkeypatch.setattr(strategy_types, "STRATEGIES", discover(strategies.__path__))

    assert set(strategy_types.STRATEGIES) == {*ours, "fresh"}
    assert define("fresh", {"pause": 2}) == Definition("fresh", {"pause": 2})
    assert weights_of(build_strategy("fresh", {}), np.ones((4, 1))).ravel().tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "defines no strategy"),
        (NEW.replace("def exposure", "def weights"), "abstract"),
        (NEW.replace("def needed_bars", "def history"), "abstract"),
        (NEW.replace('"fresh"', '"rsi"'), "which there is already"),
    ],
)
def test_a_file_that_makes_no_type_ends_the_start(folder: Path, text: str, problem: str) -> None:
    (folder / "wrong.py").write_text(text, encoding="utf-8")

    with pytest.raises(TypeError, match=problem):
        discover(strategies.__path__)


# --- a new type is a class of another package


FRESH = "fresh = fresh_rules:Fresh"


def write_package(folder: Path, text: str, point: str = FRESH, version: str = "1.0") -> None:
    """Write what an installed package leaves: the module `fresh_rules`, and its entry point."""
    (folder / "fresh_rules.py").write_text(text, encoding="utf-8")
    metadata = folder / "fresh_rules.dist-info"
    metadata.mkdir(exist_ok=True)
    (metadata / "METADATA").write_text(f"Metadata-Version: 2.1\nName: fresh-rules\nVersion: {version}\n")
    (metadata / "entry_points.txt").write_text(f"[{strategy_types.ENTRY_POINTS}]\n{point}\n")


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of installed packages."""
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    sys.modules.pop("fresh_rules", None)


def installed_in(folder: Path) -> Installed:
    points = [point for each in distributions(path=[str(folder)]) for point in each.entry_points]
    return discover_installed(points, discover([str(FOLDER)]))


def test_an_entry_point_of_another_package_adds_a_type(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_package(packages, NEW)

    found = installed_in(packages)

    assert found.unusable == ()
    monkeypatch.setattr(strategy_types, "STRATEGIES", found.types)
    assert build_strategy("fresh", {"pause": 2}).needed_bars == 2


def test_results_of_another_version_of_a_package_are_not_reused(
    packages: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys, asked = [], config(type="fresh", parameters={"pause": 3})
    for version in ("1.0", "1.1", "1.0"):
        write_package(packages, NEW, version=version)
        monkeypatch.setattr(strategy_types, "STRATEGIES", found := installed_in(packages).types)
        monkeypatch.setattr(work, "STRATEGIES", found)
        assert found["fresh"].revision == f"fresh-rules {version}"
        keys.append((work_key(asked, "data"), parameters_hash(asked)))

    first, other, again = keys
    assert again == first
    assert not set(other) & set(first)


@pytest.mark.parametrize(
    ("text", "point", "problem"),
    [
        (NEW, "fresh = fresh_rulez:Fresh", "ModuleNotFoundError: No module named 'fresh_rulez'"),
        (
            NEW,
            "fresh = fresh_rules:Fresher",
            "AttributeError: module 'fresh_rules' has no attribute 'Fresher'",
        ),
        ("raise RuntimeError('no\\nlicence')", FRESH, "RuntimeError: no licence"),
        (NEW, "fresh = fresh_rules:parameter", "TypeError: it is no class derived from Strategy"),
        (NEW.replace("def exposure", "def weights"), FRESH, "abstract"),
        (NEW.replace('"fresh"', '"rsi"'), FRESH, "'rsi', which there is already"),
        (NEW.replace('"fresh"', '"Fresh!"'), FRESH, "type: String should match pattern"),
        (NEW.replace("    title: ", "    name: "), FRESH, "title: Field required"),
        (NEW.replace("int = parameter(3,", "bool = parameter(True,"), FRESH, "pause is no number, no"),
        (NEW.replace("pause: int", "pause: int | None"), FRESH, "pause is no number, no"),
        (NEW.replace("= parameter(3,", "= parameter(...,"), FRESH, "pause: Field required"),
        (NEW.replace("= parameter(3,", "= parameter('3',"), FRESH, "pause: a text is no number"),
        (NEW, "a = fresh_rules:Fresh\nfresh = fresh_rules:Fresh", "'fresh', which there is already"),
    ],
)
def test_a_class_that_can_not_be_used_is_one_line_and_ends_the_start(
    packages: Path, capsys: pytest.CaptureFixture[str], text: str, point: str, problem: str
) -> None:
    write_package(packages, text, point)

    (line,) = installed_in(packages).unusable

    assert line.startswith("backchat.strategies: fresh-rules 1.0: fresh = fresh_rul")
    assert problem in line
    with pytest.raises(SystemExit) as exit_:
        exit_if_any([line])
    assert exit_.value.code == 2
    assert capsys.readouterr().err == f"{line}\n"
