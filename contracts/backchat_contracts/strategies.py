"""Strategies: their types and parameters, and the events of the catalogue."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from backchat_contracts.base import Contract, Event, Id, Name, PageSize, Symbol

StrategyType = Literal["buy_and_hold", "sma_crossover", "rsi", "momentum"]

Window = Annotated[int, Field(ge=1, le=1000)]
Level = Annotated[float, Field(gt=0, lt=100)]


class Parameters(Contract):
    """A strategy's parameters. A misspelt name must not pass as a default: unknown ones are refused."""

    model_config = ConfigDict(extra="forbid")


class BuyAndHoldParameters(Parameters):
    """None: equal weights, bought once."""


class SmaCrossoverParameters(Parameters):
    """Long while the fast simple moving average is above the slow one. Windows in trading days."""

    fast: Window = 20
    slow: Window = 50

    @model_validator(mode="after")
    def fast_is_faster(self) -> Self:
        if self.fast >= self.slow:
            raise ValueError(f"fast ({self.fast}) must be smaller than slow ({self.slow})")
        return self


class RsiParameters(Parameters):
    """Wilder's relative strength index: in below `lower`, out above `upper`. Window in trading days."""

    window: Annotated[int, Field(ge=2, le=1000)] = 14
    lower: Level = 30.0
    upper: Level = 70.0

    @model_validator(mode="after")
    def lower_is_lower(self) -> Self:
        if self.lower >= self.upper:
            raise ValueError(f"lower ({self.lower}) must be smaller than upper ({self.upper})")
        return self


class MomentumParameters(Parameters):
    """Long while the return over `lookback` trading days is positive."""

    lookback: Window = 126


PARAMETERS: Mapping[StrategyType, type[Parameters]] = {
    "buy_and_hold": BuyAndHoldParameters,
    "sma_crossover": SmaCrossoverParameters,
    "rsi": RsiParameters,
    "momentum": MomentumParameters,
}

ParameterValues = dict[str, int | float]


class TypedParameters(Contract):
    """Mixin: a strategy type with parameters that fit it. No type given: no parameters either."""

    type: StrategyType | None = None
    parameters: ParameterValues = Field(
        default_factory=dict,
        validate_default=True,
        description="Of the type; those left out take its defaults: "
        + "; ".join(
            f"{name}: {', '.join(f'{k}={f.default}' for k, f in model.model_fields.items()) or 'none'}"
            for name, model in PARAMETERS.items()
        ),
    )

    @field_validator("parameters", mode="before")
    @classmethod
    def of_the_type(cls, given: object, info: ValidationInfo) -> object:
        kind = info.data.get("type")
        if kind is not None:
            return PARAMETERS[kind].model_validate(given).model_dump()
        if given and "type" in info.data:
            raise ValueError("parameters need a type: one of " + ", ".join(PARAMETERS))
        return given


def strategy_id(name: str) -> str:
    """Return the id that a strategy of this name has: readable, and the same wherever it is computed.

    Names that differ only in case, blanks or punctuation name the same strategy.
    """
    slug = re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", name).casefold()).strip("-")
    if slug and len(slug) <= 64:  # noqa: PLR2004 - long enough to read, short enough for a URL
        return slug
    digest = sha256((slug or name).encode()).hexdigest()[:12]
    return f"{slug[:48].strip('-')}-{digest}".strip("-")


class StrategyFields(TypedParameters):
    """What somebody tells of a new strategy."""

    name: Name
    description: Annotated[str, Field(max_length=1000)] = ""
    type: StrategyType = "buy_and_hold"
    symbols: Annotated[tuple[Symbol, ...], Field(max_length=50)] = ()


class StrategySaveRequested(StrategyFields, Event):
    """Somebody wants a new strategy in the catalogue. The same `request_id` again is the same strategy."""

    request_id: Id | None = None


class StrategyDeleteRequested(Event):
    """Somebody wants a strategy taken out of the catalogue. Its backtests stay."""

    strategy_id: Id


class StrategyQueried(Event):
    """A question about the catalogue: one strategy, or a page of all."""

    strategy_id: Id | None = None
    limit: PageSize = 50
    cursor: str | None = None


class StrategySaved(Event):
    """A strategy is in the catalogue."""

    strategy_id: Id
    name: Name
    description: str = ""
    type: StrategyType
    parameters: ParameterValues = Field(default_factory=dict)
    symbols: tuple[str, ...] = ()
    created_at: datetime


class StrategyDeleted(Event):
    """A strategy left the catalogue."""

    strategy_id: Id
    deleted_at: datetime
