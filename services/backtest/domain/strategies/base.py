"""What a strategy type is made of, and the errors of one that can't be built."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from backchat_contracts import Texts
from services.backtest.domain.indicators import BoolArray, FloatArray


class Strategy(BaseModel, ABC):
    """A strategy type: its fields are its parameters, each with bounds, a default and a description.

    Most rules say at the close of every bar which symbols are "on": those get an equal slot, ``1 / N`` of the
    equity, the others nothing. A rule may also give a part of the slot, or choose among the symbols.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    type: ClassVar[str]
    """The name in requests, unique."""
    title: ClassVar[Texts]
    description: ClassVar[Texts]

    @property
    @abstractmethod
    def needed_bars(self) -> int:
        """The bars that the first decision needs, its own included; before that every symbol is off."""

    @property
    def warm_up_bars(self) -> int:
        """The bars before a backtest that it should see: more than it needs where the rule has a memory."""
        return self.needed_bars - 1

    @abstractmethod
    def target_weights(self, close: FloatArray) -> FloatArray:
        """Target share of the equity per symbol, ``[T, N]`` in 0..1, decided at the close of each bar.

        The shares of a bar sum to at most 1. Bar ``t`` depends on closes up to ``t`` only.
        """

    @classmethod
    def parameters_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of the parameters: bounds, defaults and descriptions."""
        texts = {"title": cls.title.en, "description": cls.description.en}
        return {"properties": {}} | cls.model_json_schema() | texts


class FastAndSlow(Strategy):
    """A strategy of two averages, the fast one over fewer trading days than the slow one."""

    fast: int
    slow: int

    @model_validator(mode="after")
    def fast_is_faster(self) -> Self:
        if self.fast >= self.slow:
            raise ValueError(f"fast ({self.fast}) must be smaller than slow ({self.slow})")
        return self


class InvalidStrategy(ValueError):  # noqa: N818 - reads as what it says: raise InvalidStrategy
    """A strategy can't be built; the message says what is wrong and what would be right."""

    code: ClassVar[str]


class UnknownStrategyType(InvalidStrategy):
    """There is no strategy of this type."""

    code = "unknown-strategy-type"


class InvalidParameters(InvalidStrategy):
    """The parameters are not of the type, out of their bounds, or do not fit each other."""

    code = "invalid-parameters"


def parameter(default: float, *, ko: str, en: str) -> Any:  # noqa: ANN401 - as pydantic's own Field
    """Declare a parameter: its default, and its description in both languages."""
    return Field(default, description=en, json_schema_extra={"x-description-ko": ko})


def equal_slots(on: BoolArray) -> FloatArray:
    """Return the weights of symbols that are on or off, ``[T, N]``."""
    return np.divide(on, on.shape[1], dtype=np.float64)
