"""What is measured: the account of a run, at each close and at each fill."""

from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

FloatArray: TypeAlias = NDArray[np.float64]
BoolArray: TypeAlias = NDArray[np.bool_]
IntArray: TypeAlias = NDArray[np.int64]

TRADING_DAYS: Final = 252  # of a year


@dataclass(frozen=True, slots=True, eq=False)
class Fills:
    """The executed orders in the order of execution, one entry of each array ``[F]`` per fill.

    ``shares`` is negative for a sell. ``realised_pnl`` of a sell is its proceeds after commission less the
    average cost of the shares sold, which includes the commission paid for them; of a buy it is 0.
    """

    bar: IntArray
    symbol: IntArray
    shares: FloatArray
    price: FloatArray
    commission: FloatArray
    realised_pnl: FloatArray


class Account(Protocol):
    """An account at each of ``T`` closes: what it is worth, how much of that is cash, and its fills."""

    @property
    def equity(self) -> FloatArray: ...

    @property
    def cash(self) -> FloatArray: ...

    @property
    def fills(self) -> Fills: ...
