"""What a strategy type is made of, and the errors of one that can't be built."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Iterator
from math import sqrt
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from backchat_contracts import ParameterValue, Texts
from services.backtest.domain.indicators import BoolArray, FloatArray, IntArray
from services.backtest.domain.prices import Prices


class Strategy(BaseModel, ABC):
    """A strategy type: its fields are its parameters, each with bounds, a default and a description.

    Most rules look at each symbol by itself: see `SymbolRule`. Another one may choose among the symbols.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def no_text_for_a_number(cls, value: object, info: ValidationInfo) -> object:
        """Refuse what pydantic would convert."""
        if isinstance(value, str) and cls.model_fields[info.field_name or ""].annotation in {int, float}:
            raise PydanticCustomError("number", "a text is no number")
        return value

    type: ClassVar[str]
    """The name in requests, unique."""
    title: ClassVar[Texts]
    also_called: ClassVar[tuple[str, ...]] = ()
    """What people call it, beside its type and title."""
    description: ClassVar[Texts]
    revision: ClassVar[str] = ""
    """Of a type of an installed package, the package's name and version: results of others are not reused."""

    @property
    @abstractmethod
    def needed_bars(self) -> int:
        """The bars that the first decision needs, its own included; before that every symbol is off."""

    @property
    def warm_up_bars(self) -> int:
        """The bars before a backtest that it should see: more than it needs where the rule has a memory."""
        return self.needed_bars - 1

    @abstractmethod
    def target_weights(self, prices: Prices) -> FloatArray:
        """Target share of the equity per symbol, ``[T, N]`` in 0..1, decided at the close of each bar.

        The shares of a bar sum to at most 1, and that of a symbol that is not listed is 0. Bar ``t`` depends
        on closes up to ``t`` only.
        """

    def rebalances(self, dates: NDArray[np.datetime64]) -> BoolArray:
        """At which bars, ``[T]``, all symbols are ordered to their targets, also if these have not changed.

        Bar ``t`` depends on dates up to ``t`` only. By default it is none.
        """
        return np.zeros(len(dates), dtype=np.bool_)

    def check_symbols(self, symbols: Collection[str]) -> None:
        """Check that the rule can be applied to these symbols.

        Raises:
            InvalidParameters: a parameter does not fit them.

        """

    @classmethod
    def parameters_schema(cls) -> dict[str, Any]:
        """Return the JSON Schema of the parameters: bounds, defaults and descriptions."""
        texts = {"title": cls.title.en, "description": cls.description.en}
        return {"properties": {}} | cls.model_json_schema() | texts


class SymbolRule(Strategy):
    """A rule that looks at each symbol by itself, and gives each an equal slot of the equity.

    The slot is ``1 / N`` of the equity, where ``N`` symbols are listed on the day.
    """

    @abstractmethod
    def exposure(self, close: FloatArray) -> FloatArray | BoolArray:
        """Part of its slot that is invested in each symbol, ``[T, N]`` in 0..1, or whether all of it is.

        Args:
            close: closes without a gap, ``[T, N]``, of symbols that are listed on all those days. Bar ``t``
                of the result depends on those up to ``t`` only.

        """

    def target_weights(self, prices: Prices) -> FloatArray:
        close = prices.close
        if prices.all_listed:
            return np.divide(self.exposure(close), close.shape[1], dtype=np.float64)
        listed, weights = ~np.isnan(close), np.zeros(close.shape)
        for bars, columns in _together(listed):
            weights[bars, columns] = self.exposure(np.ascontiguousarray(close[bars, columns]))
        return weights / slots(listed)


def _together(listed: BoolArray) -> Iterator[tuple[slice, list[int]]]:
    """Yield the bars on which symbols are listed, and the columns of all symbols that are listed on those."""
    columns = defaultdict[tuple[int, int], list[int]](list)
    for n, (first, bars) in enumerate(zip(listed.argmax(axis=0), listed.sum(axis=0), strict=True)):
        columns[int(first), int(bars)].append(n)
    for (first, bars), those in columns.items():
        yield slice(first, first + bars), those


def slots(listed: BoolArray) -> IntArray:
    """Return how many symbols are listed on each bar, ``[T, 1]``, at least 1."""
    counts: IntArray = np.maximum(listed.sum(axis=1, keepdims=True), 1)
    return counts


class FastAndSlow(SymbolRule):
    """A strategy of two averages, the fast one over fewer trading days than the slow one."""

    fast: int
    slow: int

    @model_validator(mode="after")
    def fast_is_faster(self) -> Self:
        if self.fast >= self.slow:
            raise ValueError(f"fast ({self.fast}) must be smaller than slow ({self.slow})")
        return self


class MeanReversion(SymbolRule):
    """A strategy of how far a close is from the average of the last ``window``, in standard deviations."""

    window: int

    @property
    def needed_bars(self) -> int:
        return self.window

    @property
    def warm_up_bars(self) -> int:
        return 10 * self.window  # long enough for what it holds on the first day to be known

    def check_reachable(self, name: str, deviations: float) -> None:
        """Raise `ValueError` where no close can be as many deviations from its average."""
        if deviations >= (furthest := sqrt(self.window - 1)):
            raise ValueError(
                f"{name} ({deviations:g}) must be smaller than {furthest:g}: no close is further from the "
                f"average of {self.window}"
            )


class InvalidStrategy(ValueError):  # noqa: N818 - reads as what it says: raise InvalidStrategy
    """A strategy can't be built; the message says what is wrong and what would be right."""

    code: ClassVar[str]


class UnknownStrategyType(InvalidStrategy):
    """There is no strategy of this type."""

    code = "unknown-strategy-type"


class InvalidParameters(InvalidStrategy):
    """The parameters are not of the type, out of their bounds, or do not fit each other."""

    code = "invalid-parameters"


def parameter(default: ParameterValue, *, ko: str, en: str) -> Any:  # noqa: ANN401 - as pydantic's own Field
    """Declare a parameter: its default, and its description in both languages."""
    return Field(default, description=en, json_schema_extra={"x-description-ko": ko})
