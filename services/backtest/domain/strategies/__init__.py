"""The strategy types: one module of this package each, found by its class derived from `Strategy`.

A new type is a new module; nothing else names it. `base` says what a module has to define.
"""

import pkgutil
from collections.abc import Iterable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from backchat_contracts import ParameterValue
from services.backtest.domain.strategies.base import (
    InvalidParameters,
    InvalidStrategy,
    Strategy,
    UnknownStrategyType,
)

__all__ = [
    "STRATEGIES",
    "InvalidParameters",
    "InvalidStrategy",
    "Strategy",
    "UnknownStrategyType",
    "build_strategy",
    "discover",
]


def discover(folders: Iterable[str]) -> Mapping[str, type[Strategy]]:
    """Return the strategy types of this package by name, in the order of the names.

    Args:
        folders: the package's `__path__`.

    Raises:
        TypeError: a module has no complete strategy of its own, or two strategies have the same type.

    """
    found: dict[str, type[Strategy]] = {}
    for module in sorted(module.name for module in pkgutil.iter_modules(folders) if module.name != "base"):
        own = _strategies_of(f"{__name__}.{module}")
        if not own:
            raise TypeError(f"{module}.py defines no strategy")
        for strategy in own:
            strategy()  # with its defaults: an incomplete class can't be instantiated
            if strategy.type in found:
                raise TypeError(f"{module}.py defines {strategy.type!r}, which there is already")
            found[strategy.type] = strategy
    return MappingProxyType(dict(sorted(found.items())))


def _strategies_of(module: str) -> list[type[Strategy]]:
    names = vars(import_module(module)).values()
    return [
        each
        for each in names
        if isinstance(each, type) and issubclass(each, Strategy) and each.__module__ == module
    ]


STRATEGIES: Final = discover(__path__)

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
