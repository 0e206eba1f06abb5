"""What a metric's value means."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema

from backchat_contracts.base import Texts

Unit = Literal["fraction", "ratio", "count", "money"]
"""`fraction`: 0.12 is 12 %. `money`: in the currency of the prices."""

Direction = Literal["higher_is_better", "lower_is_better", "neither"]

FEWEST_ANNUAL_BARS: Final = 60
"""With fewer, what is annualised says nothing: a gain of 15 % in three days would be 10 billion a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What a metric's value means.

    Attributes:
        unit: of the value.
        direction: whether higher or lower values are the good ones.
        label: its name within a sentence.
        definition: what it is, with its sign and when there is no value.
        formula: of `r` and `b`, the daily returns of the backtest and of its benchmark (n of each), and `E`
            and `B`, their equity at each close.
        source: where it comes from; a plain definition has none.
        fewest_bars: with fewer trading days there is no value.
        signed: it is shown with its sign, as a gain or a loss.

    """

    unit: Unit
    direction: Direction
    label: Texts
    definition: Texts
    formula: str
    source: str | None = None
    fewest_bars: int = 0
    signed: bool = False

    @property
    def meaning(self) -> Texts:
        """The whole definition, in sentences."""
        if not self.fewest_bars:
            return self.definition
        return Texts(
            ko=f"{self.definition.ko} 거래일이 {self.fewest_bars}일보다 적으면 없음.",
            en=f"{self.definition.en} Null below {self.fewest_bars} trading days.",
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the field in JSON Schemas."""
        return handler(schema) | {"description": f"{self.meaning.en} Unit: {self.unit}."}
