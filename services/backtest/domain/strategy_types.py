"""The strategy types there are: those of `strategies`, and those of installed packages.

A type of ours is a module of `strategies`; nothing else names it. A package of its own announces the class as
an entry point in the group `backchat.strategies`:

    [project.entry-points."backchat.strategies"]
    reversal = "acme_rules:Reversal"

Such a package imports `strategies.base`, which must therefore not import this module.
"""

import pkgutil
from collections.abc import Iterable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from backchat_contracts import Identifier, ParameterValue, Texts
from services.backtest.domain import strategies
from services.backtest.domain.strategies.base import (
    InvalidParameters,
    InvalidStrategy,
    Strategy,
    UnknownStrategyType,
)

__all__ = [
    "STRATEGIES",
    "UNUSABLE",
    "Installed",
    "InvalidParameters",
    "InvalidStrategy",
    "Strategy",
    "UnknownStrategyType",
    "build_strategy",
    "discover",
    "discover_installed",
]

ENTRY_POINTS: Final = "backchat.strategies"


def discover(folders: Iterable[str]) -> Mapping[str, type[Strategy]]:
    """Return our own strategy types by name.

    Args:
        folders: the `__path__` of the package `strategies`.

    Raises:
        TypeError: a module has no complete strategy of its own, or two strategies have the same type.

    """
    found: dict[str, type[Strategy]] = {}
    for module in sorted(module.name for module in pkgutil.iter_modules(folders) if module.name != "base"):
        own = _strategies_of(f"{strategies.__name__}.{module}")
        if not own:
            raise TypeError(f"{module}.py defines no strategy")
        for strategy in own:
            _check(strategy, found)
            found[strategy.type] = strategy
    return found


def _strategies_of(module: str) -> list[type[Strategy]]:
    names = vars(import_module(module)).values()
    return [
        each
        for each in names
        if isinstance(each, type) and issubclass(each, Strategy) and each.__module__ == module
    ]


class Installed(NamedTuple):
    """The strategy types of other packages by name, and what is wrong with those that can't be used."""

    types: Mapping[str, type[Strategy]]
    unusable: tuple[str, ...]
    """A line each, which names the package and the entry point."""


def discover_installed(points: Iterable[EntryPoint], ours: Mapping[str, type[Strategy]]) -> Installed:
    """Load the strategy types of other packages, and let each have its package's version as `revision`."""
    found: dict[str, type[Strategy]] = {}
    unusable: list[str] = []
    for point in sorted(points, key=lambda point: (point.name, point.value)):
        package = f"{point.dist.name} {point.dist.version}" if point.dist else ""
        try:
            strategy = point.load()
            _check(strategy, {**ours, **found})
        except Exception as error:  # noqa: BLE001 - whatever the code of another package raises
            unusable.append(f"{ENTRY_POINTS}: {package}: {point.name} = {point.value}: {_said(error)}")
        else:
            strategy.revision = package
            found[strategy.type] = strategy
    return Installed(found, tuple(unusable))


class _Described(BaseModel):
    """What a strategy says of itself, as it is published."""

    model_config = ConfigDict(from_attributes=True)

    type: Identifier
    title: Texts
    description: Texts
    also_called: tuple[str, ...]
    needed_bars: int


def _check(strategy: Any, known: Mapping[str, type[Strategy]]) -> None:  # noqa: ANN401 - what a package names
    """Raise TypeError or ValueError if this is no complete strategy, or one whose type there is already."""
    if not (isinstance(strategy, type) and issubclass(strategy, Strategy)):
        raise TypeError("it is no class derived from Strategy")
    by_default = strategy()  # an incomplete class can't be instantiated
    strategy.model_validate(by_default.model_dump(warnings=False))
    _Described.model_validate(by_default)
    for name, schema in strategy.parameters_schema()["properties"].items():
        if not _is_parameter(schema):
            raise TypeError(f"{name} is no number, no Literal of texts and no object of numbers by symbol")
    if strategy.type in known:
        raise TypeError(f"{strategy.__name__} has the type {strategy.type!r}, which there is already")


def _is_parameter(schema: Mapping[str, Any]) -> bool:
    kind = schema.get("type")
    return (
        kind in {"integer", "number"}
        or (kind == "string" and "enum" in schema)
        or (kind == "object" and {"patternProperties", "maxProperties"} <= schema.keys())
    )


def _said(error: Exception) -> str:
    """Return what an error says, in one line."""
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
    return " ".join(f"{type(error).__name__}: {error}".split())


_OURS: Final = discover(strategies.__path__)
_INSTALLED: Final = discover_installed(entry_points(group=ENTRY_POINTS), _OURS)

STRATEGIES: Final = MappingProxyType(dict(sorted({**_OURS, **_INSTALLED.types}.items())))
"""The strategy types by name, in the order of the names."""
UNUSABLE: Final = _INSTALLED.unusable
"""What is wrong with the strategies of installed packages, a line each: then the service does not start."""

_LIMITS: Final = (
    ("minimum", "of at least"),
    ("exclusiveMinimum", "above"),
    ("maximum", "at most"),
    ("exclusiveMaximum", "below"),
)


def build_strategy(name: str, parameters: Mapping[str, ParameterValue]) -> Strategy:
    """Build a strategy from the name of its type and the parameters that differ from its defaults.

    A whole float (JSON's ``20.0``) passes for an int.

    Raises:
        UnknownStrategyType: there is no such type.
        InvalidParameters: a parameter is unknown, out of its bounds, or does not fit another one.

    """
    kind = STRATEGIES.get(name)
    if kind is None:
        raise UnknownStrategyType(f"there is no strategy type {name!r}; there are: {', '.join(STRATEGIES)}")
    try:
        return kind.model_validate(parameters)
    except ValidationError as error:
        problems = [_problem(kind, each) for each in error.errors()]
        raise InvalidParameters("; ".join(problems)) from error


def _problem(kind: type[Strategy], error: ErrorDetails) -> str:
    """Say what is wrong with a parameter, and what would be right."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    known = kind.parameters_schema()["properties"]
    name, *within = error["loc"]
    if name not in known:
        return f"{kind.type} has no parameter {name!r}; it has: {', '.join(known) or 'none'}"
    got = f"{error['input']!r}" + (f" for {within[0]!r}" if within else "")
    return f"{name} must be {_allowed(known[name])}, got {got}"


def _allowed(schema: Mapping[str, Any]) -> str:
    """Put the JSON Schema of a parameter into words."""
    if "enum" in schema:
        return f"one of {', '.join(schema['enum'])}"
    if schema["type"] == "object":
        (each,) = schema["patternProperties"].values()
        return f"an object of at most {schema['maxProperties']} symbols, each with {_allowed(each)}"
    number = "a whole number" if schema["type"] == "integer" else "a number"
    limits = [f"{words} {schema[keyword]}" for keyword, words in _LIMITS if keyword in schema]
    return " ".join([number, " and ".join(limits)]).strip()
